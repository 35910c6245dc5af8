/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_remember_s8.h"

#if !TK_DSP_ASM

#define TK_RESULT int8_t
#define TK_LEAST INT8_MIN
#define TK_MOST INT8_MAX
#define TK_KEPT(value) ((int8_t)(tk_low((uint32_t)(value) << 8) >> 8))
#include "tk_remember_twin.h"

void tk_remember_s8(int8_t *state, const int8_t *weights, int32_t *sums, const tk_remember *shape)
{
    tk_remember_results(state, weights, sums, shape);
}

#endif
