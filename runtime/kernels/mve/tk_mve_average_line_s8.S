/* SPDX-License-Identifier: Apache-2.0 */
/* The average of a window by a line, for Helium. Contract: tk_mve_average_line_s8.h.
 *
 * Products in 32 bits, those of even channels and those of odd ones: 27 instructions for the codes of 8 channels.
 *
 *   r6 zero point   r7 -shift   q2 multiplier   q5 even   q6 whether the quotient is odd   q7 addend
 */
#if defined(__ARM_FEATURE_MVE)
#include "tk_mve_average_asm.h"

#define TKL_MULTIPLIER 0 /* struct tk_mve_line, and addend */
#define TKL_SHIFT 8      /* and even */
#define TKL_ZERO 16

.macro TKP_BEGIN
    vpush   {d8-d15}
    ldrd    r4, r5, [r3, #TKL_MULTIPLIER]
    vdup.16 q2, r4
    vdup.32 q7, r5
    ldr     r4, [r3, #TKL_SHIFT + 4]
    vdup.32 q5, r4
.endm
.macro TKP_CONSTANTS
    ldr     r7, [r3, #TKL_SHIFT]
    ldr     r6, [r3, #TKL_ZERO]
    rsbs    r7, r7, #0
.endm
.macro TKL_CODES a
    vmov    q6, \a
    vshl.s32 q6, r7
    vadd.i32 q6, q6, r6
    vadd.i32 \a, \a, q7
    vand    q6, q6, q5
    vadd.i32 \a, \a, q6
    vshl.s32 \a, r7
.endm
.macro TKP_CODES
    vmullb.s16 q1, q0, q2
    vmullt.s16 q0, q0, q2
    TKL_CODES q1
    TKL_CODES q0
    vqmovnb.s32 q1, q1
    vqmovnt.s32 q1, q0
.endm
.macro TKP_END
    vpop    {d8-d15}
.endm

    TKP_FUNCTION tk_mve_average_line_s8
#endif
