/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_CODED_PAIRED_S8_H
#define TK_CONV_CODED_PAIRED_S8_H

#include "tk_conv_paired_s8.h"
#include "tk_weight_reader.h"

#ifdef __cplusplus
extern "C" {
#endif

/* weights: a unit is two output channels, in the order of tk_conv_paired_s8, with a sign. params: its, without weights. tile: channels that are
 * decoded at a time, a multiple of 2. */
typedef struct {
    tk_coded_weights weights;
    tk_conv_paired_params params;
    int32_t tile;
} tk_conv_coded_paired;

/* tk_conv_paired_s8 with coded weights. scratch: as that; tile: scratch, tile * params.depth bytes; lookup: scratch of the code, or
 * NULL. Aliasing: none. Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_conv_coded_paired_s8(const int8_t *x, int8_t *y, const tk_conv_shape *shape, const tk_conv_coded_paired *conv, uint32_t *scratch,
                           uint32_t *tile, uint16_t *lookup);

#ifdef __cplusplus
}
#endif

#endif
