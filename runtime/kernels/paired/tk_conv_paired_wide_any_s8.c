/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_paired_wide_any_s8.h"

#include "tk_dot_wide4_s8.h"
#include "tk_tile_wide2_any_s8.h"

#define TK_PAIR_CODES 2
#define TK_PAIR_KERNEL tk_conv_paired_wide_any_s8
#define TK_WIDE_TILE tk_tile_wide2_any_s8
#include "tk_conv_paired_wide_body.h"
