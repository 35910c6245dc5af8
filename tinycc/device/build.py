# SPDX-License-Identifier: Apache-2.0
"""The emitted files, the adapter and the board's start code -> a program for an emulated board."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tinycc.codegen.files import write_files
from tinycc.codegen.templates import render
from tinycc.compiler import Compilation
from tinycc.data import data_path
from tinycc.device.elf import Elf
from tinycc.device.toolchains import FLAGS, Toolchain, check_emulated, find_compiler
from tinycc.errors import CompileError, Problem, fail
from tinycc.execution.host import adapter
from tinycc.program.types import LEARNT
from tinycc.provider import Provider
from tinycc.target import Board, Target

MARKED = ("-DTINYCC_MARKS", "-include", "mark.h")
_BOARD_FLAGS = ("-ffreestanding", "-fno-builtin", "-fno-tree-loop-distribute-patterns")
"""The board's own code calls no library, so that all of the library that is linked is the model's."""
_OVERFLOW = re.compile(r"region [`'](FLASH|RAM)':? overflowed by (\d+) bytes")
"""As GNU ld and LLVM's lld say it."""


@dataclass(frozen=True)
class Firmware:
    """A linked program and what it was made of. `folder` holds its objects and, for gcc, their call graphs."""

    compilation: Compilation
    target: Target
    board: Board
    toolchain: Toolchain
    folder: Path

    @property
    def elf(self) -> Path:
        return self.folder / "program.elf"

    @property
    def place(self) -> str:
        """Target, board and compiler, for messages."""
        return f"{self.target.name} ({self.board.name}, {self.toolchain})"


def build(compilation: Compilation, target: Target, folder: Path, *, marked: bool = False) -> Firmware:
    """Build `compilation` for `target` in `folder`, on the first of its boards that has room. Raises CompileError.

    A compilation made with `self_test` or `watched` shows its layers to the board; `marked` puts marks there instead, which
    take no instruction.
    """
    check_emulated(target)
    provider = compilation.options.provider.linked
    toolchain = find_compiler(target)
    compilation.write(folder)
    write_files(folder, _board_files(compilation, target, watched=compilation.has_self_test and not marked))
    inputs: list[str] = []
    flags: tuple[str, ...] | None = None
    problem = None
    for board in target.boards:
        problem = _cannot_fit(compilation, target, board)
        if problem is not None:
            continue
        if board.flags != flags:
            flags = board.flags
            inputs = _compile(compilation, toolchain.with_flags(flags), folder, marked=marked, provider=provider)
        overflow = _link(compilation, board, toolchain.with_flags(board.flags), folder, inputs, provider)
        if not overflow:
            _check_core(compilation, toolchain, folder, provider)
            return Firmware(compilation, target, board, toolchain, folder)
        problem = _too_large(target.name, board, overflow)
    assert problem is not None
    raise CompileError(problem, compilation.model.name)


def _cannot_fit(compilation: Compilation, target: Target, board: Board) -> Problem | None:
    """Before anything is built, where constants take RAM, too: such compilers refuse arrays beyond the reach of an address in
    words that help nobody."""
    if not target.constants_in_ram:
        return None
    arena, constants = compilation.report.arena_bytes, compilation.report.constant_bytes
    largest = target.architecture.largest_object if target.architecture is not None else None
    if largest is not None and arena > largest:
        found = f"an arena of {arena:,} bytes: {arena - largest:,} too many"
        return Problem(_on(target.name, board), found, f"at most {largest:,}, the largest object of its compilers")
    room = board.ram.bytes - board.stack_bytes
    if arena + constants <= room:
        return None
    over = arena + constants - room
    found = f"an arena of {arena:,} bytes and {constants:,} of constants, which lie in RAM here: {over:,} too many"
    expected = f"at most {room:,} bytes beside a stack of {board.stack_bytes:,}"
    return Problem(_on(target.name, board), found, expected, "The model is too large for this board.")


def _board_files(compilation: Compilation, target: Target, *, watched: bool) -> dict[str, str]:
    """The adapter beside the model; the board's files in a folder of their own, the C under names that the linker script
    tells from the model's."""
    root = data_path("runtime") / "board"
    assert target.architecture is not None
    sources = {"main": "main.c", "semihost": "semihost.c", "stack": "stack.c", "start": target.architecture.start}
    sources |= {"rom": target.architecture.rom} if target.architecture.rom else {}
    files = {f"tinycc_board/tinycc_board_{name}.c": _text(root / path) for name, path in sources.items()}
    files |= {f"tinycc_board/{path.name}": _text(path) for path in sorted(root.glob("*.h"))}
    files |= {f"tinycc_libc/{path.name}": _text(path) for path in sorted((root / "libc").iterdir())}
    source = adapter(compilation, watched=watched)["tinycc_adapter.c"]
    return files | {"tinycc_board_adapter.c": source}


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _compile(compilation: Compilation, toolchain: Toolchain, folder: Path, *, marked: bool, provider: Provider) -> list[str]:
    """What to link: objects, or for a compiler without a C library the flags and sources, which it compiles as it links."""
    prefix = compilation.name.upper()
    flags = [*FLAGS, *provider.include_flags, "-I.", "-Ikernels", "-Itinycc_board"]
    if marked:
        flags += [*MARKED, f"-D{prefix}_SELFTEST=0", f"-D{prefix}_LAYER(layer,data,bytes)=TINYCC_MARK(layer)"]
    model = provider.sources(compilation.sources)
    board = ["tinycc_board_adapter.c", *sorted(f"tinycc_board/{path.name}" for path in (folder / "tinycc_board").glob("*.c"))]
    if not toolchain.is_gcc:
        return [*flags, "-isystem", "tinycc_libc", *model, *board, "tinycc_libc/math.c"]
    command = [*toolchain.command, *flags, *filter(None, (toolchain.frames,)), "-c"]
    _run([*command, *model], folder, toolchain, provider)
    _run([*command, *_BOARD_FLAGS, *board], folder, toolchain, provider)
    return sorted(path.name for path in folder.glob("*.o"))


