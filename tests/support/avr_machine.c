/* SPDX-License-Identifier: Apache-2.0 */
/* Runs an AVR program in libsimavr: an ATmega2560 with as much RAM as its 16-bit addresses reach, so that more models fit.
 * What the program writes to the register GPIOR0 is printed; it ends when it sleeps with interrupts off. Exit status: 0 then,
 * 1 if it crashed, 2 if it could not be loaded.
 */
#include <simavr/sim_avr.h>
#include <simavr/sim_elf.h>
#include <simavr/sim_io.h>
#include <stdio.h>
#include <string.h>

enum { GPIOR0 = 0x3e };

static void put(struct avr_t *avr, avr_io_addr_t address, uint8_t value, void *parameter)
{
    (void)avr;
    (void)address;
    (void)parameter;
    putchar(value);
}

int main(int count, char **arguments)
{
    elf_firmware_t firmware;
    memset(&firmware, 0, sizeof firmware);
    avr_t *avr = avr_make_mcu_by_name("atmega2560");
    if (count != 2 || avr == NULL || elf_read_firmware(arguments[1], &firmware) != 0) {
        return 2;
    }
    avr->ramend = 0xffff;
    avr_init(avr);
    avr->log = LOG_ERROR;
    avr_load_firmware(avr, &firmware);
    avr_register_io_write(avr, GPIOR0, put, NULL);
    int state = cpu_Running;
    while (state != cpu_Done && state != cpu_Crashed) {
        state = avr_run(avr);
    }
    fflush(stdout);
    return state == cpu_Done ? 0 : 1;
}
