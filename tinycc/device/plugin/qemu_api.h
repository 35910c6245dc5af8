/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The few entry points of QEMU's plugin interface that count.c uses, declared by hand because distributions do not package
 * qemu-plugin.h. PLUGIN_API is 1 for QEMU 4.2 to 8.x, 2 for 9.0, 3 from 9.1 on.
 */
#ifndef TINYCC_QEMU_API_H
#define TINYCC_QEMU_API_H

#include <stddef.h>
#include <stdint.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;

typedef struct {
    const char *target_name; /* further members are not used */
} qemu_info_t;

enum { QEMU_PLUGIN_CB_NO_REGS };

typedef void (*translation_callback)(qemu_plugin_id_t id, struct qemu_plugin_tb *tb);
typedef void (*execution_callback)(unsigned int cpu, void *user);
typedef void (*exit_callback)(qemu_plugin_id_t id, void *user);

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, translation_callback callback);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
#if PLUGIN_API >= 3
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *data, size_t bytes);
#else
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
#endif
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, execution_callback callback, int flags, void *user);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, exit_callback callback, void *user);

#endif
