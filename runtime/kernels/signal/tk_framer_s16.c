/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_framer_s16.h"

#include <stddef.h>
#include <string.h>

#include "tk_shift_in.h"

#define BYTES (int32_t)sizeof(int16_t)

void tk_framer_s16(const int16_t *x, int16_t *history, int32_t *missing, int16_t *y, bool *valid,
                   const tk_framer_params *params)
{
    const tk_framer_params p = *params;
    const int32_t absent = missing != NULL ? *missing : 0;
    const int32_t old = p.size < p.history ? p.size : p.history;

    for (int32_t stream = 0; stream < p.streams; ++stream) {
        for (int32_t frame = 0; frame < p.frames; ++frame) {
            if (frame < absent) {
                memset(y, 0, (size_t)p.size * sizeof(int16_t));
            } else {
                memcpy(y, history, (size_t)old * sizeof(int16_t));
                if (p.size > old) {
                    memcpy(y + old, x, (size_t)(p.size - old) * sizeof(int16_t));
                }
            }
            tk_shift_in(history, p.history * BYTES, x, p.step * BYTES);
            x += p.step;
            y += p.size;
        }
        history += p.history;
    }
    if (missing != NULL) {
        *missing = absent > p.frames ? absent - p.frames : 0;
    }
    if (valid != NULL) {
        *valid = absent == 0;
    }
}
