/* SPDX-License-Identifier: Apache-2.0 */
/* Calls the functions of runtime/cmsis_nn on random geometries, with every buffer allocated at exactly the size that the
 * function may touch. Meant for a build with -fsanitize=address,undefined; the values are checked elsewhere.
 */
#include <stdio.h>
#include <stdlib.h>

#include "arm_nnfunctions.h"

static uint32_t state = 1;

static int32_t pick(int32_t low, int32_t high)
{
    state = state * 1664525u + 1013904223u;
    return low + (int32_t)((state >> 8) % (uint32_t)(high - low + 1));
}

static int8_t *bytes(int32_t count)
{
    int8_t *p = malloc((size_t)count);
    for (int32_t i = 0; i < count; i++) {
        p[i] = (int8_t)(pick(0, 3) != 0 ? pick(-128, 127) : pick(0, 1) ? 127 : -128);
    }
    return p;
}

static int32_t *words(int32_t count, int32_t low, int32_t high)
{
    int32_t *p = malloc((size_t)count * sizeof *p);
    for (int32_t i = 0; i < count; i++) {
        p[i] = pick(low, high);
    }
    return p;
}

static int32_t volume(const cmsis_nn_dims *d)
{
    return d->n * d->h * d->w * d->c;
}

/* Output size and leading padding of TensorFlow's "same" or "valid" scheme. */
static void along(int32_t image, int32_t extent, int32_t stride, int32_t *pad, int32_t *out)
{
    *pad = 0;
    *out = (image - extent) / stride + 1;
    if (extent > image || pick(0, 1)) {
        *out = (image + stride - 1) / stride;
        const int32_t total = (*out - 1) * stride + extent - image;
        *pad = total > 0 ? total / 2 : 0;
    }
}

typedef struct
{
    cmsis_nn_dims input;
    cmsis_nn_dims output;
    cmsis_nn_tile kernel;
    cmsis_nn_tile stride;
    cmsis_nn_tile dilation;
    cmsis_nn_tile padding;
} geometry;

static geometry random_geometry(int32_t max_kernel, int32_t max_stride, int32_t max_dilation)
{
    geometry g;
    g.input.n = pick(1, 2);
    g.input.h = pick(1, 8);
    g.input.w = pick(1, 8);
    g.input.c = pick(1, 9);
    g.kernel.h = pick(1, max_kernel);
    g.kernel.w = pick(1, max_kernel);
    g.stride.h = pick(1, max_stride);
    g.stride.w = pick(1, max_stride);
    g.dilation.h = pick(1, max_dilation);
    g.dilation.w = pick(1, max_dilation);
    g.output = g.input;
    along(g.input.h, (g.kernel.h - 1) * g.dilation.h + 1, g.stride.h, &g.padding.h, &g.output.h);
    along(g.input.w, (g.kernel.w - 1) * g.dilation.w + 1, g.stride.w, &g.padding.w, &g.output.w);
    return g;
}

enum { CONVOLVE, POINTWISE, POINTWISE_FAST, LINE, DEPTHWISE, DEPTHWISE_3X3, DEPTHWISE_OPT, KINDS };

static geometry geometry_for(int kind)
{
    geometry g = random_geometry(kind == POINTWISE || kind == POINTWISE_FAST ? 1 : 5,
                                 kind == POINTWISE_FAST ? 1 : 4,
                                 kind == CONVOLVE || kind == DEPTHWISE ? 3 : 1);
    if (kind == LINE) {
        g.input.h = g.output.h = g.kernel.h = 1;
        g.padding.h = 0;
        g.input.c = 4 * pick(1, 2);
    }
    if (kind == DEPTHWISE_3X3) {
        do {
            g = random_geometry(3, 2, 1);
        } while (g.kernel.h != 3 || g.kernel.w != 3 || g.padding.w > 1);
    }
    return g;
}

