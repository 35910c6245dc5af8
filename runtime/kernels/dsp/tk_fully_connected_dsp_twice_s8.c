/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_fully_connected_dsp_twice_s8.h"

#include "tk_codes_s8.h"
#include "tk_dense_sums_s8.h"
#include "tk_widen_row.h"
#include "tk_widen_s8.h"

void tk_fully_connected_dsp_twice_s8(const int8_t *restrict x, int8_t *restrict y,
                                     const tk_fully_connected_dsp_twice_params *params, uint32_t *restrict widened)
{
    const tk_fully_connected_dsp_twice_params *p = params;
    int32_t *const sums = (int32_t *)(widened + p->dense.depth / 2);

    for (int32_t r = 0; r < p->rows; ++r) {
        const int32_t sum = tk_widen_row(x + r * p->inputs, p->inputs, widened);

        tk_dense_sums_s8(widened, sums, &p->dense, 128 * sum);
        tk_codes_s8(sums, p->outputs, y + r * p->outputs, &p->codes);
    }
}
