/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_svdf_time_s8.h"

#include "tk_mve_stream.h"

#if !TK_MVE_ASSEMBLY

#define TK_RESULT int8_t
#define TK_LEAST INT8_MIN
#define TK_MOST INT8_MAX
#include "tk_mve_svdf_time_twin.h"

void tk_mve_svdf_time_s8(const int8_t *newest, int8_t *state, int8_t *y, const tk_mve_svdf_time *layer)
{
    tk_mve_svdf_time_results(newest, state, y, layer);
}

#endif
