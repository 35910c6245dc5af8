/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_quantize_dynamic_f32_s8.h"

#include <math.h>

#include "tk_double.h"
#include "tk_round.h"

/* The zero point from that end of the range where it comes out with the smaller error. */
static int32_t nudged_zero_point(double least, double most, double scale)
{
    const double below = least / scale;
    const double above = most / scale;
    const double exact = 128.0 + fabs(below) < 127.0 + fabs(above) ? -128.0 - below : 127.0 - above;

    if (exact <= -128.0) {
        return -128;
    }
    return TK_IS_LESS(exact, 127.0) ? (int32_t)round(exact) : 127;
}

void tk_quantize_dynamic_f32_s8(const float *restrict x, int8_t *restrict y, tk_dynamic_s8 *restrict found, int32_t n,
                                int32_t asymmetric)
{
    tk_dynamic_s8 q = {1.0f, 0};
    float least = 0.0f;
    float most = 0.0f;
    float inverse = 0.0f;

    for (int32_t i = 0; i < n; ++i) {
        least = x[i] < least ? x[i] : least;
        most = x[i] > most ? x[i] : most;
    }
    if (asymmetric != 0 && least < most) {
        const double scale = ((double)most - (double)least) / 255.0;

        q.scale = (float)scale;
        q.zero_point = nudged_zero_point((double)least, (double)most, scale);
        inverse = 1.0f / q.scale;
    } else if (least < most) {
        const float range = most > -least ? most : -least;

        q.scale = range / 127.0f;
        inverse = 127.0f / range;
    }
    for (int32_t i = 0; i < n; ++i) {
        y[i] = (int8_t)tk_round_to_code((float)q.zero_point + x[i] * inverse, 0, asymmetric != 0 ? -128 : -127, 127);
    }
    *found = q;
}
