# SPDX-License-Identifier: Apache-2.0
"""Flash and RAM of a linked program, split by the sections that the linker script made for the purpose.

The emulated board's own code and data are left out: what is counted is what a firmware gets by linking the model.
"""

from __future__ import annotations

from dataclasses import dataclass

from tinycc.device.build import Firmware
from tinycc.device.elf import Elf

OWN = {".weights", ".code", ".data", ".bss", ".copied", ".instance"}
"""Sections of the linker script; those that a user names beside them hold constants alone."""


@dataclass(frozen=True)
class Size:
    """Bytes. `weights`: weights and biases as the C holds them, and whatever has a section of the user's. `code`: the model's
    code, its kernels, what is linked of the C library, and all other constants (requantization parameters, look-up tables,
    shapes). `arena` and `static`: RAM, with the `copied` bytes of all that is constant where it lies there."""

    code: int
    weights: int
    arena: int
    static: int
    copied: int

    @property
    def flash(self) -> int:
        return self.code + self.weights

    @property
    def ram(self) -> int:
        return self.arena + self.static


def measure_size(firmware: Firmware) -> Size:
    """The sizes of a `marked` firmware, which has no self-test in it."""
    sizes = Elf(firmware.elf).sizes
    arena = firmware.compilation.report.arena_bytes
    data, weights = sizes.get(".data", 0) + sizes.get(".copied", 0), sizes.get(".weights", 0)
    weights += sum(sizes.get(name, 0) for name in firmware.compilation.options.sections.of_constants - OWN)
    copied = data + weights if firmware.target.constants_in_ram else 0
    return Size(
        code=sizes.get(".code", 0) + data,
        weights=weights,
        arena=arena,
        static=sizes[".instance"] - arena + (copied or data) + sizes.get(".bss", 0),
        copied=copied,
    )
