/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_IRFFT_SWAP_S32_H
#define TK_IRFFT_SWAP_S32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The end of an inverse FFT: swaps the parts of all points back, in place.
 * Layout: y [frames], `stride` apart, of n points. Aliasing: none. Scratch: none. */
void tk_irfft_swap_s32(int32_t *y, const tk_fft_shape *shape);

#ifdef __cplusplus
}
#endif

#endif
