/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_AUTO_SCALE_S16_H
#define TK_AUTO_SCALE_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* SignalFftAutoScale: y = x * 2^scale_bits, where scale_bits is as large as the largest magnitude in x allows, or 0
 * if all are 0.
 * An element of -32768 restarts the search for the largest magnitude, as its own does not fit into int16; then y may
 * wrap around.
 * Layout: x, y [n]; scale_bits [1]. Ranges: n >= 1. Aliasing: y may be x. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's kernel. */
void tk_auto_scale_s16(const int16_t *x, int16_t *y, int32_t *scale_bits, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
