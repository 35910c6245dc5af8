/* SPDX-License-Identifier: Apache-2.0 */
/* Parameters of convolutions that round halves to the even neighbour. */
#ifndef TK_CONV_EVEN_H
#define TK_CONV_EVEN_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* input_offset, weights_offset: minus the zero points. -128 <= min <= max <= 127. */
typedef struct {
    int32_t input_offset;
    int32_t weights_offset;
    int32_t output_offset;
    int32_t min;
    int32_t max;
} tk_conv_even;

#ifdef __cplusplus
}
#endif

#endif
