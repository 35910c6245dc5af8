/* SPDX-License-Identifier: Apache-2.0 */
/* Constants of kernels without SIMD in a third to two thirds of the flash: what becomes their tables. Internal. */
#ifndef TK_PACKED_CODES_H
#define TK_PACKED_CODES_H

#include "tk_requant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* requant: multiplier, shift and, as the bias, where the sums of codes times weights begin, of each channel. shift: see
 * tk_unpack_folded.h, or tk_unpack_paired.h. output_offset: the output's zero point. */
typedef struct {
    tk_requant requant;
    int32_t shift;
    int32_t output_offset;
    int32_t channels;
} tk_packed_codes;

#ifdef __cplusplus
}
#endif

#endif
