/* SPDX-License-Identifier: Apache-2.0 */
#if defined(__ARM_FEATURE_MVE)
#define TKD_SIGNED 0
#include "tk_mve_cells_asm.h"

    TKD_BY2 tk_mve_cells_by2_s8
#endif
