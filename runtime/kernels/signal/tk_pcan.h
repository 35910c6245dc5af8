/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_PCAN_H
#define TK_PCAN_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* SignalPCAN, automatic gain control per channel: with v = (x[i] * gain(noise[i])) >> snr_shift, of which 12 bits are
 * fraction,
 *     y[i] = v^2 / 4 if v < 2, else v - 1, of which 6 bits are fraction.
 * gain is gain_lut[noise] up to 2; from there on, in each range from a power of two to the next, a parabola whose
 * coefficients are three of four entries of the table: at 4 k - 6 for numbers of k bits.
 * Layout: x, noise, y [n]; gain_lut [125]. Ranges: 0 <= snr_shift <= 63. Aliasing: y may be x or noise. Scratch:
 * none.
 * Exact: equals TensorFlow Lite Micro's kernel. */
void tk_pcan(const uint32_t *x, const uint32_t *noise, const int16_t *gain_lut, uint32_t *y, int32_t n,
             int32_t snr_shift);

#ifdef __cplusplus
}
#endif

#endif
