/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_long_s8.h"

#include "tk_dot_long_s8.h"

#define TK_PAIR_CODES 1
#define TK_PAIR_KERNEL tk_conv_long_s8
#include "tk_conv_long_body.h"
