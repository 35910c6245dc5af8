/* SPDX-License-Identifier: Apache-2.0 */
#if defined(__ARM_FEATURE_MVE)
#include "tk_mve_maximum_asm.h"

    TKP_FUNCTION tk_mve_maximum_s8, 8
#endif
