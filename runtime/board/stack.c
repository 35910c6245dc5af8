/* SPDX-License-Identifier: Apache-2.0 */
#include "board.h"

#define PATTERN 0xA5A55A5Au

extern uint32_t tinycc_stack_limit[]; /* from the linker script: the lowest address of the stack */

static uint32_t *painted;

void stack_paint(void)
{
    painted = stack_fill(tinycc_stack_limit, PATTERN);
}

uint32_t stack_used(void)
{
    const volatile uint32_t *lowest = tinycc_stack_limit;
    while (lowest < painted && *lowest == PATTERN) {
        ++lowest;
    }
    return (uint32_t)((const volatile char *)painted - (const volatile char *)lowest);
}
