/* SPDX-License-Identifier: Apache-2.0 */
#if defined(__ARM_FEATURE_MVE)
#define TKF_SIGNED 1
#define TKF_WIDE 1
#include "tk_mve_dense_asm.h"

    TKF_FUNCTION tk_mve_dense_signed_s16
#endif