static arm_cmsis_nn_status layer(int kind)
{
    geometry g = geometry_for(kind);
    const int depthwise = kind >= DEPTHWISE;
    const int32_t groups = kind == CONVOLVE ? pick(1, 3) : 1;
    const int32_t multiplier = kind == DEPTHWISE ? pick(1, 5) : 1;
    const int32_t depth = g.input.c;
    g.input.c *= groups;
    g.output.c = depthwise ? depth * multiplier : groups * pick(1, 20);

    const cmsis_nn_dims filter = {depthwise ? 1 : g.output.c, g.kernel.h, g.kernel.w, depthwise ? g.output.c : depth};
    const cmsis_nn_dims bias_dims = {1, 1, 1, g.output.c};
    const cmsis_nn_activation act = {pick(-128, 0), pick(0, 127)};
    const int32_t zero = pick(0, 2) == 0 ? 128 : pick(-127, 128);
    const cmsis_nn_conv_params p = {zero, pick(-128, 127), g.stride, g.padding, g.dilation, act};
    const cmsis_nn_dw_conv_params d = {zero, pick(-128, 127), multiplier, g.stride, g.padding, g.dilation, act};
    const cmsis_nn_context none = {NULL, 0};
    const cmsis_nn_per_channel_quant_params q = {words(g.output.c, 1 << 30, INT32_MAX), words(g.output.c, -31, 2)};
    int8_t *x = bytes(volume(&g.input));
    int8_t *w = bytes(volume(&filter));
    int8_t *y = bytes(volume(&g.output));
    int32_t *b = pick(0, 3) ? words(g.output.c, -20000, 20000) : NULL;

    arm_cmsis_nn_status s = ARM_CMSIS_NN_SUCCESS;
    switch (kind) {
    case CONVOLVE: s = arm_convolve_s8(&none, &p, &q, &g.input, x, &filter, w, &bias_dims, b, NULL, &g.output, y); break;
    case POINTWISE: s = arm_convolve_1x1_s8(&none, &p, &q, &g.input, x, &filter, w, &bias_dims, b, &g.output, y); break;
    case POINTWISE_FAST:
        s = arm_convolve_1x1_s8_fast(&none, &p, &q, &g.input, x, &filter, w, &bias_dims, b, &g.output, y);
        break;
    case LINE: s = arm_convolve_1_x_n_s8(&none, &p, &q, &g.input, x, &filter, w, &bias_dims, b, &g.output, y); break;
    case DEPTHWISE: s = arm_depthwise_conv_s8(&none, &d, &q, &g.input, x, &filter, w, &bias_dims, b, &g.output, y); break;
    case DEPTHWISE_3X3:
        s = arm_depthwise_conv_3x3_s8(&none, &d, &q, &g.input, x, &filter, w, &bias_dims, b, &g.output, y);
        break;
    default: s = arm_depthwise_conv_s8_opt(&none, &d, &q, &g.input, x, &filter, w, &bias_dims, b, &g.output, y); break;
    }
    int8_t *w4 = bytes((volume(&filter) + 1) / 2);
    if (groups == 1 && s == ARM_CMSIS_NN_SUCCESS) {
        switch (kind) {
        case CONVOLVE: s = arm_convolve_s4(&none, &p, &q, &g.input, x, &filter, w4, &bias_dims, b, &g.output, y); break;
        case POINTWISE: s = arm_convolve_1x1_s4(&none, &p, &q, &g.input, x, &filter, w4, &bias_dims, b, &g.output, y); break;
        case POINTWISE_FAST:
            s = arm_convolve_1x1_s4_fast(&none, &p, &q, &g.input, x, &filter, w4, &bias_dims, b, &g.output, y);
            break;
        case DEPTHWISE: s = arm_depthwise_conv_s4(&none, &d, &q, &g.input, x, &filter, w4, &bias_dims, b, &g.output, y); break;
        case DEPTHWISE_OPT:
            s = arm_depthwise_conv_s4_opt(&none, &d, &q, &g.input, x, &filter, w4, &bias_dims, b, &g.output, y);
            break;
        default: break;
        }
    }
    free(q.multiplier);
    free(q.shift);
    free(x);
    free(w);
    free(w4);
    free(y);
    free(b);
    return s;
}

