/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_lstm_cell_s16.h"

#include "tk_mve_lstm_cell_twin.h"

#if !TK_MVE_ASSEMBLY

void tk_mve_lstm_cell_s16(const int16_t *input, const int16_t *recurrent, int16_t *cell, int16_t *y,
                          const tk_mve_lstm_cell *layer)
{
    for (int32_t u = 0; u < layer->units; ++u) {
        y[u] = tk_mve_wide(tk_mve_lstm_unit(input, recurrent, cell, u, layer));
    }
}

#endif
