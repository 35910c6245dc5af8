/* SPDX-License-Identifier: Apache-2.0 */
/* Constants of kernels without SIMD in a third to two thirds of the flash: what becomes their tables. Internal. */
#ifndef TK_PACKED_CODES_H
#define TK_PACKED_CODES_H

#include "tk_requant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* requant: multiplier, shift and, as the bias, where the sums of codes times weights begin, of each channel. shift: see
 * tk_unpack_folded.h, or tk_unpack_paired.h. output_offset: the output's zero point. twice: 1 where the layer rounds twice, as
 * TensorFlow Lite Micro does, 0 where once. others: how many channels have constants that are no such, and of each of them the
 * channel, below `channels`, and what the table has for it; NULL if there is none. */
typedef struct {
    tk_requant requant;
    int32_t shift;
    int16_t output_offset;
    int16_t twice;
    int32_t channels;
    const uint32_t *others;
} tk_packed_codes;

#ifdef __cplusplus
}
#endif

#endif
