/* SPDX-License-Identifier: Apache-2.0 */
/* Runs of output pixels, four at a time: what tk_conv4_s8 and tk_conv4_any_s8 share. Internal.
 *
 * Windows of four neighbouring pixels are woven into three streams of halfwords
 *
 *     h_i(k) = 256 * p_i[k] + p_(i+1)[k] + 128        i = 1, 2, 3;  p_i: the bytes of the i-th window
 *
 * (never outside of int16): for every four bytes three words (h_1 h_2 h_3) of halfwords (k, k + 2), then three of (k + 1, k + 3), 24
 * bytes, of which the last 12 are written over by what follows if the word is a half one (tk_weave.h). Then they are multiplied by
 * all channels (tk_gemm_s8.h). Windows that are woven already, in whatever order weights are, are left as they are. */
#ifndef TK_CONV4_H
#define TK_CONV4_H

#include "tk_gemm_s8.h"
#include "tk_weave.h"

#ifndef __ASSEMBLER__

#ifdef __cplusplus
extern "C" {
#endif

/* woven: 6 * gemm->depth bytes and, if the last word of a segment is a half one, 12 more; aligned to 4. count: fours, at least one.
 * advance: bytes from the results of a four to the next one's. step: bytes from a four's woven words to the next one's; not 0
 * only if weave->rows is 0, and they are woven already. */
typedef struct {
    const tk_weave *weave;
    const tk_gemm_s8 *gemm;
    uint32_t *woven;
    int32_t count;
    int32_t step;
    int32_t advance;
} tk_conv4;

/* The kernels in C. code: of a sum; words: of a channel's constants. */
static inline void tk_conv4_twin(const int8_t *const *rows, int32_t first, int8_t *y, const tk_conv4 *run,
                                 int8_t (*code)(uint32_t v, const uint32_t *q), int32_t words)
{
    const tk_gemm_s8 *const g = run->gemm;

    for (int32_t n = 0; n < run->count; ++n) {
        int8_t *const to = y + n * run->advance;
        uint32_t *const woven = run->woven + n * (run->step / 4);

        tk_weave_twin(rows, first + 4 * n * run->weave->pitch, woven, run->weave, 3, 1);
        for (int32_t c = 0; c < g->channels; c += 2) {
            const tk_gemm_pair w = tk_gemm_pair_of(g, c / 2, words);
            uint32_t sums[2][3];
            uint32_t v[4];

            tk_gemm_sums(woven, &w, g->depth, 3, sums);
            for (int32_t d = 0; d < 2; ++d) {
                tk_gemm_split(sums[d], v);
                for (int32_t i = 0; i < 4; ++i) {
                    to[i * g->pitch + c + d] = code(v[i], w.codes + d * words);
                }
            }
        }
    }
}

#ifdef __cplusplus
}
#endif

#endif

#endif
