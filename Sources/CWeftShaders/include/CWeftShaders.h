#pragma once
#include <stddef.h>
#include <stdint.h>

/// A compute shader: its name, its SPIR-V words, and how many storage buffers it binds.
typedef struct {
    const char *_Nonnull name;
    const uint32_t *_Nonnull words;
    size_t byte_count;
    uint32_t bindings;
} weft_shader;

/// Every shader of the module, sorted by name.
const weft_shader *_Nonnull weft_shaders(size_t *_Nonnull count);
