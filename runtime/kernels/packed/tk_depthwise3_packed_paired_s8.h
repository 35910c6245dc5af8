/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE3_PACKED_PAIRED_S8_H
#define TK_DEPTHWISE3_PACKED_PAIRED_S8_H

#include "tk_depthwise3_packed_pairs.h"
#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* tk_depthwise3_paired_s8 with packed constants, of which tk_unpack_paired makes its table. scratch: as that; codes: scratch,
 * TK_PAIRED_CODE_WORDS words for each channel. Aliasing: none. Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_depthwise3_packed_paired_s8(const int8_t *x, int8_t *y, const tk_conv_shape *shape, const tk_depthwise3_packed_pairs *conv,
                                    int8_t *scratch, uint32_t *codes);

#ifdef __cplusplus
}
#endif

#endif
