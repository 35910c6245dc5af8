# SPDX-License-Identifier: Apache-2.0
"""Analysers that watch a model run, on inputs of any bytes: sanitizers, and valgrind with inputs marked as unknown."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.analyse.findings import Finding
from benchmarks.analyse.reading import INCLUDES
from tinycc.compiler import Compilation
from tinycc.errors import CompileError
from tinycc.execution.host import adapter
from tinycc.ir import DType

DRIVE = Path(__file__).with_name("drive.c")
SECONDS = 300.0
"""For a program that is watched."""
_SANITIZER = re.compile(r"(?P<file>[\w./]+):(?P<line>\d+):\d+: runtime error: (?P<text>.*)")
_SUMMARY = re.compile(r"^SUMMARY: (?P<tool>\w+): (?P<rule>[\w-]+)(?: (?P<place>.*))?$", re.MULTILINE)
_MEMCHECK = re.compile(r"^==\d+== (?P<text>\S.*)$\n(?P<stack>(?:^==\d+==    (?:at|by) .*$\n?)+)", re.MULTILINE)
_FRAME = re.compile(r"(?:at|by) 0x[0-9A-F]+: (?P<function>\w+) \((?P<file>[\w.]+):(?P<line>\d+)\)")
_STEP = re.compile(r"/\* Step (\d+),")
KINDS = {
    "Conditional jump or move depends on uninitialised value(s)": "branch",
    "Use of uninitialised value of size": "address",
}
"""What valgrind says -> what depends on an unknown value."""


def has_sanitizers() -> bool:
    """Whether clang is here, with the libraries of its sanitizers and of libFuzzer: in Debian a package of their own."""
    if shutil.which("clang") is None:
        return False
    done = subprocess.run(("clang", "-print-runtime-dir"), capture_output=True, text=True, check=False)
    return any(Path(done.stdout.strip()).glob("libclang_rt.fuzzer*"))


@dataclass(frozen=True)
class Watcher:
    """A way to run a model and be told. `marked`: inputs and results of layers are unknown to it."""

    name: str
    programs: tuple[str, ...]
    build: tuple[str, ...]
    run: tuple[str, ...]
    read: Callable[[str, str, Compilation, str], Iterator[Finding]]
    marked: bool = False
    runs: int = 12

    @property
    def is_here(self) -> bool:
        return all(shutil.which(program) for program in self.programs) and ("clang" not in self.programs or has_sanitizers())

    def watch(self, compilation: Compilation, folder: Path) -> list[Finding]:
        """Build the model with the driver in `folder`, which holds its files, and run it."""
        program = build(compilation, folder, DRIVE, self.name, (*self.build, *(("-DMARKED",) if self.marked else ())))
        command = [*self.run, f"./{program.name}", _letters(compilation), str(self.runs)]
        try:
            done = subprocess.run(
                command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=SECONDS
            )
        except subprocess.TimeoutExpired:
            return [Finding(self.name, "time", f"{compilation.name}.c", 0, f"not done within {SECONDS:g} s")]
        text = (folder / f"{compilation.name}.c").read_text(encoding="utf-8")
        found = set(self.read(self.name, done.stdout, compilation, text))
        if done.returncode and not found:
            said = done.stdout.strip().splitlines()[-1:] or ["no message"]
            found = {Finding(self.name, f"status-{done.returncode}", f"{compilation.name}.c", 0, said[0])}
        return sorted(found)


def build(compilation: Compilation, folder: Path, driver: Path, name: str, flags: Sequence[str]) -> Path:
    """The program of an emitted model and a driver. Raises CompileError."""
    for path, text in adapter(compilation, watched=compilation.has_self_test).items():
        (folder / path).write_text(text, encoding="utf-8")
    sources = [str(path) for path in sorted(folder.rglob("*.c")) if path.name in _names(compilation)]
    command = [*flags, "-std=c99", "-g", "-ffp-contract=off", *INCLUDES]
    program = folder / f"watched_{name.replace('+', '_')}"
    done = subprocess.run(
        [*command, str(driver), "tinycc_adapter.c", *sources, "-o", program.name, "-lm"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        from tinycc.errors import Problem

        raise CompileError([Problem(name, done.stderr.strip()[:400], "the emitted C to compile")], compilation.model.name)
    return program


def _names(compilation: Compilation) -> set[str]:
    return {path.rpartition("/")[2] for path in compilation.sources if path.endswith(".c")}


def _letters(compilation: Compilation) -> str:
    return "".join("b" if port.type.dtype is DType.BOOL else "x" for port in compilation.program.inputs) or "-"


def _sanitized(tool: str, said: str, compilation: Compilation, text: str) -> Iterator[Finding]:
    for found in _SANITIZER.finditer(said):
        yield Finding(tool, "undefined-behaviour", _place(compilation, found["file"]), int(found["line"]), found["text"])
    for found in _SUMMARY.finditer(said):
        if found["tool"] != "UndefinedBehaviorSanitizer":
            place = re.search(r"([\w.]+):(\d+)", found["place"] or "")
            file, line = (place[1], int(place[2])) if place else (f"{compilation.name}.c", 0)
            yield Finding(tool, found["rule"], _place(compilation, file), line, found["place"] or "")


def _place(compilation: Compilation, file: str) -> str:
    """A file by its name as it lies in the folder."""
    name = file.rpartition("/")[2]
    return next((path for path in sorted(compilation.files) if path.rpartition("/")[2] == name), name)


def _depends(tool: str, said: str, compilation: Compilation, text: str) -> Iterator[Finding]:
    """Branches and addresses that depend on inputs, by the step and the kernel of which they are; anything else as it is."""
    for found in _MEMCHECK.finditer(said):
        kind = next((kind for start, kind in KINDS.items() if found["text"].startswith(start)), None)
        frames = [match for match in map(_FRAME.search, found["stack"].splitlines()) if match]
        if kind is None or not frames:
            yield Finding(tool, "memory", f"{compilation.name}.c", 0, found["text"])
            continue
        inner = frames[0]
        model = next((frame for frame in frames if frame["file"] == f"{compilation.name}.c"), None)
        symbol = kernel_of(compilation, text, int(model["line"])) if model is not None else ""
        where = _place(compilation, inner["file"])
        yield Finding(tool, f"{kind} {symbol or inner['function']}", where, int(inner["line"]), inner["function"])


def kernel_of(compilation: Compilation, text: str, line: int) -> str:
    """The kernel of the step to which a line of the model's C belongs: the one it calls, "control" outside of calls."""
    before = "\n".join(text.splitlines()[:line])
    numbers = _STEP.findall(before)
    steps = {step.number: step for step in compilation.program.all_steps}
    step = steps.get(int(numbers[-1])) if numbers else None
    if step is None or step.is_control:
        return "control"
    symbols = {call.symbol for call in step.calls}
    called = [
        found for found in re.findall(r"\b(\w+)\(", "\n".join(text.splitlines()[max(line - 2, 0) : line])) if found in symbols
    ]
    return called[-1] if called else next(iter(sorted(symbols)), "control")


UNDEFINED = "-fsanitize=undefined,float-cast-overflow"
WATCHERS = {
    watcher.name: watcher
    for watcher in (
        Watcher(
            "asan+ubsan",
            ("clang",),
            ("clang", "-O1", "-fsanitize=address", UNDEFINED),
            (),
            _sanitized,
        ),
        Watcher("msan", ("clang",), ("clang", "-O1", "-fsanitize=memory", "-DWRITTEN"), (), _sanitized),
        Watcher(
            "memcheck",
            ("valgrind", "gcc"),
            ("gcc", "-O2"),
            ("valgrind", "--quiet", "--error-limit=no", "--num-callers=24", "--read-inline-info=yes"),
            _depends,
            marked=True,
            runs=5,
        ),
    )
}
