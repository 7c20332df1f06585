#version 450
// y[i] = f(x[i]). One element an invocation.
// Bindings: x, y.

#include "common.glsl"
#include "activation.glsl"

layout(constant_id = 1) const uint FUNCTION = 0;

layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Sizes { uint count; float a; float b; };

void main() {
    uint i = invocationIndex();
    if (i < count) y[i] = apply(FUNCTION, x[i], a, b);
}
