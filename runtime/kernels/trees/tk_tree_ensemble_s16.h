/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_TREE_ENSEMBLE_S16_H
#define TK_TREE_ENSEMBLE_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* As a tk_tree_ensemble, but thresholds are multiples of `unit`, a power of two. */
typedef struct {
    const int16_t *threshold; /* in units */
    const int16_t *feature;
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
    float unit;
} tk_tree_ensemble_s16_trees;

/* The same as tk_tree_ensemble_f32, to the bit. */
void tk_tree_ensemble_s16(const float *x, float *y, const tk_tree_ensemble_s16_trees *trees, int32_t rows);

#ifdef __cplusplus
}
#endif

#endif
