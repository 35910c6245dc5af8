/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_WINO_INPUT_S8_H
#define TK_WINO_INPUT_S8_H

#include "tk_wino.h"

#ifdef __cplusplus
extern "C" {
#endif

/* B d B' of a tile's 6x6 pixels, the first of which is at x: the pair of channels k of element p, in the order of rows, is
 * v[8 * fours * p + 4 * k], for the other tiles of a four to lie between. x need not be aligned. Aliasing: none. */
void tk_wino_input_s8(const int8_t *x, uint32_t *v, const tk_wino *image);

#ifdef __cplusplus
}
#endif

#endif