static arm_cmsis_nn_status pooling(void)
{
    geometry g = random_geometry(5, 2, 1);
    const cmsis_nn_pool_params p = {g.stride, g.padding, {pick(-128, 0), pick(0, 127)}};
    const cmsis_nn_dims filter = {1, g.kernel.h, g.kernel.w, 1};
    const cmsis_nn_context none = {NULL, 0};
    int8_t *x = bytes(volume(&g.input));
    int8_t *y = bytes(volume(&g.output));
    arm_cmsis_nn_status s = arm_avgpool_s8(&none, &p, &g.input, x, &filter, &g.output, y);
    if (s == ARM_CMSIS_NN_SUCCESS) {
        s = arm_max_pool_s8(&none, &p, &g.input, x, &filter, &g.output, y);
    }
    free(x);
    free(y);
    return s;
}

static arm_cmsis_nn_status dense(void)
{
    const cmsis_nn_dims in = {pick(1, 3), 1, 1, pick(1, 40)};
    const cmsis_nn_dims out = {in.n, 1, 1, pick(1, 40)};
    const cmsis_nn_dims filter = {in.c, 1, 1, out.c};
    const cmsis_nn_fc_params p = {pick(-127, 128), pick(0, 1) * pick(-127, 128), pick(-128, 127), {-128, 127}};
    const cmsis_nn_per_tensor_quant_params q = {pick(1 << 30, INT32_MAX), pick(-31, 1)};
    const cmsis_nn_per_channel_quant_params qc = {words(out.c, 1 << 30, INT32_MAX), words(out.c, -31, 1)};
    const cmsis_nn_context none = {NULL, 0};
    int8_t *x = bytes(volume(&in));
    int8_t *w = bytes(in.c * out.c);
    int8_t *y = bytes(volume(&out));
    int32_t *b = pick(0, 3) ? words(out.c, -20000, 20000) : NULL;
    int32_t *sums = words(out.c, 0, 0);
    arm_cmsis_nn_status s = arm_fully_connected_s8(&none, &p, &q, &in, x, &filter, w, &out, b, &out, y);
    if (s == ARM_CMSIS_NN_SUCCESS) {
        s = arm_fully_connected_per_channel_s8(&none, &p, &qc, &in, x, &filter, w, &out, b, &out, y);
    }
    if (s == ARM_CMSIS_NN_SUCCESS) {
        s = arm_vector_sum_s8(sums, in.c, out.c, w, p.input_offset, p.filter_offset, b);
    }
    int8_t *w4 = bytes((in.c * out.c + 1) / 2);
    if (s == ARM_CMSIS_NN_SUCCESS) {
        s = arm_fully_connected_s4(&none, &p, &q, &in, x, &filter, w4, &out, b, &out, y);
    }
    free(qc.multiplier);
    free(qc.shift);
    free(x);
    free(w);
    free(w4);
    free(y);
    free(b);
    free(sums);
    return s;
}

