#version 450
// Normalisation of dense rows: y = (x - mean) / sqrt(variance + epsilon) scale + bias. One row a workgroup.
//
// Scale and bias of element j in row r: [j] (PER = 0, LayerNormalization), or of channel
// r % channels groupSize + j / plane (PER = 1: InstanceNormalization has groupSize 1).
// CENTERED 0: no mean is taken, the root mean square divides.
// Bindings: x, scale, bias, y; what is not there is bound to x and not read.

#include "common.glsl"

layout(constant_id = 0) const uint THREADS = 64;
layout(constant_id = 1) const uint PER = 0;
layout(constant_id = 2) const uint CENTERED = 1;
layout(constant_id = 3) const uint BIAS = 0;

layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) readonly buffer Scale { float scale[]; };
layout(std430, binding = 2) readonly buffer Bias { float bias[]; };
layout(std430, binding = 3) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Sizes { uint rows, length, channels, groupSize, plane; float epsilon; };

shared float part[THREADS];

float total(float value) {
    part[gl_LocalInvocationID.x] = value;
    barrier();
    float sum = 0.0;
    for (uint k = 0; k < THREADS; k++) sum += part[k];
    barrier();
    return sum;
}

void main() {
    uint row = groupIndex();
    if (row >= rows) return;
    uint base = row * length;
    uint first = gl_LocalInvocationID.x;
    float mean = 0.0;
    if (CENTERED != 0) {
        float sum = 0.0;
        for (uint j = first; j < length; j += THREADS) sum += x[base + j];
        mean = total(sum) / float(length);
    }
    float squares = 0.0;
    for (uint j = first; j < length; j += THREADS) {
        float d = x[base + j] - mean;
        squares += d * d;
    }
    float factor = 1.0 / sqrt(total(squares) / float(length) + epsilon);
    for (uint j = first; j < length; j += THREADS) {
        uint at = PER == 0 ? j : row % channels * groupSize + j / plane;
        float value = (x[base + j] - mean) * factor * scale[at];
        if (BIAS != 0) value += bias[at];
        y[base + j] = value;
    }
}
