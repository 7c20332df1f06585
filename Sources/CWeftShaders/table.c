// Written by scripts/shaders; never edited.
#include "CWeftShaders.h"

extern const uint32_t weft_shader_affine_f32[];
extern const uint32_t weft_shader_binary_f32[];
extern const uint32_t weft_shader_binary_f32_quads[];
extern const uint32_t weft_shader_cast[];
extern const uint32_t weft_shader_compare[];
extern const uint32_t weft_shader_conv_f32[];
extern const uint32_t weft_shader_conv_f32_block[];
extern const uint32_t weft_shader_conv_f32_share[];
extern const uint32_t weft_shader_copy_32[];
extern const uint32_t weft_shader_depthwise_f32[];
extern const uint32_t weft_shader_gather_32[];
extern const uint32_t weft_shader_gather_elements_32[];
extern const uint32_t weft_shader_gemm_f32[];
extern const uint32_t weft_shader_gemm_f32_block[];
extern const uint32_t weft_shader_gemm_f32_k4[];
extern const uint32_t weft_shader_gemm_f32_k4_share[];
extern const uint32_t weft_shader_gemm_f32_k4n4[];
extern const uint32_t weft_shader_gemm_f32_k4n4_share[];
extern const uint32_t weft_shader_gemm_f32_n4[];
extern const uint32_t weft_shader_normalize_f32[];
extern const uint32_t weft_shader_pad_32[];
extern const uint32_t weft_shader_pointwise_f32[];
extern const uint32_t weft_shader_pointwise_f32_share[];
extern const uint32_t weft_shader_pool_f32[];
extern const uint32_t weft_shader_reduce_f32[];
extern const uint32_t weft_shader_reduce_f32_row[];
extern const uint32_t weft_shader_resize_f32[];
extern const uint32_t weft_shader_softmax_f32[];
extern const uint32_t weft_shader_softmax_f32_row[];
extern const uint32_t weft_shader_triangle_32[];
extern const uint32_t weft_shader_unary_f32[];
extern const uint32_t weft_shader_where_32[];

static const weft_shader shaders[] = {
    {"affine_f32", weft_shader_affine_f32, 1996, 3},
    {"binary_f32", weft_shader_binary_f32, 6076, 3},
    {"binary_f32_quads", weft_shader_binary_f32_quads, 15684, 3},
    {"cast", weft_shader_cast, 4796, 2},
    {"compare", weft_shader_compare, 5804, 3},
    {"conv_f32", weft_shader_conv_f32, 27120, 5},
    {"conv_f32_block", weft_shader_conv_f32_block, 14484, 5},
    {"conv_f32_share", weft_shader_conv_f32_share, 27308, 5},
    {"copy_32", weft_shader_copy_32, 2632, 2},
    {"depthwise_f32", weft_shader_depthwise_f32, 12160, 5},
    {"gather_32", weft_shader_gather_32, 3080, 4},
    {"gather_elements_32", weft_shader_gather_elements_32, 3596, 4},
    {"gemm_f32", weft_shader_gemm_f32, 10760, 6},
    {"gemm_f32_block", weft_shader_gemm_f32_block, 12052, 6},
    {"gemm_f32_k4", weft_shader_gemm_f32_k4, 11736, 6},
    {"gemm_f32_k4_share", weft_shader_gemm_f32_k4_share, 11964, 6},
    {"gemm_f32_k4n4", weft_shader_gemm_f32_k4n4, 24368, 6},
    {"gemm_f32_k4n4_share", weft_shader_gemm_f32_k4n4_share, 24596, 6},
    {"gemm_f32_n4", weft_shader_gemm_f32_n4, 23416, 6},
    {"normalize_f32", weft_shader_normalize_f32, 4404, 4},
    {"pad_32", weft_shader_pad_32, 3652, 2},
    {"pointwise_f32", weft_shader_pointwise_f32, 22312, 5},
    {"pointwise_f32_share", weft_shader_pointwise_f32_share, 22500, 5},
    {"pool_f32", weft_shader_pool_f32, 4800, 2},
    {"reduce_f32", weft_shader_reduce_f32, 5212, 2},
    {"reduce_f32_row", weft_shader_reduce_f32_row, 6448, 2},
    {"resize_f32", weft_shader_resize_f32, 3712, 6},
    {"softmax_f32", weft_shader_softmax_f32, 4364, 2},
    {"softmax_f32_row", weft_shader_softmax_f32_row, 5032, 2},
    {"triangle_32", weft_shader_triangle_32, 2196, 2},
    {"unary_f32", weft_shader_unary_f32, 20964, 2},
    {"where_32", weft_shader_where_32, 3272, 4},
};

const weft_shader *weft_shaders(size_t *count) {
    *count = sizeof shaders / sizeof shaders[0];
    return shaders;
}
