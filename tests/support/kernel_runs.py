# SPDX-License-Identifier: Apache-2.0
"""Calls single kernels on this machine (their C, through cffi) and on an emulated Cortex-M (assembly where there is some).

An argument is a number, an array (input, output or scratch alike), a list of arrays (a C array of pointers), or a struct as
(type name, fields), whose fields are the same again. After a run every array has what the kernel made of it. Nothing else may
change, read-only arrays included: all stand between guard bytes, and on the board the callee-saved registers are watched.
"""

from __future__ import annotations

import re
import struct
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import cffi
import numpy as np
from conftest import ROOT

from tinycc.codegen.templates import render
from tinycc.device.elf import Elf
from tinycc.device.host_built import build_plugin
from tinycc.device.toolchains import FLAGS, find_compiler, find_emulator
from tinycc.target import TARGETS

RUNTIME = ROOT / "runtime"
STRICT = "-pedantic -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wvla -Wstrict-prototypes -Werror".split()
GUARD = 32
FILL = 0xA5
Struct = tuple[str, dict[str, Any]]


def declarations(header: Path) -> str:
    """A header without what cffi cannot read."""
    text = re.sub(r"/\*.*?\*/", "", header.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"#ifdef __cplusplus.*?#endif", "", text, flags=re.DOTALL)
    text = re.sub(r"^static inline .*?^\}", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)


def headers_of(header: Path) -> Iterator[Path]:
    """The header and those of its folder that it includes, dependencies first."""
    for name in re.findall(r'^#include "([\w.]+)"', header.read_text(encoding="utf-8"), flags=re.MULTILINE):
        yield from headers_of(header.parent / name)
    yield header


@dataclass(frozen=True)
class Call:
    symbol: str
    arguments: tuple[Any, ...]

    @property
    def arrays(self) -> tuple[np.ndarray, ...]:
        """All arrays, in the order in which they are met."""

        def walk(item: Any) -> Iterator[np.ndarray]:
            if isinstance(item, np.ndarray):
                yield item
            elif isinstance(item, list):
                for entry in item:
                    yield from walk(entry)
            elif isinstance(item, tuple):
                for entry in item[1].values():
                    yield from walk(entry)

        found: dict[int, np.ndarray] = {}
        for argument in self.arguments:
            found.update({id(array): array for array in walk(argument)})
        return tuple(found.values())


class Folder:
    """The kernels of one folder of the runtime."""

    def __init__(self, path: Path, symbols: Sequence[str]) -> None:
        self.path, self.symbols = path, tuple(symbols)

    @cached_property
    def ffi(self) -> cffi.FFI:
        ffi = cffi.FFI()
        seen: set[Path] = set()
        for symbol in self.symbols:
            for header in headers_of(self.path / f"{symbol}.h"):
                if header not in seen:
                    seen.add(header)
                    ffi.cdef(declarations(header))
        return ffi


class Host:
    """The C on this machine, under the address and undefined behaviour sanitizers' rules where they are asked for."""

    def __init__(self, folder: Folder, place: Path, flags: Sequence[str] = ()) -> None:
        self._ffi = folder.ffi
        library = place / "kernels.so"
        sources = sorted(map(str, folder.path.glob("tk_*.c")))
        command = ["gcc", "-std=c99", "-O2", *STRICT, *flags, "-shared", "-fPIC", "-o", str(library), *sources]
        subprocess.run(command, check=True)
        self._library = self._ffi.dlopen(str(library))

    def run(self, call: Call) -> None:
        guarded = {id(array): _guarded(array) for array in call.arrays}
        keep: list[Any] = []
        getattr(self._library, call.symbol)(*[self._argument(argument, guarded, keep) for argument in call.arguments])
        for array in call.arrays:
            whole, inner = guarded[id(array)]
            assert (whole[:GUARD] == FILL).all(), "written before an array"
            assert (whole[GUARD + array.nbytes :] == FILL).all(), "written behind an array"
            _store(array, inner)

    def _argument(self, item: Any, guarded: dict[int, tuple[np.ndarray, np.ndarray]], keep: list[Any]) -> Any:
        if isinstance(item, np.ndarray):
            return self._ffi.cast("void *", self._ffi.from_buffer(guarded[id(item)][1]))
        if isinstance(item, list):
            keep.append(self._ffi.new("void *[]", [self._argument(entry, guarded, keep) for entry in item]))
            return self._ffi.cast("void *", keep[-1])
        if isinstance(item, tuple):
            keep.append(self._ffi.new(f"{item[0]} *", self._fields(item[1], guarded, keep)))
            return keep[-1]
        return self._ffi.NULL if item is None else item

    def _fields(self, fields: dict[str, Any], guarded: dict[int, tuple[np.ndarray, np.ndarray]], keep: list[Any]) -> Any:
        return {
            name: self._fields(item[1], guarded, keep) if isinstance(item, tuple) else self._argument(item, guarded, keep)
            for name, item in fields.items()
        }


