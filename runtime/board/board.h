/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the files of this folder share. They run a generated model in an emulator; nothing here goes into firmware.
 */
#ifndef TINYCC_BOARD_H
#define TINYCC_BOARD_H

#include <stdint.h>

enum { EXIT_FAULT = 70, EXIT_STATUS = 71, EXIT_FILE = 72 }; /* exit status of the emulator; 0 is success */

/* Called by the start code when memory is ready; its result is the exit status. */
int board_main(void);

/* The number of layers that are done since the inference began; a fault reports it. */
extern volatile uint32_t board_layers_done;

/* Fill the unused part of the stack with a pattern; later, the bytes below the caller's stack pointer that were used. */
void stack_paint(void);
uint32_t stack_used(void);

/* Of the start code: fills whole words of [from, stack pointer) and returns the end of what it filled. In assembly, because a C
 * function may have a frame of its own (Cortex-M55's loops take LR, so that it is pushed) and would overwrite it. */
uint32_t *stack_fill(uint32_t *from, uint32_t pattern);

#endif
