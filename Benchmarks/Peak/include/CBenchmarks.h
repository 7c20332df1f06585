#pragma once

#include "weft_isa.h"

#pragma clang assume_nonnull begin

/// Multiply-adds in registers, in enough chains to hide their latency: the peak that kernels are held against.
///
/// Runs `rounds` rounds on the vectors of `isa`; returns the operations done, two a multiply-add and lane. `sink` gets
/// a number that depends on all of them.
double weft_benchmark_multiply_adds(weft_isa_kind isa, long rounds, float *sink);

#pragma clang assume_nonnull end
