/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_TREE_ENSEMBLE_F32_H
#define TK_TREE_ENSEMBLE_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Decision trees; numbers of 16 bits are read without sign. The nodes of each follow its root, the one that is not above the
 * threshold behind its branch; `next` is the other one. Of a leaf, `next` is its first vote: a target, below outputs, and a
 * weight for it. Flags of `feature` and `target`: tk_tree_votes.h. */
typedef struct {
    const float *threshold;
    const int16_t *feature; /* below features, or flags */
    const int16_t *next;
    const int16_t *root; /* of each tree */
    const int16_t *target;
    const float *weight;
    const float *base; /* [outputs] */
    int32_t trees;
    int32_t features;
    int32_t outputs;
    float factor; /* 1, or 1 / trees for an average */
    int32_t voting; /* a tk_voting */
} tk_tree_ensemble;

/* y[r, k] = base[k] + factor * sum of the votes for k of the leaves that row r of x falls into, tree by tree; or the least, or
 * the largest of them, 0 where there is none.
 * Layout: x [rows, features], y [rows, outputs].
 * Aliasing: none. Scratch: none. */
void tk_tree_ensemble_f32(const float *x, float *y, const tk_tree_ensemble *trees, int32_t rows);

#ifdef __cplusplus
}
#endif

#endif
