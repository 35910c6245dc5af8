/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_OUTPUT_PACKED_S8_H
#define TK_OUTPUT_PACKED_S8_H

#include "tk_bundled.h"
#include "tk_requant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The output stage of the bundled convolutions whose constants are packed: stage->packed. Internal. */
void tk_output_packed_s8(const int32_t *acc, int32_t count, int32_t first_channel, const arm_nn_output_stage *stage, int8_t *out);

static inline arm_nn_output_stage tk_packed_stage(const tk_requant *requant, int32_t offset, const cmsis_nn_activation *clamp)
{
    const arm_nn_output_stage stage = {tk_output_packed_s8, requant, 0, 0, 0, 1, offset, clamp->min, clamp->max};

    return stage;
}

#ifdef __cplusplus
}
#endif

#endif
