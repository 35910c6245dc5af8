/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Marks for counting: TINYCC_MARK(number) records its own address in the section .tinycc_marks, which is not loaded. It is no
 * instruction, so that what is counted is what runs without it.
 */
#ifndef TINYCC_MARK_H
#define TINYCC_MARK_H

#if defined(TINYCC_MARKS)
#define TINYCC_MARK(number)                                                                                             \
    __asm__ volatile(".pushsection .tinycc_marks, \"\", %%progbits\n .4byte " #number ", 7f\n .popsection\n7:" ::: "memory")
#else
#define TINYCC_MARK(number) ((void)0)
#endif

#endif
