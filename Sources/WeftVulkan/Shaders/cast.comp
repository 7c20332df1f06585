#version 450
// Conversion between element types. One element an invocation.
//
// MODE 0: float32 to int32, towards zero. 1: int32 to float32. 2: bytes that are booleans to float32.
// 3: int64 to float32; values past 32 bits may be one unit in the last place off.
// Bindings: x, y, both as words.

#include "common.glsl"

layout(constant_id = 1) const uint MODE = 0;

layout(std430, binding = 0) readonly buffer X { uint x[]; };
layout(std430, binding = 1) writeonly buffer Y { uint y[]; };
layout(push_constant) uniform Sizes { uint count; };

void main() {
    uint i = invocationIndex();
    if (i >= count) return;
    if (MODE == 2) {
        y[i] = floatBitsToUint((x[i / 4] >> (i % 4 * 8) & 0xffu) != 0 ? 1.0 : 0.0);
    } else if (MODE == 3) {
        int low = int(x[2 * i]);
        int high = int(x[2 * i + 1]);
        float value = high == low >> 31 ? float(low) : float(high) * 4294967296.0 + float(x[2 * i]);
        y[i] = floatBitsToUint(value);
    } else if (MODE == 1) {
        y[i] = floatBitsToUint(float(int(x[i])));
    } else {
        y[i] = uint(int(uintBitsToFloat(x[i])));
    }
}
