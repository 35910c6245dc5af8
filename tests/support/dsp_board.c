/* SPDX-License-Identifier: Apache-2.0 */
/* Every DSP kernel in assembly against its twin in C, on an emulated board: drawn shapes, drawn and extreme data, the whole of
 * the output buffers compared, registers watched. Prints a line per kernel and PASS or FAIL. tests/test_dsp_kernels.py builds it. */
#include <stddef.h>
#include <string.h>

#include "board.h"
#include "semihost.h"

#include "tk_add4_s8.h"
#include "tk_codes_s8.h"
#include "tk_conv4_any_s8.h"
#include "tk_conv4_apart_any_s8.h"
#include "tk_conv4_apart_s8.h"
#include "tk_conv4_s8.h"
#include "tk_columns2_s1_s8.h"
#include "tk_columns2_s2_s8.h"
#include "tk_columns3_s1_s8.h"
#include "tk_columns3_s2_s8.h"
#include "tk_conv_near_s8.h"
#include "tk_dense_any_s8.h"
#include "tk_dense_near_any_s8.h"
#include "tk_dense_near_s8.h"
#include "tk_dense_s8.h"
#include "tk_dense_sums_s8.h"
#include "tk_depthwise3_fine_s1_s8.h"
#include "tk_depthwise3_fine_s2_s8.h"
#include "tk_depthwise3_s1_s8.h"
#include "tk_depthwise3_s2_s8.h"
#include "tk_depthwise3_words_s8.h"
#include "tk_depthwise_pixel_s8.h"
#include "tk_depthwise_near_s8.h"
#include "tk_depthwise_pixel_s16.h"
#include "tk_depthwise_taps_s8.h"
#include "tk_dots_s16.h"
#include "tk_gemm2_any_s8.h"
#include "tk_gemm2_apart_any_s8.h"
#include "tk_gemm2_apart_s8.h"
#include "tk_gemm2_s8.h"
#include "tk_lstm_cell_dsp_s8.h"
#include "tk_planes_s8.h"
#include "tk_products1_s16.h"
#include "tk_products2_s16.h"
#include "tk_quads1_any_s8.h"
#include "tk_quads1_s8.h"
#include "tk_quads2_any_s8.h"
#include "tk_quads2_s8.h"
#include "tk_remember_s16.h"
#include "tk_remember_s8.h"
#include "tk_rescale_s16.h"
#include "tk_sums1_s16.h"
#include "tk_sums2_s16.h"
#include "tk_tall_weave_s8.h"
#include "tk_weave2_s8.h"
#include "tk_widen2_s8.h"
#include "tk_widen_s8.h"
#include "tk_window_max_s16.h"
#include "tk_window_max_s8.h"
#include "tk_window_means_s16.h"
#include "tk_window_sums_s8.h"
#include "tk_wino_input_s8.h"
#include "tk_wino_output_s8.h"
#include "tk_wino_products_s16.h"
#include "tk_wino_weights_s8.h"

/* The twins, under names of their own. */
void twin_tk_add4_s8(const int8_t *x1, const int8_t *x2, int8_t *y, const tk_add4 *add);
void twin_tk_conv4_any_s8(const int8_t *const *rows, int32_t first, int8_t *y, const tk_conv4 *run);
void twin_tk_conv4_apart_any_s8(const int8_t *const *rows, int32_t first, int8_t *y, const tk_conv4 *run);
void twin_tk_conv4_apart_s8(const int8_t *const *rows, int32_t first, int8_t *y, const tk_conv4 *run);
void twin_tk_conv4_s8(const int8_t *const *rows, int32_t first, int8_t *y, const tk_conv4 *run);
void twin_tk_columns2_s1_s8(const int8_t *x, int8_t *y, const tk_columns *columns);
void twin_tk_columns2_s2_s8(const int8_t *x, int8_t *y, const tk_columns *columns);
void twin_tk_columns3_s1_s8(const int8_t *x, int8_t *y, const tk_columns *columns);
void twin_tk_columns3_s2_s8(const int8_t *x, int8_t *y, const tk_columns *columns);
void twin_tk_conv_near_s8(const int8_t *const *rows, int32_t first, int8_t *y, const tk_near *near);
void twin_tk_dense_any_s8(const uint32_t *x, int8_t *y, const tk_dense_params *params, int32_t sum);
void twin_tk_dense_near_any_s8(const int8_t *x, int8_t *y, const tk_dense_params *params);
void twin_tk_dense_near_s8(const int8_t *x, int8_t *y, const tk_dense_params *params);
void twin_tk_dense_s8(const uint32_t *x, int8_t *y, const tk_dense_params *params, int32_t sum);
void twin_tk_dense_sums_s8(const uint32_t *x, int32_t *y, const tk_dense_params *params, int32_t sum);
void twin_tk_codes_s8(const int32_t *sums, int32_t n, int8_t *y, const tk_codes *codes);
void twin_tk_rescale_s16(int32_t *v, int32_t n, const tk_scale_s16 *scale);
void twin_tk_remember_s8(int8_t *state, const int8_t *weights, int32_t *sums, const tk_remember *shape);
void twin_tk_remember_s16(int16_t *state, const int16_t *weights, int32_t *sums, const tk_remember *shape);
void twin_tk_lstm_cell_dsp_s8(const int32_t *input, const int32_t *recurrent, int16_t *cell, int8_t *y, const tk_lstm_dsp_cell *layer);
void twin_tk_depthwise3_fine_s1_s8(const uint32_t *plane, int8_t *y, const uint32_t *w, const tk_planes_shape *shape);
void twin_tk_depthwise3_fine_s2_s8(const uint32_t *plane, int8_t *y, const uint32_t *w, const tk_planes_shape *shape);
void twin_tk_depthwise3_s1_s8(const uint32_t *plane, int8_t *y, const uint32_t *w, const tk_planes_shape *shape);
void twin_tk_depthwise3_s2_s8(const uint32_t *plane, int8_t *y, const uint32_t *w, const tk_planes_shape *shape);
void twin_tk_depthwise3_words_s8(const int8_t *taps, uint32_t *w, const tk_depthwise3_codes *codes, int32_t first);
void twin_tk_depthwise_pixel_s8(const int8_t *const *x, int8_t *y, const tk_depthwise_pixel *pixel);
void twin_tk_depthwise_near_s8(const int8_t *x, int8_t *y, const uint32_t *w, const tk_depthwise_near *near);
void twin_tk_depthwise_taps_s8(const uint32_t *plane, int8_t *y, const uint32_t *w, const tk_planes_shape *shape,
                               const tk_taps *taps);