/* Any padding less than the kernel, any output that begins inside of what the strides make of the input, or goes beyond it. */
static arm_cmsis_nn_status transposed(void)
{
    const cmsis_nn_dims in = {pick(1, 2), pick(1, 5), pick(1, 5), pick(1, 20)};
    const cmsis_nn_dims filter = {pick(1, 20), pick(1, 5), pick(1, 5), in.c};
    const cmsis_nn_dims out = {in.n, pick(1, 12), pick(1, 12), filter.n};
    const cmsis_nn_tile stride = {pick(1, 4), pick(1, 4)};
    const cmsis_nn_tile padding = {pick(0, filter.w - 1), pick(0, filter.h - 1)};
    const cmsis_nn_transpose_conv_params p = {
        pick(-127, 128), pick(-128, 127), stride, padding, {0, 0}, {1, 1}, {pick(-128, 0), pick(0, 127)}};
    const cmsis_nn_per_channel_quant_params q = {words(out.c, 1 << 30, INT32_MAX), words(out.c, -31, 1)};
    const cmsis_nn_context none = {NULL, 0};
    int8_t *x = bytes(volume(&in));
    int8_t *w = bytes(volume(&filter));
    int8_t *y = bytes(volume(&out));
    int32_t *b = pick(0, 3) ? words(out.c, -20000, 20000) : NULL;
    const arm_cmsis_nn_status s = arm_transpose_conv_s8(&none, &none, &p, &q, &in, x, &filter, w, &out, b, &out, y);
    free(q.multiplier);
    free(q.shift);
    free(x);
    free(w);
    free(y);
    free(b);
    return s;
}

static arm_cmsis_nn_status rows_of_values(void)
{
    const int32_t n = pick(1, 60);
    const int32_t shift = pick(10, 26);
    const cmsis_nn_dims d = {1, 1, 1, n};
    const cmsis_nn_dims one = {1, 1, 1, 1};
    const cmsis_nn_context none = {NULL, 0};
    int8_t *x = bytes(n);
    int8_t *y = bytes(n);
    int8_t *z = bytes(n);
    arm_cmsis_nn_status s = arm_elementwise_add_s8(x, y, pick(-127, 128), pick(1 << 30, INT32_MAX), pick(-31, 0),
                                                   pick(-127, 128), 1 << 30, 0, 20, z, pick(-128, 127), INT32_MAX,
                                                   pick(-31, -10), -128, 127, n);
    if (s == ARM_CMSIS_NN_SUCCESS) {
        s = arm_elementwise_mul_s8(x, y, 128, 128, z, pick(-128, 127), INT32_MAX, pick(-31, 1), -128, 127, n);
    }
    if (s == ARM_CMSIS_NN_SUCCESS) {
        s = arm_minimum_s8(&none, x, &d, y, &d, z, &d);
    }
    if (s == ARM_CMSIS_NN_SUCCESS) {
        s = arm_maximum_s8(&none, x, &d, y, &one, z, &d);
    }
    arm_softmax_s8(x, 1, n, pick(1 << 30, INT32_MAX), shift, -(int32_t)(((int64_t)31 << 26) >> shift), z);
    arm_softmax_s8(x, 1, n, 1 << 30, shift, 1, z);
    free(x);
    free(y);
    free(z);
    return s;
}

static arm_cmsis_nn_status moves(void)
{
    const cmsis_nn_dims in = {pick(1, 3), pick(1, 4), pick(1, 4), pick(1, 4)};
    const cmsis_nn_dims before = {pick(0, 2), pick(0, 2), pick(0, 2), pick(0, 2)};
    const cmsis_nn_dims after = {pick(0, 2), pick(0, 2), pick(0, 2), pick(0, 2)};
    const cmsis_nn_dims padded = {
        before.n + in.n + after.n, before.h + in.h + after.h, before.w + in.w + after.w, before.c + in.c + after.c};
    const uint32_t order[4] = {3, 0, 2, 1};
    const cmsis_nn_transpose_params p = {4, order};
    const cmsis_nn_dims matrix = {in.n * in.h, in.w * in.c, 1, 1};
    const uint32_t swapped[2] = {1, 0};
    const cmsis_nn_transpose_params p_matrix = {2, swapped};
    int8_t *x = bytes(volume(&in));
    int8_t *y = bytes(volume(&in));
    int8_t *z = bytes(volume(&padded));
    arm_cmsis_nn_status s = arm_pad_s8(x, z, 5, &in, &before, &after);
    if (s == ARM_CMSIS_NN_SUCCESS) {
        s = arm_transpose_s8(x, y, &in, &in, &p);
    }
    if (s == ARM_CMSIS_NN_SUCCESS) {
        s = arm_transpose_s8(x, y, &matrix, &matrix, &p_matrix);
    }
    arm_reshape_s8(x, y, (uint32_t)volume(&in));
    arm_concatenation_s8_x(x, (uint16_t)in.c, (uint16_t)in.w, (uint16_t)in.h, (uint16_t)in.n, y, (uint16_t)in.c, 0);
    free(x);
    free(y);
    free(z);
    return s;
}

