/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE3_NOMINAL_DSP_S8_H
#define TK_DEPTHWISE3_NOMINAL_DSP_S8_H

#include "tk_depthwise3_words_s8.h"
#include "tk_depthwise_lines.h"

#ifdef __cplusplus
extern "C" {
#endif

/* layer: weights are the 9 taps of a channel (tk_depthwise3_words_s8.h), for four channels after four; four_words is 9.
 * usual: 1 if codes.requant has multiplier and shift in words, one for each channel, and biases of 16 bits, else 0. */
typedef struct {
    tk_depthwise_layer layer;
    tk_depthwise3_codes codes;
    int32_t usual;
} tk_depthwise3_nominal;

/* tk_depthwise3_dsp_s8 with 15 or 16 bytes of flash for a channel in place of 36: they are unpacked for four channels at a time,
 * onto the stack. Of a multiplier M, a shift -s (tk_requant.h), 1 <= s <= 11, a bias and the taps t there become
 *     multiplier M    addend codes.addend + (2^9 >> s)    taps t * 2^k and start, bias - zero_point * (sum of t), too
 * with k = 11 - s, s >= 3 (tk_depthwise3.h). That is round(round(sum * M / 2^31) / 2^s) + y0, the zero point in addend, for sums that are not
 * negative. Layouts, scratch and aliasing as for tk_depthwise3_dsp_s8. */
void tk_depthwise3_nominal_dsp_s8(const int8_t *x, int8_t *y, const tk_depthwise3_nominal *packed, uint32_t *scratch);

#ifdef __cplusplus
}
#endif

#endif