void twin_tk_planes_s8(const int8_t *const *rows, uint32_t *planes, const tk_planes_lines *lines, int32_t channel);
void twin_tk_quads1_any_s8(const uint32_t *x, int8_t *y, const tk_quads *quads);
void twin_tk_quads1_s8(const uint32_t *x, int8_t *y, const tk_quads *quads);
void twin_tk_quads2_any_s8(const uint32_t *x, int8_t *y, const tk_quads *quads);
void twin_tk_quads2_s8(const uint32_t *x, int8_t *y, const tk_quads *quads);
void twin_tk_widen2_s8(const int8_t *x1, const int8_t *x2, int32_t n, uint32_t *out, int32_t sums[2]);
int32_t twin_tk_widen_s8(const int8_t *x, int32_t n, uint32_t *out);
void twin_tk_gemm2_any_s8(const uint32_t *x, int8_t *y, const tk_gemm_s8 *gemm);
void twin_tk_gemm2_apart_any_s8(const uint32_t *x, int8_t *y, const tk_gemm_s8 *gemm);
void twin_tk_gemm2_apart_s8(const uint32_t *x, int8_t *y, const tk_gemm_s8 *gemm);
void twin_tk_gemm2_s8(const uint32_t *x, int8_t *y, const tk_gemm_s8 *gemm);
void twin_tk_tall_weave_s8(const int8_t *const *rows, int32_t first, uint32_t *out, const tk_tall_weave *weave);
void twin_tk_weave2_s8(const int8_t *const *rows, int32_t first, uint32_t *out, const tk_weave *weave);
void twin_tk_window_max_s8(const int8_t *x, int8_t *y, const tk_fours *window);
void twin_tk_window_sums_s8(const int8_t *x, uint32_t *sums, const tk_fours *window);
void twin_tk_wino_input_s8(const int8_t *x, uint32_t *v, const tk_wino *image);
void twin_tk_wino_output_s8(const uint32_t *m, const uint32_t *q, const tk_wino_tiles *tiles, int32_t channel);
void twin_tk_wino_products_s16(const uint32_t *v, const uint32_t *u, uint32_t *m, int32_t fours);
void twin_tk_depthwise_pixel_s16(const int16_t *const *x, int16_t *y, const tk_depthwise_pixel_s16_params *pixel);
void twin_tk_dots_s16(const int16_t *x, const int16_t *w, int16_t *y, const tk_dots_s16_params *dots);
void twin_tk_products1_s16(const int16_t *x, int16_t *y, const tk_products_s16 *products);
void twin_tk_products2_s16(const int16_t *x1, const int16_t *x2, int16_t *y, const tk_products_s16 *products);
void twin_tk_sums1_s16(const int16_t *x, int32_t *y, const tk_products_s16 *products);
void twin_tk_sums2_s16(const int16_t *x1, const int16_t *x2, int32_t *y, const tk_products_s16 *products);
void twin_tk_window_max_s16(const int16_t *x, int16_t *y, const tk_fours *window);
void twin_tk_window_means_s16(const int16_t *x, int16_t *y, const tk_fours *window, const tk_means_s16 *means);
void twin_tk_wino_weights_s8(const uint32_t *w, uint32_t *u, int32_t fours);

typedef void (*function)(void);

/* Calls f with up to six arguments, all registers that it must keep holding patterns; returns the number of those that it did
 * not keep, 100 if the stack pointer is another one. */
uint32_t watched_call(function f, const uint32_t arguments[6]);

__asm__(".syntax unified\n"
        ".thumb\n"
        ".text\n"
        ".balign 4\n"
        ".global watched_call\n"
        ".type watched_call, %function\n"
        "watched_call:\n"
        "    push    {r4-r11, lr}\n"
        "    sub     sp, #20\n"
        "    mov     r12, r0\n"
        "    ldrd    r4, r5, [r1, #16]\n"
        "    strd    r4, r5, [sp]\n"
        "    mov     r4, sp\n"
        "    str     r4, [sp, #8]\n"
        "    ldm     r1, {r0-r3}\n"
        "    ldr     r4, =0x44444444\n"
        "    ldr     r5, =0x55555555\n"
        "    ldr     r6, =0x66666666\n"
        "    ldr     r7, =0x77777777\n"
        "    ldr     r8, =0x88888888\n"
        "    ldr     r9, =0x99999999\n"
        "    ldr     r10, =0xaaaaaaaa\n"
        "    ldr     r11, =0xbbbbbbbb\n"
        "    blx     r12\n"
        "    movs    r0, #0\n"
        "    ldr     r1, [sp, #8]\n"
        "    cmp     r1, sp\n"
        "    it      ne\n"
        "    movne   r0, #100\n"
        "    ldr     r1, =0x44444444\n    cmp r4, r1\n    it ne\n    addne r0, #1\n"
        "    ldr     r1, =0x55555555\n    cmp r5, r1\n    it ne\n    addne r0, #1\n"
        "    ldr     r1, =0x66666666\n    cmp r6, r1\n    it ne\n    addne r0, #1\n"
        "    ldr     r1, =0x77777777\n    cmp r7, r1\n    it ne\n    addne r0, #1\n"
        "    ldr     r1, =0x88888888\n    cmp r8, r1\n    it ne\n    addne r0, #1\n"
        "    ldr     r1, =0x99999999\n    cmp r9, r1\n    it ne\n    addne r0, #1\n"
        "    ldr     r1, =0xaaaaaaaa\n    cmp r10, r1\n    it ne\n    addne r0, #1\n"
        "    ldr     r1, =0xbbbbbbbb\n    cmp r11, r1\n    it ne\n    addne r0, #1\n"
        "    add     sp, #20\n"
        "    pop     {r4-r11, pc}\n"
        "    .ltorg\n"
        ".size watched_call, . - watched_call\n");

