/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes what comes in: seven numbers of 32 bits (coding, bytes of the stream and of the table, step, longest, units, size of a
 * unit), stream, table; again and again. Every array lies in memory of exactly its size, for a sanitizer to watch. */
#include <stdio.h>
#include <stdlib.h>

#include "tk_next_huffman_s8.h"
#include "tk_next_mask_s8.h"
#include "tk_next_palette2_s8.h"
#include "tk_next_palette4_s8.h"
#include "tk_next_widths_s8.h"

static void *filled(int32_t bytes)
{
    void *const memory = malloc((size_t)bytes);

    if (memory == NULL || fread(memory, 1, (size_t)bytes, stdin) != (size_t)bytes) {
        exit(2);
    }
    return memory;
}

int main(void)
{
    static tk_next_weights *const next[] = {tk_next_mask_s8, tk_next_palette2_s8, tk_next_palette4_s8, tk_next_widths_s8,
                                            tk_next_huffman_s8};
    int32_t n[7];

    while (fread(n, sizeof n[0], 7, stdin) == 7) {
        uint8_t *const stream = filled(n[1]);
        uint8_t *const table = filled(n[2]);
        uint16_t *const lookup = malloc(sizeof *lookup << n[4]);
        int8_t *const out = malloc((size_t)(n[5] * n[6]));
        const tk_coded_weights coded = {next[n[0]], stream, n[1], table, n[2], n[3], n[4]};
        tk_weight_reader reader = tk_open_weights(&coded, lookup);

        tk_next_units(&reader, n[5], n[6], out);
        fwrite(out, 1, (size_t)(n[5] * n[6]), stdout);
        free(stream);
        free(table);
        free(lookup);
        free(out);
    }
    return 0;
}
