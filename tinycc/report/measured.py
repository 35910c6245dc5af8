# SPDX-License-Identifier: Apache-2.0
"""What a board printed about its layers (templates/profile.c.j2): read back, checked, and set beside the estimate."""

from __future__ import annotations

import binascii
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tinycc.codegen.profile import build_id, timed
from tinycc.compiler import Compilation
from tinycc.errors import CompileError, Problem, fail

MARK = "tinycc-profile"
_LINE = re.compile(rf"{MARK} \w+ (?:(begin|end) )?(?:\w+=\S+ ?)+")
_HINT = "Capture the serial port while NAME_profile_print(put) runs, as plain text."


@dataclass(frozen=True)
class Timing:
    """Of a step: how often it ran, ticks of all times, of the shortest and of the longest."""

    step: int
    calls: int
    ticks: int
    least: int
    most: int


@dataclass(frozen=True)
class Log:
    """One profile as printed: of a model (the beginning of its hash), of a build (`build_id`), by a clock. `overhead`: ticks
    that reading the clock adds to a step; `between`: ticks outside of all steps; `runs`: complete inferences."""

    name: str
    model: str
    build: str
    target: str
    hertz: int
    core: int
    overhead: int
    runs: int
    between: int
    steps: tuple[Timing, ...]


@dataclass(frozen=True)
class MeasuredLayer:
    """A step on the board. Times in microseconds: `microseconds` of an inference, `least` and `most` of a call, of which there
    may be several in an inference (`calls`). `cycles` are the core's, None if its clock is not known; `estimate` is what its
    kernel was chosen by."""

    step: int
    operator: str
    name: str
    kernel: str
    calls: float
    microseconds: float
    least: float
    most: float
    share: float
    cycles: int | None
    estimate: int
    estimate_share: float


@dataclass(frozen=True)
class Measured:
    """An inference on the board, on average of `runs`. `between`: microseconds outside of all layers, most of it the profile's
    own work."""

    name: str
    target: str
    runs: int
    hertz: int
    core_hertz: int | None
    microseconds: float
    between: float
    cycles: int | None
    estimate: int
    layers: tuple[MeasuredLayer, ...]


def read_log(path: str | os.PathLike[str]) -> tuple[Log, ...]:
    """The last whole profile of every model in a log, whatever else is in it. Raises CompileError."""
    where = os.fspath(path)
    try:
        with open(path, encoding="utf-8", errors="replace", newline=None) as file:
            text = file.read()
    except OSError as error:
        raise fail(where, error.strerror or "a file that cannot be read", "the log of a board", _HINT) from error
    found: dict[str, Log] = {}
    problems: list[Problem] = []
    for block in _blocks(text):
        try:
            log = _log(where, block)
        except CompileError as error:
            problems += error.problems
        else:
            found[log.name] = log
    if not found:
        raise CompileError(problems) if problems else fail(where, f"no line with {MARK}", "what a profile printed", _HINT)
    return tuple(found.values())


Lines = list[tuple[int, str]]
"""(number in the file, text from MARK on)"""


def _blocks(text: str) -> Iterator[Lines]:
    """The lines of each profile; those of several models may be mixed."""
    open_blocks: dict[str, Lines] = {}
    for number, line in enumerate(text.splitlines(), 1):
        at = line.find(f"{MARK} ")
        if at < 0:
            continue
        told = line[at:].rstrip()
        name, _, rest = told.removeprefix(f"{MARK} ").partition(" ")
        if rest.startswith("begin ") and name in open_blocks:
            yield open_blocks.pop(name)
        open_blocks.setdefault(name, []).append((number, told))
        if rest.startswith("end"):
            yield open_blocks.pop(name)
    yield from open_blocks.values()