volatile uint32_t board_layers_done; /* for the fault handler */

static uint32_t state = 1;

static uint32_t drawn(void)
{
    state = state * 1664525u + 1013904223u;
    return (state >> 8) ^ (state << 16);
}

static uint32_t below(uint32_t n)
{
    return (drawn() >> 4) % n;
}

/* 0: anything; 1: -128 throughout; 2: -128 and 127. */
static void fill(void *to, uint32_t bytes, uint32_t how)
{
    int8_t *const out = (int8_t *)to;

    for (uint32_t i = 0; i < bytes; ++i) {
        const uint32_t r = drawn() >> 7;

        out[i] = (int8_t)(how == 1 ? -128 : how == 2 ? ((r & 1) != 0 ? -128 : 127) : (int32_t)(r & 0xffu) - 128);
    }
}

#define ROOM 16384
static uint32_t input[ROOM / 4], weights[ROOM / 4], found[ROOM / 4], expected[ROOM / 4];
static uint32_t failures;

static void report(const char *name, uint32_t cases, uint32_t wrong, uint32_t registers)
{
    semihost_text(name);
    semihost_number("cases", cases);
    semihost_number("wrong", wrong);
    semihost_number("registers", registers);
    semihost_text("\n");
    failures += wrong + registers;
}

static uint32_t word(const void *pointer)
{
    return (uint32_t)(uintptr_t)pointer;
}

/* Both write into buffers of one content; every byte of them is compared. */
static uint32_t differs(function kernel, function twin, uint32_t arguments[6], uint32_t out, uint32_t offset, uint32_t *registers)
{
    memset(found, 0x5a, sizeof found);
    memset(expected, 0x5a, sizeof expected);
    arguments[out] = word(found) + offset;
    *registers += watched_call(kernel, arguments);
    arguments[out] = word(expected) + offset;
    (void)watched_call(twin, arguments);
    return memcmp(found, expected, sizeof found) != 0;
}

static void weave(const char *name, function kernel, function twin)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 300; ++i) {
        const tk_weave w = {1 + (int32_t)below(3), (int32_t)below(2), 1 + (int32_t)below(3), (int32_t)below(100), 1 + (int32_t)below(8),
                            (int32_t)below(2), (int32_t)below(500)};
        const int8_t *const rows[3] = {(int8_t *)input + below(100), (int8_t *)input + below(100), (int8_t *)input + below(100)};
        uint32_t arguments[6] = {word(rows), below(90), 0, word(&w), 0, 0};

        fill(input, sizeof input, i % 3);
        wrong += differs(kernel, twin, arguments, 2, 64, &registers);
    }
    report(name, 300, wrong, registers);
}

static void tall_weave(const char *name, function kernel, function twin)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 300; ++i) {
        const tk_tall_weave w = {(int32_t)below(3), 1 + (int32_t)below(i % 4 == 0 ? 40 : 5), 12 * (1 + (int32_t)below(4))};
        const int8_t *rows[7];
        uint32_t arguments[6] = {word(rows), below(90), 0, word(&w), 0, 0};

        for (uint32_t a = 0; a < 7; ++a) {
            rows[a] = (int8_t *)input + below(200);
        }
        fill(input, sizeof input, i % 3);
        wrong += differs(kernel, twin, arguments, 2, 64, &registers);
    }
    report(name, 300, wrong, registers);
}

/* Weights of a matrix product, drawn, in a stream or, if `apart`, with constants of their own. */
static tk_gemm_s8 matrix(uint32_t depth, uint32_t words, uint32_t apart, uint32_t how)
{
    const uint32_t channels = 2 + 2 * below(8);
    const uint32_t own = 2 + depth / 2 + 2 * words;
    uint32_t *const constants = apart != 0 ? weights + ROOM / 8 : weights;
    const uint32_t record = apart != 0 ? 2 * words : own;
    const uint32_t codes = record - 2 * words;
    const tk_gemm_s8 g = {weights, (int32_t)depth, (int32_t)channels, (int32_t)(channels + below(40)), apart != 0 ? constants : 0};

    fill(weights, channels / 2 * own * 4, how);
    fill(constants, channels / 2 * record * 4, how);
    for (uint32_t c = 0; words == 4 && c < channels; ++c) { /* shifts */
        constants[c / 2 * record + codes + (c % 2) * 4 + 3] = below(32);
    }
    return g;
}

static void gemm(const char *name, function kernel, function twin, uint32_t words, uint32_t apart)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 400; ++i) {
        const uint32_t depth = 2 + 2 * below(i % 4 == 0 ? 200 : 40);
        tk_gemm_s8 g = matrix(depth, words, apart, i % 3);
        uint32_t arguments[6] = {word(input), 0, word(&g), 0, 0, 0};

        fill(input, 4 * depth, i % 3);
        if (i % 5 == 0) {
            g.pitch = 0;
        }
        wrong += differs(kernel, twin, arguments, 1, 100 + below(8), &registers);
    }
    report(name, 400, wrong, registers);
}

static void conv4(const char *name, function kernel, function twin, uint32_t words, uint32_t apart)
{
    static uint32_t woven[ROOM / 4];
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 200; ++i) {
        const tk_weave w = {1 + (int32_t)below(3), (int32_t)below(2), 1 + (int32_t)below(3), (int32_t)below(100),
                            1 + (int32_t)below(i % 4 == 0 ? 20 : 4), (int32_t)below(2), (int32_t)below(200)};
        const uint32_t depth = (uint32_t)(w.rows * w.segments * (4 * w.words - 2 * w.half));
        const tk_gemm_s8 g = matrix(depth, words, apart, i % 3);
        const tk_weave none = {0, 0, 0, 0, 0, 0, 0};
        const int32_t before = i % 3 == 0; /* whether windows are woven already */
        const tk_conv4 run = {before ? &none : &w, &g, before ? input : woven, 1 + (int32_t)below(4),
                              before ? 4 * (int32_t)below(40) : 0, before ? (int32_t)below(80) : 4 * g.pitch};
        const int8_t *const rows[3] = {(int8_t *)input + below(100), (int8_t *)input + below(100), (int8_t *)input + below(100)};
        uint32_t arguments[6] = {word(rows), below(90), 0, word(&run), 0, 0};

        fill(input, sizeof input, i % 3);
        wrong += differs(kernel, twin, arguments, 2, 100 + below(8), &registers);
    }
    report(name, 200, wrong, registers);
}

