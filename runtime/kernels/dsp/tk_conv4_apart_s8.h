/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV4_APART_S8_H
#define TK_CONV4_APART_S8_H

#include "tk_conv4.h"

#ifdef __cplusplus
extern "C" {
#endif

/* tk_conv4_s8, whose constants lie apart from the weights (tk_gemm_s8.h). */
void tk_conv4_apart_s8(const int8_t *const *rows, int32_t first, int8_t *y, const tk_conv4 *run);

#ifdef __cplusplus
}
#endif

#endif
