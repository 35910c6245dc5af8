/* SPDX-License-Identifier: Apache-2.0 */
/* The sums of a window for Helium, and what becomes of them: the body of tk_mve_average_s8.S, tk_mve_average_line_s8.S and
 * tk_mve_average_s16.S, which have the macros TKP_BEGIN, TKP_CONSTANTS, TKP_CODES and TKP_END of their own. Sums of 8
 * channels in 16 bits, or of 4 in 32, 8 bytes of x or y each; 4 instructions for as many inputs.
 *
 *   r0 rows   r1 y   r2 x, with the channels before   r3 rows left   r4 x, running   r5 bytes of channels left   r6 r7 of the macros
 *   r8 columns   r10 pixel   r11 rows   r12 pointers to rows   q0 sums   q1 inputs, results   q3 min   q4 max   p0 channels
 *   q2 q5 q6 q7 of the macros
 */
#ifdef __ASSEMBLER__
    .syntax unified
    .thumb

#define TKP_X 0 /* struct tk_mve_pool_window */
#define TKP_ROWS 4
#define TKP_CHANNELS 12
#define TKP_MIN 20

.macro TKP_FUNCTION name, element=b, bits=16 /* b, 16: of int8; h, 32: of int16 */
    .section .text.\name, "ax", %progbits
    .balign 4
    .global \name
    .type \name, %function
\name:
    push    {r4-r8, r10, r11, lr}
    TKP_BEGIN
    ldrd    r11, r8, [r2, #TKP_ROWS] /* and columns */
    ldrd    r5, r10, [r2, #TKP_CHANNELS] /* and pixel */
    ldrd    r6, r7, [r2, #TKP_MIN] /* and max */
    ldr     r2, [r2, #TKP_X]
    vdup.\bits q3, r6
    vdup.\bits q4, r7
    TKP_CONSTANTS
1:
    mov     r12, r0
    mov     r3, r11
    vctp.16 r5 /* a byte of x is two bytes of sums */
    vmov.i32 q0, #0
    cmp     r5, #8
    blt     4f
2:
    ldr     r4, [r12], #4
    dls     lr, r8
    add     r4, r4, r2
3:
    vldr\element\().s\bits q1, [r4]
    add     r4, r4, r10
    vadd.i\bits q0, q0, q1
    le      lr, 3b
    subs    r3, r3, #1
    bne     2b
    b       6f
4:
    ldr     r4, [r12], #4
    dls     lr, r8
    add     r4, r4, r2
5:
    vpstt
    vldr\element\()t.s\bits q1, [r4]
    vaddt.i\bits q0, q0, q1
    add     r4, r4, r10
    le      lr, 5b
    subs    r3, r3, #1
    bne     4b
6:
    TKP_CODES
    adds    r2, #8
    vmax.s\bits q1, q1, q3
    subs    r5, r5, #8
    vmin.s\bits q1, q1, q4
    vpst
    vstr\element\()t.\bits q1, [r1], #8
    bgt     1b
    TKP_END
    pop     {r4-r8, r10, r11, pc}
    .size \name, . - \name
.endm
#endif
