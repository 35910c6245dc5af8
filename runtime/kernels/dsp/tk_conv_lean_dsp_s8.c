/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_lean_dsp_s8.h"

#include <stddef.h>
#include <string.h>

#include "tk_conv_near_s8.h"

/* The window that begins `first` bytes from the first pixels of `rows`, of which those outside of the image are NULL. */
static void gather(const int8_t *const *rows, int32_t first, const tk_lean *p, int8_t *to)
{
    const int32_t bytes = p->near.bytes;
    const int32_t before = first < 0 ? (-first < bytes ? -first : bytes) : 0;
    const int32_t end = p->row_bytes - first;
    const int32_t count = (end < bytes ? end : bytes) - before;

    memset(to, (int)(uint8_t)p->zero_point, (size_t)(p->near.segments * bytes));
    for (int32_t a = 0; a < p->near.segments && count > 0; ++a) {
        const int8_t *const row = rows[a * p->near.row_step];

        if (row != NULL) {
            memcpy(to + a * bytes + before, row + (first + before), (size_t)count);
        }
    }
}

/* One pixel, of a window that reaches beyond the image. */
static void outside(const int8_t *const *rows, int32_t j, int8_t *y, const tk_lean *p, int8_t *scratch)
{
    const int8_t *const window = scratch;
    tk_near near = p->near;

    near.bytes *= near.segments;
    near.segments = 1;
    near.apart = 0;
    near.pitch = 0;
    gather(rows, p->first + j * p->near.apart, p, scratch);
    tk_conv_near_s8(&window, 0, y, &near);
}

static void line(const int8_t *const *rows, int8_t *y, const tk_lean *p, int32_t low, int32_t high, int8_t *scratch)
{
    tk_near one = p->near;
    int32_t j = 0;

    one.apart = 0;
    one.pitch = 0;
    for (; j < low; ++j) {
        outside(rows, j, y + j * p->near.pitch, p, scratch);
    }
    for (; j < high; j += 2) {
        const int32_t first = p->first + j * p->near.apart;

        tk_conv_near_s8(rows, first, y + j * p->near.pitch, j + 1 < high ? &p->near : &one);
    }
    for (j = high > low ? high : low; j < p->out_w; ++j) {
        outside(rows, j, y + j * p->near.pitch, p, scratch);
    }
}

void tk_conv_lean_dsp_s8(const int8_t *restrict x, int8_t *restrict y, const tk_lean *lean, int8_t *restrict scratch)
{
    const tk_lean *const p = lean;
    const int32_t reach = (p->near.segments - 1) * p->near.row_step + 1;
    const int8_t *rows[TK_LEAN_ROWS];
    int8_t window[TK_LEAN_WINDOW];

    for (int32_t i = 0; i < p->batch * p->out_rows; ++i) {
        const int32_t image = i / p->out_rows;
        const int32_t top = (i - image * p->out_rows) * p->stride - p->pad;
        const int cut = top < 0 || top + reach > p->in_rows;

        for (int32_t a = 0; a < reach; a += p->near.row_step) {
            const int32_t row = top + a;

            rows[a] = row >= 0 && row < p->in_rows ? x + (image * p->in_rows + row) * p->row_bytes : NULL;
        }
        line(rows, y + i * p->out_w * p->near.pitch, p, cut ? p->out_w : p->low, cut ? 0 : p->high, scratch != NULL ? scratch : window);
    }
}
