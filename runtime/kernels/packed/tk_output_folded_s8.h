/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_OUTPUT_FOLDED_S8_H
#define TK_OUTPUT_FOLDED_S8_H

#include "tk_bundled.h"
#include "tk_packed_codes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The output stage of the bundled convolutions that round once, halves to the even neighbour, whose constants are packed: those of
 * tk_unpack_folded, each made where it is needed. `codes` has where sums of offset codes times weights begin, and twice 0;
 * stage->packed is its first member. Internal. */
void tk_output_folded_s8(const int32_t *acc, int32_t count, int32_t first_channel, const arm_nn_output_stage *stage, int8_t *out);

static inline arm_nn_output_stage tk_folded_stage(const tk_packed_codes *codes)
{
    const arm_nn_output_stage stage = {tk_output_folded_s8, &codes->requant, 0, 0, 0, 1, 0, 0, 0};

    return stage;
}

#ifdef __cplusplus
}
#endif

#endif
