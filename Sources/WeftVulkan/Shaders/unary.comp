#version 450
// y[i] = f(x[i]). One element an invocation. The numbers of functions are UnaryFunction's in Swift.
//
// Exponentials of several cases are computed in one place: some drivers compile every case, whatever the constant is.
// Bindings: x, y.

#include "common.glsl"
#include "math.glsl"

layout(constant_id = 1) const uint FUNCTION = 0;

layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Sizes { uint count; float a; float b; };

/// The exponential that a function needs: of the argument that makes it one.
float exponent(float x) {
    switch (FUNCTION) {
    case 2: return -x;
    case 3: return -a * x;
    case 9: return -1.5957691216 * (x + 0.044715 * x * x * x);
    case 23: return x / a;
    case 24: case 28: return -abs(x);
    default: return x;
    }
}

float apply(float x) {
    switch (FUNCTION) {
    case 1: return x < 0.0 ? 0.0 : x;                         // Relu
    case 4: { float y = x < a ? a : x; return y > b ? b : y; } // Clip
    case 5: return x < 0.0 ? a * x : x;                       // LeakyRelu
    case 7: case 8: {                                         // Erf, Gelu
        float e = exactErf(FUNCTION == 7 ? x : x * 0.70710678118);
        return FUNCTION == 7 ? e : 0.5 * x * (1.0 + e);
    }
    case 10: return min(max(a * x + b, 0.0), 1.0);            // HardSigmoid
    case 11: return x * min(max(x * (1.0 / 6.0) + 0.5, 0.0), 1.0); // HardSwish
    case 13: return log(x);
    case 14: return sqrt(x);
    case 15: return -x;
    case 16: return abs(x);
    case 17: return 1.0 / x;
    case 18: return floor(x);
    case 19: return ceil(x);
    case 20: return roundEven(x);
    case 25: return x / (1.0 + abs(x));                       // Softsign
    case 26: return sign(x);
    case 27: return x > a ? x : 0.0;                          // ThresholdedRelu
    case 29: case 30: return shiftedSine(x, int(FUNCTION) - 29);
    case 31: return shiftedSine(x, 0) / shiftedSine(x, 1);    // Tan
    case 32: return exactAsin(x);
    case 33: return exactAcos(x);
    case 34: return exactAtan(x);
    case 35: return exactSinh(x);
    case 36: return exactCosh(x);
    case 37: return exactAsinh(x);
    case 38: return exactAcosh(x);
    case 39: return exactAtanh(x);
    case 40: return x < -a ? x + b : (x > a ? x - b : 0.0);   // Shrink
    case 0: return x;
    }
    float e = 0.0;
    if (FUNCTION != 6) e = exactExp(exponent(x));
    float soft = max(x, 0.0);
    if (FUNCTION == 24 || FUNCTION == 28) soft += log1p(e);
    switch (FUNCTION) {
    case 2: return 1.0 / (1.0 + e);                           // Sigmoid
    case 3: case 9: return x / (1.0 + e);                     // Swish, Gelu by tanh
    case 6: case 28: {                                        // Tanh, Mish
        float t = exactTanh(FUNCTION == 6 ? x : soft);
        return FUNCTION == 6 ? t : x * t;
    }
    case 21: return x < 0.0 ? a * (e - 1.0) : x;              // Elu
    case 22: return x > 0.0 ? b * x : b * a * (e - 1.0);      // Selu
    case 23: return max(x, 0.0) + min(0.0, a * (e - 1.0));    // Celu
    case 24: return soft;                                     // Softplus
    default: return e;                                        // Exp
    }
}

void main() {
    uint i = invocationIndex();
    if (i < count) y[i] = apply(x[i]);
}
