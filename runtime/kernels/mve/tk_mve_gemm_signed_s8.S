/* SPDX-License-Identifier: Apache-2.0 */
#if defined(__ARM_FEATURE_MVE)
#define TKG_SIGNED 1
#include "tk_mve_gemm_asm.h"

    TKG_FUNCTION tk_mve_gemm_signed_s8
#endif
