/* SPDX-License-Identifier: Apache-2.0 */
/* For compilers without a C library: what the compiler's own support library has. */
#ifndef TINYCC_BOARD_STRING_H
#define TINYCC_BOARD_STRING_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);
int memcmp(const void *left, const void *right, size_t bytes);

#endif