static void depthwise3_words(const char *name, function kernel, function twin)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 300; ++i) {
        const tk_requant requant = {weights, 0, (const int16_t *)(const void *)(input + 64), 0, 0, -6 - (int32_t)below(6), 1};
        const tk_depthwise3_codes codes = {requant, (int32_t)below(256) - 128, drawn()};
        uint32_t arguments[6] = {word(input) + below(4), 0, word(&codes), below(8), 0, 0};

        fill(input, 512, i % 3);
        fill(weights, 64, i % 3);
        wrong += differs(kernel, twin, arguments, 1, 64, &registers);
    }
    report(name, 300, wrong, registers);
}

static void widen_row(const char *name, function kernel, function twin)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 200; ++i) {
        uint32_t arguments[6] = {word(input) + below(8), 4 + 4 * below(100), 0, 0, 0, 0};

        fill(input, 500, i % 3);
        wrong += differs(kernel, twin, arguments, 2, 64, &registers);
        wrong += ((int32_t(*)(const int8_t *, int32_t, uint32_t *))kernel)((int8_t *)input, (int32_t)arguments[1], found)
                 != ((int32_t(*)(const int8_t *, int32_t, uint32_t *))twin)((int8_t *)input, (int32_t)arguments[1], found);
    }
    report(name, 200, wrong, registers);
}

static void add(const char *name, function kernel, function twin)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 300; ++i) {
        const tk_add4 numbers = {4 + 4 * (int32_t)below(50), (int32_t)((drawn() >> 2) & ~0xffu), -(int32_t)((drawn() >> 2) & ~0xffu),
                                 (int32_t)drawn()};
        uint32_t arguments[6] = {word(input) + below(8), word(weights) + below(8), 0, word(&numbers), 0, 0};

        fill(input, 300, i % 3);
        fill(weights, 300, i / 3 % 3);
        wrong += differs(kernel, twin, arguments, 2, 100 + below(8), &registers);
    }
    report(name, 300, wrong, registers);
}

static void planes(const char *name, function kernel, function twin)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 200; ++i) {
        const int32_t left = (int32_t)below(2), right = (int32_t)below(2);
        const tk_planes_lines lines = {below(256) * 0x01010101u, (int32_t)below(3), left, (int32_t)below(11), right, (int32_t)below(3),
                                       4 + (int32_t)below(100), (int32_t)below(50), 1 + (int32_t)below(4)};
        const int8_t *const rows[4] = {(int8_t *)input + below(100), below(3) == 0 ? 0 : (int8_t *)input + below(100),
                                       (int8_t *)input + below(100), (int8_t *)input};
        uint32_t arguments[6] = {word(rows), 0, word(&lines), below(9), 0, 0};

        fill(input, sizeof input, i % 3);
        wrong += differs(kernel, twin, arguments, 1, 64, &registers);
    }
    report(name, 200, wrong, registers);
}

static void depthwise3(const char *name, function kernel, function twin, uint32_t stride)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 300; ++i) {
        const uint32_t columns = 1 + below((2 * TK_LINE - 3) / stride + 1);
        const uint32_t pixel = 4 + below(9);
        const tk_planes_shape shape = {(int32_t)columns, 1 + (int32_t)below(5), (int32_t)pixel, (int32_t)(pixel * columns + below(9))};
        uint32_t arguments[6] = {word(input), 0, word(weights), word(&shape), 0, 0};

        fill(input, 12 * 4 * TK_FOUR_LINES, i % 3);
        fill(weights, 4 * 4 * TK_DEPTHWISE3_WORDS, i % 3);
        for (uint32_t a = 0; a < 4 * TK_DEPTHWISE3_WORDS; a += a % TK_DEPTHWISE3_WORDS == 4 ? 5 : 2) { /* the middle weight stands in both words */
            weights[a + 1] = (weights[a + 1] & 0xffff0000u) | weights[a] >> 16;
        }
        wrong += differs(kernel, twin, arguments, 1, 100 + below(8), &registers);
    }
    report(name, 300, wrong, registers);
}

static void taps(const char *name, function kernel, function twin)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 300; ++i) {
        const uint32_t columns = 1 + below(9), pixel = 1 + below(9), rows = 1 + below(4), words = 1 + below(TK_TAPS_WORDS);
        const tk_planes_shape shape = {(int32_t)columns, 1 + (int32_t)below(3), (int32_t)pixel, (int32_t)(pixel * columns + below(9))};
        const tk_taps t = {(int32_t)rows, (int32_t)words, 64 * (1 + (int32_t)below(3)), 1 + (int32_t)below(3), 64 * (1 + (int32_t)below(2))};
        uint32_t arguments[6] = {word(input), 0, word(weights), word(&shape), word(&t), 0};

        fill(input, sizeof input, i % 3);
        fill(weights, 4 * (rows * words + 5), i % 3);
        weights[rows * words + 4] = below(32);
        wrong += differs(kernel, twin, arguments, 1, 100 + below(8), &registers);
    }
    report(name, 300, wrong, registers);
}

static void conv_near(const char *name, function kernel, function twin)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 300; ++i) {
        const uint32_t segments = 1 + below(3), bytes = 4 + 4 * below(20), channels = 2 + 2 * below(4);
        const uint32_t steps = segments * bytes / 2, record = 2 + steps + 8;
        const tk_near near = {weights, (int32_t)segments, 1 + (int32_t)below(2), (int32_t)bytes, i % 5 == 0 ? 0 : (int32_t)below(200),
                              (int32_t)channels, i % 5 == 0 ? 0 : (int32_t)(channels + below(20))};
        const int8_t *const rows[5] = {(int8_t *)input + below(100), (int8_t *)input + below(100), (int8_t *)input + below(100),
                                       (int8_t *)input + below(100), (int8_t *)input + below(100)};
        uint32_t arguments[6] = {word(rows), below(90), 0, word(&near), 0, 0};

        fill(input, 1000, i % 3);
        fill(weights, channels / 2 * record * 4, i % 3);
        for (uint32_t c = 0; c < channels; ++c) { /* shifts */
            weights[c / 2 * record + 2 + steps + c % 2 * 4 + 3] = below(32);
        }
        wrong += differs(kernel, twin, arguments, 2, 100 + below(8), &registers);
    }
    report(name, 300, wrong, registers);
}

