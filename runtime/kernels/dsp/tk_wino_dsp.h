/* SPDX-License-Identifier: Apache-2.0 */
/* Convolutions 3x3 of stride 1 by Winograd's method (tk_wino.h): what lies around its kernels. Internal. */
#ifndef TK_WINO_DSP_H
#define TK_WINO_DSP_H

#include <string.h>

#include "tk_wino.h"

#define TK_WINO_ROWS 34
#define TK_WINO_TILES 16

#ifdef __cplusplus
extern "C" {
#endif

/* A layer. weights: for each output channel 9 words of four input channels, channels / 4 times. constants: as tk_wino_output_s8
 * wants them, four words a channel. in_c: a multiple of 4; out_c: even. strip: output rows at a time, a multiple of 4, at most
 * TK_WINO_ROWS - 2, of at most TK_WINO_TILES tiles in all. lead, width: bytes before the pixels of a row that is copied, and of the
 * copy in all, multiples of 4. before: bytes from the first pixel of a row's copy to the first window, 0 or negative. */
typedef struct {
    const uint32_t *weights;
    const uint32_t *constants;
    int32_t in_c;
    int32_t out_c;
    int32_t zero_point;
    int32_t strip;
    int32_t row_bytes;
    int32_t lead;
    int32_t width;
    int32_t before;
    int32_t batch;
    int32_t in_rows;
    int32_t out_rows;
    int32_t out_w;
    int32_t pad;
} tk_wino_layer;

/* `lines` output rows from pointers to the lines + 2 rows that they see. */
typedef void (*tk_wino_rows)(const int8_t *const *rows, int8_t *y, int32_t lines, const tk_wino_layer *layer, uint32_t *scratch);

/* A whole tensor. */
static inline void tk_wino_image(tk_wino_rows some, const int8_t *x, int8_t *y, const tk_wino_layer *p, uint32_t *scratch)
{
    const int8_t *rows[TK_WINO_ROWS];

    for (int32_t b = 0; b < p->batch; ++b) {
        for (int32_t i = 0; i < p->out_rows; i += p->strip) {
            const int32_t lines = p->out_rows - i < p->strip ? p->out_rows - i : p->strip;

            for (int32_t a = 0; a < lines + 2; ++a) {
                const int32_t row = i - p->pad + a;

                rows[a] = row >= 0 && row < p->in_rows ? x + row * p->row_bytes : 0;
            }
            some(rows, y + i * p->out_w * p->out_c, lines, p, scratch);
        }
        x += p->in_rows * p->row_bytes;
        y += p->out_rows * p->out_w * p->out_c;
    }
}

#ifdef __cplusplus
}
#endif

#endif