def _link(
    compilation: Compilation, board: Board, toolchain: Toolchain, folder: Path, inputs: Sequence[str], provider: Provider
) -> str:
    """Link for `board`; what overflowed, or "" if all is well."""
    script = render(
        "board_copied.ld.j2" if compilation.program.target.constants_in_ram else "board.ld.j2",
        machine=board.name,
        vectors=board.vectors,
        boot=board.boot,
        flash=board.flash,
        ram=board.ram,
        stack_bytes=board.stack_bytes,
        model=compilation.name,
        weights=compilation.emission.symbols_of(*LEARNT),
    )
    (folder / "program.ld").write_text(script, encoding="utf-8")
    command = [*toolchain.command, *inputs, *provider.libraries, "-T", "program.ld", "-Wl,--gc-sections", *toolchain.link]
    result = subprocess.run([*command, "-o", "program.elf"], cwd=folder, capture_output=True, text=True, check=False)
    if result.returncode and not _OVERFLOW.search(result.stderr):
        raise _failed(result.stderr, toolchain, provider)
    return result.stderr if result.returncode else ""


def _too_large(target: str, board: Board, message: str) -> Problem:
    """What does not fit where, from the linker's words."""
    memories = {"FLASH": board.flash, "RAM": board.ram}
    found = " and ".join(
        f"{name} needs {memories[name].bytes + int(over):,} bytes" for name, over in dict(_OVERFLOW.findall(message)).items()
    )
    have = (
        f"at most {board.flash.bytes:,} bytes of flash and {board.ram.bytes:,} bytes of RAM, {board.stack_bytes:,} of it stack"
    )
    return Problem(_on(target, board), found, have, "The model is too large for this board.")


def _on(target: str, board: Board) -> str:
    return f"{target} on the emulated board {board.name}"


def _run(command: Sequence[str], folder: Path, toolchain: Toolchain, provider: Provider) -> None:
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if result.returncode:
        raise _failed(result.stderr, toolchain, provider)


def _check_core(compilation: Compilation, toolchain: Toolchain, folder: Path, provider: Provider) -> None:
    """Raise CompileError if the library is one for another core: linkers take it, the core stops at what it does not know."""
    own = folder / f"{compilation.name}.o"
    if provider.library is None or not own.is_file():
        return
    if Elf(folder / "program.elf").arm_architecture != Elf(own).arm_architecture:
        found = f"{provider.library}, built for another core than {compilation.program.target.name}"
        raise fail(str(toolchain), found, "a library for this core", f"Build it with {_core_flags(toolchain)}.")


def _core_flags(toolchain: Toolchain) -> str:
    return " ".join(word for word in toolchain.command[1:] if word.startswith("-m"))


_OTHER_CORE = re.compile(r"VFP register arguments|file format not recognized|incompatible|architecture|conflicting CPU")
"""What linkers say of objects for another core, another machine, or with floats passed another way."""


_LACKING = re.compile(
    r'#error "(This operator is computed in double[^"]*?)\.? ?(?:Some .*)?"|(undefined reference to `[a-z]\w*\')'
)
"""What the emitted C asks for that not every core's tools have."""


def _failed(message: str, toolchain: Toolchain, provider: Provider) -> CompileError:
    lines = message.strip().splitlines()
    telling = (
        line for sign in ("undefined", "error:", "/ld: ") for line in lines if sign in line.lower() and "collect2" not in line
    )
    first = re.sub(r"^\S*/ld: (error: )?", "", next(telling, lines[0] if lines else "no message"))
    if lacking := _LACKING.search(first) if provider.library is None else None:
        expected = "an operator that this core's compiler and C library can compute"
        hint = "Integer layers need neither double nor the C library: quantize the model, or take another core."
        return fail(str(toolchain), lacking[1] or lacking[2], expected, hint)
    if provider.library is not None and _OTHER_CORE.search(first):
        hint = f"It is for another core or passes floats another way: build it with {_core_flags(toolchain)}."
        return fail(str(toolchain), first, f"{provider.library} to be a library for this core", hint)
    return fail(str(toolchain), first, "the emitted C to build", provider.hint)
