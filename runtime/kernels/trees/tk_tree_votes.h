/* SPDX-License-Identifier: Apache-2.0 */
/* What leaves of decision trees add up to. Internal. */
#ifndef TK_TREE_VOTES_H
#define TK_TREE_VOTES_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* In `feature`: a leaf; with a branch: NaN goes the way of what is not above the threshold. In `target`: the leaf's last vote. */
#define TK_TREE_LEAF 0xFFFFu
#define TK_TREE_NAN 0x8000u
#define TK_TREE_LAST 0x8000u

/* How the votes for a target become one. */
typedef enum { TK_VOTES_SUM, TK_VOTES_MIN, TK_VOTES_MAX } tk_voting;

/* Before the first vote; what it is then is no vote. */
static inline float tk_votes_start(int32_t voting)
{
    return voting == TK_VOTES_SUM ? 0.0f : voting == TK_VOTES_MIN ? INFINITY : -INFINITY;
}

/* Takes the votes of a leaf, the first of which is `at`: targets and weights. */
static inline void tk_votes_add(float *y, const int16_t *target, const float *weight, uint16_t at, int32_t voting)
{
    uint32_t place = at;
    bool last;

    do {
        const uint16_t vote = (uint16_t)target[place];
        float *const sum = y + (vote & ~TK_TREE_LAST & 0xFFFFu);

        last = (vote & TK_TREE_LAST) != 0;
        if (voting == TK_VOTES_SUM) {
            *sum += weight[place];
        } else if (voting == TK_VOTES_MIN ? weight[place] < *sum : weight[place] > *sum) {
            *sum = weight[place];
        }
        ++place;
    } while (!last);
}

/* The result of `outputs` targets. */
static inline void tk_votes_end(float *y, const float *base, int32_t outputs, float factor, int32_t voting)
{
    for (int32_t k = 0; k < outputs; ++k) {
        const float votes = voting != TK_VOTES_SUM && isinf(y[k]) ? 0.0f : y[k];

        y[k] = votes * factor + base[k];
    }
}

#ifdef __cplusplus
}
#endif

#endif
