/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_NEXT_WIDTHS_S8_H
#define TK_NEXT_WIDTHS_S8_H

#include "tk_weight_reader.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Runs of 16 weights in two's complement of as few bits as the run needs, 0 to 8. For every two runs of a unit a byte with both
 * widths, the first one lower; then the fields of one and of the other, each run in whole bytes, the first field lowest. The last
 * run may be shorter. */
tk_next_weights tk_next_widths_s8;

#ifdef __cplusplus
}
#endif

#endif
