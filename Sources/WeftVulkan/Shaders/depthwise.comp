#version 450
// Convolution with one input channel a group: y channel m reads x channel m / MULTIPLE alone.
//
// An invocation computes TN pixels of one channel. Weights as ONNX has them: [M][1][KH][KW].
// Grid: x and z pixels, y batch times output channels.
// Bindings: x, weights, bias, residual, y; what is not there is bound to x and not read.

#include "common.glsl"
#include "activation.glsl"

layout(constant_id = 1) const uint TN = 4;
layout(constant_id = 2) const uint ACTIVATION = 0;
layout(constant_id = 3) const uint BIAS = 0;
layout(constant_id = 4) const uint RESIDUAL = 0;
layout(constant_id = 5) const uint POST = 0;

layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) readonly buffer Weights { float w[]; };
layout(std430, binding = 2) readonly buffer Bias { float bias[]; };
layout(std430, binding = 3) readonly buffer Residual { float residual[]; };
layout(std430, binding = 4) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Sizes {
    uint M, multiple, H, W, OH, OW;
    uint KH, KW;
    int SH, SW, DH, DW, PT, PL;
    float a, b;
    float postA, postB;
};

void main() {
    uint plane = OH * OW;
    uint first = (gl_WorkGroupID.z * gl_NumWorkGroups.x + gl_WorkGroupID.x) * gl_WorkGroupSize.x * TN
        + gl_LocalInvocationID.x;
    uint m = gl_WorkGroupID.y % M;
    uint base = (gl_WorkGroupID.y / M * (M / multiple) + m / multiple) * H * W;
    float sum[TN];
    [[unroll]] for (uint j = 0; j < TN; j++) sum[j] = 0.0;
    for (uint ky = 0; ky < KH; ky++) {
        for (uint kx = 0; kx < KW; kx++) {
            float weight = w[(m * KH + ky) * KW + kx];
            [[unroll]] for (uint j = 0; j < TN; j++) {
                uint p = min(first + j * gl_WorkGroupSize.x, plane - 1);
                int iy = int(p / OW) * SH + int(ky) * DH - PT;
                int ix = int(p % OW) * SW + int(kx) * DW - PL;
                bool inside = iy >= 0 && iy < int(H) && ix >= 0 && ix < int(W);
                float read = x[inside ? base + uint(iy) * W + uint(ix) : 0u];
                sum[j] += inside ? weight * read : 0.0;
            }
        }
    }
    [[unroll]] for (uint j = 0; j < TN; j++) {
        uint p = first + j * gl_WorkGroupSize.x;
        if (p < plane) {
            uint to = gl_WorkGroupID.y * plane + p;
            float value = sum[j];
            if (BIAS != 0) value += bias[m];
            [[unroll]] for (uint stage = 0; stage < 2; stage++) {
                bool last = stage == 1;
                value = activate(last ? POST : ACTIVATION, value, last ? postA : a, last ? postB : b);
                if (stage == 0 && RESIDUAL != 0) value += residual[to];
            }
            y[to] = value;
        }
    }
}
