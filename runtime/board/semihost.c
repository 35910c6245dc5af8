/* SPDX-License-Identifier: Apache-2.0 */
#include "semihost.h"

enum { MODE_READ_BINARY = 1, MODE_WRITE = 4, MODE_WRITE_BINARY = 5 };

#define APPLICATION_EXIT 0x20026L /* where intptr_t has 16 bits, the host asks for none */

static intptr_t length(const char *text)
{
    intptr_t count = 0;
    while (text[count] != '\0') {
        ++count;
    }
    return count;
}

static intptr_t open_mode(const char *path, intptr_t mode)
{
    intptr_t block[3] = {(intptr_t)path, mode, length(path)};
    return semihost_call(SEMIHOST_OPEN, block);
}

intptr_t semihost_open(const char *path, int writing)
{
    return open_mode(path, writing ? MODE_WRITE_BINARY : MODE_READ_BINARY);
}

int semihost_read(intptr_t handle, void *data, uint32_t bytes)
{
    intptr_t block[3] = {handle, (intptr_t)data, (intptr_t)bytes};
    return bytes != 0 && semihost_call(SEMIHOST_READ, block) != 0;
}

int semihost_write(intptr_t handle, const void *data, uint32_t bytes)
{
    intptr_t block[3] = {handle, (intptr_t)data, (intptr_t)bytes};
    return bytes != 0 && semihost_call(SEMIHOST_WRITE, block) != 0;
}

static void print(const char *text, intptr_t count)
{
    static intptr_t console = -1;
    if (console < 0) {
        console = open_mode(":tt", MODE_WRITE);
    }
    (void)semihost_write(console, text, (uint32_t)count);
}

void semihost_text(const char *text)
{
    print(text, length(text));
}

void semihost_character(char character)
{
    print(&character, 1);
}

void semihost_number(const char *name, uint32_t value)
{
    char digits[8];
    for (int i = 7; i >= 0; --i) {
        digits[i] = "0123456789abcdef"[value & 15u];
        value >>= 4;
    }
    semihost_text(" ");
    semihost_text(name);
    semihost_text("=");
    print(digits, 8);
}

void semihost_exit(int code)
{
    intptr_t block[2] = {(intptr_t)APPLICATION_EXIT, code};
    for (;;) {
        (void)semihost_call(SEMIHOST_EXIT_EXTENDED, block);
    }
}
