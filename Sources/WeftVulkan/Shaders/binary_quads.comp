#version 450
// y = f(a, b) with broadcasting, four output elements an invocation: for rows of a multiple of four.
//
// The innermost of RANK dimensions is counted in quads. A_ROW, B_ROW: the operand has a row of its own there, read
// four at a time; else one element for all of it.
// Bindings: a, b, y; each operand is bound once and read either way.

#include "common.glsl"
#include "binary.glsl"

layout(constant_id = 2) const uint RANK = 1;
layout(constant_id = 3) const uint A_ROW = 1;
layout(constant_id = 4) const uint B_ROW = 1;

layout(std430, binding = 0) readonly buffer A { float a[]; };
layout(std430, binding = 0) readonly buffer A4 { vec4 a4[]; };
layout(std430, binding = 1) readonly buffer B { float b[]; };
layout(std430, binding = 1) readonly buffer B4 { vec4 b4[]; };
layout(std430, binding = 2) writeonly buffer Y { vec4 y[]; };
layout(push_constant) uniform Sizes { uint count; uint shape[6]; uint aStrides[6]; uint bStrides[6]; };

void main() {
    uint i = invocationIndex();
    if (i >= count) return;
    uint rest = i;
    uint ia = 0;
    uint ib = 0;
    [[unroll]] for (int d = int(RANK) - 1; d >= 0; d--) {
        uint at = d == 0 ? rest : rest % shape[d];
        rest /= shape[d];
        ia += at * aStrides[d];
        ib += at * bStrides[d];
    }
    vec4 l = A_ROW != 0 ? a4[ia / 4] : vec4(a[ia]);
    vec4 r = B_ROW != 0 ? b4[ib / 4] : vec4(b[ib]);
    vec4 result;
    [[unroll]] for (uint part = 0; part < 4; part++) result[part] = apply(l[part], r[part]);
    y[i] = result;
}
