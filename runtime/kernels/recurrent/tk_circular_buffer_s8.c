/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_circular_buffer_s8.h"

#include "tk_shift_in.h"

bool tk_circular_buffer_s8(const int8_t *x, int8_t *y, int32_t *wait, int32_t slots, int32_t depth, int32_t cycles)
{
    const int32_t left = *wait - 1;

    tk_shift_in(y, slots * depth, x, depth);
    *wait = left == 0 ? cycles : left;
    return left == 0;
}
