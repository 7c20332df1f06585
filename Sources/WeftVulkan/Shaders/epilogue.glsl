// What convolutions and products do to their results: bias, activation, and a residual before or after it.

#include "activation.glsl"

layout(constant_id = 1) const uint ACTIVATION = 0;
layout(constant_id = 2) const uint BIAS = 0;
/// 0: none; 1: added before the activation; 2: after.
layout(constant_id = 3) const uint RESIDUAL = 0;

/// `added` is the residual's element; `a` and `b` are the activation's parameters.
float epilogue(float value, float added, float a, float b) {
    if (RESIDUAL == 1) value += added;
    value = activate(ACTIVATION, value, a, b);
    return RESIDUAL == 2 ? value + added : value;
}
