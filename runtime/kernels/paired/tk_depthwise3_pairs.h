/* SPDX-License-Identifier: Apache-2.0 */
/* What depthwise kernels read that compute two rows at a time. */
#ifndef TK_DEPTHWISE3_PAIRS_H
#define TK_DEPTHWISE3_PAIRS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* weights: of each channel 9, and 1 if the products of each row of three may be summed up before they are split, else 0; codes
 * and shift: see tk_folded.h, or tk_paired.h, where it is the split, or tk_any.h, where it is 0. zero_point: of the input. */
typedef struct {
    const int8_t *weights;
    const uint32_t *codes;
    int32_t shift;
    int32_t zero_point;
} tk_depthwise3_pairs_params;

#ifdef __cplusplus
}
#endif

#endif
