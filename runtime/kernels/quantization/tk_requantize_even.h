/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_REQUANTIZE_EVEN_H
#define TK_REQUANTIZE_EVEN_H

#include <stdint.h>

#include "tk_requantize_integers.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Codes in another scale or type, halves to even:
 *
 *     y = clamp(round((x + input_offset) * multiplier * 2^(shift - 31)) + output_offset, min, max)
 *
 * Types: TK_S8 or TK_S16 of tk_type. min and max: within the type of y. 0 <= multiplier < 2^31, -31 <= shift <= 30.
 * Aliasing: y may be x if both have elements of the same size. Scratch: none. Exact. */
void tk_requantize_even(const void *x, int32_t x_type, void *y, int32_t y_type, int32_t n, const tk_requantize_params *params);

#ifdef __cplusplus
}
#endif

#endif
