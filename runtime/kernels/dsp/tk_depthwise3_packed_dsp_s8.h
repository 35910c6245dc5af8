/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE3_PACKED_DSP_S8_H
#define TK_DEPTHWISE3_PACKED_DSP_S8_H

#include "tk_depthwise_lines.h"

#define TK_DEPTHWISE3_PACKED_WORDS 5

#ifdef __cplusplus
extern "C" {
#endif

/* tk_depthwise3_dsp_s8 with the weights of a channel in 5 words of flash in place of 9: they are unpacked for four channels at a
 * time, onto the stack. Of a channel, with its taps t0 .. t8, line after line, and times 2^k in what they become (tk_depthwise3.h):
 *     the multiplier;  addend << 8 | k;  start | t8 << 16, start < 2^16 and times 2^k, too;  t0 .. t3;  t4 .. t7
 * layer: four_words = 4 * TK_DEPTHWISE3_PACKED_WORDS, else as for tk_depthwise3_dsp_s8, as are layouts, scratch and aliasing. */
void tk_depthwise3_packed_dsp_s8(const int8_t *x, int8_t *y, const tk_depthwise_layer *layer, uint32_t *scratch);

#ifdef __cplusplus
}
#endif

#endif
