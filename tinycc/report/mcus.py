# SPDX-License-Identifier: Apache-2.0
"""Microcontrollers that many boards carry, from their data sheets: what a report holds a model against."""

from __future__ import annotations

from dataclasses import dataclass

_K = 1024


@dataclass(frozen=True)
class Mcu:
    """A part as sold. `flash_bytes`: on the chip, or on the usual module where `external`; `ram_bytes`: what one program can
    have in one piece at best. `microamperes_per_mhz` of the active core at `volts`, where the data sheet names one figure."""

    name: str
    boards: str
    core: str
    mhz: int
    flash_bytes: int
    ram_bytes: int
    external: bool = False
    microamperes_per_mhz: float | None = None
    volts: float = 3.3

    def milliseconds(self, cycles: int) -> float:
        return cycles / (self.mhz * 1000)

    def microjoules(self, cycles: int) -> float | None:
        """Of the core alone; None where the data sheet names no current."""
        if self.microamperes_per_mhz is None:
            return None
        return self.microamperes_per_mhz * self.volts * cycles / 1e6


MCUS = (
    Mcu("ATmega328P", "Arduino Uno R3, Nano", "avr", 16, 32 * _K, 2 * _K),
    Mcu("ATmega2560", "Arduino Mega 2560", "avr", 16, 256 * _K, 8 * _K),
    Mcu("SAMD21G18", "Arduino Zero, MKR", "cortex-m0plus", 48, 256 * _K, 32 * _K),
    Mcu("nRF51822", "BBC micro:bit V1", "cortex-m0", 16, 256 * _K, 16 * _K, microamperes_per_mhz=275, volts=3.0),
    Mcu("RP2040", "Raspberry Pi Pico", "cortex-m0plus", 133, 2048 * _K, 264 * _K, external=True),
    Mcu("STM32G071RB", "Nucleo-G071RB", "cortex-m0plus", 64, 128 * _K, 36 * _K, microamperes_per_mhz=100),
    Mcu("STM32F103C8", "Blue Pill", "cortex-m3", 72, 64 * _K, 20 * _K),
    Mcu("Apollo3 Blue", "SparkFun Edge, Artemis", "cortex-m4", 48, 1024 * _K, 384 * _K, microamperes_per_mhz=6),
    Mcu("nRF52840", "Arduino Nano 33 BLE Sense", "cortex-m4", 64, 1024 * _K, 256 * _K, microamperes_per_mhz=52, volts=3.0),
    Mcu("nRF52833", "BBC micro:bit V2", "cortex-m4", 64, 512 * _K, 128 * _K),
    Mcu("RA4M1", "Arduino Uno R4", "cortex-m4", 48, 256 * _K, 32 * _K),
    Mcu("STM32F411RE", "Nucleo-F411RE, Black Pill", "cortex-m4", 100, 512 * _K, 128 * _K, microamperes_per_mhz=100),
    Mcu("STM32L432KC", "Nucleo-L432KC", "cortex-m4", 80, 256 * _K, 64 * _K, microamperes_per_mhz=84),
    Mcu("STM32L4R5ZI", "Nucleo-L4R5ZI (MLPerf Tiny)", "cortex-m4", 120, 2048 * _K, 640 * _K, microamperes_per_mhz=110),
    Mcu("nRF5340", "nRF5340 DK", "cortex-m33", 128, 1024 * _K, 512 * _K),
    Mcu("RP2350", "Raspberry Pi Pico 2", "cortex-m33", 150, 4096 * _K, 520 * _K, external=True),
    Mcu("STM32U585AI", "B-U585I-IOT02A", "cortex-m33", 160, 2048 * _K, 768 * _K, microamperes_per_mhz=19.5),
    Mcu("STM32F746NG", "32F746G Discovery", "cortex-m7", 216, 1024 * _K, 320 * _K),
    Mcu("STM32H743ZI", "Nucleo-H743ZI", "cortex-m7", 480, 2048 * _K, 512 * _K),
    Mcu("i.MX RT1062", "Teensy 4.1", "cortex-m7", 600, 8192 * _K, 512 * _K, external=True),
    Mcu("STM32N657", "Nucleo-N657X0-Q", "cortex-m55", 800, 64 * 1024 * _K, 4200 * _K, external=True),
    Mcu("ESP8266", "NodeMCU, Wemos D1", "lx106", 80, 1024 * _K, 80 * _K, external=True),
    Mcu("ESP32-C3", "ESP32-C3-DevKitM", "rv32imc", 160, 4096 * _K, 400 * _K, external=True),
    Mcu("GD32VF103CB", "Longan Nano", "rv32imc", 108, 128 * _K, 32 * _K),
)
