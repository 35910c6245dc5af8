/* SPDX-License-Identifier: Apache-2.0 */
/* What depthwise kernels read that compute two rows at a time, with packed constants. */
#ifndef TK_DEPTHWISE3_PACKED_PAIRS_H
#define TK_DEPTHWISE3_PACKED_PAIRS_H

#include "tk_depthwise3_pairs.h"
#include "tk_packed_codes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* params: of tk_depthwise3_pairs.h, without codes; codes: what becomes of them. */
typedef struct {
    tk_depthwise3_pairs_params params;
    tk_packed_codes codes;
} tk_depthwise3_packed_pairs;

#ifdef __cplusplus
}
#endif

#endif
