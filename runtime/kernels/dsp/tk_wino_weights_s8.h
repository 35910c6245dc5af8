/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_WINO_WEIGHTS_S8_H
#define TK_WINO_WEIGHTS_S8_H

#include "tk_wino.h"

#ifdef __cplusplus
extern "C" {
#endif

/* G g G' of an output channel: w, nine words of four input channels each, fours times; the pair of input channels k of element p
 * is u[4 * fours * p + 2 * k], for another output channel to lie between. Aliasing: none. */
void tk_wino_weights_s8(const uint32_t *w, uint32_t *u, int32_t fours);

#ifdef __cplusplus
}
#endif

#endif
