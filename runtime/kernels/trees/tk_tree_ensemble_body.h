/* SPDX-License-Identifier: Apache-2.0 */
/* The body of the kernels tk_tree_ensemble_*, for trees of the type TK_TREES, where the threshold of a node is TK_THRESHOLD(trees,
 * node). Internal. */
#ifndef TK_TREE_ENSEMBLE_BODY_H
#define TK_TREE_ENSEMBLE_BODY_H

#include "tk_tree_votes.h"

#ifdef TK_TREES

#ifdef __cplusplus
extern "C" {
#endif

/* The leaf of one tree for a row. */
static inline uint16_t tk_trees_descend(const float *x, const TK_TREES *trees, uint16_t node)
{
    uint16_t feature = (uint16_t)trees->feature[node];

    while (feature != TK_TREE_LEAF) {
        const float value = x[feature & ~TK_TREE_NAN & 0xFFFFu];
        const float threshold = TK_THRESHOLD(trees, node);
        const bool stays = (feature & TK_TREE_NAN) != 0 ? !(value > threshold) : value <= threshold;

        node = stays ? (uint16_t)(node + UINT32_C(1)) : (uint16_t)trees->next[node];
        feature = (uint16_t)trees->feature[node];
    }
    return node;
}

static inline void tk_trees_vote(const float *x, float *y, const TK_TREES *trees, int32_t rows)
{
    for (int32_t row = 0; row < rows; ++row) {
        const float *const in = x + row * trees->features;
        float *const out = y + row * trees->outputs;

        for (int32_t k = 0; k < trees->outputs; ++k) {
            out[k] = tk_votes_start(trees->voting);
        }
        for (int32_t tree = 0; tree < trees->trees; ++tree) {
            const uint16_t leaf = tk_trees_descend(in, trees, (uint16_t)trees->root[tree]);

            tk_votes_add(out, trees->target, trees->weight, (uint16_t)trees->next[leaf], trees->voting);
        }
        tk_votes_end(out, trees->base, trees->outputs, trees->factor, trees->voting);
    }
}

#ifdef __cplusplus
}
#endif

#endif

#endif