def _log(where: str, block: Lines) -> Log:
    """Raises CompileError for one that is not whole."""
    first, last = block[0], block[-1]
    at = f"{where}: line {first[0]}"
    if " begin " not in first[1]:
        raise fail(at, f"a profile without its beginning: {first[1][:60]!r}", f"{MARK} NAME begin ...", _HINT)
    if " end " not in last[1]:
        raise fail(
            at, "a profile that does not end", f"{MARK} NAME end check=..., as the last line", "Was the capture cut off?"
        )
    covered = "".join(f"{text}\n" for _, text in block[:-1]).encode()
    told = _fields(where, last).get("check")
    if told != str(binascii.crc_hqx(covered, 0xFFFF)):
        hint = "Was the serial port too slow, or did another task print between?"
        raise fail(f"{where}: lines {first[0]} to {last[0]}", "characters that are missing or changed", f"check={told}", hint)
    try:
        return _made(first[1].split()[1], _fields(where, first), [_fields(where, line) for line in block[1:-1]])
    except (KeyError, ValueError) as error:
        hint = "Is the board's C of this version of tinycc?"
        raise fail(at, f"a profile of another form ({error})", "the fields that this version prints", hint) from error


def _made(name: str, head: dict[str, str], rows: Iterable[dict[str, str]]) -> Log:
    steps = tuple(Timing(*(int(row[key]) for key in ("step", "calls", "ticks", "least", "most"))) for row in rows)
    hertz, core, overhead, runs, between = (int(head[key]) for key in ("hertz", "core", "overhead", "runs", "between"))
    return Log(name, head["model"], head["build"], head["target"], hertz, core, overhead, runs, between, steps)


def _fields(where: str, line: tuple[int, str]) -> dict[str, str]:
    number, text = line
    if not _LINE.fullmatch(text):
        raise fail(
            f"{where}: line {number}", repr(text[:80]), "fields such as step=1 calls=10", "Did another task print between?"
        )
    return dict(field.split("=", 1) for field in text.split() if "=" in field)


def log_of(logs: Sequence[Log], where: str, sha256: str, model: str) -> Log:
    """The one of a model. Raises CompileError."""
    for log in logs:
        if sha256.startswith(log.model):
            return log
    found = ", ".join(f"{log.name} (model {log.model})" for log in logs)
    raise fail(where, f"profiles of {found}", f"one of {model} (model {sha256[:16]})", "Is it another version of the file?")


def measured(compilation: Compilation, log: Log, where: str) -> Measured:
    """A log beside the estimate of the compile that made its C. Raises CompileError if it was another one."""
    program = compilation.program
    if log.build != build_id(program) or [row.step for row in log.steps] != [step.number for step in timed(program)]:
        found = f"a build of {log.name} for {log.target} with other kernels or layers"
        asked = "--target, --optimize, --kernels, --ram, --stream-input, --stream-output, --no-PASS"
        hint = f"Give the options that it was compiled with ({asked})."
        raise fail(where, found, f"what these options make for {program.target.name}", hint)
    if log.runs == 0 or log.hertz == 0:
        what = "no whole inference" if log.runs == 0 else "a clock of 0 Hz"
        raise fail(where, what, "at least one, by a clock that runs", f"Call {log.name}_profile_start(...) before inferring.")
    micro = 1e6 / log.hertz
    net = [max(row.ticks - row.calls * log.overhead, 0) for row in log.steps]
    total, estimate = sum(net), sum(step.cycles for step in timed(program))
    if total == 0:
        raise fail(where, "layers that all took no time", "a faster clock, or more inferences")

    def cycles(ticks: int) -> int | None:
        return round(ticks / log.runs * log.core / log.hertz) if log.core else None

    layers = tuple(
        MeasuredLayer(
            step=step.number,
            operator=step.origin.kind,
            name=step.origin.name,
            kernel=step.kernel,
            calls=round(row.calls / log.runs, 3),
            microseconds=round(ticks / log.runs * micro, 3),
            least=round(max(row.least - log.overhead, 0) * micro, 3),
            most=round(max(row.most - log.overhead, 0) * micro, 3),
            share=round(ticks / total, 4),
            cycles=cycles(ticks),
            estimate=step.cycles,
            estimate_share=round(step.cycles / estimate, 4) if estimate else 0.0,
        )
        for step, row, ticks in zip(timed(program), log.steps, net, strict=True)
    )
    return Measured(
        name=log.name,
        target=program.target.name,
        runs=log.runs,
        hertz=log.hertz,
        core_hertz=log.core or None,
        microseconds=round(total / log.runs * micro, 3),
        between=round(log.between / log.runs * micro, 3),
        cycles=cycles(total),
        estimate=estimate,
        layers=layers,
    )
