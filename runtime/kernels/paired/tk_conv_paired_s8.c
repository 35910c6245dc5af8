/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_paired_s8.h"

#include "tk_dot_paired2_s8.h"
#include "tk_dot_paired4_s8.h"

#define TK_PAIR_CODES 0
#define TK_PAIR_KERNEL tk_conv_paired_s8
#include "tk_conv_paired_body.h"
