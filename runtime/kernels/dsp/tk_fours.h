/* SPDX-License-Identifier: Apache-2.0 */
/* Windows of pools and means: what their kernels share. Internal. */
#ifndef TK_FOURS_H
#define TK_FOURS_H

#include "tk_dsp.h"

#ifndef __ASSEMBLER__

#ifdef __cplusplus
extern "C" {
#endif

/* `rows` rows of `columns` pixels, `fours` times four channels of each. pixel, row: bytes from one to the next. */
typedef struct {
    int32_t rows;
    int32_t columns;
    int32_t pixel;
    int32_t row;
    int32_t fours;
} tk_fours;

#ifdef __cplusplus
}
#endif

#endif

#endif
