/* SPDX-License-Identifier: Apache-2.0 */
/* How a sum becomes a code in the kernels that compute two pixels, or rows, at a time. They say it by TK_PAIR_CODES: 0 as
 * tk_paired.h has it, 1 as tk_folded.h, 2 as tk_any.h, 3 so without long multiplications. `shift` is what all channels have in
 * common: the split, the shift, or nothing. Internal. */
#ifndef TK_PAIR_CODE_H
#define TK_PAIR_CODE_H

#include "tk_any.h"
#include "tk_folded.h"
#include "tk_paired.h"

#ifndef TK_PAIR_CODES
#define TK_PAIR_CODES 0
#endif

#ifdef __cplusplus
extern "C" {
#endif

#if TK_PAIR_CODES == 0
enum { TK_PAIR_CODE_WORDS = TK_PAIRED_CODE_WORDS };

static inline int32_t tk_pair_code(int32_t sum, const uint32_t *code, int32_t shift)
{
    return tk_paired_code((uint32_t)sum, code, shift);
}
#elif TK_PAIR_CODES == 1
enum { TK_PAIR_CODE_WORDS = TK_FOLDED_WORDS };

static inline int32_t tk_pair_code(int32_t sum, const uint32_t *code, int32_t shift)
{
    return tk_folded_code(sum, code, shift);
}
#else
enum { TK_PAIR_CODE_WORDS = TK_ANY_WORDS };

static inline int32_t tk_pair_code(int32_t sum, const uint32_t *code, int32_t shift)
{
    (void)shift;
    return (TK_PAIR_CODES == 2 ? tk_any_code : tk_any_narrow_code)(sum, code);
}
#endif

#ifdef __cplusplus
}
#endif

#endif
