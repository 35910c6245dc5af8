/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_stacker_s16.h"

#include <string.h>

#include "tk_shift_in.h"

void tk_stacker_s16(const int16_t *x, int16_t *history, int32_t *wait, int16_t *y, bool *valid,
                    const tk_stacker_params *params)
{
    const int32_t frame = params->channels * (int32_t)sizeof(int16_t);
    const int32_t kept = params->history * frame;

    if (*wait < 0) {
        for (int32_t i = 0; i < params->history; ++i) {
            memcpy(history + i * params->channels, x, (size_t)frame);
        }
        *wait = params->right;
    }
    *valid = *wait == 0;
    if (*valid) {
        memcpy(y, history, (size_t)kept);
        memcpy(y + params->history * params->channels, x, (size_t)frame);
    }
    *wait = *valid ? params->step - 1 : *wait - 1;
    tk_shift_in(history, kept, x, frame);
}
