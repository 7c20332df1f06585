#version 450
// y[o, j, i] = x[o', index[o, j, i], i']: an index for every element, along one axis. 4-byte elements.
//
// One output element an invocation. `shape` is the indices', outermost first; `strides` are x's, the axis' being 0.
// WORDS: 32-bit words an index has; of two the upper one must be the lower one's sign.
// An index outside the axis sets the status word; its element is then of position 0.
// Bindings: x, indices, y, status.

#include "common.glsl"

layout(constant_id = 1) const uint WORDS = 1;
layout(constant_id = 2) const uint RANK = 1;

layout(std430, binding = 0) readonly buffer X { uint x[]; };
layout(std430, binding = 1) readonly buffer Indices { int indices[]; };
layout(std430, binding = 2) writeonly buffer Y { uint y[]; };
layout(std430, binding = 3) writeonly buffer Status { uint status[]; };
layout(push_constant) uniform Sizes { uint count, axis, axisStride; uint shape[6]; uint strides[6]; };

void main() {
    uint i = invocationIndex();
    if (i >= count) return;
    uint rest = i;
    uint from = 0;
    [[unroll]] for (int d = int(RANK) - 1; d >= 0; d--) {
        uint at = d == 0 ? rest : rest % shape[d];
        rest /= shape[d];
        from += at * strides[d];
    }
    int index = indices[i * WORDS];
    bool legal = WORDS == 1 || indices[i * WORDS + WORDS - 1] == index >> 31;
    if (index < 0) index += int(axis);
    legal = legal && index >= 0 && index < int(axis);
    if (!legal) {
        status[0] = 1;
        index = 0;
    }
    y[i] = x[from + uint(index) * axisStride];
}
