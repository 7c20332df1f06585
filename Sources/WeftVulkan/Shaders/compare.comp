#version 450
// y = a compared with b, with broadcasting; results are bytes of 0 or 1. Four results, one word, an invocation.
//
// FUNCTION 0: equal, 1: less, 2: greater, 3: less or equal, 4: greater or equal; of booleans 5: and, 6: or, 7: xor.
// KIND 0: float32, 1: int32, 2: bytes that are booleans.
// `shape` outermost first, strides 0 where an operand is broadcast.
// Bindings: a, b, y, all as words.

#include "common.glsl"

layout(constant_id = 1) const uint FUNCTION = 0;
layout(constant_id = 2) const uint KIND = 0;
layout(constant_id = 3) const uint RANK = 1;

layout(std430, binding = 0) readonly buffer A { uint a[]; };
layout(std430, binding = 1) readonly buffer B { uint b[]; };
layout(std430, binding = 2) writeonly buffer Y { uint y[]; };
layout(push_constant) uniform Sizes { uint count; uint shape[6]; uint aStrides[6]; uint bStrides[6]; };

bool compare(uint l, uint r) {
    if (KIND == 0) {
        float x = uintBitsToFloat(l);
        float z = uintBitsToFloat(r);
        switch (FUNCTION) {
        case 0: return x == z;
        case 1: return x < z;
        case 2: return x > z;
        case 3: return x <= z;
        default: return x >= z;
        }
    }
    switch (FUNCTION) {
    case 0: return l == r;
    case 1: return int(l) < int(r);
    case 2: return int(l) > int(r);
    case 3: return int(l) <= int(r);
    case 4: return int(l) >= int(r);
    case 5: return (l & r) != 0;
    case 6: return (l | r) != 0;
    default: return l != r;
    }
}

/// A byte as 0 or 1.
uint truth(uint word, uint at) { return (word >> (at % 4 * 8) & 0xffu) != 0 ? 1u : 0u; }

void main() {
    uint word = invocationIndex();
    if (4 * word >= count) return;
    uint result = 0;
    for (uint part = 0; part < 4; part++) {
        uint i = 4 * word + part;
        if (i >= count) break;
        uint rest = i;
        uint ia = 0;
        uint ib = 0;
        [[unroll]] for (int d = int(RANK) - 1; d >= 0; d--) {
            uint at = d == 0 ? rest : rest % shape[d];
            rest /= shape[d];
            ia += at * aStrides[d];
            ib += at * bStrides[d];
        }
        bool holds = KIND == 2 ? compare(truth(a[ia / 4], ia), truth(b[ib / 4], ib)) : compare(a[ia], b[ib]);
        result |= (holds ? 1u : 0u) << (8 * part);
    }
    y[word] = result;
}
