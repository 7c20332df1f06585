#version 450
// Reduction of rows: element j of row (o, i) lies at (o length + j) inner + i.
//
// One row an invocation. ROW: one row a workgroup, for rows that lie dense.
// Bindings: x, y.

#include "common.glsl"
#include "math.glsl"

layout(constant_id = 0) const uint THREADS = 64;
layout(constant_id = 1) const uint FUNCTION = 0;

layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Sizes { uint rows, length, inner; };

const bool MAXIMUM = FUNCTION == 2;
const bool MINIMUM = FUNCTION == 3;
const bool PRODUCT = FUNCTION == 4;
/// LogSumExp
const bool EXPONENTIAL = FUNCTION == 9;

float start() { return MAXIMUM ? -INFINITY : (MINIMUM ? INFINITY : (PRODUCT ? 1.0 : 0.0)); }

float before(float v) {
    switch (FUNCTION) {
    case 5: return abs(v);                                    // L1
    case 6: case 7: return v * v;                             // L2, SumSquare
    default: return v;
    }
}

float join(float a, float b) {
    if (MAXIMUM) return a != a ? a : (b != b ? b : max(a, b));
    if (MINIMUM) return a != a ? a : (b != b ? b : min(a, b));
    return PRODUCT ? a * b : a + b;
}

float after(float v) {
    switch (FUNCTION) {
    case 1: return v / float(length);                         // Mean
    case 6: return sqrt(v);                                   // L2
    case 8: return log(v);                                    // LogSum
    default: return v;
    }
}

#ifdef ROW
shared float part[THREADS];
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
    float top = 0.0;
    if (EXPONENTIAL) {
        // The greatest element is taken out first, so that no exponential overflows.
        top = -INFINITY;
        for (uint j = 0; j < length; j++) top = max(top, x[base + j * inner]);
        top = abs(top) < INFINITY ? top : 0.0;
    }
    float all = start();
    for (uint j = first; j < length; j += step) {
        float v = x[base + j * inner];
        all = join(all, EXPONENTIAL ? exactExp(v - top) : before(v));
    }
#ifdef ROW
    part[first] = all;
    barrier();
    if (first != 0) return;
    for (uint k = 1; k < THREADS; k++) all = join(all, part[k]);
#endif
    y[row] = EXPONENTIAL ? log(all) + top : after(all);
}
