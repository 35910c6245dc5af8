/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A model under libFuzzer: bytes become the inputs of as many inferences as they are for, at most three, with zeros behind them.
 * BOOLS has a digit for each input, 1 for truth values.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "tinycc_adapter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char bools[] = BOOLS;
    void *const model = malloc(tinycc_model_bytes());
    size_t at = 0;
    if (model == NULL || tinycc_model_init(model) != 0) {
        abort();
    }
    for (int run = 0; run < 3 && (run == 0 || at < size); run++) {
        for (int i = 0; i < tinycc_model_inputs(); i++) {
            uint8_t *const place = tinycc_model_input(model, i);
            for (uint32_t byte = 0; byte < tinycc_model_input_bytes(i); byte++) {
                const uint8_t value = at < size ? data[at++] : 0;
                place[byte] = bools[i] == '1' ? value & 1 : value;
            }
        }
        if (tinycc_model_invoke(model) != 0) {
            abort();
        }
    }
    free(model);
    return 0;
}
