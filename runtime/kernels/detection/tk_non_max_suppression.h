/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_NON_MAX_SUPPRESSION_H
#define TK_NON_MAX_SUPPRESSION_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* NON_MAX_SUPPRESSION_V4 and V5: the boxes with the best scores above *score_threshold, best first, without those that
 * overlap a better one by *overlap_threshold or more (intersection over union). With *sigma > 0 scores fall before that:
 * by exp(overlap^2 / (-2 sigma)) for each better box.
 * boxes: [count, 4], two opposite corners (y, x) each; scores: [count]; y: [most] indices of boxes; y_scores: [most] as they
 * have fallen, or NULL; *chosen is how many there are; the rest of y and y_scores is 0. sigma may be NULL.
 * As in LiteRT a box without area overlaps nothing, itself included: it is chosen again and again.
 * Aliasing: none. Scratch: heap, 12 bytes per box. Equals LiteRT, the order of equal scores included. */
void tk_non_max_suppression(const float *boxes, const float *scores, const float *overlap_threshold,
                            const float *score_threshold, const float *sigma, int32_t *y, float *y_scores,
                            int32_t *chosen, int32_t count, int32_t most, void *heap);

#ifdef __cplusplus
}
#endif

#endif
