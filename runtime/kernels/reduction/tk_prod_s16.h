/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_PROD_S16_H
#define TK_PROD_S16_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* tk_prod_s8 of 16-bit elements; offsets are 0. */
void tk_prod_s16(const int16_t *x, int16_t *y, int32_t *acc, const tk_reduce *shape, const tk_prod_params *params);

#ifdef __cplusplus
}
#endif

#endif