/* Whole: all inputs at once; else the first part, one in the middle, the last one. */
static void quads(const char *name, function kernel, function twin, uint32_t any)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 400; ++i) {
        const uint32_t depth = 4 + 4 * below(i % 4 == 0 ? 40 : 16), channels = 4 + 4 * below(5), part = i % 6;
        const uint32_t from = part == 1 || part == 2, to = part == 2 || part == 3;
        const uint32_t constants = to ? 0 : any ? 16 : 8, record = (from ? 0 : 3) + depth + constants;
        tk_quads q = {weights, (int32_t)depth, (int32_t)channels, (int32_t)(channels + below(40)), {(int32_t)drawn(), (int32_t)drawn()},
                      from ? input + 3000 : NULL, NULL};
        uint32_t arguments[6] = {word(input), 0, word(&q), 0, 0, 0};

        fill(input, sizeof input, i % 3);
        fill(weights, channels / 4 * record * 4, i % 3);
        for (uint32_t c = 0; any && !to && c < channels; ++c) { /* shifts */
            weights[c / 4 * record + record - 16 + c % 4 * 4 + 3] = below(32);
        }
        if (to) { /* sums go to where the results would: the kernel's, then the twin's */
            memset(found, 0x5a, sizeof found);
            memset(expected, 0x5a, sizeof expected);
            arguments[1] = word(found) + 8000;
            q.to = found;
            registers += watched_call(kernel, arguments);
            arguments[1] = word(expected) + 8000;
            q.to = expected;
            (void)watched_call(twin, arguments);
            wrong += memcmp(found, expected, sizeof found) != 0;
        } else {
            wrong += differs(kernel, twin, arguments, 1, 100 + below(8), &registers);
        }
    }
    report(name, 400, wrong, registers);
}

static void columns(const char *name, function kernel, function twin)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 400; ++i) {
        const uint32_t channels = 1 + below(9), left = below(2), right = below(2), out_w = 1 + below(i % 4 == 0 ? 30 : 9);
        const tk_columns c = {weights, (int32_t)channels, (int32_t)(below(3) * 13 + 65 * channels), (int32_t)out_w, (int32_t)left,
                              (int32_t)right, ((below(256) - 128u) & 0xffffu) * 0x00010001u, (int32_t)below(2)};
        uint32_t arguments[6] = {word(input) + below(8), 0, word(&c), 0, 0, 0};

        fill(input, 2500, i % 3);
        fill(weights, channels * 4 * TK_COLUMNS_WORDS, i % 3);
        for (uint32_t n = 0; n < channels; ++n) {
            weights[n * TK_COLUMNS_WORDS + 6] = (weights[n * TK_COLUMNS_WORDS + 6] & 0xffff0000u) | channels;
        }
        wrong += differs(kernel, twin, arguments, 1, 100 + below(8), &registers);
    }
    report(name, 400, wrong, registers);
}

static void widen_two(const char *name, function kernel, function twin)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 200; ++i) {
        int32_t sums[2][2] = {{(int32_t)drawn(), 5}, {0, 5}};
        uint32_t arguments[6] = {word(input) + below(8), word(input) + below(60), 4 + 4 * below(40), 0, word(sums[0]), 0};

        sums[1][0] = sums[0][0];
        fill(input, 500, i % 3);
        memset(found, 0x5a, sizeof found);
        memset(expected, 0x5a, sizeof expected);
        arguments[3] = word(found);
        registers += watched_call(kernel, arguments);
        arguments[3] = word(expected);
        arguments[4] = word(sums[1]);
        (void)watched_call(twin, arguments);
        wrong += memcmp(found, expected, sizeof found) != 0 || memcmp(sums[0], sums[1], sizeof sums[0]) != 0;
    }
    report(name, 200, wrong, registers);
}

static void depthwise_near(const char *name, function kernel, function twin)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 300; ++i) {
        const uint32_t k_h = 1 + below(4), k_w = 1 + below(5), fours = 1 + below(3);
        const uint32_t rows = 1 + below(k_h), columns = 1 + below(k_w), first = below((k_h - rows) * k_w + k_w - columns + 1);
        const uint32_t zero_point = below(256) - 128u;
        const tk_depthwise_near near = {(int32_t)rows, (int32_t)columns, (int32_t)below(60), (int32_t)below(500),
                                        (int32_t)(k_w - columns) * 8, (int32_t)first * 8, (int32_t)(k_h * k_w) * 8,
                                        (int32_t)(k_h * k_w) * 8 + 80, (int32_t)fours,
                                        (zero_point & 0xffffu) | zero_point << 16};
        uint32_t arguments[6] = {word(input) + below(8), 0, word(weights), word(&near), 0, 0};

        fill(input, 2500, i % 3);
        fill(weights, fours * (k_h * k_w * 8 + 80), i % 3);
        for (uint32_t c = 0; c < 4 * fours; ++c) { /* shifts */
            weights[c / 4 * (k_h * k_w * 2 + 20) + k_h * k_w * 2 + 4 + c % 4 * 4 + 3] = below(32);
        }
        wrong += differs(kernel, twin, arguments, 1, 100 + below(8), &registers);
    }
    report(name, 300, wrong, registers);
}

/* near: inputs are bytes, anywhere. */
static void dense(const char *name, function kernel, function twin, uint32_t any, uint32_t near)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 300; ++i) {
        const uint32_t depth = 4 + 4 * below(i % 4 == 0 ? 40 : 16);
        const uint32_t outputs = 8 + 8 * below(3);
        const uint32_t record = 6 + 2 * depth + (any == 1 ? 32 : 0);
        const tk_dense_params p = {weights, (int32_t)depth, (int32_t)outputs, (int32_t)drawn(), (int32_t)drawn(), (int32_t)drawn(),
                                   (int32_t)below(32)};
        uint32_t arguments[6] = {word(input) + (near ? below(4) : 0), 0, word(&p), drawn(), 0, 0};

        fill(input, 2 * depth, i % 3);
        fill(weights, outputs / 8 * record * 4, i % 3);
        for (uint32_t o = 0; any == 1 && o < outputs; ++o) { /* shifts */
            weights[o / 8 * record + 6 + 2 * depth + o % 8 * 4 + 3] = below(32);
        }
        wrong += differs(kernel, twin, arguments, 1, any == 2 ? 100 : 100 + below(8), &registers);
    }
    report(name, 300, wrong, registers);
}

