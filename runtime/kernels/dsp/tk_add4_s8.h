/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_ADD4_S8_H
#define TK_ADD4_S8_H

#include "tk_dsp.h"

#define TK_ADD_SHIFT 21

#ifndef __ASSEMBLER__

#ifdef __cplusplus
extern "C" {
#endif

/* n: a multiple of 4, at least 4. The multipliers times 2^8: below 2^31 in magnitude, as every sum is. */
typedef struct {
    int32_t n;
    int32_t multiplier1;
    int32_t multiplier2;
    int32_t offset;
} tk_add4;

/* y[i] = SAT8((x1[i] * multiplier1 / 2^8 + x2[i] * multiplier2 / 2^8 + offset) >> TK_ADD_SHIFT). The multipliers are multiples
 * of 2^8. Nothing need be aligned. y may be x1 or x2. */
void tk_add4_s8(const int8_t *x1, const int8_t *x2, int8_t *y, const tk_add4 *add);

#ifdef __cplusplus
}
#endif

#endif

#endif
