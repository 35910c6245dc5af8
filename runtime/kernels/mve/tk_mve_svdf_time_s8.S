/* SPDX-License-Identifier: Apache-2.0 */
#if defined(__ARM_FEATURE_MVE)
#define TKV_BYTES 1
#include "tk_mve_svdf_time_asm.h"

    TKV_FUNCTION tk_mve_svdf_time_s8
#endif
