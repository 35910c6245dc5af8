/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A QEMU plugin: how many instructions of each class run from one mark to the next. It is built against QEMU's interface,
 * runs inside QEMU, and is a tool of measurement: nothing of it goes into generated code.
 *
 *     qemu-system-arm ... -plugin file=count.so,marks=marks.txt,out=counts.txt
 *
 * marks.txt has lines "number address", both hexadecimal; the mark `enter` (number fffe) starts counting, `leave` (ffff) ends
 * it. Every mark that is passed ends a region: a line "number class=count ... words=count pairs=count taken=count", where
 * `words` are those moved by class `multiple`, `pairs` are loads that directly follow a load, `taken` branches that were taken.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classify.h"
#include "qemu_api.h"

__attribute__((visibility("default"))) int qemu_plugin_version = PLUGIN_API;

enum { ENTER = 0xfffe, LEAVE = 0xffff, MARKS = 8192, WORDS = CLASSES, PAIRS, COUNTERS };

/* A run of instructions with one entry and one exit. */
typedef struct segment {
    uint64_t start, next;
    uint64_t executed, reported;
    uint32_t counters[COUNTERS];
    insn_class first, last;
    struct segment *previous;
} segment;

typedef struct {
    uint64_t address;
    unsigned long number;
} mark;

static mark marks[MARKS];
static size_t mark_count;
static segment *segments;
static int counting;
static insn_set set;
static uint64_t expected, taken, pairs_between;
static insn_class before_segment;
static FILE *out;

static void on_segment(unsigned int cpu, void *user)
{
    segment *s = user;
    (void)cpu;
    if (counting) {
        s->executed++;
        taken += s->start != expected;
        pairs_between += s->start == expected && s->first == LOAD && before_segment == LOAD;
        expected = s->next;
        before_segment = s->last;
    }
}

static void report(unsigned long number)
{
    uint64_t totals[COUNTERS] = {0};
    for (segment *s = segments; s != NULL; s = s->previous) {
        for (int i = 0; i < COUNTERS; ++i) totals[i] += s->counters[i] * (s->executed - s->reported);
        s->reported = s->executed;
    }
    fprintf(out, "%lx", number);
    for (int i = 0; i < CLASSES; ++i) fprintf(out, " %s=%" PRIu64, class_names[i], totals[i]);
    fprintf(out, " words=%" PRIu64 " pairs=%" PRIu64 " taken=%" PRIu64 "\n", totals[WORDS], totals[PAIRS] + pairs_between, taken);
    fflush(out);
    taken = pairs_between = 0;
}

static void on_mark(unsigned int cpu, void *user)
{
    const mark *m = user;
    (void)cpu;
    if (m->number == ENTER) {
        counting = 1;
        expected = m->address;
        before_segment = OTHER;
    } else if (counting) {
        report(m->number);
        counting = m->number != LEAVE;
    }
}

static int is_mark(uint64_t address)
{
    for (size_t i = 0; i < mark_count; ++i) {
        if (marks[i].address == address) return 1;
    }
    return 0;
}

static segment *new_segment(uint64_t start)
{
    segment *s = calloc(1, sizeof *s);
    if (s == NULL) abort();
    s->start = start;
    s->previous = segments;
    segments = s;
    return s;
}

static insn_info look(struct qemu_plugin_insn *insn)
{
#if PLUGIN_API >= 3
    uint8_t bytes[4] = {0};
    qemu_plugin_insn_data(insn, bytes, sizeof bytes);
#else
    const uint8_t *bytes = qemu_plugin_insn_data(insn);
#endif
    return classify(bytes, qemu_plugin_insn_size(insn), set);
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
    segment *s = NULL;
    (void)id;
    for (size_t i = 0, n = qemu_plugin_tb_n_insns(tb); i < n; ++i) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        const uint64_t address = qemu_plugin_insn_vaddr(insn);
        if (is_mark(address)) s = NULL;
        for (size_t k = 0; k < mark_count; ++k) {
            if (marks[k].address == address) {
                qemu_plugin_register_vcpu_insn_exec_cb(insn, on_mark, QEMU_PLUGIN_CB_NO_REGS, &marks[k]);
            }
        }
        const int fresh = s == NULL;
        if (fresh) {
            s = new_segment(address);
            qemu_plugin_register_vcpu_insn_exec_cb(insn, on_segment, QEMU_PLUGIN_CB_NO_REGS, s);
        }
        const insn_info found = look(insn);
        s->counters[found.kind]++;
        s->counters[WORDS] += found.words;
        s->counters[PAIRS] += !fresh && found.kind == LOAD && s->last == LOAD;
        s->next = address + qemu_plugin_insn_size(insn);
        if (fresh) s->first = found.kind;
        s->last = found.kind;
    }
}

static void on_exit_of_qemu(qemu_plugin_id_t id, void *user)
{
    (void)id;
    (void)user;
    fclose(out);
}

static int read_marks(const char *path)
{
    FILE *file = fopen(path, "r");
    if (file == NULL) return -1;
    while (mark_count < MARKS && fscanf(file, "%lx %" SCNx64, &marks[mark_count].number, &marks[mark_count].address) == 2) {
        mark_count++;
    }
    return fclose(file);
}

__attribute__((visibility("default"))) int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *qemu, int argc, char **argv)
{
    for (int i = 0; i < argc; ++i) {
        if (strncmp(argv[i], "marks=", 6) == 0 && read_marks(argv[i] + 6) != 0) return -1;
        if (strncmp(argv[i], "out=", 4) == 0) out = fopen(argv[i] + 4, "w");
    }
    if (out == NULL) return -1;
    set = strncmp(qemu->target_name, "riscv", 5) == 0 ? RISCV : strncmp(qemu->target_name, "xtensa", 6) == 0 ? XTENSA : THUMB;
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
    qemu_plugin_register_atexit_cb(id, on_exit_of_qemu, NULL);
    return 0;
}
