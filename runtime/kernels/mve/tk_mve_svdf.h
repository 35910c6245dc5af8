/* SPDX-License-Identifier: Apache-2.0 */
/* SVDF on Helium: what its functions share. */
#ifndef TK_MVE_SVDF_H
#define TK_MVE_SVDF_H

#include "tk_mve_gemm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What becomes of the newest results. `length`: elements of a unit, those of its filters, `memory` of each; weights
 * [units, length], of the state's type; bias [units], with minus the state's zero point times the sum of the unit's weights.
 * minus_shift: -31..0. offset: the output's zero point. state_offset: the state's.
 * 1 <= units, 1 <= memory, 7 * memory < 2^16, length = filters / units * memory. */
typedef struct {
    const void *weights;
    const int32_t *bias;
    int32_t units;
    int32_t length;
    int32_t filters;
    int32_t memory;
    int32_t multiplier;
    int32_t minus_shift;
    int32_t offset;
    int32_t state_offset;
} tk_mve_svdf_time;

/* feature: of tk_mve_dense_signed_s8 or _s16, x to the newest result of each filter, less the state's zero point. */
typedef struct {
    tk_mve_gemm feature;
    tk_mve_svdf_time time;
    int32_t batch;
} tk_mve_svdf;

#ifdef __cplusplus
}
#endif

#endif
