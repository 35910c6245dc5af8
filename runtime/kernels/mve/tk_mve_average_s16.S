/* SPDX-License-Identifier: Apache-2.0 */
/* The average of a window of int16, for Helium. Contract: tk_mve_average_s16.h.
 *
 * The magnitude t = |sum| + n / 2 < 2^31 is divided by n with one rounding multiplication:
 * t / n = (t * m + 2^31 >> 32) >> k, k = floor(log2(n)), m = min(2^(32 + k) / n, 2^32 - 1). Exact for every n < 2^16: t * m / 2^32 lies
 * below t * 2^k / n by less than 1/2, so rounding never falls under the whole part of t / n times 2^k, nor does it reach the next, from which
 * t * 2^k / n is 2^k / n > 1/2 away. m in two halves of 16 bits: 2^(16 + k) / n, and the rest times 2^16 / n; both are 2^16 - 1 at
 * most, but for n = 2^k. 7 instructions for the codes of 4 channels.
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
    lsl     r3, r3, r12 /* 2^(16 + k) */
    udiv    r12, r3, r6
    mls     r3, r12, r6, r3
    lsls    r3, r3, #16
    udiv    r3, r3, r6
    add     r3, r3, r12, lsl #16
    lsrs    r12, r12, #16
    it      ne
    movne   r3, #-1
    vdup.32 q2, r3
    lsrs    r6, r6, #1
    subs    r7, r7, #31
.endm
.macro TKP_CODES
    vabs.s32 q1, q0
    vadd.i32 q1, q1, r6
    vshr.s32 q0, q0, #31
    vrmulh.u32 q1, q1, q2
    vshl.u32 q1, r7
    veor    q1, q1, q0
    vsub.i32 q1, q1, q0
.endm
.macro TKP_END
    vpop    {d8, d9}
.endm

    TKP_FUNCTION tk_mve_average_s16, h, 32
#endif
