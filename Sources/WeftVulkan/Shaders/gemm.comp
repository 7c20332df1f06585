#version 450
// Batched matrix product: y[z, m, n] = act(alpha sum over k of a[z, m, k] b[z, k, n] + beta bias[m, n]).
//
// An invocation keeps TM rows of TN columns in registers; neighbouring invocations have neighbouring columns.
// Operands are addressed by strides, so either may be transposed. K4: a is read four k at a time, which needs
// stride 1 along k, and K and all of a's strides divisible by four.
// Grid: x columns, y tiles of rows, z batch; `offsets` holds where each batch's a and b begin.
// Bindings: a, b, bias, offsets, y; a bias that is not there is bound to a and not read.

#include "common.glsl"
#include "activation.glsl"

layout(constant_id = 1) const uint TM = 4;
layout(constant_id = 2) const uint TN = 4;
layout(constant_id = 3) const uint ACTIVATION = 0;
layout(constant_id = 4) const uint BIAS = 0;

#ifdef K4
layout(std430, binding = 0) readonly buffer A { vec4 a[]; };
#else
layout(std430, binding = 0) readonly buffer A { float a[]; };
#endif
layout(std430, binding = 1) readonly buffer B { float b[]; };
layout(std430, binding = 2) readonly buffer Bias { float bias[]; };
layout(std430, binding = 3) readonly buffer Offsets { uvec2 offsets[]; };
layout(std430, binding = 4) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Sizes {
    uint M, N, K;
    uint aRow, aStep, bStep, bColumn;
    uint biasRow, biasColumn;
    float alpha, beta;
    float p, q;
};

void main() {
    uint first = gl_WorkGroupID.x * gl_WorkGroupSize.x * TN + gl_LocalInvocationID.x;
    uint row = gl_WorkGroupID.y * TM;
    uvec2 start = offsets[gl_WorkGroupID.z];

    float sum[TM][TN];
    [[unroll]] for (uint i = 0; i < TM; i++) [[unroll]] for (uint j = 0; j < TN; j++) sum[i][j] = 0.0;
    uint rows[TM];
    uint columns[TN];
    [[unroll]] for (uint i = 0; i < TM; i++) rows[i] = start.x + min(row + i, M - 1) * aRow;
    [[unroll]] for (uint j = 0; j < TN; j++)
        columns[j] = start.y + min(first + j * gl_WorkGroupSize.x, N - 1) * bColumn;

#ifdef K4
    for (uint k = 0; k < K; k += 4) {
        vec4 v[TN];
        [[unroll]] for (uint j = 0; j < TN; j++) {
            uint at = columns[j] + k * bStep;
            v[j] = vec4(b[at], b[at + bStep], b[at + 2 * bStep], b[at + 3 * bStep]);
        }
        [[unroll]] for (uint i = 0; i < TM; i++) {
            vec4 left = a[(rows[i] + k) / 4];
            [[unroll]] for (uint j = 0; j < TN; j++) {
                sum[i][j] += left.x * v[j].x;
                sum[i][j] += left.y * v[j].y;
                sum[i][j] += left.z * v[j].z;
                sum[i][j] += left.w * v[j].w;
            }
        }
    }
#else
    for (uint k = 0; k < K; k++) {
        float v[TN];
        [[unroll]] for (uint j = 0; j < TN; j++) v[j] = b[columns[j] + k * bStep];
        [[unroll]] for (uint i = 0; i < TM; i++) {
            float left = a[rows[i] + k * aStep];
            [[unroll]] for (uint j = 0; j < TN; j++) sum[i][j] += left * v[j];
        }
    }
#endif

    [[unroll]] for (uint j = 0; j < TN; j++) {
        uint n = first + j * gl_WorkGroupSize.x;
        if (n < N) {
            [[unroll]] for (uint i = 0; i < TM; i++) {
                if (row + i < M) {
                    float value = alpha * sum[i][j];
                    if (BIAS != 0) value += beta * bias[(row + i) * biasRow + n * biasColumn];
                    y[(gl_WorkGroupID.z * M + row + i) * N + n] = apply(ACTIVATION, value, p, q);
                }
            }
        }
    }
}
