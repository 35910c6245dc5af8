/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reset and traps of RISC-V in machine mode, hart 0: .data and .bss, then board_main. A trap prints the machine's trap
 * registers and ends the run ("The RISC-V Instruction Set Manual", volume II, chapter 3).
 */
#include "board.h"
#include "semihost.h"

extern uint32_t tinycc_data_load[], tinycc_data_start[], tinycc_data_end[], tinycc_bss_start[], tinycc_bss_end[];

void board_trap(uintptr_t cause, uintptr_t pc, uintptr_t value, uintptr_t ra) __attribute__((noreturn, used));
void board_start(void) __attribute__((noreturn, used));

/* Three uncompressed instructions that must lie in one page; the two shifts tell the host that the trap is for it. */
__attribute__((naked, noinline, aligned(16))) intptr_t semihost_call(semihost_operation operation __attribute__((unused)),
                                                                     intptr_t *block __attribute__((unused)))
{
    __asm__ volatile(".option push\n"
                     ".option norvc\n"
                     "    slli x0, x0, 0x1f\n"
                     "    ebreak\n"
                     "    srai x0, x0, 7\n"
                     "    ret\n"
                     ".option pop");
}

__attribute__((naked, noinline)) uint32_t *stack_fill(uint32_t *from __attribute__((unused)),
                                                      uint32_t pattern __attribute__((unused)))
{
    __asm__ volatile("1:  bgeu a0, sp, 2f\n"
                     "    sw a1, 0(a0)\n"
                     "    addi a0, a0, 4\n"
                     "    j 1b\n"
                     "2:  mv a0, sp\n"
                     "    ret");
}

void board_trap(uintptr_t cause, uintptr_t pc, uintptr_t value, uintptr_t ra)
{
    semihost_text("\nFAULT");
    semihost_number("layers", board_layers_done);
    semihost_number("mcause", (uint32_t)cause);
    semihost_number("mepc", (uint32_t)pc);
    semihost_number("mtval", (uint32_t)value);
    semihost_number("ra", (uint32_t)ra);
    semihost_text("\n");
    semihost_exit(EXIT_FAULT);
}

__attribute__((naked, aligned(4), used)) static void on_trap(void)
{
    __asm__ volatile(".option push\n"
                     ".option arch, +zicsr\n"
                     "    mv a3, ra\n"
                     "    csrr a0, mcause\n"
                     "    csrr a1, mepc\n"
                     "    csrr a2, mtval\n"
                     "    la sp, tinycc_stack_top\n" /* the trap may have come from a stack that is used up */
                     "    j board_trap\n"
                     ".option pop");
}

void board_start(void)
{
    const uint32_t *from = tinycc_data_load;
    for (uint32_t *to = tinycc_data_start; to < tinycc_data_end; ++to) {
        *to = *from++;
    }
    for (uint32_t *to = tinycc_bss_start; to < tinycc_bss_end; ++to) {
        *to = 0;
    }
    semihost_exit(board_main());
}

__attribute__((naked, section(".vectors"), used)) void board_reset(void)
{
    __asm__ volatile(".option push\n"
                     ".option arch, +zicsr\n"
                     ".option norelax\n"
                     "    la gp, __global_pointer$\n"
                     "    la sp, tinycc_stack_top\n"
                     "    la t0, %0\n"
                     "    csrw mtvec, t0\n"
                     ".option pop\n"
                     "    j board_start" ::"i"(on_trap));
}
