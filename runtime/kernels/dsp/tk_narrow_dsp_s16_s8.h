/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_NARROW_DSP_S16_S8_H
#define TK_NARROW_DSP_S16_S8_H

#include "tk_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* |start| <= 2^16; shift: 0..31. */
typedef struct {
    int32_t n;
    int32_t start;
    int32_t multiplier;
    int32_t addend;
    int32_t below;
    int32_t shift;
} tk_narrow;

/* QUANTIZE from int16 to int8: y = SAT8((((v * multiplier) >> 32) + addend + (v < 0 ? below : 0)) >> shift), v = 256 * (start + x).
 *
 * Layout: x [n], y [n]. Aliasing: none. Scratch: none. Exact: the compiler proves that the formula gives the codes of
 * TensorFlow Lite Micro's two roundings for all 65,536 inputs. */
void tk_narrow_dsp_s16_s8(const int16_t *x, int8_t *y, const tk_narrow *narrow);

#ifdef __cplusplus
}
#endif

#endif
