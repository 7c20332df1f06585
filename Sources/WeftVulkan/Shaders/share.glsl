// What all invocations read alike, read once: each of LANES neighbouring lanes of a subgroup reads another part and
// hands it to the rest. Without SHARE every invocation reads every part for itself.

#ifdef SHARE
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_shuffle : require

/// Divides the parts evenly; at most the subgroup's size.
layout(constant_id = 7) const uint LANES = 1;
#define SHARED_FROM(own, lane) subgroupShuffle(own, lane)
uint shareLane() { return gl_SubgroupInvocationID % LANES; }
#else
const uint LANES = 1;
#define SHARED_FROM(own, lane) own
uint shareLane() { return 0; }
#endif
