/* SPDX-License-Identifier: Apache-2.0 */
#if defined(__ARM_FEATURE_MVE)
#define TKG_WIDE 1
#include "tk_mve_gemm_asm.h"

    TKG_FUNCTION tk_mve_gemm_s16
#endif
