/* SPDX-License-Identifier: Apache-2.0 */
/* The average of a window, for Helium. Contract: tk_mve_average_s8.h.
 *
 * The magnitude t = |sum| + n / 2 <= 2^15 + 2^7 is divided by n with one rounding multiplication:
 * t / n = (t * m + 2^15 >> 16) >> k, k = floor(log2(n)), m = min(2^(16 + k) / n, 2^16 - 1); exact for every n <= 256 and every such
 * t (tests/kernels/test_mve_kernels.py goes through them all). 12 instructions for the codes of 8 channels.
 *
 *   r6 n / 2   r7 -k   q2 m
 */
#if defined(__ARM_FEATURE_MVE)
#include "tk_mve_average_asm.h"

.macro TKP_BEGIN
    vpush   {d8, d9}
.endm
.macro TKP_CONSTANTS
    mul     r6, r11, r8
    clz     r7, r6
    rsb     r12, r7, #47
    movs    r3, #1
    lsl     r3, r3, r12
    udiv    r3, r3, r6
    usat    r3, #16, r3
    vdup.16 q2, r3
    lsrs    r6, r6, #1
    subs    r7, r7, #31
.endm
.macro TKP_CODES
    vabs.s16 q1, q0
    vadd.i16 q1, q1, r6
    vshr.s16 q0, q0, #15
    vrmulh.u16 q1, q1, q2
    vshl.u16 q1, r7
    veor    q1, q1, q0
    vsub.i16 q1, q1, q0
.endm
.macro TKP_END
    vpop    {d8, d9}
.endm

    TKP_FUNCTION tk_mve_average_s8
#endif