static void codes(const char *name, function kernel, function twin)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 300; ++i) {
        const int32_t a = (int32_t)below(256) - 128, b = (int32_t)below(256) - 128;
        const tk_codes c = {(const int32_t *)weights, (int32_t)(drawn() & 0x7fffffffu), 1 + (int32_t)below(31),
                            (int32_t)below(256) - 128, a < b ? a : b, a < b ? b : a};
        uint32_t arguments[6] = {word(input), 1 + below(40), 0, word(&c), 0, 0};

        fill(input, 160, i % 3);
        fill(weights, 160, i / 3 % 3);
        for (uint32_t n = 0; n < 40; ++n) { /* of every size */
            const uint32_t less = below(32);

            input[n] = (uint32_t)((int32_t)input[n] >> less);
            weights[n] = (uint32_t)((int32_t)weights[n] >> less);
        }
        wrong += differs(kernel, twin, arguments, 2, 100 + below(8), &registers);
    }
    report(name, 300, wrong, registers);
}

static void depthwise_pixel(const char *name, function kernel, function twin)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 200; ++i) {
        const uint32_t taps = 2 + 2 * below(7), channels = 4 + below(20);
        const tk_depthwise_pixel pixel = {weights, (int32_t)taps, (int32_t)channels};
        const int8_t *x[14];
        uint32_t arguments[6] = {word(x), 0, word(&pixel), 0, 0, 0};

        for (uint32_t t = 0; t < taps; ++t) {
            x[t] = (int8_t *)input + below(900);
        }
        fill(input, 1000, i % 3);
        fill(weights, 6 * 4 * (4 + 2 * 14 + 16), i % 3);
        for (uint32_t c = 0; c < channels; ++c) { /* shifts */
            weights[c / 4 * (4 + 2 * taps + 16) + 4 + 2 * taps + c % 4 * 4 + 3] = below(32);
        }
        wrong += differs(kernel, twin, arguments, 1, 100 + below(8), &registers);
    }
    report(name, 200, wrong, registers);
}

/* Kernels that change what they are given: both get the same. `at`: which argument. */
static uint32_t changes(function kernel, function twin, uint32_t arguments[6], uint32_t at, uint32_t *registers)
{
    memcpy(found, input, sizeof found);
    memcpy(expected, input, sizeof expected);
    arguments[at] = word(found);
    *registers += watched_call(kernel, arguments);
    arguments[at] = word(expected);
    (void)watched_call(twin, arguments);
    return memcmp(found, expected, sizeof found) != 0;
}

static void rescale(const char *name, function kernel, function twin)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 300; ++i) {
        const int32_t right = (int32_t)below(25), up = right > 0 ? 1 : 1 + (int32_t)below(8);
        const tk_scale_s16 scale = {(int32_t)(drawn() & 0x7fffffffu), up, right > 0 ? -1 : 0,
                                    (int32_t)(((uint32_t)1 << right) >> 1), right};
        uint32_t arguments[6] = {0, 4 + 4 * below(20), word(&scale), 0, 0, 0};

        fill(input, 400, i % 3);
        for (uint32_t n = 0; n < 100; ++n) { /* below 2^23 */
            input[n] = (uint32_t)((int32_t)input[n] >> (9 + below(20)));
        }
        wrong += changes(kernel, twin, arguments, 0, &registers);
    }
    report(name, 300, wrong, registers);
}

/* State and sums in one buffer: all of it is compared. */
static void remember(const char *name, function kernel, function twin, uint32_t bytes)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 300; ++i) {
        const tk_remember shape = {1 + (int32_t)below(6), 1 + (int32_t)below(3), 1 + (int32_t)below(i % 4 == 0 ? 40 : 12),
                                   (int32_t)below(256) - 128};
        uint32_t arguments[6] = {0, word(weights), 0, word(&shape), 0, 0};

        fill(input, sizeof input, i % 3);
        fill(weights, 18 * 40 * bytes, i / 3 % 3);
        for (uint32_t n = 2000; n < 2020; ++n) {
            input[n] = (uint32_t)((int32_t)input[n] >> below(32));
        }
        memcpy(found, input, sizeof found);
        memcpy(expected, input, sizeof expected);
        arguments[0] = word(found) + 400;
        arguments[2] = word(found + 2000);
        registers += watched_call(kernel, arguments);
        arguments[0] = word(expected) + 400;
        arguments[2] = word(expected + 2000);
        (void)watched_call(twin, arguments);
        wrong += memcmp(found, expected, sizeof found) != 0;
    }
    report(name, 300, wrong, registers);
}

static void lstm_cell(const char *name, function kernel, function twin)
{
    uint32_t wrong = 0, registers = 0;
    static int32_t table[256];

    for (int32_t i = 0; i < 256; ++i) { /* a curve like a sigmoid's: ever less steep */
        table[i] = i < 255 ? (32767 - (255 - i) * (255 - i) / 2) | ((255 - i) << 16) : 32767;
    }
    for (uint32_t i = 0; i < 300; ++i) {
        const int32_t shifts[4] = {1 + (int32_t)below(20), 1 + (int32_t)below(20), 1 + (int32_t)below(24), (int32_t)below(5)};
        const int32_t low = (int32_t)below(2) ? -32768 : -9000;
        const tk_lstm_dsp_cell cell
            = {table, 1 + (int32_t)below(9), {(int32_t)(drawn() & 0x7fffffffu), 1 << (shifts[0] - 1), shifts[0]},
               {(int32_t)(drawn() & 0x7fffffffu), 1 << (shifts[1] - 1), shifts[1]}, low, -1 - low,
               {3 << below(4), (1 << shifts[3]) >> 1, shifts[3]},
               {(int32_t)(drawn() & 0x7fffffffu), 1 << (shifts[2] - 1), shifts[2]}, (int32_t)below(256) - 128};
        uint32_t arguments[6] = {word(weights), word(weights + 100), 0, 0, word(&cell), 0};

        fill(input, sizeof input, i % 3);
        fill(weights, 800, i % 3);
        for (uint32_t n = 0; n < 200; ++n) {
            weights[n] = (uint32_t)((int32_t)weights[n] >> (16 + below(12)));
        }
        memcpy(found, input, sizeof found);
        memcpy(expected, input, sizeof expected);
        arguments[2] = word(found) + 200;
        arguments[3] = word(found) + 500;
        registers += watched_call(kernel, arguments);
        arguments[2] = word(expected) + 200;
        arguments[3] = word(expected) + 500;
        (void)watched_call(twin, arguments);
        wrong += memcmp(found, expected, sizeof found) != 0;
    }
    report(name, 300, wrong, registers);
}

