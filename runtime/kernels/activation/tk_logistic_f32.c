/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_logistic_f32.h"

#include <math.h>

void tk_logistic_f32(const float *x, float *y, int32_t n)
{
    const float upper = 16.619047164916992188f; /* from here on 1 / (1 + exp(-x)) is taken to be 1 */
    const float lower = -9.0f;                  /* below, exp(x) is as good and cannot overflow */

    for (int32_t i = 0; i < n; ++i) {
        const float value = x[i];

        if (value > upper) {
            y[i] = 1.0f;
        } else if (value < lower) {
            y[i] = expf(value);
        } else {
            y[i] = 1.0f / (1.0f + expf(-value));
        }
    }
}
