/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_svdf_time_s16.h"

#include "tk_mve_stream.h"

#if !TK_MVE_ASSEMBLY

#define TK_RESULT int16_t
#define TK_LEAST INT16_MIN
#define TK_MOST INT16_MAX
#include "tk_mve_svdf_time_twin.h"

void tk_mve_svdf_time_s16(const int16_t *newest, int16_t *state, int8_t *y, const tk_mve_svdf_time *layer)
{
    tk_mve_svdf_time_results(newest, state, y, layer);
}

#endif
