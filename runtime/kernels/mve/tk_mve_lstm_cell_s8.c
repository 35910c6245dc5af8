/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_lstm_cell_s8.h"

#include "tk_mve_lstm_cell_twin.h"

#if !TK_MVE_ASSEMBLY

void tk_mve_lstm_cell_s8(const int16_t *input, const int16_t *recurrent, int16_t *cell, int8_t *y,
                         const tk_mve_lstm_cell *layer)
{
    for (int32_t u = 0; u < layer->units; ++u) {
        const int32_t code = tk_mve_lstm_unit(input, recurrent, cell, u, layer);

        y[u] = (int8_t)(code > INT8_MAX ? INT8_MAX : code < INT8_MIN ? INT8_MIN : code);
    }
}

#endif
