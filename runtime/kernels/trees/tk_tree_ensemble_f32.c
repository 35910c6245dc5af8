/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_tree_ensemble_f32.h"

#include "tk_tree_votes.h"

/* The leaf of one tree for a row. */
static uint16_t descend(const float *x, const tk_tree_ensemble *trees, uint16_t node)
{
    uint16_t feature = (uint16_t)trees->feature[node];

    while (feature != TK_TREE_LEAF) {
        const float value = x[feature & ~TK_TREE_NAN & 0xFFFFu];
        const float threshold = trees->threshold[node];
        const bool stays = (feature & TK_TREE_NAN) != 0 ? !(value > threshold) : value <= threshold;

        node = stays ? (uint16_t)(node + UINT32_C(1)) : (uint16_t)trees->next[node];
        feature = (uint16_t)trees->feature[node];
    }
    return node;
}

void tk_tree_ensemble_f32(const float *x, float *y, const tk_tree_ensemble *trees, int32_t rows)
{
    for (int32_t row = 0; row < rows; ++row) {
        const float *const in = x + row * trees->features;
        float *const out = y + row * trees->outputs;

        for (int32_t k = 0; k < trees->outputs; ++k) {
            out[k] = tk_votes_start(trees->voting);
        }
        for (int32_t tree = 0; tree < trees->trees; ++tree) {
            const uint16_t leaf = descend(in, trees, (uint16_t)trees->root[tree]);

            tk_votes_add(out, trees->target, trees->weight, (uint16_t)trees->next[leaf], trees->voting);
        }
        tk_votes_end(out, trees->base, trees->outputs, trees->factor, trees->voting);
    }
}
