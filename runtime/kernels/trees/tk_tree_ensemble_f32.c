/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_tree_ensemble_f32.h"

#define TK_TREES tk_tree_ensemble
#define TK_THRESHOLD(trees, node) ((trees)->threshold[node])
#include "tk_tree_ensemble_body.h"

void tk_tree_ensemble_f32(const float *x, float *y, const tk_tree_ensemble *trees, int32_t rows)
{
    tk_trees_vote(x, y, trees, rows);
}
