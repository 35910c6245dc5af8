# SPDX-License-Identifier: Apache-2.0
"""Exact counts of executed instructions, per layer, by a QEMU plugin that is built on this machine.

The marks are addresses: the model's first instruction, the end of each layer, and where the model returns to. They are no
instructions, so that what is counted is what runs on a board. Equal programs and inputs give equal counts.
"""

from __future__ import annotations

import hashlib
import os
import struct
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tinycc.device.build import Firmware
from tinycc.device.elf import Elf
from tinycc.device.run import COUNTS, BoardRun, find_qemu, run
from tinycc.device.toolchains import Tool
from tinycc.errors import fail
from tinycc.execution.host import find_compiler as find_host_compiler
from tinycc.execution.inputs import InputSet
from tinycc.target import CycleModel

ENTER, LEAVE = 0xFFFE, 0xFFFF
"""Numbers of the marks around an inference; layers have theirs. As in plugin/count.c and runtime/board/main.c."""
_DYNAMIC = ("words", "pairs", "taken")
_SOURCES = Path(__file__).parent / "plugin"


@dataclass(frozen=True)
class Count:
    """Executed instructions by class (plugin/classify.h), and what a cycle estimate needs besides: `words` moved by the class
    `multiple`, `pairs` of adjacent loads, `taken` branches."""

    classes: Mapping[str, int]
    words: int = 0
    pairs: int = 0
    taken: int = 0

    @property
    def instructions(self) -> int:
        return sum(self.classes.values())

    def cycles(self, model: CycleModel) -> int:
        """An estimate."""
        return model.cycles(self.classes, words=self.words, pairs=self.pairs, taken=self.taken)

    def __add__(self, other: Count) -> Count:
        names = dict.fromkeys((*self.classes, *other.classes))
        classes = {name: self.classes.get(name, 0) + other.classes.get(name, 0) for name in names}
        return Count(classes, self.words + other.words, self.pairs + other.pairs, self.taken + other.taken)


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
    plugin = build_plugin(find_qemu(firmware))
    ran = run(firmware, [item], seconds=seconds, options=("-plugin", f"file={plugin},marks=marks.txt,out={COUNTS}"))
    regions = _read((firmware.folder / COUNTS).read_text(encoding="ascii"))
    found = tuple(regions.get(number, Count({})) for number in range(layers))
    return ran, Counts(found, regions[LEAVE])


def _marks(firmware: Firmware) -> list[tuple[int, int]]:
    """(number, address) of every mark in the program."""
    elf = Elf(firmware.elf)
    entry = elf.symbols[f"{firmware.compilation.name}_{firmware.compilation.program.entry}"] & ~1
    recorded = struct.iter_unpack("<II", elf.content(".tinycc_marks"))
    return [(ENTER, entry), *((number, address & ~1) for number, address in recorded)]


def _read(text: str) -> dict[int, Count]:
    """The plugin's lines: region number -> Count. A layer that runs row by row has a line for each of its turns."""
    regions: dict[int, Count] = {}
    for line in text.splitlines():
        number, *pairs = line.split()
        values = {name: int(value) for name, _, value in (pair.partition("=") for pair in pairs)}
        dynamic = {name: values.pop(name) for name in _DYNAMIC}
        found = Count({name: value for name, value in values.items() if value}, **dynamic)
        regions[int(number, 16)] = regions.get(int(number, 16), Count({})) + found
    return regions


def build_plugin(emulator: Tool) -> Path:
    """The plugin for an emulator: built once, kept in the user's cache under a name that says what it was made of."""
    sources = sorted(_SOURCES.glob("*.[ch]"))
    interface = 1 if emulator.version < (9, 0) else 2 if emulator.version < (9, 1) else 3
    content = b"".join(path.read_bytes() for path in sources) + bytes([interface])
    plugin = _cache_folder() / f"count-{hashlib.sha256(content).hexdigest()[:16]}.so"
    if not plugin.exists():
        handle, temporary = tempfile.mkstemp(suffix=".so", dir=plugin.parent)
        os.close(handle)
        flags = ["-O2", "-fPIC", "-shared", f"-DPLUGIN_API={interface}"]
        command = [*find_host_compiler(), *flags, str(_SOURCES / "count.c"), "-o", temporary]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode:
            found = next(iter(result.stderr.strip().splitlines()), "no message")
            raise fail("the counting plugin", found, "a host compiler that builds shared libraries")
        os.replace(temporary, plugin)
    return plugin


def _cache_folder() -> Path:
    """Where the plugin is kept: the user's cache, or a temporary folder if that cannot be written."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tinycc"
    try:
        base.mkdir(parents=True, exist_ok=True)
        if os.access(base, os.W_OK):
            return base
    except (OSError, RuntimeError):
        pass
    return Path(tempfile.mkdtemp(prefix="tinycc-"))
