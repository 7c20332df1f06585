// Functions of two numbers; the values are BinaryFunction's in Swift.

#include "math.glsl"

layout(constant_id = 1) const uint FUNCTION = 0;

float apply(float l, float r) {
    switch (FUNCTION) {
    case 0: return l + r;
    case 1: return l - r;
    case 2: return l * r;
    case 3: return l / r;
    case 4: return exactPow(l, r);
    case 5: return l != l ? l : (r != r ? r : min(l, r));
    case 6: return l != l ? l : (r != r ? r : max(l, r));
    case 7: return l < 0.0 ? l * r : l;                       // PRelu
    default: return l;
    }
}
