#version 450
// Conversion between element types. One element an invocation.
//
// MODE 0: float32 to int32, towards zero. 1: int32 to float32. 2: bytes that are booleans to float32.
// 3: int64 to float32; values past 32 bits may be one unit in the last place off. 4: int32 to int64.
// 5: booleans to int32. 6: float32, or int32, to booleans, four of them an invocation. 7: booleans to int64.
// Bindings: x, y, both as words.

#include "common.glsl"

layout(constant_id = 1) const uint MODE = 0;
layout(constant_id = 2) const bool INTEGER = false;

layout(std430, binding = 0) readonly buffer X { uint x[]; };
layout(std430, binding = 1) writeonly buffer Y { uint y[]; };
layout(push_constant) uniform Sizes { uint count; };

void main() {
    uint i = invocationIndex();
    if ((MODE == 6 ? 4 * i : i) >= count) return;
    if (MODE == 6) {
        uint bytes = 0;
        // Zero of either sign is false.
        for (uint part = 0; part < 4 && 4 * i + part < count; part++)
            bytes |= ((x[4 * i + part] & 0x7fffffffu) != 0 || (INTEGER && x[4 * i + part] != 0) ? 1u : 0u) << (8 * part);
        y[i] = bytes;
    } else if (MODE == 4) {
        y[2 * i] = x[i];
        y[2 * i + 1] = uint(int(x[i]) >> 31);
    } else if (MODE == 5 || MODE == 7) {
        uint truth = (x[i / 4] >> (i % 4 * 8) & 0xffu) != 0 ? 1u : 0u;
        if (MODE == 5) {
            y[i] = truth;
        } else {
            y[2 * i] = truth;
            y[2 * i + 1] = 0u;
        }
    } else if (MODE == 2) {
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
