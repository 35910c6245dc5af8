/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Calls kernels on an emulated board: what tests/kernel_runs.py puts into calls.bin. Per call: a head, the arguments, the
 * places in memory that hold addresses, and the memory itself, which goes back to results.bin behind a word that says which
 * callee-saved registers the kernel changed (bit 0: r4 .. bit 7: r11, bit 8: d8 .. bit 15: d15, bit 16: the stack pointer).
 */
#include "board.h"
#include "mark.h"
#include "semihost.h"

enum { ARGUMENTS = 12, RELOCATIONS = 256, MEMORY = 1024 * 1024 };

typedef struct {
    uint32_t function;
    uint32_t arguments;
    uint32_t addresses; /* bit i: argument i is an offset into memory */
    uint32_t relocations;
    uint32_t bytes;
} head;

extern const uintptr_t kernel_table[];

volatile uint32_t board_layers_done;
static uint8_t memory[MEMORY] __attribute__((aligned(64)));
static uint32_t arguments[ARGUMENTS], relocations[RELOCATIONS], changed;

/* Fills the callee-saved registers, calls function(arguments[0], ...), and returns which of them came back different. */
__attribute__((naked, noinline)) static uint32_t call(uintptr_t function __attribute__((unused)),
                                                      const uint32_t *list __attribute__((unused)))
{
    __asm__ volatile("    push {r4-r11, lr}\n"
#if defined(__ARM_FP)
                     "    vpush {d8-d15}\n"
#endif
                     "    sub sp, sp, #36\n"
                     "    mov r12, r0\n"
                     "    mov r10, r1\n"
                     "    movs r4, #0\n"
                     "1:  adds r5, r4, #4\n" /* arguments 4.. to the stack */
                     "    ldr r6, [r10, r5, lsl #2]\n"
                     "    str r6, [sp, r4, lsl #2]\n"
                     "    adds r4, #1\n"
                     "    cmp r4, #8\n"
                     "    bne 1b\n"
                     "    str sp, [sp, #32]\n"
#if defined(__ARM_FP)
                     "    ldr r4, =0x5A000000\n    vmov d8, r4, r4\n    adds r4, #1\n    vmov d9, r4, r4\n    adds r4, #1\n"
                     "    vmov d10, r4, r4\n    adds r4, #1\n    vmov d11, r4, r4\n    adds r4, #1\n    vmov d12, r4, r4\n"
                     "    adds r4, #1\n    vmov d13, r4, r4\n    adds r4, #1\n    vmov d14, r4, r4\n    adds r4, #1\n"
                     "    vmov d15, r4, r4\n"
#endif
                     "    ldm r10, {r0-r3}\n"
                     "    ldr r4, =0xA5000000\n    adds r5, r4, #1\n    adds r6, r4, #2\n    adds r7, r4, #3\n"
                     "    add r8, r4, #4\n    add r9, r4, #5\n    add r10, r4, #6\n    add r11, r4, #7\n"
                     "    blx r12\n"
                     "    movs r0, #0\n"
                     "    ldr r1, =0xA5000000\n"
                     "    cmp r4, r1\n    it ne\n    orrne r0, r0, #1\n    adds r1, #1\n"
                     "    cmp r5, r1\n    it ne\n    orrne r0, r0, #2\n    adds r1, #1\n"
                     "    cmp r6, r1\n    it ne\n    orrne r0, r0, #4\n    adds r1, #1\n"
                     "    cmp r7, r1\n    it ne\n    orrne r0, r0, #8\n    adds r1, #1\n"
                     "    cmp r8, r1\n    it ne\n    orrne r0, r0, #16\n    adds r1, #1\n"
                     "    cmp r9, r1\n    it ne\n    orrne r0, r0, #32\n    adds r1, #1\n"
                     "    cmp r10, r1\n    it ne\n    orrne r0, r0, #64\n    adds r1, #1\n"
                     "    cmp r11, r1\n    it ne\n    orrne r0, r0, #128\n"
#if defined(__ARM_FP)
                     "    ldr r1, =0x5A000000\n    movs r2, #128\n"
                     ".irp d, d8, d9, d10, d11, d12, d13, d14, d15\n"
                     "    lsls r2, r2, #1\n    vmov r3, r4, \\d\n    cmp r3, r1\n    it ne\n    orrne r0, r0, r2\n"
                     "    cmp r4, r1\n    it ne\n    orrne r0, r0, r2\n    adds r1, #1\n"
                     ".endr\n"
#endif
                     "    ldr r1, [sp, #32]\n    cmp r1, sp\n    it ne\n    orrne r0, r0, #0x10000\n"
                     "    add sp, sp, #36\n"
#if defined(__ARM_FP)
                     "    vpop {d8-d15}\n"
#endif
                     "    pop {r4-r11, pc}\n"
                     "    .ltorg\n");
}

static __attribute__((noinline)) void run(const head *h)
{
    for (uint32_t i = 0; i < h->relocations; ++i) {
        *(uint32_t *)(void *)(memory + relocations[i]) += (uint32_t)(uintptr_t)memory;
    }
    for (uint32_t i = 0; i < h->arguments; ++i) {
        arguments[i] += (h->addresses >> i & 1u) != 0 ? (uint32_t)(uintptr_t)memory : 0;
    }
    TINYCC_MARK(0xfffe);
    changed = call(kernel_table[h->function], arguments);
    TINYCC_MARK(0xffff);
    for (uint32_t i = 0; i < h->relocations; ++i) {
        *(uint32_t *)(void *)(memory + relocations[i]) -= (uint32_t)(uintptr_t)memory;
    }
}

int board_main(void)
{
    const intptr_t calls = semihost_open("calls.bin", 0);
    const intptr_t results = semihost_open("results.bin", 1);
    head h;

    while (semihost_read(calls, &h, sizeof h) == 0) {
        if (h.arguments > ARGUMENTS || h.relocations > RELOCATIONS || h.bytes > MEMORY ||
            semihost_read(calls, arguments, 4 * h.arguments) != 0 ||
            semihost_read(calls, relocations, 4 * h.relocations) != 0 || semihost_read(calls, memory, h.bytes) != 0) {
            return EXIT_FILE;
        }
        run(&h);
        if (semihost_write(results, &changed, sizeof changed) != 0 || semihost_write(results, memory, h.bytes) != 0) {
            return EXIT_FILE;
        }
    }
    return 0;
}
