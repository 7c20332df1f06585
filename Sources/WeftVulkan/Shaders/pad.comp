#version 450
// Pads or crops: each output coordinate is an input coordinate plus `begin`. 4-byte elements.
//
// MODE 0: `filler` outside of the input. 1: the nearest element (edge). 2: mirrored without repeating the border
// (reflect). 3: repeated from the other end (wrap), which also tiles.
// One output element an invocation; `shape` and `inputShape` outermost first.
// Bindings: x, y.

#include "common.glsl"

layout(constant_id = 1) const uint MODE = 0;
layout(constant_id = 2) const uint RANK = 1;

layout(std430, binding = 0) readonly buffer X { uint x[]; };
layout(std430, binding = 1) writeonly buffer Y { uint y[]; };
layout(push_constant) uniform Sizes {
    uint count;
    uint filler;
    int shape[6];
    int inputShape[6];
    int begin[6];
};

void main() {
    uint i = invocationIndex();
    if (i >= count) return;
    int rest = int(i);
    int from = 0;
    int step = 1;
    bool inside = true;
    [[unroll]] for (int d = int(RANK) - 1; d >= 0; d--) {
        int size = inputShape[d];
        int at = rest % shape[d] - begin[d];
        rest /= shape[d];
        if (MODE == 0) {
            inside = inside && at >= 0 && at < size;
            at = clamp(at, 0, size - 1);
        } else if (MODE == 1) {
            at = clamp(at, 0, size - 1);
        } else if (MODE == 2) {
            int period = max(2 * (size - 1), 1);
            at = at % period;
            at = at < 0 ? at + period : at;
            at = at >= size ? period - at : at;
        } else {
            at = at % size;
            at = at < 0 ? at + size : at;
        }
        from += at * step;
        step *= size;
    }
    y[i] = inside ? x[from] : filler;
}
