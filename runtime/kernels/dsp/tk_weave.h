/* SPDX-License-Identifier: Apache-2.0 */
/* Windows of an image as the matrix products of tk_gemm_s8.h want them: what tk_conv4* and tk_weave2_s8 share. Internal.
 *
 * A window is `rows` rows of `segments` segments of `words` words of four bytes: a segment is what is contiguous in memory, a row
 * of the window, or one tap if there are groups or columns are dilated. Its last word may reach beyond it; what is there meets
 * weights of 0. If `half` is 1, only the first and the third byte of that word are woven (the third meets a 0). */
#ifndef TK_WEAVE_H
#define TK_WEAVE_H

#include "tk_dsp.h"

#ifndef __ASSEMBLER__

#ifdef __cplusplus
extern "C" {
#endif

/* row_step: pointers from one row of the window to the next. next: bytes from a segment to the next. pitch: from a pixel's window
 * to that of the next. */
typedef struct {
    int32_t rows;
    int32_t row_step;
    int32_t segments;
    int32_t next;
    int32_t words;
    int32_t half;
    int32_t pitch;
} tk_weave;

/* h = 256 * x[k] + y[k] + 128 for the four bytes from k on, as halfwords: those of (k, k + 2) to *out, of (k + 1, k + 3) to
 * out[streams]. */
static inline void tk_weave_word(const int8_t *x, const int8_t *y, int32_t streams, uint32_t *out)
{
    for (int32_t odd = 0; odd < 2; ++odd) {
        out[odd * streams] = tk_pair(INT32_C(256) * x[odd] + y[odd] + 128, INT32_C(256) * x[odd + 2] + y[odd + 2] + 128);
    }
}

/* Pixels i and i + `apart` of `streams` windows become a stream each. */
static inline void tk_weave_twin(const int8_t *const *rows, int32_t first, uint32_t *out, const tk_weave *w, int32_t streams,
                                 int32_t apart)
{
    for (int32_t a = 0; a < w->rows; ++a) {
        for (int32_t s = 0; s < w->segments; ++s) {
            const int8_t *const x = rows[a * w->row_step] + first + s * w->next;

            for (int32_t k = 0; k < w->words; ++k, out += 2 * streams) {
                for (int32_t i = 0; i < streams; ++i) {
                    const int8_t *const pixel = x + i * w->pitch + 4 * k;

                    tk_weave_word(pixel, pixel + apart * w->pitch, streams, out + i);
                }
            }
            out -= w->half * streams;
        }
    }
}

#ifdef __cplusplus
}
#endif

#endif

#endif
