#include "../include/weft_epilogue.h"

#include <string.h>

int weft_activation_named(const char *name, float beta) {
    static const struct {
        const char *name;
        weft_unary function;
    } table[] = {
        {"none", WEFT_IDENTITY},
        {"Clip", WEFT_CLIP},
        {"Erf", WEFT_ERF},
        {"Exp", WEFT_EXP},
        {"Gelu", WEFT_GELU_ERF},
        {"HardSigmoid", WEFT_HARD_SIGMOID},
        {"HardSwish", WEFT_HARD_SWISH},
        {"LeakyRelu", WEFT_LEAKY_RELU},
        {"Relu", WEFT_RELU},
        {"SiLU", WEFT_SILU},
        {"Sigmoid", WEFT_SIGMOID},
        {"Tanh", WEFT_TANH},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (strcmp(name, table[i].name) != 0) continue;
        return table[i].function == WEFT_GELU_ERF && beta == 1 ? WEFT_GELU_TANH : table[i].function;
    }
    return -1;
}