static int16_t *halves(int32_t count)
{
    int16_t *p = malloc((size_t)count * sizeof *p);
    for (int32_t i = 0; i < count; i++) {
        p[i] = (int16_t)(pick(0, 3) != 0 ? pick(-32768, 32767) : pick(0, 1) ? 32767 : -32768);
    }
    return p;
}

static int64_t *long_words(int32_t count)
{
    int64_t *p = malloc((size_t)count * sizeof *p);
    for (int32_t i = 0; i < count; i++) {
        p[i] = (int64_t)pick(-(1 << 22), 1 << 22) * 4096;
    }
    return p;
}

static arm_cmsis_nn_status layers_s16(void)
{
    geometry g = random_geometry(5, 4, 3);
    const int32_t multiplier = pick(1, 5);
    const int32_t channels = pick(1, 20);
    const cmsis_nn_dims out = {g.output.n, g.output.h, g.output.w, channels};
    const cmsis_nn_dims out_dw = {g.output.n, g.output.h, g.output.w, g.input.c * multiplier};
    const int32_t most = channels > out_dw.c ? channels : out_dw.c;
    const cmsis_nn_dims filter = {channels, g.kernel.h, g.kernel.w, g.input.c};
    const cmsis_nn_dims filter_dw = {1, g.kernel.h, g.kernel.w, out_dw.c};
    const cmsis_nn_dims rows = {pick(1, 3), 1, 1, pick(1, 1200)};
    const cmsis_nn_dims units = {rows.n, 1, 1, pick(1, 20)};
    const cmsis_nn_dims filter_fc = {rows.c, 1, 1, units.c};
    const cmsis_nn_activation act = {pick(-32768, 0), pick(0, 32767)};
    const cmsis_nn_conv_params p = {0, 0, g.stride, g.padding, g.dilation, act};
    const cmsis_nn_dw_conv_params d = {0, 0, multiplier, g.stride, g.padding, g.dilation, act};
    const cmsis_nn_fc_params f = {0, 0, 0, act};
    const cmsis_nn_per_tensor_quant_params qt = {pick(1 << 30, INT32_MAX), pick(-31, 0)};
    const cmsis_nn_per_channel_quant_params q = {words(most, 1 << 30, INT32_MAX), words(most, -31, 0)};
    const cmsis_nn_context none = {NULL, 0};
    int16_t *x = halves(volume(&g.input));
    int16_t *x_fc = halves(volume(&rows));
    int8_t *w = bytes(volume(&filter));
    int8_t *w_dw = bytes(volume(&filter_dw));
    int8_t *w_fc = bytes(rows.c * units.c);
    int16_t *y = halves(volume(&out));
    int16_t *y_dw = halves(volume(&out_dw));
    int16_t *y_fc = halves(volume(&units));
    int32_t *b32 = words(channels, -20000, 20000);
    int64_t *b64 = long_words(most);
    int64_t *b_fc = long_words(units.c);
    const cmsis_nn_bias_data narrow = {pick(0, 3) ? b32 : NULL, true};
    const cmsis_nn_bias_data wide = {pick(0, 3) ? b64 : NULL, false};
    const int64_t *const b_dw = pick(0, 3) ? b64 : NULL;

    arm_cmsis_nn_status s = arm_convolve_s16(&none, &p, &q, &g.input, x, &filter, w, &out, &narrow, &out, y);
    if (s == ARM_CMSIS_NN_SUCCESS) {
        s = arm_convolve_s16(&none, &p, &q, &g.input, x, &filter, w, &out, &wide, &out, y);
    }
    if (s == ARM_CMSIS_NN_SUCCESS) {
        s = arm_depthwise_conv_s16(&none, &d, &q, &g.input, x, &filter_dw, w_dw, &out_dw, b_dw, &out_dw, y_dw);
    }
    if (s == ARM_CMSIS_NN_SUCCESS && multiplier == 1) {
        s = arm_depthwise_conv_fast_s16(&none, &d, &q, &g.input, x, &filter_dw, w_dw, &out_dw, b_dw, &out_dw, y_dw);
    }
    if (s == ARM_CMSIS_NN_SUCCESS) {
        s = arm_fully_connected_s16(&none, &f, &qt, &rows, x_fc, &filter_fc, w_fc, &units, b_fc, &units, y_fc);
    }
    free(q.multiplier);
    free(q.shift);
    free(x);
    free(x_fc);
    free(w);
    free(w_dw);
    free(w_fc);
    free(y);
    free(y_dw);
    free(y_fc);
    free(b32);
    free(b64);
    free(b_fc);
    return s;
}

