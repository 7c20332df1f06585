#version 450
// y[o, j, i] = x[o, index[j], i]: whole slices along one axis, 4-byte elements. One output element an invocation.
//
// WORDS: 32-bit words an index has; of two the upper one must be the lower one's sign.
// An index outside the axis sets the status word; its elements are then of slice 0.
// Bindings: x, indices, y, status.

#include "common.glsl"

layout(constant_id = 1) const uint WORDS = 1;

layout(std430, binding = 0) readonly buffer X { uint x[]; };
layout(std430, binding = 1) readonly buffer Indices { int indices[]; };
layout(std430, binding = 2) writeonly buffer Y { uint y[]; };
layout(std430, binding = 3) writeonly buffer Status { uint status[]; };
layout(push_constant) uniform Sizes { uint count, axis, picks, inner; };

void main() {
    uint i = invocationIndex();
    if (i >= count) return;
    uint pick = i / inner % picks;
    int index = indices[pick * WORDS];
    bool legal = WORDS == 1 || indices[pick * WORDS + WORDS - 1] == index >> 31;
    if (index < 0) index += int(axis);
    legal = legal && index >= 0 && index < int(axis);
    if (!legal) {
        status[0] = 1;
        index = 0;
    }
    y[i] = x[(i / (inner * picks) * axis + uint(index)) * inner + i % inner];
}
