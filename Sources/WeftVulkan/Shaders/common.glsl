// What every shader begins with: a workgroup size chosen by the device's limits, and one number an invocation.

#extension GL_EXT_control_flow_attributes : require

layout(local_size_x_id = 0) in;

/// The workgroup's number; the host folds long grids into y and z.
uint groupIndex() {
    return (gl_WorkGroupID.z * gl_NumWorkGroups.y + gl_WorkGroupID.y) * gl_NumWorkGroups.x + gl_WorkGroupID.x;
}

uint invocationIndex() { return groupIndex() * gl_WorkGroupSize.x + gl_LocalInvocationID.x; }