static arm_cmsis_nn_status pooling_s16(void)
{
    geometry g = random_geometry(5, 2, 1);
    const cmsis_nn_pool_params p = {g.stride, g.padding, {pick(-32768, 0), pick(0, 32767)}};
    const cmsis_nn_dims filter = {1, g.kernel.h, g.kernel.w, 1};
    const cmsis_nn_context none = {NULL, 0};
    int16_t *x = halves(volume(&g.input));
    int16_t *y = halves(volume(&g.output));
    arm_cmsis_nn_status s = arm_avgpool_s16(&none, &p, &g.input, x, &filter, &g.output, y);
    if (s == ARM_CMSIS_NN_SUCCESS) {
        s = arm_max_pool_s16(&none, &p, &g.input, x, &filter, &g.output, y);
    }
    free(x);
    free(y);
    return s;
}

static arm_cmsis_nn_status values_s16(void)
{
    const int32_t n = pick(1, 60);
    const int32_t shift = pick(10, 26);
    int8_t *v = bytes(n);
    int16_t *x = halves(n);
    int16_t *y = halves(n);
    int16_t *z = halves(n);
    arm_cmsis_nn_status s = arm_elementwise_add_s16(x, y, 0, pick(1 << 30, INT32_MAX), pick(-31, 0), 0, 1 << 30, 0, 15, z,
                                                    0, INT32_MAX, pick(-31, -10), -32768, 32767, n);
    if (s == ARM_CMSIS_NN_SUCCESS) {
        s = arm_elementwise_mul_s16(x, y, 0, 0, z, 0, INT32_MAX, pick(-31, 0), -32768, 32767, n);
    }
    arm_softmax_s8_s16(v, 1, n, pick(1 << 30, INT32_MAX), shift, -(int32_t)(((int64_t)31 << 26) >> shift), z);
    free(v);
    free(x);
    free(y);
    free(z);
    return s;
}

