/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DENSE_CODED_S8_H
#define TK_DENSE_CODED_S8_H

#include "tk_dense_folded_s8.h"
#include "tk_weight_reader.h"

#ifdef __cplusplus
extern "C" {
#endif

/* weights: a unit is an output. params: those of tk_dense_folded_s8. tile: outputs that are decoded at a time. */
typedef struct {
    tk_coded_weights weights;
    tk_dense_folded params;
    int32_t tile;
} tk_dense_coded;

/* tk_dense_folded_s8 with coded weights. tile: scratch, dense->tile * depth bytes. lookup: scratch of the code, or NULL. Aliasing:
 * none. Exact. */
void tk_dense_coded_s8(const int8_t *x, const uint32_t *codes, int8_t *y, const tk_dense_coded *dense, int8_t *tile, uint16_t *lookup);

#ifdef __cplusplus
}
#endif

#endif
