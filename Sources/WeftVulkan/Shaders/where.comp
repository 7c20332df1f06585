#version 450
// y = condition ? a : b with broadcasting; conditions are bytes, values 4-byte elements.
//
// One output element an invocation; `shape` outermost first, strides 0 where an operand is broadcast.
// Bindings: condition, a, b, y.

#include "common.glsl"

layout(constant_id = 1) const uint RANK = 1;

layout(std430, binding = 0) readonly buffer Condition { uint condition[]; };
layout(std430, binding = 1) readonly buffer A { uint a[]; };
layout(std430, binding = 2) readonly buffer B { uint b[]; };
layout(std430, binding = 3) writeonly buffer Y { uint y[]; };
layout(push_constant) uniform Sizes {
    uint count;
    uint shape[6];
    uint conditionStrides[6];
    uint aStrides[6];
    uint bStrides[6];
};

void main() {
    uint i = invocationIndex();
    if (i >= count) return;
    uint rest = i;
    uint ic = 0;
    uint ia = 0;
    uint ib = 0;
    [[unroll]] for (int d = int(RANK) - 1; d >= 0; d--) {
        uint at = d == 0 ? rest : rest % shape[d];
        rest /= shape[d];
        ic += at * conditionStrides[d];
        ia += at * aStrides[d];
        ib += at * bStrides[d];
    }
    bool pick = (condition[ic / 4] >> (ic % 4 * 8) & 0xffu) != 0;
    y[i] = pick ? a[ia] : b[ib];
}
