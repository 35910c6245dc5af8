/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_SVDF_TIME_S8_H
#define TK_MVE_SVDF_TIME_S8_H

#include "tk_mve_svdf.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A step of SVDF with int8 state, once the newest results are known: every filter forgets its oldest result.
 *
 *     state[f, memory - 1] = newest[f] + state_offset modulo 2^8;  state[f, m] = the former state[f, m + 1]
 *     y[u] = limit(((sum * multiplier + 2^30) >> 31) / 2^-minus_shift rounded to nearest, halves away from zero, + offset)
 *     sum  = bias[u] + sum over i < length of state[u, i] * weights[u, i]
 *
 * Layout: newest [filters]; state [units, length], read and written; y [units].
 * Ranges: sums wrap around at 32 bits. Aliasing: none. Scratch: none; 48 bytes of stack.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_mve_svdf_time_s8(const int8_t *newest, int8_t *state, int8_t *y, const tk_mve_svdf_time *layer);

#ifdef __cplusplus
}
#endif

#endif
