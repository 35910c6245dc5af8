/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_fully_connected_dsp_any_s8.h"

#include "tk_dense_any_s8.h"
#include "tk_widen_s8.h"

void tk_fully_connected_dsp_any_s8(const int8_t *restrict x, int8_t *restrict y, const tk_fully_connected_dsp_params *params,
         uint32_t *restrict scratch)
{
    tk_fully_connected_dsp(tk_dense_any_s8, 32, x, y, params, scratch);
}
