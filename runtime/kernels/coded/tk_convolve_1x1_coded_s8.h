/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONVOLVE_1X1_CODED_S8_H
#define TK_CONVOLVE_1X1_CODED_S8_H

#include "tk_convolve_coded_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* tk_convolve_1x1_packed_s8 with coded weights: window 1x1 without padding, params->tile <= 16. The rest as tk_convolve_coded_s8. */
void tk_convolve_1x1_coded_s8(const int8_t *x, int8_t *y, const tk_convolve_coded *params, int8_t *tile, uint16_t *lookup);

#ifdef __cplusplus
}
#endif

#endif
