/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SVDF_DSP_H
#define TK_SVDF_DSP_H

#include "tk_codes_s8.h"
#include "tk_dense.h"
#include "tk_remember.h"
#include "tk_rescale_s16.h"

#ifdef __cplusplus
extern "C" {
#endif

/* feature: of tk_dense_sums_s8, x (`inputs`) to the newest sum of each filter; its outputs are the filters rounded up to a multiple
 * of 8. newest: to 16 bits. weights: of the state's type. output: of the units; its bias has minus the state's zero point times
 * the sum of the unit's weights in it. */
typedef struct {
    tk_dense_params feature;
    tk_scale_s16 newest;
    tk_remember memory;
    tk_codes output;
    const void *weights;
    int32_t batch;
    int32_t inputs;
} tk_svdf_dsp;

#ifdef __cplusplus
}
#endif

#endif
