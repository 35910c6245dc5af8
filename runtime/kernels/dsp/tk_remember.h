/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_REMEMBER_H
#define TK_REMEMBER_H

#include "tk_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The memory of SVDF: units, each of `rank` filters, each with `memory` results. All at least 1. offset: the state's zero point. */
typedef struct {
    int32_t units;
    int32_t rank;
    int32_t memory;
    int32_t offset;
} tk_remember;

#ifdef __cplusplus
}
#endif

#endif
