/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reset and faults of Cortex-M: vector table, .data and .bss, FPU and Helium on, then board_main. A fault prints the stacked
 * frame and the fault registers, and ends the run ("Armv8-M Architecture Reference Manual", B3.28 and D1.2).
 */
#include "board.h"
#include "semihost.h"

extern uint32_t tinycc_data_load[], tinycc_data_start[], tinycc_data_end[], tinycc_bss_start[], tinycc_bss_end[];
extern uint32_t tinycc_stack_top[];

void board_reset(void) __attribute__((noreturn));
void board_fault(const uint32_t *frame) __attribute__((noreturn, used));

#define REGISTER(address) (*(volatile uint32_t *)(address))

__attribute__((naked, noinline)) intptr_t semihost_call(semihost_operation operation __attribute__((unused)),
                                                        intptr_t *block __attribute__((unused)))
{
    __asm__ volatile("bkpt 0xab\n bx lr");
}

__attribute__((naked, noinline)) uint32_t *stack_fill(uint32_t *from __attribute__((unused)),
                                                      uint32_t pattern __attribute__((unused)))
{
    __asm__ volatile(".syntax unified\n"
                     "    mov r2, sp\n"
                     "1:  cmp r0, r2\n"
                     "    bhs 2f\n"
                     "    stmia r0!, {r1}\n"
                     "    b 1b\n"
                     "2:  mov r0, r2\n"
                     "    bx lr");
}

void board_fault(const uint32_t *frame)
{
    static const char *const names[8] = {"r0", "r1", "r2", "r3", "r12", "lr", "pc", "psr"};
    semihost_text("\nFAULT");
    semihost_number("layers", board_layers_done);
    for (int i = 0; i < 8; ++i) {
        semihost_number(names[i], frame[i]);
    }
    semihost_number("cfsr", REGISTER(0xE000ED28u)); /* Armv6-M has none of these: they read as 0 */
    semihost_number("hfsr", REGISTER(0xE000ED2Cu));
    semihost_number("mmfar", REGISTER(0xE000ED34u));
    semihost_number("bfar", REGISTER(0xE000ED38u));
    semihost_text("\n");
    semihost_exit(EXIT_FAULT);
}

__attribute__((naked)) static void on_fault(void)
{
    __asm__ volatile(".syntax unified\n"
                     "    mrs r0, msp\n"
                     "    ldr r1, =board_fault\n"
                     "    bx r1\n"
                     "    .ltorg");
}

void board_reset(void)
{
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
    REGISTER(0xE000ED88u) |= 0xFu << 20; /* CPACR: full access to CP10 and CP11 */
    __asm__ volatile("dsb\n isb" ::: "memory");
#endif
    const uint32_t *from = tinycc_data_load;
    for (uint32_t *to = tinycc_data_start; to < tinycc_data_end; ++to) {
        *to = *from++;
    }
    for (uint32_t *to = tinycc_bss_start; to < tinycc_bss_end; ++to) {
        *to = 0;
    }
    semihost_exit(board_main());
}

typedef void (*handler)(void);

__attribute__((section(".vectors"), used)) static const struct {
    uint32_t *stack;
    handler handlers[15];
} vectors = {
    tinycc_stack_top,
    {board_reset, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault,
     on_fault, on_fault, on_fault, on_fault},
};
