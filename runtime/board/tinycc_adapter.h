/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A generated model under fixed names, so that one program runs any of them. Implemented by the generated tinycc_adapter.c.
 * `model` points to an instance of tinycc_model_bytes() bytes.
 */
#ifndef TINYCC_ADAPTER_H
#define TINYCC_ADAPTER_H

#include <stdint.h>

typedef void (*tinycc_watcher)(int layer, const void *data, uint32_t bytes);

uint32_t tinycc_model_bytes(void);
int tinycc_model_init(void *model);
int tinycc_model_invoke(void *model);

int tinycc_model_inputs(void);
int tinycc_model_outputs(void);
void *tinycc_model_input(void *model, int index);
const void *tinycc_model_output(const void *model, int index);
uint32_t tinycc_model_input_bytes(int index);
uint32_t tinycc_model_output_bytes(int index);

/* An instance made by the adapter, for boards. */
void *tinycc_model_instance(void);

/* Whether the model was generated with its self-test; if so, every layer's result goes to `watcher` (NULL: to nobody). */
int tinycc_model_watch(tinycc_watcher watcher);
void tinycc_model_selftest(void (*put)(char character));

#endif
