#pragma once

// Vector loops on 32-bit floats, chosen at run time for the processor at hand.
//
// Every function is single-threaded, allocates nothing and works on the range that it is given:
// the caller splits work over threads by rows, pixels, panels or elements.
// Lengths and strides count floats unless they say bytes. No pointer needs more than 4-byte alignment.

#include "weft_isa.h"

#include "weft_conv.h"
#include "weft_depthwise.h"
#include "weft_elementwise.h"
#include "weft_epilogue.h"
#include "weft_gemm.h"
#include "weft_layout.h"
#include "weft_norm.h"
#include "weft_pool.h"
#include "weft_winograd.h"
