/* SPDX-License-Identifier: Apache-2.0 */
/* Winograd's F(4x4, 3x3) in integers: what its kernels share. Internal.
 *
 * Sixteen results of a 3x3 convolution from 36 products instead of 144. With integer matrices B (6x6), G (6x3) and A (4x6), of
 * which those usually called B, G and A are multiples,
 *
 *     A [ (G g G') o (B d B') ] A' = 576 * (the results)                   d: 6x6 inputs, g: 3x3 weights, o: element by element
 *
 * B = ( 4  0 -5  0  1  0 )   G = ( 1  0  0 )   A = ( 6  4  4  1  1  0 )    Sums are modulo 2^32, which does no harm: 576 times a
 *     ( 0  4  4 -1 -1  0 )       ( 1  1  1 )       ( 0  4 -4  2 -2  0 )    result fits. Inputs of the products are halfwords:
 *     ( 0 -4  4  1 -1  0 )       ( 1 -1  1 )       ( 0  4  4  4  4  0 )    |B d B'| <= 100 * 128, |G g G'| <= 49 * 128.
 *     ( 0 -2 -1  2  1  0 )       ( 1  2  4 )       ( 0  4 -4  8 -8 24 )
 *     ( 0  2 -1 -2  1  0 )       ( 1 -2  4 )
 *     ( 0  4  0 -5  0  1 )       ( 0  0  1 )
 *
 * A tile is 4x4 results. Channels are taken in pairs: of every four, (0, 2) and (1, 3), as SXTB16 gives them. */
#ifndef TK_WINO_H
#define TK_WINO_H

#include "tk_dsp.h"

#define TK_WINO_SHIFT 15

#ifndef __ASSEMBLER__

#ifdef __cplusplus
extern "C" {
#endif

/* fours: input channels / 4. row, pixel: bytes of the image from one to the next. */
typedef struct {
    int32_t fours;
    int32_t row;
    int32_t pixel;
} tk_wino;

/* Where the results of four tiles belong: channel 0 of the first pixel; bytes from a row to the next, from a pixel to the next. */
typedef struct {
    int8_t *y[4];
    int32_t row[4];
    int32_t pixel;
} tk_wino_tiles;

/* B x for six values, step apart; to out, `to` apart. */
static inline void tk_wino_b(const int32_t *x, int32_t step, int32_t *out, int32_t to)
{
    const int32_t a = x[0];
    const int32_t b = x[step];
    const int32_t c = x[2 * step];
    const int32_t d = x[3 * step];
    const int32_t e = x[4 * step];
    const int32_t f = x[5 * step];

    out[0] = 4 * a - 5 * c + e;
    out[to] = 4 * b + 4 * c - d - e;
    out[2 * to] = -4 * b + 4 * c + d - e;
    out[3 * to] = -2 * b - c + 2 * d + e;
    out[4 * to] = 2 * b - c - 2 * d + e;
    out[5 * to] = 4 * b - 5 * d + f;
}

/* G x for three values. */
static inline void tk_wino_g(const int32_t *x, int32_t step, int32_t *out, int32_t to)
{
    const int32_t a = x[0];
    const int32_t b = x[step];
    const int32_t c = x[2 * step];

    out[0] = a;
    out[to] = a + b + c;
    out[2 * to] = a - b + c;
    out[3 * to] = a + 2 * b + 4 * c;
    out[4 * to] = a - 2 * b + 4 * c;
    out[5 * to] = c;
}

/* A x for six sums, modulo 2^32. */
static inline void tk_wino_a(const uint32_t *x, int32_t step, uint32_t *out, int32_t to)
{
    const uint32_t s = x[step] + x[2 * step];
    const uint32_t d = x[step] - x[2 * step];
    const uint32_t t = x[3 * step] + x[4 * step];
    const uint32_t e = x[3 * step] - x[4 * step];

    out[0] = 6 * x[0] + 4 * s + t;
    out[to] = 4 * d + 2 * e;
    out[2 * to] = 4 * s + 4 * t;
    out[3 * to] = 4 * d + 8 * e + 24 * x[5 * step];
}

#ifdef __cplusplus
}
#endif

#endif

#endif
