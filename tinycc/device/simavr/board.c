/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Runs a program on an AVR of libsimavr, with files of the host, and counts its instructions and cycles:
 *
 *     board MCU END_OF_RAM flash.bin [marks.txt counts.txt]
 *
 * MCU's data memory reaches to END_OF_RAM, hexadecimal. flash.bin is what its flash holds from address 0 on. The program calls as
 * runtime/board/start_avr.c does. marks.txt and counts.txt are those of ../plugin/count.c: a line for every region, with the
 * instructions that it took and the cycles as simavr counts them. The exit status is the program's; 70 and a line FAULT if the
 * core stopped.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <simavr/sim_avr.h>
#include <simavr/sim_io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GPIOR0 = 0x3e, GPIOR1 = 0x4a, GPIOR2 = 0x4b };
enum { OPEN = 1, WRITE = 5, READ = 6, EXIT_EXTENDED = 0x20, STARTED = 0x30, WRITE_BINARY = 5 };
enum { ENTER = 0xfffe, LEAVE = 0xffff, MARKS = 8192, EXIT_FAULT = 70, EXIT_USAGE = 2 };

typedef struct {
    uint32_t address;
    unsigned long number;
} mark;

static int ended = -1, starts;
static mark marks[MARKS];
static size_t mark_count;
static uint8_t *marked; /* by the word of flash */
static int counting;
static uint64_t instructions, cycles_before;
static FILE *counts;

static uint16_t word(const avr_t *avr, uint32_t address)
{
    return address < avr->ramend ? (uint16_t)(avr->data[address] | avr->data[address + 1] << 8) : 0;
}

static int open_file(const avr_t *avr, uint32_t path, uint32_t mode)
{
    if (memchr(avr->data + path, 0, avr->ramend + 1u - path) == NULL) return -1;
    const char *name = (const char *)avr->data + path;
    if (name[0] == ':') return STDOUT_FILENO;
    return mode == WRITE_BINARY ? open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644) : open(name, O_RDONLY);
}

/* The number of bytes that were not moved. */
static long move(avr_t *avr, int operation, int handle, uint32_t address, uint32_t bytes)
{
    if (address + bytes > avr->ramend + 1u) return bytes;
    long done = 0;
    while (done < (long)bytes) {
        uint8_t *at = avr->data + address + done;
        const long moved = operation == READ ? read(handle, at, bytes - done) : write(handle, at, bytes - done);
        if (moved <= 0) break;
        done += moved;
    }
    return bytes - done;
}

static void on_call(avr_t *avr, avr_io_addr_t register_address, uint8_t operation, void *unused)
{
    const uint32_t block = avr->data[GPIOR1] | (uint32_t)avr->data[GPIOR2] << 8;
    const uint16_t a = word(avr, block), b = word(avr, block + 2), c = word(avr, block + 4);
    long answer = -1;
    if (operation == STARTED && ++starts > 1) {
        dprintf(STDOUT_FILENO, "\nFAULT layers=00000000 pc=00000000\n");
        ended = EXIT_FAULT;
    }
    (void)register_address;
    (void)unused;
    if (operation == OPEN) answer = open_file(avr, a, b);
    if (operation == READ || operation == WRITE) answer = move(avr, operation, (int16_t)a, b, c);
    if (operation == EXIT_EXTENDED) ended = b;
    avr->data[GPIOR1] = (uint8_t)answer;
    avr->data[GPIOR2] = (uint8_t)(answer >> 8);
}

static void on_mark(const avr_t *avr)
{
    for (size_t i = 0; i < mark_count; ++i) {
        if (marks[i].address != avr->pc) continue;
        if (marks[i].number == ENTER) {
            counting = 1;
        } else if (counting) {
            fprintf(counts, "%lx instructions=%" PRIu64 " cycles=%" PRIu64 " words=0 pairs=0 taken=0\n", marks[i].number,
                    instructions, (uint64_t)avr->cycle - cycles_before);
            fflush(counts);
            counting = marks[i].number != LEAVE;
        }
        instructions = 0;
        cycles_before = avr->cycle;
    }
}

static int read_marks(const char *path, uint32_t flash_bytes)
{
    FILE *file = fopen(path, "r");
    marked = calloc(flash_bytes / 2 + 1, 1);
    if (file == NULL || marked == NULL) return -1;
    while (mark_count < MARKS && fscanf(file, "%lx %" SCNx32, &marks[mark_count].number, &marks[mark_count].address) == 2) {
        if (marks[mark_count].address < flash_bytes) marked[marks[mark_count].address / 2] = 1;
        mark_count++;
    }
    return fclose(file);
}

static int load(avr_t *avr, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) return -1;
    (void)!fread(avr->flash, 1, avr->flashend + 1u, file);
    avr->codeend = avr->flashend;
    return fclose(file);
}

static void quiet(avr_t *avr, const int level, const char *format, va_list arguments)
{
    (void)avr;
    if (level <= LOG_ERROR) vfprintf(stderr, format, arguments);
}

int main(int count, char **arguments)
{
    avr_global_logger_set(quiet);
    avr_t *avr = count == 4 || count == 6 ? avr_make_mcu_by_name(arguments[1]) : NULL;
    if (avr == NULL) return EXIT_USAGE;
    avr->ramend = (uint16_t)strtoul(arguments[2], NULL, 16);
    avr_init(avr);
    if (load(avr, arguments[3]) != 0) return EXIT_USAGE;
    if (count == 6) {
        counts = fopen(arguments[5], "w");
        if (counts == NULL || read_marks(arguments[4], avr->flashend + 1u) != 0) return EXIT_USAGE;
        avr->run_cycle_limit = 1; /* an instruction at a time */
        avr->run_cycle_count = 1;
    }
    avr_register_io_write(avr, GPIOR0, on_call, NULL);
    int state = cpu_Running;
    while (ended < 0 && state != cpu_Done && state != cpu_Crashed) {
        if (marked != NULL) {
            if (marked[avr->pc / 2]) on_mark(avr);
            instructions++;
        }
        state = avr_run(avr);
    }
    if (ended < 0) {
        const char text[] = "\nFAULT layers=00000000 pc=%08" PRIx32 "\n";
        dprintf(STDOUT_FILENO, text, (uint32_t)avr->pc);
        return EXIT_FAULT;
    }
    return ended;
}
