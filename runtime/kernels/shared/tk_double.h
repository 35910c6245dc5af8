/* SPDX-License-Identifier: Apache-2.0 */
/* For kernels that are exact because the reference computes in double, too: 53 bits of it. Internal. */
#ifndef TK_DOUBLE_H
#define TK_DOUBLE_H

#include <float.h>

#if DBL_MANT_DIG < 53
#error "This operator is computed in double, which has less than 53 bits here. Some compilers have an option: -mdouble=64."
#endif

#endif
