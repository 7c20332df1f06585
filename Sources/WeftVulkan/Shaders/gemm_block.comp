#version 450
// Batched matrix product as gemm.comp has it, by blocks in shared memory: for processors with fast shared memory.
//
// A workgroup computes ROWS x COLUMNS results.
// Grid: x columns, y rows, z batch; `offsets` holds where each batch's a and b begin.
// Bindings: a, b, bias, offsets, residual, y; what is not there is bound to a and not read.

#include "common.glsl"
#include "epilogue.glsl"

layout(std430, binding = 0) readonly buffer A { float a[]; };
layout(std430, binding = 1) readonly buffer B { float b[]; };
layout(std430, binding = 2) readonly buffer Bias { float bias[]; };
layout(std430, binding = 3) readonly buffer Offsets { uvec2 offsets[]; };
layout(std430, binding = 4) readonly buffer Residual { float residual[]; };
layout(std430, binding = 5) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Sizes {
    uint M, N, K;
    uint aRow, aStep, bStep, bColumn;
    uint biasRow, biasColumn;
    float alpha, beta;
    float p, q;
};

#include "block.glsl"

float leftElement(uint row, uint step) {
    uint m = gl_WorkGroupID.y * ROWS + row;
    return m < M ? a[offsets[gl_WorkGroupID.z].x + m * aRow + step * aStep] : 0.0;
}

float rightElement(uint step, uint column) {
    uint n = gl_WorkGroupID.x * COLUMNS + column;
    return n < N ? b[offsets[gl_WorkGroupID.z].y + step * bStep + n * bColumn] : 0.0;
}

void main() {
    multiply(K);
    [[unroll]] for (uint i = 0; i < TM; i++) {
        uint m = gl_WorkGroupID.y * ROWS + blockRow(i);
        [[unroll]] for (uint j = 0; j < TN; j++) {
            uint n = gl_WorkGroupID.x * COLUMNS + blockColumn(j);
            if (m < M && n < N) {
                uint to = (gl_WorkGroupID.z * M + m) * N + n;
                float value = alpha * sum[i][j];
                if (BIAS != 0) value += beta * bias[m * biasRow + n * biasColumn];
                float added = RESIDUAL != 0 ? residual[to] : 0.0;
                y[to] = epilogue(value, added, p, q);
            }
        }
    }
}
