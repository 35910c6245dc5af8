/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FILTER_BANK_H
#define TK_FILTER_BANK_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* SignalFilterBank: band i spans `width` points of x from `point` on, with weights from `weight` on; channel i - 1 is
 * the sum over band i with `weights` and over band i - 1 with `unweights`:
 *     y[i - 1] = sum over j of weights[weight[i] + j] * x[point[i] + j] + sum over j of unweights[weight[i - 1] +
 *     j] * x[point[i - 1] + j]
 * for i from 1 to channels. Sums wrap around.
 * Layout: bands [channels + 1] of point, weight, width; y [channels]. Aliasing: none. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's kernel. */
void tk_filter_bank(const uint32_t *x, const int16_t *weights, const int16_t *unweights, const int16_t *bands, uint64_t *y,
                    int32_t channels);

#ifdef __cplusplus
}
#endif

#endif
