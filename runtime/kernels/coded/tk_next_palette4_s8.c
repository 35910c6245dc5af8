/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_next_palette4_s8.h"

#include "tk_palette.h"

void tk_next_palette4_s8(tk_weight_reader *reader, int32_t count, int8_t *out)
{
    tk_next_palette(reader, count, out, 4);
}
