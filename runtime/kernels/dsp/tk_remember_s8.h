/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_REMEMBER_S8_H
#define TK_REMEMBER_S8_H

#include "tk_remember.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Every filter forgets its oldest result and remembers the newest one; then the sums of all results of a unit times weights:
 *
 *     state[f, m] = the former state[f, m + 1];  state[f, memory - 1] = SAT8(sums[f]) + offset   modulo 2^8
 *     sums[u]     = sum over f of the unit, over m, of state[f, m] * weights[f, m]   modulo 2^32
 *
 * Layout: state and weights [units * rank, memory]; sums [units * rank], of which the first `units` are overwritten.
 * Aliasing: none. Scratch: none. */
void tk_remember_s8(int8_t *state, const int8_t *weights, int32_t *sums, const tk_remember *shape);

#ifdef __cplusplus
}
#endif

#endif
