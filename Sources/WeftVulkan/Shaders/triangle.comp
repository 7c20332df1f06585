#version 450
// The upper or lower triangle of matrices, zero elsewhere; 4-byte elements. One element an invocation.
//
// UPPER: elements on and above the k-th diagonal stay, else those on and below it.
// Bindings: x, y.

#include "common.glsl"

layout(constant_id = 1) const uint UPPER = 1;

layout(std430, binding = 0) readonly buffer X { uint x[]; };
layout(std430, binding = 1) writeonly buffer Y { uint y[]; };
layout(push_constant) uniform Sizes { uint count, rows, columns; int k; };

void main() {
    uint i = invocationIndex();
    if (i >= count) return;
    int row = int(i / columns % rows);
    int column = int(i % columns);
    bool stays = UPPER != 0 ? column - row >= k : column - row <= k;
    y[i] = stays ? x[i] : 0u;
}
