#version 450
// Softmax of rows: element j of row (o, i) lies at (o length + j) inner + i.
//
// One row an invocation; neighbouring invocations have neighbouring rows, so this is the one for inner > 1.
// ROW: one row a workgroup, which shares its maximum and sum; for rows that lie dense.
// LOGARITHM: x - max - ln sum in place of the quotient.
// Bindings: x, y.

#include "common.glsl"
#include "math.glsl"

layout(constant_id = 0) const uint THREADS = 64;
layout(constant_id = 1) const uint LOGARITHM = 0;

layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Sizes { uint rows, length, inner; };

#ifdef ROW
shared float part[THREADS];

float combined(float value, bool maximum) {
    uint t = gl_LocalInvocationID.x;
    part[t] = value;
    barrier();
    float all = part[0];
    for (uint k = 1; k < THREADS; k++) all = maximum ? max(all, part[k]) : all + part[k];
    barrier();
    return all;
}
#endif

void main() {
#ifdef ROW
    uint row = groupIndex();
    if (row >= rows) return;
    uint first = gl_LocalInvocationID.x;
    uint step = THREADS;
#else
    uint row = invocationIndex();
    if (row >= rows) return;
    uint first = 0;
    uint step = 1;
#endif
    uint base = row / inner * length * inner + row % inner;
    float top = uintBitsToFloat(0xff800000u);
    for (uint j = first; j < length; j += step) top = max(top, x[base + j * inner]);
#ifdef ROW
    top = combined(top, true);
#endif
    float sum = 0.0;
    for (uint j = first; j < length; j += step) sum += exactExp(x[base + j * inner] - top);
#ifdef ROW
    sum = combined(sum, false);
#endif
    float logarithm = log(sum);
    for (uint j = first; j < length; j += step) {
        float v = x[base + j * inner] - top;
        y[base + j * inner] = LOGARITHM != 0 ? v - logarithm : exactExp(v) / sum;
    }
}
