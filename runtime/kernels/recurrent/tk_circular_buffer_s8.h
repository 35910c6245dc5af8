/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CIRCULAR_BUFFER_S8_H
#define TK_CIRCULAR_BUFFER_S8_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* CIRCULAR_BUFFER: x [depth] becomes the last of the `slots` rows of y [slots, depth], the first one falls out. y must survive
 * from call to call. *wait, `cycles` at first, counts calls: every `cycles` >= 1 of them the result is true.
 * Aliasing: none; y and wait are changed in place. Scratch: none. Exact: equals TFLM. */
bool tk_circular_buffer_s8(const int8_t *x, int8_t *y, int32_t *wait, int32_t slots, int32_t depth, int32_t cycles);

#ifdef __cplusplus
}
#endif

#endif
