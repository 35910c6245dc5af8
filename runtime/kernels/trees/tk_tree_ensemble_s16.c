/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_tree_ensemble_s16.h"

#define TK_TREES tk_tree_ensemble_s16_trees
#define TK_THRESHOLD(trees, node) ((float)(trees)->threshold[node] * (trees)->unit)
#include "tk_tree_ensemble_body.h"

void tk_tree_ensemble_s16(const float *x, float *y, const tk_tree_ensemble_s16_trees *trees, int32_t rows)
{
    tk_trees_vote(x, y, trees, rows);
}
