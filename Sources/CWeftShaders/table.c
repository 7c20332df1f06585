// Written by scripts/shaders; never edited.
#include "CWeftShaders.h"

extern const uint32_t weft_shader_affine_f32[];
extern const uint32_t weft_shader_binary_f32[];
extern const uint32_t weft_shader_cast[];
extern const uint32_t weft_shader_conv_f32[];
extern const uint32_t weft_shader_copy_32[];
extern const uint32_t weft_shader_depthwise_f32[];
extern const uint32_t weft_shader_gather_32[];
extern const uint32_t weft_shader_gemm_f32[];
extern const uint32_t weft_shader_gemm_f32_k4[];
extern const uint32_t weft_shader_gemm_f32_k4n4[];
extern const uint32_t weft_shader_gemm_f32_n4[];
extern const uint32_t weft_shader_normalize_f32[];
extern const uint32_t weft_shader_pad_32[];
extern const uint32_t weft_shader_pointwise_f32[];
extern const uint32_t weft_shader_pool_f32[];
extern const uint32_t weft_shader_reduce_f32[];
extern const uint32_t weft_shader_reduce_f32_row[];
extern const uint32_t weft_shader_resize_f32[];
extern const uint32_t weft_shader_softmax_f32[];
extern const uint32_t weft_shader_softmax_f32_row[];
extern const uint32_t weft_shader_unary_f32[];
extern const uint32_t weft_shader_where_32[];

static const weft_shader shaders[] = {
    {"affine_f32", weft_shader_affine_f32, 1996, 3},
    {"binary_f32", weft_shader_binary_f32, 6076, 3},
    {"cast", weft_shader_cast, 2788, 2},
    {"conv_f32", weft_shader_conv_f32, 17464, 5},
    {"copy_32", weft_shader_copy_32, 2632, 2},
    {"depthwise_f32", weft_shader_depthwise_f32, 13640, 5},
    {"gather_32", weft_shader_gather_32, 3080, 4},
    {"gemm_f32", weft_shader_gemm_f32, 10080, 5},
    {"gemm_f32_k4", weft_shader_gemm_f32_k4, 10808, 5},
    {"gemm_f32_k4n4", weft_shader_gemm_f32_k4n4, 22712, 5},
    {"gemm_f32_n4", weft_shader_gemm_f32_n4, 22008, 5},
    {"normalize_f32", weft_shader_normalize_f32, 4404, 4},
    {"pad_32", weft_shader_pad_32, 3652, 2},
    {"pointwise_f32", weft_shader_pointwise_f32, 35680, 5},
    {"pool_f32", weft_shader_pool_f32, 4800, 2},
    {"reduce_f32", weft_shader_reduce_f32, 3608, 2},
    {"reduce_f32_row", weft_shader_reduce_f32_row, 4844, 2},
    {"resize_f32", weft_shader_resize_f32, 3712, 6},
    {"softmax_f32", weft_shader_softmax_f32, 4364, 2},
    {"softmax_f32_row", weft_shader_softmax_f32_row, 5032, 2},
    {"unary_f32", weft_shader_unary_f32, 11512, 2},
    {"where_32", weft_shader_where_32, 3272, 4},
};

const weft_shader *weft_shaders(size_t *count) {
    *count = sizeof shaders / sizeof shaders[0];
    return shaders;
}
