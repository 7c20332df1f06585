#version 450
// Moves 4-byte elements between two strided views: Transpose, Slice, Split, Concat, Expand.
//
// One element an invocation: element (i0, i1, …) of `shape`, outermost first, goes from
// sourceStart + sum(i * sourceStrides) to targetStart + sum(i * targetStrides). Strides may be negative.
// Bindings: source, target.

#include "common.glsl"

layout(constant_id = 1) const uint RANK = 1;

layout(std430, binding = 0) readonly buffer Source { uint source[]; };
layout(std430, binding = 1) writeonly buffer Target { uint target[]; };
layout(push_constant) uniform Sizes {
    uint count;
    int sourceStart;
    int targetStart;
    uint shape[6];
    int sourceStrides[6];
    int targetStrides[6];
};

void main() {
    uint i = invocationIndex();
    if (i >= count) return;
    uint rest = i;
    int from = sourceStart;
    int to = targetStart;
    [[unroll]] for (int d = int(RANK) - 1; d > 0; d--) {
        int at = int(rest % shape[d]);
        rest /= shape[d];
        from += at * sourceStrides[d];
        to += at * targetStrides[d];
    }
    from += int(rest) * sourceStrides[0];
    to += int(rest) * targetStrides[0];
    target[to] = source[from];
}
