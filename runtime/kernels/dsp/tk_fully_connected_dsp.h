/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of tk_fully_connected_dsp_s8 and tk_fully_connected_dsp_any_s8, and of those that read inputs as they are. Internal. */
#ifndef TK_FULLY_CONNECTED_DSP_H
#define TK_FULLY_CONNECTED_DSP_H

#include <string.h>

#include "tk_dense.h"
#include "tk_widen_row.h"

#ifdef __cplusplus
extern "C" {
#endif

/* dense: weights, `depth` (inputs rounded up to a multiple of 4, with weights 0) and requantization; the weights are those of
 * `outputs` rounded up to a multiple of 8. */
typedef struct {
    tk_dense_params dense;
    int32_t rows;
    int32_t inputs;
    int32_t outputs;
} tk_fully_connected_dsp_params;

/* requantization: words of eight outputs' in the weights. */
static inline void tk_fully_connected_dsp(void (*dense)(const uint32_t *, int8_t *, const tk_dense_params *, int32_t),
                                          int32_t requantization, const int8_t *x, int8_t *y,
                                          const tk_fully_connected_dsp_params *p, uint32_t *scratch)
{
    const int32_t eights = p->outputs / 8 * 8;
    tk_dense_params blocked = p->dense;
    tk_dense_params rest = p->dense;

    blocked.outputs = eights;
    rest.outputs = 8;
    rest.weights += eights / 8 * (6 + 2 * p->dense.depth + requantization);
    for (int32_t r = 0; r < p->rows; ++r, x += p->inputs, y += p->outputs) {
        const int32_t sum = 128 * tk_widen_row(x, p->inputs, scratch);

        if (eights > 0) {
            dense(scratch, y, &blocked, sum);
        }
        if (eights < p->outputs) {
            int8_t codes[8];

            dense(scratch, codes, &rest, sum);
            memcpy(y + eights, codes, (size_t)(p->outputs - eights));
        }
    }
}

/* The same for kernels that want no widened inputs. */
static inline void tk_fully_connected_near(void (*dense)(const int8_t *, int8_t *, const tk_dense_params *),
                                           int32_t requantization, const int8_t *x, int8_t *y,
                                           const tk_fully_connected_dsp_params *p)
{
    const int32_t eights = p->outputs / 8 * 8;
    tk_dense_params blocked = p->dense;
    tk_dense_params rest = p->dense;

    blocked.outputs = eights;
    rest.outputs = 8;
    rest.weights += eights / 8 * (6 + 2 * p->dense.depth + requantization);
    for (int32_t r = 0; r < p->rows; ++r, x += p->inputs, y += p->outputs) {
        if (eights > 0) {
            dense(x, y, &blocked);
        }
        if (eights < p->outputs) {
            int8_t codes[8];

            dense(x, codes, &rest);
            memcpy(y + eights, codes, (size_t)(p->outputs - eights));
        }
    }
}

#ifdef __cplusplus
}
#endif

#endif
