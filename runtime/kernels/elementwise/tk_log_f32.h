/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_LOG_F32_H
#define TK_LOG_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* LOG, float32: y = logf(x).
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * As exact as the C library's logf. */
void tk_log_f32(const float *x, float *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
