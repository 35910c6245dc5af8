/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reset and exceptions of Xtensa cores with the CALL0 ABI: .data and constants, .bss, then board_main. An exception prints its
 * registers and ends the run ("Xtensa Instruction Set Architecture Reference Manual", 4.4.1; the vectors' places are those of
 * the LX106).
 */
#include "board.h"
#include "semihost.h"

extern uint32_t tinycc_data_load[], tinycc_data_start[], tinycc_data_end[], tinycc_bss_start[], tinycc_bss_end[];

void board_reset(void) __attribute__((noreturn));
void board_start(void) __attribute__((noreturn, used));
void board_exception(uint32_t cause, uint32_t pc, uint32_t address, uint32_t a0) __attribute__((noreturn, used));

/* The host's calls and the flags of Linux for files: "simcall" of the Xtensa simulator. */
enum { CALL_EXIT = 1, CALL_READ = 3, CALL_WRITE = 4, CALL_OPEN = 5 };
enum { ARM_WRITE_BINARY = 5, OPEN_READ = 0, OPEN_WRITE_NEW = 01101, ALL_MAY_READ = 0644, CONSOLE = 1 };

static intptr_t simcall(intptr_t call, intptr_t first, intptr_t second, intptr_t third)
{
    register intptr_t a2 __asm__("a2") = call;
    register intptr_t a3 __asm__("a3") = first;
    register intptr_t a4 __asm__("a4") = second;
    register intptr_t a5 __asm__("a5") = third;
    __asm__ volatile("simcall" : "+r"(a2), "+r"(a3) : "r"(a4), "r"(a5) : "memory");
    return a2;
}

static intptr_t open_file(const char *path, intptr_t mode)
{
    if (path[0] == ':') { /* ":tt" */
        return CONSOLE;
    }
    return simcall(CALL_OPEN, (intptr_t)path, mode == ARM_WRITE_BINARY ? OPEN_WRITE_NEW : OPEN_READ, ALL_MAY_READ);
}

intptr_t semihost_call(semihost_operation operation, intptr_t *block)
{
    switch (operation) {
    case SEMIHOST_OPEN:
        return open_file((const char *)block[0], block[1]);
    case SEMIHOST_READ: /* the number of bytes that were not moved */
        return block[2] - simcall(CALL_READ, block[0], block[1], block[2]);
    case SEMIHOST_WRITE:
        return block[2] - simcall(CALL_WRITE, block[0], block[1], block[2]);
    default:
        return simcall(CALL_EXIT, block[1], 0, 0);
    }
}

void board_exception(uint32_t cause, uint32_t pc, uint32_t address, uint32_t a0)
{
    semihost_text("\nFAULT");
    semihost_number("layers", board_layers_done);
    semihost_number("exccause", cause);
    semihost_number("pc", pc);
    semihost_number("excvaddr", address);
    semihost_number("a0", a0);
    semihost_text("\n");
    semihost_exit(EXIT_FAULT);
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

/* PS 0x20: user vectors, no exception mode, no interrupts masked (none is enabled). */
__asm__(".section .text.board_reset, \"ax\"\n"
        "    .literal_position\n"
        "    .global board_reset\n"
        "board_reset:\n"
        "    movi a1, tinycc_stack_top\n"
        "    movi a2, 0x20\n"
        "    wsr a2, ps\n"
        "    rsync\n"
        "    movi a0, 0\n"
        "    j board_start\n"
        ".section .text.stack_fill, \"ax\"\n"
        "    .global stack_fill\n"
        "    .align 4\n" /* CALL0 reaches words only */
        "stack_fill:\n"
        "    bgeu a2, a1, 1f\n"
        "    s32i a3, a2, 0\n"
        "    addi a2, a2, 4\n"
        "    j stack_fill\n"
        "1:  ret\n"
        ".section .boot, \"ax\"\n"
        "    j 1f\n"
        "    .align 4\n"
        "entry: .word board_reset\n"
        "1:  l32r a0, entry\n"
        "    jx a0\n"
        ".section .vectors, \"ax\"\n"
        "    .align 4\n"
        "stack_top: .word tinycc_stack_top\n"
        "handler: .word board_exception\n"
        "    .org 0x30\n" /* kernel */
        "    j trap\n"
        "    .org 0x50\n" /* user */
        "    j trap\n"
        "    .org 0x70\n" /* double */
        "    j trap\n"
        "    .org 0x80\n"
        "trap:\n"
        "    mov a5, a0\n"
        "    l32r a1, stack_top\n" /* the exception may have come from a stack that is used up */
        "    rsr a2, exccause\n"
        "    rsr a3, epc1\n"
        "    rsr a4, excvaddr\n"
        "    movi a6, 0x20\n"
        "    wsr a6, ps\n"
        "    rsync\n"
        "    l32r a6, handler\n"
        "    jx a6\n"
        ".text\n");
