/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs many models under valgrind, with inputs that it takes for unknown. MODELS lists them: X(prefix of their functions).
 */
#include <stdint.h>
#include <stdlib.h>
#include <valgrind/memcheck.h>

#define X(prefix)                                        \
    uint32_t prefix##_bytes(void);                       \
    int prefix##_init(void *model);                      \
    int prefix##_invoke(void *model);                    \
    int prefix##_inputs(void);                           \
    void *prefix##_input(void *model, int index);        \
    uint32_t prefix##_input_bytes(int index);
MODELS
#undef X

struct functions {
    uint32_t (*bytes)(void);
    int (*init)(void *model);
    int (*invoke)(void *model);
    int (*inputs)(void);
    void *(*input)(void *model, int index);
    uint32_t (*input_bytes)(int index);
};

#define X(prefix) {prefix##_bytes, prefix##_init, prefix##_invoke, prefix##_inputs, prefix##_input, prefix##_input_bytes},
static const struct functions all[] = {MODELS};

int main(void)
{
    uint32_t state = 1;
    for (size_t number = 0; number < sizeof all / sizeof *all; number++) {
        const struct functions *const net = &all[number];
        void *const model = malloc(net->bytes() + 16u);
        if (model == NULL || net->init(model) != 0) {
            return 2;
        }
        for (int run = 0; run < 3; run++) {
            for (int i = 0; i < net->inputs(); i++) {
                uint8_t *const place = net->input(model, i);
                for (uint32_t at = 0; at < net->input_bytes(i); at++) {
                    state = state * 1664525u + 1013904223u;
                    place[at] = run == 0 ? 0 : (uint8_t)(state >> 24) & (run == 1 ? 0xffu : 1u);
                }
                (void)VALGRIND_MAKE_MEM_UNDEFINED(place, net->input_bytes(i));
            }
            (void)net->invoke(model);
        }
        free(model);
    }
    return 0;
}
