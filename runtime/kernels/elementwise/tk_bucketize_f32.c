/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_bucketize_f32.h"

/* Boundaries in front of `first` are at most x; those from first + left on are greater. */
static int32_t bucket_of(float x, const float *boundaries, int32_t boundary_count)
{
    int32_t first = 0;
    int32_t left = boundary_count;

    while (left > 0) {
        const int32_t half = left / 2;

        if (x < boundaries[first + half]) {
            left = half;
        } else {
            first += half + 1;
            left -= half + 1;
        }
    }
    return first;
}

void tk_bucketize_f32(const float *x, int32_t *y, int32_t count, const float *boundaries, int32_t boundary_count)
{
    for (int32_t i = 0; i < count; ++i) {
        y[i] = bucket_of(x[i], boundaries, boundary_count);
    }
}
