/* SPDX-License-Identifier: Apache-2.0 */
/* What newlib's printf asks of a board, for whole programs in the emulator: text goes to the host. */
#include <stddef.h>
#include <stdint.h>

#include "board.h"
#include "semihost.h"

int main(void);
void *_sbrk(ptrdiff_t bytes);
int _write(int file, const char *text, int count);
int _read(int file, char *text, int count);
int _close(int file);
int _fstat(int file, void *status);
int _isatty(int file);
long _lseek(int file, long offset, int origin);
void _exit(int status);
int _kill(int process, int signal);
int _getpid(void);

volatile uint32_t board_layers_done;

int board_main(void)
{
    return main();
}

void *_sbrk(ptrdiff_t bytes)
{
    static union {
        char bytes[16384];
        int64_t align;
    } heap;
    static ptrdiff_t used;
    if (bytes > (ptrdiff_t)sizeof heap - used) {
        return (void *)-1;
    }
    used += bytes;
    return heap.bytes + used - bytes;
}

int _write(int file, const char *text, int count)
{
    (void)file;
    for (int i = 0; i < count; ++i) {
        semihost_character(text[i]);
    }
    return count;
}

int _read(int file, char *text, int count)
{
    (void)file, (void)text, (void)count;
    return 0;
}

int _close(int file)
{
    (void)file;
    return -1;
}

int _fstat(int file, void *status)
{
    (void)file, (void)status;
    return -1;
}

int _isatty(int file)
{
    (void)file;
    return 1;
}

long _lseek(int file, long offset, int origin)
{
    (void)file, (void)offset, (void)origin;
    return -1;
}

void _exit(int status)
{
    semihost_exit(status);
}

int _kill(int process, int signal)
{
    (void)process, (void)signal;
    return -1;
}

int _getpid(void)
{
    return 1;
}
