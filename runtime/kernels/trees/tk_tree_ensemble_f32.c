/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_tree_ensemble_f32.h"

#include <stdbool.h>

/* The leaf of one tree for a row. */
static uint16_t descend(const float *x, const tk_tree_ensemble *trees, uint16_t node)
{
    uint16_t feature = (uint16_t)trees->feature[node];
    while (feature != TK_TREE_LEAF) {
        const float value = x[feature & ~TK_TREE_NAN & 0xFFFFu];
        const bool stays = (feature & TK_TREE_NAN) != 0 ? !(value > trees->threshold[node]) : value <= trees->threshold[node];
        node = stays ? (uint16_t)(node + UINT32_C(1)) : (uint16_t)trees->next[node];
        feature = (uint16_t)trees->feature[node];
    }
    return node;
}

static void vote(float *y, const tk_tree_ensemble *trees, uint16_t leaf)
{
    uint32_t at = (uint16_t)trees->next[leaf];
    bool last;
    do {
        const uint16_t target = (uint16_t)trees->target[at];
        last = (target & TK_TREE_LAST) != 0;
        y[target & ~TK_TREE_LAST & 0xFFFFu] += trees->weight[at];
        ++at;
    } while (!last);
}

void tk_tree_ensemble_f32(const float *x, float *y, const tk_tree_ensemble *trees, int32_t rows)
{
    for (int32_t row = 0; row < rows; ++row) {
        const float *const in = x + row * trees->features;
        float *const out = y + row * trees->outputs;
        for (int32_t k = 0; k < trees->outputs; ++k) {
            out[k] = 0.0f;
        }
        for (int32_t tree = 0; tree < trees->trees; ++tree) {
            vote(out, trees, descend(in, trees, (uint16_t)trees->root[tree]));
        }
        for (int32_t k = 0; k < trees->outputs; ++k) {
            out[k] = out[k] * trees->factor + trees->base[k];
        }
    }
}