static void window(const char *name, function kernel, function twin)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 300; ++i) {
        const tk_fours w = {1 + (int32_t)below(4), 1 + (int32_t)below(12), 4 + (int32_t)below(60), (int32_t)below(900), 1 + (int32_t)below(5)};
        uint32_t arguments[6] = {word(input) + below(8), 0, word(&w), 0, 0, 0};

        fill(input, sizeof input, i % 3);
        wrong += differs(kernel, twin, arguments, 1, 64, &registers);
    }
    report(name, 300, wrong, registers);
}

static void wino_input(const char *name, function kernel, function twin)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 60; ++i) {
        const tk_wino image = {1 + (int32_t)below(5), 24 + (int32_t)below(900), 4 + (int32_t)below(40)};
        uint32_t arguments[6] = {word(input) + below(8), 0, word(&image), 0, 0, 0};

        fill(input, sizeof input, i % 3);
        wrong += differs(kernel, twin, arguments, 1, 64, &registers);
    }
    report(name, 60, wrong, registers);
}

static void wino_weights(const char *name, function kernel, function twin)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 60; ++i) {
        uint32_t arguments[6] = {word(input), 0, 1 + below(6), 0, 0, 0};

        fill(input, 36 * 6, i % 3);
        wrong += differs(kernel, twin, arguments, 1, 64, &registers);
    }
    report(name, 60, wrong, registers);
}

static void wino_products(const char *name, function kernel, function twin)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 60; ++i) {
        const uint32_t fours = 1 + below(6);
        uint32_t arguments[6] = {word(input), word(weights), 0, fours, 0, 0};

        fill(input, 36 * 32 * fours, i % 3);
        fill(weights, 36 * 16 * fours, i % 3);
        wrong += differs(kernel, twin, arguments, 2, 64, &registers);
    }
    report(name, 60, wrong, registers);
}

static void wino_output(const char *name, function kernel, function twin)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 100; ++i) {
        const int32_t pixel = 2 + (int32_t)below(9), row = 4 * pixel + (int32_t)below(9);
        const uint32_t channel = below(4);
        tk_wino_tiles tiles[2];
        uint32_t arguments[6] = {word(input), word(weights), 0, channel, 0, 0};

        fill(input, 4 * 288, i % 3);
        fill(weights, 32, i % 3);
        memset(found, 0x5a, sizeof found);
        memset(expected, 0x5a, sizeof expected);
        for (int32_t t = 0; t < 4; ++t) {
            tiles[0].y[t] = (int8_t *)found + 2000 * t + 7;
            tiles[1].y[t] = (int8_t *)expected + 2000 * t + 7;
            tiles[0].row[t] = tiles[1].row[t] = row + t;
        }
        tiles[0].pixel = tiles[1].pixel = pixel;
        arguments[2] = word(&tiles[0]);
        registers += watched_call(kernel, arguments);
        arguments[2] = word(&tiles[1]);
        (void)watched_call(twin, arguments);
        wrong += memcmp(found, expected, sizeof found) != 0;
    }
    report(name, 100, wrong, registers);
}

/* Halfwords: anything; the least throughout; the least and the greatest. */
static void fill_halves(void *to, uint32_t count, uint32_t how)
{
    int16_t *const out = (int16_t *)to;

    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t r = drawn() >> 7;

        out[i] = (int16_t)(how == 1 ? -32768 : how == 2 ? ((r & 1) != 0 ? -32768 : 32767) : (int32_t)(r & 0xffffu) - 32768);
    }
}

/* Of one pixel or two, codes or sums. */
static void products(const char *name, function kernel, function twin, uint32_t pixels, uint32_t codes)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 300; ++i) {
        const uint32_t fours = 1 + below(i % 4 == 0 ? 30 : 6), channels = 2 + below(9), pairs = (channels + 1) / 2;
        const uint32_t record = 2 + 2 * fours + (codes != 0 ? 2 : 0);
        const tk_products_s16 p = {weights, (int32_t)fours, (int32_t)pairs, (int32_t)(channels % 2), below(2) == 0 ? 0 : -1,
                                   (int32_t)(channels + below(20))};
        uint32_t arguments[6] = {word(input) + 2 * below(8), word(input) + 2 * below(200), 0, word(&p), 0, 0};

        fill_halves(input, 600, i % 3);
        fill(weights, pairs * record * 4, i / 3 % 3);
        for (uint32_t c = 0; codes != 0 && c < 2 * pairs; ++c) { /* multipliers of every size */
            weights[c / 2 * record + record - 2 + c % 2] = (drawn() & 0x7fffffffu) >> below(20);
        }
        if (pixels == 1) {
            arguments[2] = word(&p);
        }
        wrong += differs(kernel, twin, arguments, pixels, codes != 0 ? 100 + 2 * below(4) : 100, &registers);
    }
    report(name, 300, wrong, registers);
}

