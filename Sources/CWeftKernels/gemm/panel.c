#include "panel.h"

static const weft_panel_kernels *const rows[] = {
#if WEFT_X86
    &weft_panel_avx512,
    &weft_panel_avx2,
#endif
    &weft_panel_generic,
};

WEFT_DISPATCH(weft_panel, weft_panel_kernels, rows)