/* Products of matrices, each operand with as many matrices as the output has, or one for all, along n and h. */
static arm_cmsis_nn_status matrices(void)
{
    const cmsis_nn_dims out = {pick(1, 3), pick(1, 3), pick(1, 6), pick(1, 6)};
    const int32_t depth = pick(1, 40);
    const cmsis_nn_dims left = {pick(0, 1) ? out.n : 1, pick(0, 1) ? out.h : 1, out.w, depth};
    const cmsis_nn_dims right = {pick(0, 1) ? out.n : 1, pick(0, 1) ? out.h : 1, out.c, depth};
    const cmsis_nn_activation act = {pick(-128, 0), pick(0, 127)};
    const cmsis_nn_bmm_params p = {false, false, {pick(-127, 128), pick(-127, 128), pick(-128, 127), act}};
    const cmsis_nn_per_tensor_quant_params q = {pick(1 << 30, INT32_MAX), pick(-31, 1)};
    const cmsis_nn_context none = {NULL, 0};
    int8_t *x = bytes(volume(&left));
    int8_t *w = bytes(volume(&right));
    int8_t *y = bytes(volume(&out));
    int16_t *x16 = halves(volume(&left));
    int16_t *w16 = halves(volume(&right));
    int16_t *y16 = halves(volume(&out));
    arm_cmsis_nn_status s = arm_batch_matmul_s8(&none, &p, &q, &left, x, &right, w, &out, y);
    if (s == ARM_CMSIS_NN_SUCCESS) {
        s = arm_batch_matmul_s16(&none, &p, &q, &left, x16, &right, w16, &out, y16);
    }
    free(x);
    free(w);
    free(y);
    free(x16);
    free(w16);
    free(y16);
    return s;
}

static arm_cmsis_nn_status filters_over_time(void)
{
    const int32_t rank = pick(1, 3);
    const cmsis_nn_dims in = {pick(1, 3), pick(1, 40), 1, 1};
    const cmsis_nn_dims out = {in.n, pick(1, 20), 1, 1};
    const cmsis_nn_dims features = {rank * out.h, in.h, 1, 1};
    const cmsis_nn_dims times = {features.n, pick(1, 9), 1, 1};
    const cmsis_nn_dims state_dims = {in.n, times.h * features.n, 1, 1};
    const cmsis_nn_svdf_params p = {rank, pick(-128, 127), pick(-128, 127), {-32768, 32767}, {-128, 127}};
    const cmsis_nn_per_tensor_quant_params first = {pick(1 << 30, INT32_MAX), pick(-31, 0)};
    const cmsis_nn_per_tensor_quant_params second = {pick(1 << 30, INT32_MAX), pick(-31, 0)};
    const cmsis_nn_context none = {NULL, 0};
    const cmsis_nn_context newest = {words(features.n, 0, 0), features.n * (int32_t)sizeof(int32_t)};
    int8_t *x = bytes(volume(&in));
    int8_t *w = bytes(volume(&features));
    int8_t *y = bytes(volume(&out));
    int8_t *past8 = bytes(volume(&state_dims));
    int8_t *t8 = bytes(volume(&times));
    int16_t *past = halves(volume(&state_dims));
    int16_t *t = halves(volume(&times));
    int32_t *b = pick(0, 3) ? words(out.h, -20000, 20000) : NULL;
    arm_cmsis_nn_status s = arm_svdf_state_s16_s8(&newest, &none, &p, &first, &second, &in, x, &state_dims, past, &features, w,
                                                  &times, t, &out, b, &out, y);
    if (s == ARM_CMSIS_NN_SUCCESS) {
        s = arm_svdf_s8(&none, &newest, &none, &p, &first, &second, &in, x, &state_dims, past8, &features, w, &times, t8, &out, b,
                        &out, y);
    }
    free(newest.buf);
    free(past8);
    free(t8);
    free(x);
    free(w);
    free(y);
    free(past);
    free(t);
    free(b);
    return s;
}

int main(void)
{
    for (int i = 0; i < 300; i++) {
        for (int kind = 0; kind < KINDS; kind++) {
            if (layer(kind) != ARM_CMSIS_NN_SUCCESS) {
                fprintf(stderr, "layer kind %d refused in round %d\n", kind, i);
                return 1;
            }
        }
        if (pooling() || dense() || transposed() || rows_of_values() || moves() || layers_s16() || pooling_s16() || values_s16()
            || matrices() || filters_over_time()) {
            fprintf(stderr, "refused in round %d\n", i);
            return 1;
        }
    }
    return 0;
}