static void depthwise_halves(const char *name, function kernel, function twin)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 200; ++i) {
        const uint32_t taps = 1 + below(12), channels = 4 + below(20);
        const tk_depthwise_pixel_s16_params pixel = {weights, (int32_t)taps, (int32_t)channels, below(2) == 0 ? 0 : -1};
        const int16_t *x[12];
        uint32_t arguments[6] = {word(x), 0, word(&pixel), 0, 0, 0};

        for (uint32_t t = 0; t < taps; ++t) {
            x[t] = (int16_t *)input + below(500);
        }
        fill_halves(input, 600, i % 3);
        fill(weights, 6 * 4 * (4 + 12 + 4), i / 3 % 3);
        for (uint32_t c = 0; c < 24; ++c) { /* multipliers of every size */
            weights[c / 4 * (8 + taps) + 4 + taps + c % 4] = (drawn() & 0x7fffffffu) >> below(20);
        }
        wrong += differs(kernel, twin, arguments, 1, 100 + 2 * below(4), &registers);
    }
    report(name, 200, wrong, registers);
}

static void dots(const char *name, function kernel, function twin)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 300; ++i) {
        const int32_t shift = (int32_t)below(20);
        const tk_dots_s16_params d = {1 + (int32_t)below(i % 4 == 0 ? 60 : 9), 1 + (int32_t)below(9), (drawn() & 0x7fffffffu) >> below(17),
                                      shift == 0 ? 0x80000000u : 0, shift == 0 ? 0 : (uint32_t)1 << (shift - 1), shift,
                                      below(2) == 0 ? 0 : -1};
        uint32_t arguments[6] = {word(input) + 2 * below(8), word(weights) + 2 * below(8), 0, word(&d), 0, 0};

        fill_halves(input, 100, i % 3);
        fill_halves(weights, 600, i / 3 % 3);
        wrong += differs(kernel, twin, arguments, 2, 100 + 2 * below(4), &registers);
    }
    report(name, 300, wrong, registers);
}

static void window_of_halves(const char *name, function kernel, function twin)
{
    uint32_t wrong = 0, registers = 0;

    for (uint32_t i = 0; i < 300; ++i) {
        const tk_fours window = {1 + (int32_t)below(4), 1 + (int32_t)below(i % 4 == 0 ? 60 : 5), 4 + (int32_t)below(20),
                                 (int32_t)below(900), 1 + (int32_t)below(4)};
        const uint32_t count = (uint32_t)(window.rows * window.columns);
        const tk_means_s16 means = {(int32_t)(count / 2 * 2), (0x80000000u + count - 1) / count};
        uint32_t arguments[6] = {word(input) + 2 * below(8), 0, word(&window), word(&means), 0, 0};

        fill_halves(input, ROOM / 2, i % 3);
        wrong += differs(kernel, twin, arguments, 1, 100 + 2 * below(4), &registers);
    }
    report(name, 300, wrong, registers);
}

#define TEST(how, name, ...) how(#name, (function)name, (function)twin_##name, ##__VA_ARGS__)

int board_main(void)
{
    TEST(weave, tk_weave2_s8);
    TEST(tall_weave, tk_tall_weave_s8);
    TEST(widen_row, tk_widen_s8);
    TEST(window, tk_window_max_s8);
    TEST(window, tk_window_sums_s8);
    TEST(wino_input, tk_wino_input_s8);
    TEST(wino_weights, tk_wino_weights_s8);
    TEST(wino_products, tk_wino_products_s16);
    TEST(wino_output, tk_wino_output_s8);
    TEST(dense, tk_dense_s8, 0, 0);
    TEST(dense, tk_dense_any_s8, 1, 0);
    TEST(dense, tk_dense_sums_s8, 2, 0);
    TEST(dense, tk_dense_near_s8, 0, 1);
    TEST(dense, tk_dense_near_any_s8, 1, 1);
    TEST(codes, tk_codes_s8);
    TEST(rescale, tk_rescale_s16);
    TEST(remember, tk_remember_s8, 1);
    TEST(remember, tk_remember_s16, 2);
    TEST(lstm_cell, tk_lstm_cell_dsp_s8);
    TEST(add, tk_add4_s8);
    TEST(taps, tk_depthwise_taps_s8);
    TEST(depthwise_pixel, tk_depthwise_pixel_s8);
    TEST(conv_near, tk_conv_near_s8);
    TEST(quads, tk_quads1_s8, 0);
    TEST(quads, tk_quads1_any_s8, 1);
    TEST(quads, tk_quads2_s8, 0);
    TEST(quads, tk_quads2_any_s8, 1);
    TEST(columns, tk_columns2_s1_s8);
    TEST(columns, tk_columns2_s2_s8);
    TEST(columns, tk_columns3_s1_s8);
    TEST(columns, tk_columns3_s2_s8);
    TEST(widen_two, tk_widen2_s8);
    TEST(depthwise_near, tk_depthwise_near_s8);
    TEST(planes, tk_planes_s8);
    TEST(depthwise3, tk_depthwise3_s1_s8, 1);
    TEST(depthwise3, tk_depthwise3_s2_s8, 2);
    TEST(depthwise3, tk_depthwise3_fine_s1_s8, 1);
    TEST(depthwise3, tk_depthwise3_fine_s2_s8, 2);
    TEST(conv4, tk_conv4_s8, 2, 0);
    TEST(conv4, tk_conv4_any_s8, 4, 0);
    TEST(conv4, tk_conv4_apart_s8, 2, 1);
    TEST(conv4, tk_conv4_apart_any_s8, 4, 1);
    TEST(gemm, tk_gemm2_s8, 2, 0);
    TEST(gemm, tk_gemm2_any_s8, 4, 0);
    TEST(gemm, tk_gemm2_apart_s8, 2, 1);
    TEST(gemm, tk_gemm2_apart_any_s8, 4, 1);
    TEST(depthwise3_words, tk_depthwise3_words_s8);
    TEST(products, tk_products1_s16, 1, 1);
    TEST(products, tk_products2_s16, 2, 1);
    TEST(products, tk_sums1_s16, 1, 0);
    TEST(products, tk_sums2_s16, 2, 0);
    TEST(depthwise_halves, tk_depthwise_pixel_s16);
    TEST(dots, tk_dots_s16);
    TEST(window_of_halves, tk_window_max_s16);
    TEST(window_of_halves, tk_window_means_s16);
    semihost_text(failures == 0 ? "PASS\n" : "FAIL\n");
    return failures != 0;
}
