/* SPDX-License-Identifier: Apache-2.0 */
#if defined(__ARM_FEATURE_MVE)
#include "tk_mve_lstm_cell_asm.h"

    TKL_FUNCTION tk_mve_lstm_cell_s8
#endif
