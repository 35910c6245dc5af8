/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_add_dsp_s8.h"

#include <string.h>

void tk_add_dsp_s8(const int8_t *x1, const int8_t *x2, int8_t *y, const tk_add4 *add)
{
    tk_add4 fours = *add;
    const int32_t rest = add->n % 4;

    fours.n = add->n - rest;
    if (fours.n > 0) {
        tk_add4_s8(x1, x2, y, &fours);
    }
    if (rest > 0) {
        int8_t a[4] = {0};
        int8_t b[4] = {0};

        memcpy(a, x1 + fours.n, (size_t)rest);
        memcpy(b, x2 + fours.n, (size_t)rest);
        const int32_t done = fours.n;

        fours.n = 4;
        tk_add4_s8(a, b, a, &fours);
        memcpy(y + done, a, (size_t)rest);
    }
}
