/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_ADD_DSP_S8_H
#define TK_ADD_DSP_S8_H

#include "tk_add4_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ADD and SUB, int8, two operands of one shape, as one linear form (tk_add4_s8.h); add->n >= 1 elements, any number.
 * y may be x1 or x2. Exact: the form is equal to the operator on all pairs of codes. */
void tk_add_dsp_s8(const int8_t *x1, const int8_t *x2, int8_t *y, const tk_add4 *add);

#ifdef __cplusplus
}
#endif

#endif
