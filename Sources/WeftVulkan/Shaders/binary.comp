#version 450
// y = f(a, b) with broadcasting. One output element an invocation.
//
// RANK 0: both operands dense, or one element (its stride 0). Else `shape` has RANK dimensions, outermost first,
// and the operands' strides are 0 where they are broadcast.
// Bindings: a, b, y.

#include "common.glsl"
#include "binary.glsl"

layout(constant_id = 2) const uint RANK = 0;

layout(std430, binding = 0) readonly buffer A { float a[]; };
layout(std430, binding = 1) readonly buffer B { float b[]; };
layout(std430, binding = 2) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Sizes { uint count; uint shape[6]; uint aStrides[6]; uint bStrides[6]; };

void main() {
    uint i = invocationIndex();
    if (i >= count) return;
    uint ia = i * aStrides[0];
    uint ib = i * bStrides[0];
    if (RANK > 0) {
        uint rest = i;
        ia = 0;
        ib = 0;
        [[unroll]] for (int d = int(RANK) - 1; d > 0; d--) {
            uint at = rest % shape[d];
            rest /= shape[d];
            ia += at * aStrides[d];
            ib += at * bStrides[d];
        }
        ia += rest * aStrides[0];
        ib += rest * bStrides[0];
    }
    y[i] = apply(a[ia], b[ib]);
}
