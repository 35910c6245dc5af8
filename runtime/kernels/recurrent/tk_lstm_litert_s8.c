/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_lstm_litert_s8.h"

#include <stddef.h>
#include <string.h>

#include "tk_dot_s8.h"
#include "tk_fixed_point.h"
#include "tk_fixed_point_s16.h"
#include "tk_math.h"

enum { FORGET, OUTPUT, CELL, INPUT };

typedef tk_lstm_litert_s8_weights weights_t;
typedef tk_lstm_litert_s8_params params_t;

static int16_t saturate(int32_t value)
{
    return tk_limit_s16(value, INT16_MIN, INT16_MAX);
}

/* gates[u * count + g] += the rescaled product of x and the weights of gate g of unit u. */
static void add_products(const int8_t *x, const int8_t *weights, const int32_t *bias, int32_t n, int32_t rows, int32_t count,
                         const tk_lstm_rescale *rescale, int16_t *gates)
{
    int32_t g = 0;

    for (int32_t row = 0; row < rows;) {
        const int32_t lanes = rows - row >= 4 ? 4 : 1;
        int32_t sum[4] = {0, 0, 0, 0};

        if (lanes == 4) {
            tk_dot4_s8(sum, x, weights, n, n);
        } else {
            sum[0] = tk_dot1_s8(x, weights, n);
        }
        for (int32_t lane = 0; lane < lanes; ++lane, ++row) {
            const int32_t whole = tk_wrapping_add(sum[lane], bias[row]);

            const int32_t rescaled = tk_requantize(whole, rescale->multiplier[g], rescale->shift[g]);

            gates[row] = saturate(tk_wrapping_add(gates[row], rescaled));
            g = g + 1 < count ? g + 1 : 0;
        }
        weights += lanes * n;
    }
}

static void add_peephole(const int16_t *weights, const int16_t *cell, int32_t units, int32_t gates, int32_t multiplier,
                         int32_t shift, int16_t *gate)
{
    for (int32_t u = 0; u < units; ++u) {
        const int32_t product = tk_requantize((int32_t)weights[u * gates] * cell[u], multiplier, shift);

        gate[u * gates] = saturate(tk_wrapping_add(gate[u * gates], product));
    }
}

/* x / 1024, halves away from zero. */
static int32_t from_1024ths(int32_t x)
{
    return (int32_t)((x > 0 ? (int64_t)x + 512 : (int64_t)x - 512) / 1024);
}

static void normalize(int16_t *gate, const int16_t *factor, const int32_t *bias, int32_t g, const params_t *p)
{
    const int32_t n = p->shape.units;
    const int32_t end = n * p->gates;
    int64_t sum = 0;
    int64_t squares = 0;
    int32_t shift;

    for (int32_t i = 0; i < end; i += p->gates) {
        sum += gate[i];
        squares += (int32_t)gate[i] * gate[i];
    }

    const int32_t mean = (int32_t)(sum * 1024 / n);
    const int32_t variance = (int32_t)((squares * ((INT32_C(1) << 20) / n) - (int64_t)mean * mean) / (INT32_C(1) << 20));
    const int32_t multiplier = tk_inverse_sqrt(variance < 1 ? p->variance_guard[g] : variance, &shift);

    for (int32_t i = 0; i < end; i += p->gates) {
        const int32_t rescaled = tk_requantize(INT32_C(1024) * gate[i] - mean, multiplier, shift);
        const int32_t weighted = (int32_t)((uint32_t)rescaled * (uint32_t)factor[i] + (uint32_t)bias[i]);

        gate[i] = saturate(tk_requantize(from_1024ths(weighted), p->layer_norm.multiplier[g], p->layer_norm.shift[g]));
    }
}

