/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Runs a generated model over input sets that lie in a file of the host. Per set, inputs.bin has a word (1: initialise the
 * instance first) and the inputs' bytes; the outputs' bytes go to outputs.bin, the layers' to layers.bin if they are watched.
 */
#include "board.h"
#include "mark.h"
#include "semihost.h"
#include "tinycc_adapter.h"

volatile uint32_t board_layers_done;

static intptr_t layers = -1;

static void on_layer(int layer, const void *data, uint32_t bytes)
{
    if (layers >= 0 && semihost_write(layers, data, bytes) != 0) {
        semihost_exit(EXIT_FILE);
    }
    board_layers_done = (uint32_t)layer + 1u;
    semihost_number("layer", (uint32_t)layer); /* where a hang is, is what was printed last */
}

static void invoke(void *model)
{
    board_layers_done = 0;
    stack_paint();
    const int status = tinycc_model_invoke(model);
    TINYCC_MARK(0xffff); /* where the model's last instruction returns to */
    if (status != 0) {
        semihost_text("\nSTATUS");
        semihost_number("value", (uint32_t)status);
        semihost_exit(EXIT_STATUS);
    }
}

int board_main(void)
{
    void *const model = tinycc_model_instance();
    const intptr_t inputs = semihost_open("inputs.bin", 0);
    const intptr_t outputs = semihost_open("outputs.bin", 1);
    uint32_t fresh = 0;
    uint32_t stack = 0;
    if (tinycc_model_watch(on_layer)) {
        tinycc_model_selftest(semihost_character);
        layers = semihost_open("layers.bin", 1);
    }
    while (semihost_read(inputs, &fresh, sizeof fresh) == 0) {
        if (fresh != 0 && tinycc_model_init(model) != 0) {
            return EXIT_STATUS;
        }
        for (int i = 0; i < tinycc_model_inputs(); ++i) {
            if (semihost_read(inputs, tinycc_model_input(model, i), tinycc_model_input_bytes(i)) != 0) {
                return EXIT_FILE;
            }
        }
        invoke(model);
        stack = stack_used() > stack ? stack_used() : stack;
        for (int i = 0; i < tinycc_model_outputs(); ++i) {
            if (semihost_write(outputs, tinycc_model_output(model, i), tinycc_model_output_bytes(i)) != 0) {
                return EXIT_FILE;
            }
        }
    }
    semihost_text("\nDONE");
    semihost_number("stack", stack);
    semihost_text("\n");
    return 0;
}
