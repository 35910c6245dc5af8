/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_depthwise3_words_s8(const int8_t *taps, uint32_t *w, const tk_depthwise3_source *source): see tk_depthwise3_words_s8.h.
 *
 * A channel: 58 instructions, 72 cycles. Halfwords of two taps are shifted as one word; what goes over from the lower to the
 * upper one is cleared.
 *
 *   r0 taps   r1 w   r2 words   r3 biases   r4 word, multiplier   r5 right   r6 start   r7 k   r8 2^k - 1
 *   r10, r11, lr taps   r12 the zero point negated, twice
 *   stack: 0 right of the layer   4 addend   8 end of w */
#include "tk_depthwise3.h"

#if defined(__ASSEMBLER__) && TK_DSP_ASM
    .syntax unified
    .thumb

.macro taps offset, first, alone  /* four from there: 0 and 2 in r10, 1 and 3 in r11, times 2^k */
    ldr     r10, [r0, #\offset]
    sxtb16  r11, r10, ror #8
    sxtb16  r10, r10
    smlad   r6, \first, r12, r6
    \alone
    lsl     r10, r10, r7
    lsl     r11, r11, r7
    bic     r10, r10, r8, lsl #16
.endm

.macro line offset                /* taps 0, 1, 2 */
    taps    \offset, r10, "smlabb r6, r11, r12, r6"
    pkhbt   lr, r10, r11, lsl #16
    pkhtb   r11, r10, r11
    strd    lr, r11, [r1], #8
.endm

    .section .text.tk_depthwise3_words_s8, "ax", %progbits
    .balign 4
    .global tk_depthwise3_words_s8
    .type tk_depthwise3_words_s8, %function
tk_depthwise3_words_s8:
    push    {r4-r8, r10, r11, lr}
    sub     sp, sp, #16
    ldmia   r2, {r2-r6}           /* words, low, right, zero_point, addend */
    rsb     r5, r5, #0
    pkhbt   r12, r5, r5, lsl #16
    strd    r4, r6, [sp]
    add     r4, r1, #(16 * TK_DEPTHWISE3_WORDS)
    str     r4, [sp, #8]
1:
    ldr     r4, [r2], #4
    ldrsh   r6, [r3], #2
    ldr     r5, [sp]
    and     r7, r4, #3
    sub     r5, r5, r7
    rsb     r7, r5, #(TK_DEPTHWISE_FINE + 1)
    mov     r8, #1
    lsl     r8, r8, r7
    sub     r8, r8, #1
    line    0
    line    3
    taps    5, r11, "smlatb r6, r10, r12, r6"
    bic     r11, r11, r8, lsl #16 /* of the last line: 1, 2, 3 of four */
    pkhtb   lr, r10, r11
    pkhtb   r11, r11, r10, asr #16
    strd    lr, r11, [r1], #8
    lsl     r6, r6, r7
    lsr     r4, r4, #2
    orr     r4, r4, #0x40000000
    mov     r10, #512
    lsr     r10, r10, r5
    ldr     r11, [sp, #4]
    add     r10, r10, r11
    str     r6, [r1], #4
    str     r4, [r1], #4
    str     r10, [r1], #4
    ldr     r11, [sp, #8]
    add     r0, r0, #9
    cmp     r1, r11
    bne     1b
    add     sp, sp, #16
    pop     {r4-r8, r10, r11, pc}
    .size tk_depthwise3_words_s8, . - tk_depthwise3_words_s8
#endif