def _store(array: np.ndarray, content: np.ndarray) -> None:
    """Take over what the kernel left in an array. One that is read-only must be as it was."""
    found = content.view(array.dtype).reshape(array.shape)
    if array.flags.writeable:
        array[...] = found
    else:
        assert array.tobytes() == found.tobytes(), "an input was changed"


def _guarded(array: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(bytes with guards around them, the bytes between), 16-aligned as the arrays of a board are."""
    whole = np.full(array.nbytes + 2 * GUARD, FILL, np.uint8)
    whole[GUARD : GUARD + array.nbytes] = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    return whole, whole[GUARD : GUARD + array.nbytes]


class Image:
    """The memory of a call on the board, as bytes and where they hold addresses."""

    def __init__(self, ffi: cffi.FFI, call: Call) -> None:
        self._ffi, self.data, self.relocations = ffi, bytearray([FILL] * GUARD), list[int]()
        self.places: dict[int, int] = {}
        self.arguments = [self._argument(argument) for argument in call.arguments]

    def add(self, content: bytes, align: int = 16) -> int:
        """Where the content lies, with guards behind it."""
        self.data += bytes([FILL] * (-len(self.data) % align))
        place = len(self.data)
        self.data += content + bytes([FILL] * GUARD)
        return place

    def _argument(self, item: Any) -> tuple[int, bool]:
        """(value, whether it is an address)."""
        if isinstance(item, np.ndarray):
            if id(item) not in self.places:
                self.places[id(item)] = self.add(np.ascontiguousarray(item).tobytes())
            return self.places[id(item)], True
        if isinstance(item, list):
            return self._words([self._argument(entry) for entry in item]), True
        if isinstance(item, tuple):
            return self._words(self._fields(self._ffi.typeof(item[0]), item[1])), True
        if isinstance(item, float):
            return struct.unpack("<i", struct.pack("<f", item))[0], False
        return (0 if item is None else int(item)), False

    def _fields(self, ctype: Any, fields: dict[str, Any]) -> list[tuple[int, bool]]:
        """Every field is a word, or a struct of such."""
        words: list[tuple[int, bool]] = []
        for name, field in ctype.fields:
            item = fields.get(name, 0)
            words += self._fields(field.type, item[1]) if isinstance(item, tuple) else [self._argument(item)]
        return words

    def _words(self, words: list[tuple[int, bool]]) -> int:
        place = self.add(b"".join(struct.pack("<i" if value < 0 else "<I", value) for value, _ in words), 4)
        self.relocations += [place + 4 * index for index, (_, address) in enumerate(words) if address]
        return place

    def content(self, function: int) -> bytes:
        self.data += bytes(-len(self.data) % 4)
        addresses = sum(address << index for index, (_, address) in enumerate(self.arguments))
        head = struct.pack("<5I", function, len(self.arguments), addresses, len(self.relocations), len(self.data))
        words = [value & 0xFFFFFFFF for value, _ in self.arguments] + self.relocations
        return head + struct.pack(f"<{len(words)}I", *words) + bytes(self.data)


class Board:
    """The kernels on an emulated board. `assembly`: with the sources in assembly, where there are some."""

    def __init__(self, folder: Folder, place: Path, target: str, *, assembly: bool = True) -> None:
        self._folder, self._place, self._target = folder, place, TARGETS[target]
        self._board = self._target.boards[0]
        (place / "kernel_table.c").write_text(_table(folder), encoding="utf-8")
        script = render(
            "board.ld.j2",
            machine=self._board.machine,
            vectors=self._board.vectors,
            flash=self._board.flash,
            ram=self._board.ram,
            stack_bytes=self._board.stack_bytes,
            model="model",
            weights=[],
        )
        (place / "program.ld").write_text(script, encoding="utf-8")
        toolchain = find_compiler(self._target)
        kernels = [*folder.path.glob("tk_*.c"), *(folder.path.glob("tk_*.S") if assembly else ())]
        board = [RUNTIME / "board" / name for name in ("semihost.c", "start_arm.c")]
        sources = [*kernels, *board, ROOT / "tests" / "support" / "kernel_board.c", place / "kernel_table.c"]
        flags = [*FLAGS, "-DTINYCC_MARKS", f"-I{folder.path}", f"-I{RUNTIME / 'board'}"]
        flags += [] if assembly else ["-DTK_MVE_ASSEMBLY=0"]
        link = ["-T", "program.ld", "-Wl,--gc-sections", *toolchain.link]
        command = [*toolchain.command, *flags, *map(str, sources), *link, "-o", "program.elf"]
        subprocess.run(command, cwd=place, check=True)

    def run(self, calls: Sequence[Call]) -> list[int]:
        """Run all calls; the instructions that each took, those of the caller's few included."""
        images = [Image(self._folder.ffi, call) for call in calls]
        content = b"".join(
            image.content(self._folder.symbols.index(call.symbol)) for image, call in zip(images, calls, strict=True)
        )
        (self._place / "calls.bin").write_bytes(content)
        counts = self._emulate()
        results = (self._place / "results.bin").read_bytes()
        at = 0
        for image, call in zip(images, calls, strict=True):
            (changed,) = struct.unpack_from("<I", results, at)
            after = np.frombuffer(results, np.uint8, len(image.data), at + 4)
            at += 4 + len(image.data)
            assert changed == 0, f"{call.symbol} changes callee-saved registers: {changed:x}"
            self._take(image, call, after)
        return counts

    def _emulate(self) -> list[int]:
        elf = Elf(self._place / "program.elf")
        marks = struct.iter_unpack("<II", elf.content(".tinycc_marks"))
        text = "".join(f"{number:x} {address & ~1:x}\n" for number, address in marks)
        (self._place / "marks.txt").write_text(text, encoding="ascii")
        tool = find_emulator(self._target)
        assert tool is not None
        options = ["-plugin", f"file={build_plugin(tool.version)},marks=marks.txt,out=counts.txt"]
        command = [tool.path, "-M", self._board.machine, "-display", "none", "-monitor", "none", "-serial", "none"]
        command += ["-semihosting-config", "enable=on,target=native", "-kernel", "program.elf", *options]
        result = subprocess.run(command, cwd=self._place, capture_output=True, timeout=400, check=False)
        assert result.returncode == 0, result.stdout.decode() + result.stderr.decode()
        return [_instructions(line) for line in (self._place / "counts.txt").read_text(encoding="ascii").splitlines()]

    @staticmethod
    def _take(image: Image, call: Call, after: np.ndarray) -> None:
        """Copy the arrays out; everything else is as it was."""
        before = np.frombuffer(bytes(image.data), np.uint8)
        other = np.ones(len(before), bool)
        for array in call.arrays:
            place = image.places[id(array)]
            other[place : place + array.nbytes] = False
            _store(array, after[place : place + array.nbytes])
        assert (before == after)[other].all(), f"{call.symbol} writes where it must not"


def _instructions(line: str) -> int:
    counted = {name: int(value) for name, _, value in (pair.partition("=") for pair in line.split()[1:])}
    return sum(value for name, value in counted.items() if name not in ("words", "pairs", "taken"))


def _table(folder: Folder) -> str:
    externs = "".join(f"extern void {symbol}(void);\n" for symbol in folder.symbols)
    entries = ", ".join(f"(uintptr_t){symbol}" for symbol in folder.symbols)
    return f"#include <stdint.h>\n{externs}const uintptr_t kernel_table[] = {{{entries}}};\n"
