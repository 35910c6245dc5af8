/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise3_dsp_s8.h"

#include "tk_depthwise3_s1_s8.h"
#include "tk_depthwise3_s2_s8.h"
#include "tk_planes_s8.h"

/* One word of the four planes: columns `column` and `column` + 1 of a line, zero points outside of the image. */
static void edge(const int8_t *line, int32_t column, const tk_depthwise3_params *p, uint32_t *planes)
{
    const int first = column >= 0 && column < p->in_columns;
    const int second = column + 1 >= 0 && column + 1 < p->in_columns;
    const int8_t *const x = line + (first ? column * p->in_pixel : 0);
    const int8_t *const x1 = line + (second ? (column + 1) * p->in_pixel : 0);

    for (int32_t q = 0; q < 4; ++q) {
        planes[q * TK_PLANE] = tk_pair(first ? x[q] : p->zero_point, second ? x1[q] : p->zero_point);
    }
}

/* A line of the planes: `words` words from column `column` on. */
static void lay_line(const int8_t *line, int32_t column, int32_t words, const tk_depthwise3_params *p, uint32_t *planes)
{
    int32_t i = 0;

    for (; i < words && column + 2 * i < 0; ++i) {
        edge(line, column + 2 * i, p, planes + i);
    }
    const int32_t room = p->in_columns - column - 2 * i;
    const int32_t pairs = room < 2 ? 0 : room / 2 < words - i ? room / 2 : words - i;

    if (pairs > 0) {
        tk_planes_s8(line + (column + 2 * i) * p->in_pixel, p->in_pixel, pairs, planes + i);
        i += pairs;
    }
    for (; i < words; ++i) {
        edge(line, column + 2 * i, p, planes + i);
    }
}

static void blank_line(int32_t words, int32_t zero_point, uint32_t *planes)
{
    for (int32_t q = 0; q < 4; ++q) {
        for (int32_t i = 0; i < words; ++i) {
            planes[q * TK_PLANE + i] = tk_pair(zero_point, zero_point);
        }
    }
}

/* Four channels of an image, in strips. */
static void four_channels(const int8_t *x, int8_t *y, const uint32_t *w, const tk_depthwise3_params *p, uint32_t *planes)
{
    const int32_t most_columns = (2 * TK_LINE - 3) / p->stride + 1;
    const int32_t most_lines = (TK_LINES - 3) / p->stride + 1;
    const int32_t strips = (p->out_columns + most_columns - 1) / most_columns;
    const int32_t width = (p->out_columns + strips - 1) / strips;

    for (int32_t j = 0; j < p->out_columns; j += width) {
        const int32_t columns = p->out_columns - j < width ? p->out_columns - j : width;
        const int32_t words = ((columns - 1) * p->stride + 4) / 2;

        for (int32_t i = 0; i < p->out_lines; i += most_lines) {
            const int32_t lines = p->out_lines - i < most_lines ? p->out_lines - i : most_lines;
            const tk_depthwise3_shape shape = {columns, lines, p->out_pixel, p->out_line};

            for (int32_t a = 0; a < (lines - 1) * p->stride + 3; ++a) {
                const int32_t line = i * p->stride - p->pad_lines + a;

                if (line < 0 || line >= p->in_lines) {
                    blank_line(words, p->zero_point, planes + a * TK_LINE);
                } else {
                    lay_line(x + line * p->in_line, j * p->stride - p->pad_columns, words, p, planes + a * TK_LINE);
                }
            }
            for (int32_t q = 0; q < 4; ++q) {
                int8_t *const to = y + i * p->out_line + j * p->out_pixel + q;

                if (p->stride == 1) {
                    tk_depthwise3_s1_s8(planes + q * TK_PLANE, to, w + 9 * q, &shape);
                } else {
                    tk_depthwise3_s2_s8(planes + q * TK_PLANE, to, w + 9 * q, &shape);
                }
            }
        }
    }
}

void tk_depthwise3_dsp_s8(const int8_t *restrict x, int8_t *restrict y, const tk_depthwise3_params *params,
                          uint32_t *restrict scratch)
{
    for (int32_t b = 0; b < params->batch; ++b) {
        const uint32_t *w = params->weights;

        for (int32_t c = 0; c < params->channels; c += 4, w += 36) {
            const int32_t first = c + 4 > params->channels ? params->channels - 4 : c;

            four_channels(x + first, y + first, w, params, scratch);
        }
        x += params->in_bytes;
        y += params->out_bytes;
    }
}
