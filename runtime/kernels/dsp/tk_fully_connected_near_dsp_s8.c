/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_fully_connected_near_dsp_s8.h"

#include "tk_dense_near_s8.h"

void tk_fully_connected_near_dsp_s8(const int8_t *restrict x, int8_t *restrict y, const tk_fully_connected_dsp_params *params)
{
    tk_fully_connected_near(tk_dense_near_s8, 0, x, y, params);
}
