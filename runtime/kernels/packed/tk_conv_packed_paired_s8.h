/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_PACKED_PAIRED_S8_H
#define TK_CONV_PACKED_PAIRED_S8_H

#include "tk_conv_paired_s8.h"
#include "tk_packed_codes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* params: those of tk_conv_paired_s8, without codes; codes: what tk_unpack_paired makes of them. */
typedef struct {
    tk_conv_paired_params params;
    tk_packed_codes codes;
} tk_conv_packed_paired;

/* tk_conv_paired_s8 with packed constants. scratch: as that; codes: scratch, TK_PAIRED_CODE_WORDS words for each channel.
 * Aliasing: none. Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_conv_packed_paired_s8(const int8_t *x, int8_t *y, const tk_conv_shape *shape, const tk_conv_packed_paired *conv, uint32_t *scratch,
                              uint32_t *codes);

#ifdef __cplusplus
}
#endif

#endif
