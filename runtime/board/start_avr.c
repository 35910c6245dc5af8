/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reset of AVR cores: stack, .data with the constants, .bss, then board_main. The host's calls go through the general purpose
 * I/O registers: the block's address to 1 and 2, then the operation to 0; the answer is in 1 and 2. Loads from flash: "AVR
 * Instruction Set Manual", LPM and ELPM.
 */
#include "board.h"
#include "semihost.h"

#define REGISTER(address) (*(volatile uint8_t *)(address))

void board_start(void) __attribute__((noreturn, used));

intptr_t semihost_call(semihost_operation operation, intptr_t *block)
{
    REGISTER(0x4A) = (uint8_t)(uintptr_t)block;
    REGISTER(0x4B) = (uint8_t)((uintptr_t)block >> 8);
    __asm__ volatile("" ::: "memory");
    REGISTER(0x3E) = (uint8_t)operation;
    __asm__ volatile("" ::: "memory");
    return (intptr_t)((uint16_t)REGISTER(0x4A) | (uint16_t)REGISTER(0x4B) << 8);
}

void board_start(void)
{
    semihost_exit(board_main());
}

#if defined(__AVR_HAVE_ELPMX__)
#define LOAD_BANK "    ldi r16, hh8(tinycc_data_load)\n    out 0x3b, r16\n"
#define LOAD "elpm"
#else
#define LOAD_BANK
#define LOAD "lpm"
#endif

__asm__(".section .vectors, \"ax\", @progbits\n"
        "    jmp board_reset\n"
        ".section .text.board_reset, \"ax\", @progbits\n"
        "    .global board_reset\n"
        "board_reset:\n"
        "    clr r1\n"
        "    out 0x3f, r1\n"
        "    ldi r16, 0x30\n" /* tells the host, who knows a second time for a fault: a jump to nowhere ends here */
        "    out 0x1e, r16\n"
        "    ldi r28, lo8(tinycc_stack_top - 1)\n"
        "    ldi r29, hi8(tinycc_stack_top - 1)\n"
        "    out 0x3e, r29\n"
        "    out 0x3d, r28\n"
        "    ldi r26, lo8(tinycc_data_start)\n"
        "    ldi r27, hi8(tinycc_data_start)\n"
        "    ldi r30, lo8(tinycc_data_load)\n"
        "    ldi r31, hi8(tinycc_data_load)\n" LOAD_BANK
        "    ldi r18, lo8(tinycc_data_end)\n"
        "    ldi r19, hi8(tinycc_data_end)\n"
        "    rjmp 2f\n"
        "1:  " LOAD " r0, Z+\n"
        "    st X+, r0\n"
        "2:  cp r26, r18\n"
        "    cpc r27, r19\n"
        "    brne 1b\n"
        "    ldi r26, lo8(tinycc_bss_start)\n"
        "    ldi r27, hi8(tinycc_bss_start)\n"
        "    ldi r18, lo8(tinycc_bss_end)\n"
        "    ldi r19, hi8(tinycc_bss_end)\n"
        "    rjmp 4f\n"
        "3:  st X+, r1\n"
        "4:  cp r26, r18\n"
        "    cpc r27, r19\n"
        "    brne 3b\n"
        "    jmp board_start\n"
        /* X goes up to where a word would reach the stack pointer, which points to the next free byte. */
        ".section .text.stack_fill, \"ax\", @progbits\n"
        "    .global stack_fill\n"
        "stack_fill:\n"
        "    movw r26, r24\n"
        "    in r30, 0x3d\n"
        "    in r31, 0x3e\n"
        "    sbiw r30, 3\n"
        "1:  cp r30, r26\n"
        "    cpc r31, r27\n"
        "    brlo 2f\n"
        "    st X+, r20\n"
        "    st X+, r21\n"
        "    st X+, r22\n"
        "    st X+, r23\n"
        "    rjmp 1b\n"
        "2:  movw r24, r26\n"
        "    ret\n"
        ".text\n");
