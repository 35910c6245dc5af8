/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_BUNDLED_H
#define TK_BUNDLED_H

/* What is inside the bundled kernels, whose rows these kernels compute. They lie in the folder beside this one; where all files
 * were put into one folder, the compiler finds them by their names. */
#ifdef __has_include
#if __has_include("../cmsis_nn/arm_nn_internal.h")
#define TK_BUNDLED_IS_BESIDE
#endif
#endif

#ifdef TK_BUNDLED_IS_BESIDE
#include "../cmsis_nn/arm_nn_internal.h"
#else
#include "arm_nn_internal.h"
#endif

#endif
