/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FULLY_CONNECTED_CODED_S8_H
#define TK_FULLY_CONNECTED_CODED_S8_H

#include "tk_bundled.h"
#include "tk_requant.h"
#include "tk_weight_reader.h"

#ifdef __cplusplus
extern "C" {
#endif

/* weights: a unit is an output. tile: outputs that are decoded at a time. */
typedef struct {
    tk_coded_weights weights;
    tk_requant requant;
    cmsis_nn_activation activation;
    int32_t input_offset;
    int32_t output_offset;
    int32_t rows;
    int32_t inputs;
    int32_t outputs;
    int32_t tile;
} tk_fully_connected_coded;

/* FULLY_CONNECTED, int8, weights with zero point 0, coded. Layout: x [rows][inputs], y [rows][outputs]. tile: scratch, tile * inputs
 * bytes. lookup: scratch of the code, or NULL. Aliasing: none. Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_fully_connected_coded_s8(const int8_t *x, int8_t *y, const tk_fully_connected_coded *params, int8_t *tile, uint16_t *lookup);

#ifdef __cplusplus
}
#endif

#endif