/* The value of gate g of every unit, in place of its argument. */
static void activate(int16_t *gates, int32_t g, const weights_t *w, const int16_t *cell, const params_t *p)
{
    int16_t *gate = gates + g;

    if (w->peephole != NULL && g != CELL) {
        add_peephole(w->peephole + g, cell, p->shape.units, p->gates, p->peephole.multiplier[g], p->peephole.shift[g], gate);
    }
    if (w->layer_norm != NULL) {
        normalize(gate, w->layer_norm + g, w->layer_norm_bias + g, g, p);
    }
    for (int32_t i = 0; i < p->shape.units * p->gates; i += p->gates) {
        gate[i] = g == CELL ? tk_tanh_qn(gate[i], 3) : tk_logistic_q3(gate[i]);
    }
}

static void update_cell(const int16_t *gate, int16_t *cell, const params_t *p)
{
    for (int32_t u = 0; u < p->shape.units; ++u) {
        const int32_t in = p->gates > INPUT ? gate[INPUT] : (int32_t)INT16_MAX - gate[FORGET];
        const int32_t kept = tk_rounding_shift((int32_t)gate[FORGET] * cell[u], 15);

        cell[u] = saturate(kept + tk_rounding_shift(in * gate[CELL], 30 + p->cell_power));
        if (p->cell_clip > 0) {
            cell[u] = tk_limit_s16(cell[u], -p->cell_clip, p->cell_clip);
        }
        gate += p->gates;
    }
}

/* The new hidden state. The scratch is free from the front: unit u's result lies before its own gates. */
static void finish(int16_t *gates, const int16_t *cell, const weights_t *w, int8_t *hidden, const params_t *p)
{
    int8_t *result = w->projection != NULL ? (int8_t *)gates : hidden;

    for (int32_t u = 0; u < p->shape.units; ++u) {
        const int32_t product = (int32_t)tk_tanh_qn(cell[u], 15 + p->cell_power) * gates[u * p->gates + OUTPUT];

        const int32_t rescaled = tk_requantize(product, p->hidden_multiplier, p->hidden_shift);

        result[u] = tk_limit_s8(tk_wrapping_add(rescaled, p->hidden_offset), -128, 127);
    }
    if (w->projection != NULL) {
        const int32_t clip = p->projection_clip > 0 ? p->projection_clip : 128;

        for (int32_t o = 0; o < p->outputs; ++o) {
            const int32_t dot = tk_dot1_s8(result, w->projection + o * p->shape.units, p->shape.units);
            const int32_t sum = tk_wrapping_add(dot, w->projection_bias[o]);
            const int32_t scaled = tk_requantize(sum, p->projection_multiplier, p->projection_shift);

            hidden[o] = tk_limit_s8(tk_wrapping_add(scaled, p->projection_offset), -clip, clip < 128 ? clip : 127);
        }
    }
}

static void step(const int8_t *x, const weights_t *w, int8_t *hidden, int16_t *cell, int16_t *gates, const params_t *p)
{
    const int32_t rows = p->shape.units * p->gates;

    memset(gates, 0, (size_t)rows * sizeof *gates);
    add_products(x, w->input, w->input_bias, p->shape.inputs, rows, p->gates, &p->input, gates);
    add_products(hidden, w->recurrent, w->recurrent_bias, p->outputs, rows, p->gates, &p->recurrent, gates);
    activate(gates, FORGET, w, cell, p);
    activate(gates, CELL, w, cell, p);
    if (p->gates > INPUT) {
        activate(gates, INPUT, w, cell, p);
    }
    update_cell(gates, cell, p);
    activate(gates, OUTPUT, w, cell, p);
    finish(gates, cell, w, hidden, p);
}

void tk_lstm_litert_s8(const int8_t *restrict x, const tk_lstm_litert_s8_weights *weights, int8_t *restrict hidden,
                       int16_t *restrict cell, int8_t *restrict y, int16_t *restrict scratch,
                       const tk_lstm_litert_s8_params *params)
{
    const tk_lstm_shape s = params->shape;

    for (int32_t b = 0; b < s.batch; ++b) {
        for (int32_t t = 0; t < s.steps; ++t) {
            const int32_t row = b * s.batch_rows + t * s.step_rows;

            step(x + row * s.inputs, weights, hidden, cell, scratch, params);
            memcpy(y + row * params->outputs, hidden, (size_t)params->outputs);
        }
        hidden += params->outputs;
        cell += s.units;
    }
}
