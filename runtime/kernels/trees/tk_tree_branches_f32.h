/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_TREE_BRANCHES_F32_H
#define TK_TREE_BRANCHES_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Decision trees whose branches are code. leaves: puts the first vote of the leaf of each tree for a row of integers that stand
 * in the order of its floats: -0 and 0 may differ by 1, as thresholds of -0 are 0; NaN is INT32_MAX. Votes: a tk_tree_ensemble's. */
typedef struct {
    void (*leaves)(const int32_t *x, uint16_t *leaf);
    const int16_t *target;
    const float *weight;
    const float *base; /* [outputs] */
    int32_t trees;
    int32_t features;
    int32_t outputs;
    float factor; /* 1, or 1 / trees for an average */
    int32_t voting; /* a tk_voting */
} tk_tree_branches;

/* The same as tk_tree_ensemble_f32, to the bit.
 * Layout: x [rows, features], y [rows, outputs].
 * Aliasing: none. Scratch: `order`, features integers, and `leaf`, trees integers; need not be set to anything. */
void tk_tree_branches_f32(const float *x, float *y, int32_t *order, uint16_t *leaf, const tk_tree_branches *trees, int32_t rows);

#ifdef __cplusplus
}
#endif

#endif
