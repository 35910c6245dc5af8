/* SPDX-License-Identifier: Apache-2.0 */
/* A row of a depthwise 3x3 convolution from the rows where they are, without scratch: what the kernels tk_columns* share. Internal.
 *
 * A channel at a time, from column to column: the bytes of two rows make a word for SMLAD, that of the third row a product of its
 * own, and every column serves three results (at stride 2 one or two). The nine weights lie in five registers, the last of which
 * has the number of channels in its low half: UXTAH goes on by a pixel.
 *
 * weights: for every channel multiplier and addend, words of w[0][b] and w[1][b] (the former in the low half) for b = 0, 1, 2, a
 * word of w[2][0] and w[2][1], one of the number of channels and w[2][2], and start; weights and start times 2^k.
 * y = SAT8((((v * multiplier) >> 32) + addend) >> TK_COLUMNS_SHIFT), v = start + 2^k * (sum of x * w). */
#ifndef TK_COLUMNS_H
#define TK_COLUMNS_H

#include "tk_dsp.h"

#define TK_COLUMNS_SHIFT 8
#define TK_COLUMNS_WORDS 8

#ifndef __ASSEMBLER__

#ifdef __cplusplus
extern "C" {
#endif

/* channels < 65536. pitch: bytes from a row of the image to the next. above: of two rows, whether the one above them is missing, not
 * the one below; it is padding. left, right: whether the first and the last result see a column of padding. zero_point: of the
 * input, in both halves. */
typedef struct {
    const uint32_t *weights;
    int32_t channels;
    int32_t pitch;
    int32_t out_w;
    int32_t left;
    int32_t right;
    uint32_t zero_point;
    int32_t above;
} tk_columns;

/* A column of padding where it begins or ends. */
static inline int32_t tk_columns_x(const int8_t *x, int32_t row, int32_t column, int32_t in_w, const tk_columns *p)
{
    return column < 0 || column >= in_w ? tk_low(p->zero_point) : x[row * p->pitch + column * p->channels];
}

static inline void tk_columns_twin(const int8_t *x, int8_t *y, const tk_columns *p, int32_t stride, int32_t rows)
{
    const int32_t in_w = (p->out_w - 1) * stride + 3 - p->left - p->right;
    const uint32_t *w = p->weights;

    for (int32_t c = 0; c < p->channels; ++c, w += TK_COLUMNS_WORDS) {
        const int32_t taps[3][3] = {{tk_low(w[2]), tk_low(w[3]), tk_low(w[4])},
                                    {tk_high(w[2]), tk_high(w[3]), tk_high(w[4])},
                                    {tk_low(w[5]), tk_high(w[5]), tk_high(w[6])}};

        for (int32_t j = 0; j < p->out_w; ++j) {
            uint32_t v = w[7];

            for (int32_t a = 0; a < 3; ++a) {
                const int32_t row = rows == 3 || p->above == 0 ? a : a - 1;

                for (int32_t b = 0; b < 3; ++b) {
                    const int32_t in = row >= 0 && row < rows ? tk_columns_x(x + c, row, j * stride - p->left + b, in_w, p)
                                                              : tk_low(p->zero_point);

                    v += (uint32_t)(in * taps[a][b]);
                }
            }
            y[j * p->channels + c] = tk_ssat8(tk_smmla((int32_t)v, (int32_t)w[0], (int32_t)w[1]) >> TK_COLUMNS_SHIFT);
        }
    }
}

#ifdef __cplusplus
}
#endif

#endif

#endif
