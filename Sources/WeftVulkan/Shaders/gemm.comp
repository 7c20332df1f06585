#version 450
// Batched matrix product: y[z, m, n] = epilogue(alpha sum over k of a[z, m, k] b[z, k, n] + beta bias[m, n]).
//
// An invocation keeps TM rows of TN columns in registers; neighbouring invocations have neighbouring columns.
// Operands are addressed by strides, so either may be transposed.
// K4: a is read four k at a time, which needs stride 1 along k, and K and all of a's strides divisible by four.
// N4: b and y are read and written four columns at a time, which needs the same of b along n, and N.
// Grid: x columns, y tiles of rows, z batch; `offsets` holds where each batch's a and b begin.
// SHARE, with K4: each lane reads a row of a and hands it to the others, see share.glsl.
// Bindings: a, b, bias, offsets, residual, y; what is not there is bound to a and not read.

#include "common.glsl"
#include "epilogue.glsl"

layout(constant_id = 5) const uint TM = 4;
layout(constant_id = 6) const uint TN = 4;

#include "share.glsl"

#ifdef K4
#define LEFT vec4
#else
#define LEFT float
#endif
#ifdef N4
#define T vec4
#define PART(v, l) v[l]
const uint WIDE = 4;
#else
#define T float
#define PART(v, l) v
const uint WIDE = 1;
#endif
/// Columns of an invocation in units of T.
const uint TW = TN / WIDE;
/// Reads of a for TM rows.
const uint PARTS = (TM + LANES - 1) / LANES;

layout(std430, binding = 0) readonly buffer A { LEFT a[]; };
layout(std430, binding = 1) readonly buffer B { T b[]; };
layout(std430, binding = 2) readonly buffer Bias { float bias[]; };
layout(std430, binding = 3) readonly buffer Offsets { uvec2 offsets[]; };
layout(std430, binding = 4) readonly buffer Residual { T residual[]; };
layout(std430, binding = 5) writeonly buffer Y { T y[]; };
layout(push_constant) uniform Sizes {
    uint M, N, K;
    uint aRow, aStep, bStep, bColumn;
    uint biasRow, biasColumn;
    float alpha, beta;
    float p, q;
};

void main() {
    uint first = gl_WorkGroupID.x * gl_WorkGroupSize.x * TW + gl_LocalInvocationID.x;
    uint row = gl_WorkGroupID.y * TM;
    uvec2 start = offsets[gl_WorkGroupID.z];
    uint wide = N / WIDE;
    uint step = bStep / WIDE;

    T sum[TM][TW];
    [[unroll]] for (uint i = 0; i < TM; i++) [[unroll]] for (uint j = 0; j < TW; j++) sum[i][j] = T(0.0);
    uint rows[PARTS];
    uint columns[TW];
    [[unroll]] for (uint i = 0; i < PARTS; i++)
        rows[i] = start.x + min(row + i * LANES + shareLane(), M - 1) * aRow;
    [[unroll]] for (uint j = 0; j < TW; j++)
        columns[j] = start.y / WIDE + min(first + j * gl_WorkGroupSize.x, wide - 1) * bColumn;

#ifdef K4
    for (uint k = 0; k < K; k += 4) {
        T v0[TW], v1[TW], v2[TW], v3[TW];
        [[unroll]] for (uint j = 0; j < TW; j++) {
            uint at = columns[j] + k * step;
            v0[j] = b[at];
            v1[j] = b[at + step];
            v2[j] = b[at + 2 * step];
            v3[j] = b[at + 3 * step];
        }
        [[unroll]] for (uint part = 0; part < PARTS; part++) {
            vec4 own = a[(rows[part] + k) / 4];
            [[unroll]] for (uint l = 0; l < LANES; l++) {
                uint i = part * LANES + l;
                if (i < TM) {
                    vec4 left = SHARED_FROM(own, l);
                    [[unroll]] for (uint j = 0; j < TW; j++) {
                        sum[i][j] += left.x * v0[j];
                        sum[i][j] += left.y * v1[j];
                        sum[i][j] += left.z * v2[j];
                        sum[i][j] += left.w * v3[j];
                    }
                }
            }
        }
    }
#else
    for (uint k = 0; k < K; k++) {
        T v[TW];
        [[unroll]] for (uint j = 0; j < TW; j++) v[j] = b[columns[j] + k * step];
        [[unroll]] for (uint i = 0; i < TM; i++) {
            float left = a[rows[i] + k * aStep];
            [[unroll]] for (uint j = 0; j < TW; j++) sum[i][j] += left * v[j];
        }
    }
#endif

    [[unroll]] for (uint j = 0; j < TW; j++) {
        uint n = first + j * gl_WorkGroupSize.x;
        if (n < wide) {
            [[unroll]] for (uint i = 0; i < TM; i++) {
                uint m = row + i;
                if (m < M) {
                    uint to = (gl_WorkGroupID.z * M + m) * wide + n;
                    T value = alpha * sum[i][j];
                    T added = RESIDUAL != 0 ? residual[to] : T(0.0);
                    [[unroll]] for (uint l = 0; l < WIDE; l++) {
                        float one = PART(value, l);
                        if (BIAS != 0) one += beta * bias[m * biasRow + (WIDE * n + l) * biasColumn];
                        PART(value, l) = epilogue(one, PART(added, l), p, q);
                    }
                    y[to] = value;
                }
            }
        }
    }
}
