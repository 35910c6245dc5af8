/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_NEXT_HUFFMAN_S8_H
#define TK_NEXT_HUFFMAN_S8_H

#include "tk_weight_reader.h"

#define TK_HUFFMAN_LONGEST 10

#ifdef __cplusplus
extern "C" {
#endif

/* A canonical Huffman code of words up to `longest` bits, at most TK_HUFFMAN_LONGEST. table: how many words there are of 1, 2, ..
 * `longest` bits, a byte each, and what they stand for, in the order of the code. Words are written from their first bit on, the
 * first bit of the stream being the lowest of its first byte; units follow each other without a gap. The first unit fills `lookup`. */
tk_next_weights tk_next_huffman_s8;

#ifdef __cplusplus
}
#endif

#endif
