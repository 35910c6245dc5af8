# SPDX-License-Identifier: Apache-2.0
"""Exact counts of executed instructions, per layer: by a QEMU plugin that is built on this machine, or by simavr.

The marks are addresses: the model's first instruction, the end of each layer, and where the model returns to. They are no
instructions, so that what is counted is what runs on a board. Equal programs and inputs give equal counts.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from tinycc.device.build import Firmware
from tinycc.device.elf import Elf
from tinycc.device.host_built import build_plugin
from tinycc.device.run import COUNTS, BoardRun, emulator_of, run
from tinycc.execution.inputs import InputSet
from tinycc.target import SIMAVR, CycleModel

ENTER, LEAVE = 0xFFFE, 0xFFFF
"""Numbers of the marks around an inference; layers have theirs. As in plugin/count.c and runtime/board/main.c."""
_DYNAMIC = ("words", "pairs", "taken")


@dataclass(frozen=True)
class Count:
    """Executed instructions by class (plugin/classify.h), and what a cycle estimate needs besides: `words` moved by the class
    `multiple`, `pairs` of adjacent loads, `taken` branches. `counted_cycles`: as the emulator counts them, if it does."""

    classes: Mapping[str, int]
    words: int = 0
    pairs: int = 0
    taken: int = 0
    counted_cycles: int = 0

    @property
    def instructions(self) -> int:
        return sum(self.classes.values())

    def cycles(self, model: CycleModel) -> int:
        """Counted, or else an estimate."""
        return self.counted_cycles or model.cycles(self.classes, words=self.words, pairs=self.pairs, taken=self.taken)

    def __add__(self, other: Count) -> Count:
        names = dict.fromkeys((*self.classes, *other.classes))
        classes = {name: self.classes.get(name, 0) + other.classes.get(name, 0) for name in names}
        cycles = self.counted_cycles + other.counted_cycles
        return Count(classes, self.words + other.words, self.pairs + other.pairs, self.taken + other.taken, cycles)


@dataclass(frozen=True)
class Counts:
    """One inference: a Count per layer (in the order of `Program.results`), and what follows the last."""

    layers: tuple[Count, ...]
    rest: Count

    @property
    def total(self) -> Count:
        return sum(self.layers, self.rest)


def count(firmware: Firmware, item: InputSet, layers: int, *, seconds: float | None = None) -> tuple[BoardRun, Counts]:
    """Run one inference and count it. The firmware is `marked`; `layers` is how many the program has."""
    marks = "".join(f"{number:x} {address:x}\n" for number, address in _marks(firmware))
    (firmware.folder / "marks.txt").write_text(marks, encoding="ascii")
    emulator = emulator_of(firmware)
    options: tuple[str, ...] = ("marks.txt", COUNTS)
    if emulator.name != SIMAVR:
        options = ("-plugin", f"file={build_plugin(emulator.version)},marks=marks.txt,out={COUNTS}")
    ran = run(firmware, [item], seconds=seconds, options=options)
    regions = _read((firmware.folder / COUNTS).read_text(encoding="ascii"))
    found = tuple(regions.get(number, Count({})) for number in range(layers))
    return ran, Counts(found, regions[LEAVE])


def _marks(firmware: Firmware) -> list[tuple[int, int]]:
    """(number, address) of every mark in the program."""
    elf = Elf(firmware.elf)
    entry = elf.symbols[f"{firmware.compilation.name}_{firmware.compilation.program.entry}"]
    recorded = struct.iter_unpack("<II", elf.content(".tinycc_marks"))
    thumb = 0 if elf.arm_architecture is None else 1
    return [(number, address & ~thumb) for number, address in ((ENTER, entry), *recorded)]


def _read(text: str) -> dict[int, Count]:
    """The plugin's lines: region number -> Count. A layer that runs row by row has a line for each of its turns."""
    regions: dict[int, Count] = {}
    for line in text.splitlines():
        number, *pairs = line.split()
        values = {name: int(value) for name, _, value in (pair.partition("=") for pair in pairs)}
        dynamic = {name: values.pop(name) for name in _DYNAMIC}
        cycles = values.pop("cycles", 0)
        found = Count({name: value for name, value in values.items() if value}, **dynamic, counted_cycles=cycles)
        regions[int(number, 16)] = regions.get(int(number, 16), Count({})) + found
    return regions
