#version 450
// Pooling windows over planes of H x W. One output element an invocation.
//
// MAXIMUM: the greatest element inside the plane. Else their mean; COUNT_PADS: elements of the padding count too.
// Bindings: x, y.

#include "common.glsl"

layout(constant_id = 1) const uint MAXIMUM = 1;
layout(constant_id = 2) const uint COUNT_PADS = 0;

layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Sizes {
    uint count, H, W, OH, OW;
    uint KH, KW;
    int SH, SW, DH, DW, PT, PL, PB, PR;
};

void main() {
    uint i = invocationIndex();
    if (i >= count) return;
    uint plane = i / (OH * OW);
    int top = int(i / OW % OH) * SH - PT;
    int left = int(i % OW) * SW - PL;
    uint base = plane * H * W;
    float best = uintBitsToFloat(0xff800000u);
    float sum = 0.0;
    uint inside = 0;
    uint padded = 0;
    for (uint ky = 0; ky < KH; ky++) {
        int iy = top + int(ky) * DH;
        for (uint kx = 0; kx < KW; kx++) {
            int ix = left + int(kx) * DW;
            if (iy < int(H) + PB && ix < int(W) + PR) padded++;
            if (iy >= 0 && iy < int(H) && ix >= 0 && ix < int(W)) {
                float v = x[base + uint(iy) * W + uint(ix)];
                best = v != v ? v : (best < v ? v : best);
                sum += v;
                inside++;
            }
        }
    }
    if (MAXIMUM != 0) {
        y[i] = best;
    } else {
        y[i] = sum / float(max(COUNT_PADS != 0 ? padded : inside, 1u));
    }
}
