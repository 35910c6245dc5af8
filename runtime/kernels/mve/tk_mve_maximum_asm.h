/* SPDX-License-Identifier: Apache-2.0 */
/* The maximum of a window, for Helium: the body of tk_mve_maximum_s8.S and tk_mve_maximum_s16.S. Contracts: their headers. 16 bytes of
 * channels at a time, 5 instructions per 16 bytes of inputs.
 *
 *   r1 y   r2 x, with the channels before   r3 rows left   r4 pointers to rows   r5 bytes of channels left   r6 columns   r7 pixel
 *   r8 rows   r12 x, running   q0 maxima   q1 inputs   q2 min   q3 max   p0 bytes of channels
 */
#ifdef __ASSEMBLER__
    .syntax unified
    .thumb

#define TKP_X 0 /* struct tk_mve_pool_window */
#define TKP_ROWS 4
#define TKP_CHANNELS 12
#define TKP_MIN 20

.macro TKP_FUNCTION name, bits
    .section .text.\name, "ax", %progbits
    .balign 4
    .global \name
    .type \name, %function
\name:
    push    {r3-r8, r12, lr}
    ldrd    r8, r6, [r2, #TKP_ROWS] /* and columns */
    ldrd    r3, r4, [r2, #TKP_MIN] /* and max */
    vdup.\bits q2, r3
    vdup.\bits q3, r4
    ldrd    r5, r7, [r2, #TKP_CHANNELS] /* and pixel */
    ldr     r2, [r2, #TKP_X]
1:
    mov     r4, r0
    mov     r3, r8
    vctp.8  r5
    vmov    q0, q2
    cbz     r3, 4f
2:
    ldr     r12, [r4], #4
    add     r12, r12, r2
    wls     lr, r6, 4f
3:
    vpstt
    vldrbt.u8 q1, [r12]
    vmaxt.s\bits q0, q0, q1
    add     r12, r12, r7
    le      lr, 3b
    subs    r3, r3, #1
    bne     2b
4:
    adds    r2, #16
    vmin.s\bits q0, q0, q3
    subs    r5, r5, #16
    vpst
    vstrbt.8 q0, [r1], #16
    bgt     1b
    pop     {r3-r8, r12, pc}
    .size \name, . - \name
.endm
#endif
