/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_svdf_s8.h"

#include "tk_mve_dense_signed_s8.h"
#include "tk_mve_svdf_time_s8.h"

void tk_mve_svdf_s8(const int8_t *x, int8_t *state, int8_t *newest, int8_t *y, const tk_mve_svdf *layer)
{
    const tk_mve_svdf_time *time = &layer->time;

    for (int32_t b = 0; b < layer->batch; ++b) {
        tk_mve_dense_signed_s8(x + b * layer->feature.depth, newest, &layer->feature);
        tk_mve_svdf_time_s8(newest, state + b * time->units * time->length, y + b * time->units, time);
    }
}
