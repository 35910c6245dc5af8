/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_COLUMNS2_S2_S8_H
#define TK_COLUMNS2_S2_S8_H

#include "tk_columns.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Two rows, the third is padding: a row of a depthwise 3x3 convolution of stride 2 (tk_columns.h). x: the first pixel of the first row that is
 * there. Aliasing: none. Exact: equals the convolution whose constants were folded. */
void tk_columns2_s2_s8(const int8_t *x, int8_t *y, const tk_columns *columns);

#ifdef __cplusplus
}
#endif

#endif
