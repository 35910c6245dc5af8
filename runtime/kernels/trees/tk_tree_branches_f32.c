/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_tree_branches_f32.h"

#include <string.h>

#include "tk_tree_votes.h"

/* An integer in the order of floats: of negative ones, whose bits grow with their size, all but the sign are turned over. */
static int32_t ordered(const float *x)
{
    int32_t bits;

    memcpy(&bits, x, sizeof bits);
    if ((bits & INT32_MAX) > INT32_C(0x7F800000)) { /* NaN */
        return INT32_MAX;
    }
    return bits < 0 ? bits ^ INT32_MAX : bits;
}

void tk_tree_branches_f32(const float *restrict x, float *restrict y, int32_t *restrict order, uint16_t *restrict leaf,
                          const tk_tree_branches *trees, int32_t rows)
{
    for (int32_t row = 0; row < rows; ++row) {
        float *const out = y + row * trees->outputs;

        for (int32_t i = 0; i < trees->features; ++i) {
            order[i] = ordered(x + row * trees->features + i);
        }
        trees->leaves(order, leaf);
        for (int32_t k = 0; k < trees->outputs; ++k) {
            out[k] = tk_votes_start(trees->voting);
        }
        for (int32_t tree = 0; tree < trees->trees; ++tree) {
            tk_votes_add(out, trees->target, trees->weight, leaf[tree], trees->voting);
        }
        tk_votes_end(out, trees->base, trees->outputs, trees->factor, trees->voting);
    }
}
