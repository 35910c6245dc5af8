/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CAST_H
#define TK_CAST_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* CAST of integers and bool: y[i] = (type y_type) x[i], types as numbered by tk_type. Integers keep their low bits; to float,
 * the nearest one; to bool, whether it is not 0.
 * Aliasing: y may be x if its elements are not wider. Scratch: none. Exact where C defines the conversion. */
void tk_cast(const void *x, void *y, int32_t n, int32_t x_type, int32_t y_type);

#ifdef __cplusplus
}
#endif

#endif
