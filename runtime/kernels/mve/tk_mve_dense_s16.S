/* SPDX-License-Identifier: Apache-2.0 */
#if defined(__ARM_FEATURE_MVE)
#define TKF_INPUTS_S16 1
#include "tk_mve_dense_asm.h"

    TKF_FUNCTION tk_mve_dense_s16
#endif
