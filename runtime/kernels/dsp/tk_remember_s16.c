/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_remember_s16.h"

#if !TK_DSP_ASM

#define TK_RESULT int16_t
#define TK_LEAST INT16_MIN
#define TK_MOST INT16_MAX
#define TK_KEPT(value) ((int16_t)tk_low((uint32_t)(value)))
#include "tk_remember_twin.h"

void tk_remember_s16(int16_t *state, const int16_t *weights, int32_t *sums, const tk_remember *shape)
{
    tk_remember_results(state, weights, sums, shape);
}

#endif
