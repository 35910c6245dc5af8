/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_one_hot.h"

#include <string.h>

void tk_one_hot(const int32_t *restrict indices, const void *restrict on, const void *restrict off, void *restrict y,
                int32_t outer, int32_t depth, int32_t inner, int32_t element_bytes)
{
    uint8_t *to = (uint8_t *)y;

    for (int32_t o = 0; o < outer; ++o) {
        for (int32_t d = 0; d < depth; ++d) {
            for (int32_t i = 0; i < inner; ++i) {
                memcpy(to, indices[o * inner + i] == d ? on : off, (size_t)element_bytes);
                to += element_bytes;
            }
        }
    }
}
