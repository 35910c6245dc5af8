/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_planes_s8.h"

#if !TK_DSP_ASM

/* A word of each plane: two pixels, either of which may be padding (NULL). */
static void lay(const int8_t *first, const int8_t *second, int32_t padding, uint32_t *planes)
{
    for (int32_t q = 0; q < 4; ++q) {
        planes[q * TK_LINE] = tk_pair(first != 0 ? first[q] : padding, second != 0 ? second[q] : padding);
    }
}

static void lay_line(const int8_t *x, uint32_t *planes, const tk_planes_lines *lines)
{
    const int32_t padding = tk_byte(lines->padding, 0);
    int32_t pixel = 0;
    int32_t i = 0;

    for (; i < lines->before; ++i) {
        lay(0, 0, padding, planes + i);
    }
    if (lines->left != 0) {
        lay(0, x, padding, planes + i++);
        ++pixel;
    }
    for (int32_t k = 0; k < lines->pairs; ++k, pixel += 2) {
        lay(x + pixel * lines->pitch, x + (pixel + 1) * lines->pitch, padding, planes + i++);
    }
    if (lines->right != 0) {
        lay(x + pixel * lines->pitch, 0, padding, planes + i++);
    }
    for (int32_t k = 0; k < lines->after; ++k) {
        lay(0, 0, padding, planes + i++);
    }
}

void tk_planes_s8(const int8_t *const *rows, uint32_t *restrict planes, const tk_planes_lines *lines, int32_t channel)
{
    for (int32_t a = 0; a < lines->lines; ++a) {
        if (rows[a] != 0) {
            lay_line(rows[a] + lines->first + channel, planes + a * TK_FOUR_LINES, lines);
        }
    }
}

#endif
