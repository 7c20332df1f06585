#version 450
// y = x factor[c] + shift[c] for channel c of planes: BatchNormalization with its constants folded.
//
// One element an invocation.
// Bindings: x, factors and shifts in pairs, y.

#include "common.glsl"

layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) readonly buffer Pairs { vec2 pairs[]; };
layout(std430, binding = 2) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Sizes { uint count, channels, plane; };

void main() {
    uint i = invocationIndex();
    if (i >= count) return;
    vec2 pair = pairs[i / plane % channels];
    y[i] = x[i] * pair.x + pair.y;
}
