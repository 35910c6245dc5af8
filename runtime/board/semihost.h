/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Semihosting, for emulators: text and files of the host. Arm M-profile and RISC-V share call numbers and argument blocks
 * ("Semihosting for AArch32 and AArch64", Arm; "RISC-V Semihosting", RISC-V International).
 */
#ifndef TINYCC_BOARD_SEMIHOST_H
#define TINYCC_BOARD_SEMIHOST_H

#include <stdint.h>

typedef enum {
    SEMIHOST_OPEN = 0x01,
    SEMIHOST_CLOSE = 0x02,
    SEMIHOST_WRITE = 0x05,
    SEMIHOST_READ = 0x06,
    SEMIHOST_EXIT_EXTENDED = 0x20
} semihost_operation;

/* The trap into the host: in the start code. Returns what the host answers. */
intptr_t semihost_call(semihost_operation operation, intptr_t *block);

/* A host file, opened for reading or made anew for writing, binary. Returns a handle, negative on failure. */
intptr_t semihost_open(const char *path, int writing);
/* Both return 0 if all `bytes` were moved. */
int semihost_read(intptr_t handle, void *data, uint32_t bytes);
int semihost_write(intptr_t handle, const void *data, uint32_t bytes);

/* Text on the host's standard output. A number follows its name: " name=0000002a". */
void semihost_text(const char *text);
void semihost_character(char character);
void semihost_number(const char *name, uint32_t value);

/* End the emulator; `code` is its exit status. */
void semihost_exit(int code) __attribute__((noreturn));

#endif
