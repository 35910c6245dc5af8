/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_ENERGY_S16_H
#define TK_ENERGY_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* SignalEnergy: y[i] = re(x[i])^2 + im(x[i])^2 for start <= i < end, 0 for the other i.
 * Layout: x [n] points, each real part, imaginary part; y [n]. Ranges: 0 <= start <= end <= n. Aliasing: none.
 * Scratch: none.
 * Exact: equals TensorFlow Lite Micro's kernel, which does not write the others. */
void tk_energy_s16(const int16_t *x, uint32_t *y, int32_t start, int32_t end, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
