/* SPDX-License-Identifier: Apache-2.0 */
#include "board.h"

#define PATTERN 0xA5A55A5Au

extern uint32_t tinycc_stack_limit[]; /* from the linker script: the lowest address of the stack */

static uint32_t *painted;

/* Fills [from, stack pointer) and returns the stack pointer. In assembly, because a C function may have a frame of its own
 * (Cortex-M55's loops take LR, so that it is pushed) and would overwrite it. */
__attribute__((naked, noinline)) static uint32_t *paint(uint32_t *from __attribute__((unused)),
                                                        uint32_t pattern __attribute__((unused)))
{
#if defined(__arm__)
    __asm__ volatile(".syntax unified\n"
                     "    mov r2, sp\n"
                     "1:  cmp r0, r2\n"
                     "    bhs 2f\n"
                     "    stmia r0!, {r1}\n"
                     "    b 1b\n"
                     "2:  mov r0, r2\n"
                     "    bx lr");
#else
    __asm__ volatile("1:  bgeu a0, sp, 2f\n"
                     "    sw a1, 0(a0)\n"
                     "    addi a0, a0, 4\n"
                     "    j 1b\n"
                     "2:  mv a0, sp\n"
                     "    ret");
#endif
}

void stack_paint(void)
{
    painted = paint(tinycc_stack_limit, PATTERN);
}

uint32_t stack_used(void)
{
    const volatile uint32_t *lowest = tinycc_stack_limit;
    while (lowest < painted && *lowest == PATTERN) {
        ++lowest;
    }
    return (uint32_t)((const volatile char *)painted - (const volatile char *)lowest);
}
