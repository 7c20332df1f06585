// Functions of one number that convolutions and products apply to their results, chosen by a specialisation
// constant. The numbers are UnaryFunction's in Swift; unary.comp has all of them.
//
// Few and sharing their exponentials, and each shader calls this in one place only: some drivers compile
// every copy of every case, whatever the constant is.

#include "math.glsl"

/// `a` and `b` are the function's parameters: slope, bounds, alpha and beta.
float activate(uint function, float x, float a, float b) {
    switch (function) {
    case 1: return x < 0.0 ? 0.0 : x;                         // Relu
    case 2: case 3: case 9: {
        // Sigmoid, Swish; Gelu by tanh is a Swish too: (1 + tanh u) / 2 = sigmoid 2u.
        float inner = function == 2 ? x : (function == 3 ? a * x : 1.5957691216 * (x + 0.044715 * x * x * x));
        float gate = sigmoid(inner);
        return function == 2 ? gate : x * gate;
    }
    case 4: { float y = x < a ? a : x; return y > b ? b : y; } // Clip
    case 5: return x < 0.0 ? a * x : x;                       // LeakyRelu
    case 8: return 0.5 * x * (1.0 + exactErf(x * 0.70710678118)); // Gelu
    case 10: return min(max(a * x + b, 0.0), 1.0);            // HardSigmoid
    case 11: return x * min(max(x * (1.0 / 6.0) + 0.5, 0.0), 1.0); // HardSwish
    default: return x;
    }
}
