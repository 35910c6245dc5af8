/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a model on inputs of any bytes, for programs that watch it: drive KINDS RUNS, where KINDS has a letter for each input,
 * b for truth values and x for anything. All bytes 0x80, 0x7f, 0 first, then small numbers and any bytes by turns.
 *
 * The instance is from malloc, so that what is read before it is written is seen. With -DMARKED (under valgrind), inputs and
 * every layer's result count as unknown: what depends on them is reported. With -DWRITTEN (built with MemorySanitizer), outputs
 * have to be there.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tinycc_adapter.h"

#ifdef MARKED
#include <valgrind/memcheck.h>
#define UNKNOWN(place, bytes) (void)VALGRIND_MAKE_MEM_UNDEFINED(place, bytes)
#else
#define UNKNOWN(place, bytes) (void)(place)
#endif
#ifdef WRITTEN
#include <sanitizer/msan_interface.h>
#define KNOWN(place, bytes) __msan_check_mem_is_initialized(place, bytes)
#else
#define KNOWN(place, bytes) (void)(place)
#endif

static uint32_t state = 1;

static uint8_t draw(void)
{
    state = state * 1664525u + 1013904223u;
    return (uint8_t)(state >> 24);
}

static void fill(uint8_t *bytes, uint32_t count, int run, int truth)
{
    static const uint8_t same[] = {0x80, 0x7f, 0};
    for (uint32_t i = 0; i < count; i++) {
        uint8_t value = run < 3 ? same[run] : draw();
        if (run >= 3 && run % 2 == 1 && i % 4 != 0) {
            value = 0;
        }
        bytes[i] = truth ? value & 1 : run >= 3 && run % 2 == 1 ? value % 8 : value;
    }
}

#ifdef MARKED
static void mark(int layer, const void *data, uint32_t bytes)
{
    (void)layer;
    UNKNOWN(data, bytes);
}
#endif

int main(int argc, char **argv)
{
    const int runs = argc == 3 ? atoi(argv[2]) : 0;
    void *const model = malloc(tinycc_model_bytes());
    if (runs == 0 || model == NULL || tinycc_model_init(model) != 0) {
        return 2;
    }
#ifdef MARKED
    (void)tinycc_model_watch(mark);
#endif
    for (int run = 0; run < runs; run++) {
        for (int i = 0; i < tinycc_model_inputs(); i++) {
            uint8_t *const place = tinycc_model_input(model, i);
            const uint32_t bytes = tinycc_model_input_bytes(i);
            fill(place, bytes, run, argv[1][i] == 'b');
            UNKNOWN(place, bytes);
        }
        const int status = tinycc_model_invoke(model);
        if (status != 0) {
            printf("status %d\n", status);
            return 3;
        }
        for (int i = 0; i < tinycc_model_outputs(); i++) {
            KNOWN(tinycc_model_output(model, i), tinycc_model_output_bytes(i));
        }
    }
    free(model);
    return 0;
}
