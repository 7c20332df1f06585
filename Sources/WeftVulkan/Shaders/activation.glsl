// Functions of one number, chosen by a specialisation constant. The numbers are UnaryFunction's in Swift.

#include "math.glsl"

/// `a` and `b` are the function's parameters: slope, bounds, alpha and beta.
float apply(uint function, float x, float a, float b) {
    switch (function) {
    case 1: return x < 0.0 ? 0.0 : x;                         // Relu
    case 2: return sigmoid(x);
    case 3: return x * sigmoid(a * x);                        // Swish, SiLU with a = 1
    case 4: { float y = x < a ? a : x; return y > b ? b : y; } // Clip
    case 5: return x < 0.0 ? a * x : x;                       // LeakyRelu
    case 6: return exactTanh(x);
    case 7: return exactErf(x);
    case 8: return 0.5 * x * (1.0 + exactErf(x * 0.70710678118));
    case 9: return 0.5 * x * (1.0 + exactTanh(0.7978845608 * (x + 0.044715 * x * x * x)));
    case 10: return min(max(a * x + b, 0.0), 1.0);            // HardSigmoid
    case 11: return x * min(max(x * (1.0 / 6.0) + 0.5, 0.0), 1.0); // HardSwish
    case 12: return exactExp(x);
    case 13: return log(x);
    case 14: return sqrt(x);
    case 15: return -x;
    case 16: return abs(x);
    case 17: return 1.0 / x;
    case 18: return floor(x);
    case 19: return ceil(x);
    case 20: return roundEven(x);
    case 21: return x < 0.0 ? a * (exactExp(x) - 1.0) : x;    // Elu
    case 22: return x > 0.0 ? b * x : b * a * (exactExp(x) - 1.0); // Selu
    case 23: return max(x, 0.0) + min(0.0, a * (exactExp(x / a) - 1.0)); // Celu
    case 24: return max(x, 0.0) + log1p(exactExp(-abs(x)));   // Softplus
    case 25: return x / (1.0 + abs(x));                       // Softsign
    case 26: return sign(x);
    case 27: return x > a ? x : 0.0;                          // ThresholdedRelu
    case 28: return x * exactTanh(max(x, 0.0) + log1p(exactExp(-abs(x)))); // Mish
    default: return x;
    }
}
