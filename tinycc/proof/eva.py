# SPDX-License-Identifier: Apache-2.0
"""Frama-C's EVA as a function: a driver and the folder of its sources in, what was found out."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tinycc.device.toolchains import Tool, find_tool
from tinycc.errors import CompileError, Problem
from tinycc.proof.contracts import contracts_of
from tinycc.proof.drivers import Driver

OLDEST = (24, 0)
HINT = "Debian: apt-get install frama-c-base"
MACHINES = {"ilp32": "gcc_x86_32", "int16": "gcc_x86_16"}
"""Sizes of types to prove for -> Frama-C's name of such a machine; both are little-endian."""
OPTIONS = (
    "-eva",
    "-no-unicode",
    # One state for each iteration of every loop, to its end: what the proof rests on.
    *("-eva-precision", "0", "-eva-min-loop-unroll", "1000000000"),
    # A pointer may be one past the end and no further, even if nobody follows it.
    "-warn-invalid-pointer",
    # Infinities and NaN are values like others in float networks.
    *("-warn-special-float", "none"),
)
MATH = frozenset(
    f"{name}f"
    for name in "acos acosh asin asinh atan atan2 atanh ceil cos cosh erf erfc exp exp2 expm1 fabs floor fma fmax fmin fmod log"
    " log10 log1p log2 nearbyint pow rint round sin sinh sqrt tan tanh trunc".split()
)
"""The C library's: nothing but their result depends on what they take."""
_ALARM = re.compile(r"^\[eva:alarm\] (?P<place>\S+?): Warning:\s*$\n(?P<text>(?:^[ \t]+.*$\n?)+)", re.MULTILINE)
_COUNTS = re.compile(
    r"^ +(?P<kind>Assertions|Preconditions) +(?P<valid>\d+) valid +(?P<unknown>\d+) unknown +(?P<invalid>\d+) invalid",
    re.MULTILINE,
)
_SUMMARY = re.compile(r"ANALYSIS SUMMARY")
_MISSING = re.compile(r"Neither code nor specification for function (?P<name>\w+)")
_ERROR = re.compile(r"^\[(?:kernel|eva)[^\]]*\].*?(?:User Error|Failure): *(?P<text>.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Alarm:
    """Something that could go wrong, or for which the analysis does not see that it cannot."""

    place: str
    text: str


@dataclass(frozen=True)
class Found:
    """What came of one analysis. `seconds` of wall time. `missing`: what could not be shown or done, besides alarms."""

    driver: Driver
    alarms: tuple[Alarm, ...]
    missing: tuple[str, ...]
    seconds: float

    @property
    def proved(self) -> bool:
        return not self.alarms and not self.missing


def find_frama_c() -> Tool:
    """The program. Raises CompileError with how to get it."""
    tool = find_tool("frama-c", OLDEST, HINT)
    if tool is None:
        raise CompileError([Problem("tinycc prove", "no frama-c", "Frama-C 24 or newer with its EVA plug-in", HINT)])
    return tool


def analyse(tool: Tool, folder: Path, driver: Driver, machine: str, limit: float) -> Found:
    """Run one analysis in `folder`, which holds the model's files, and leave its log there; `limit` in seconds. The log of an
    earlier run of the same program on the same files is read instead."""
    (folder / driver.file).write_text(driver.text, encoding="utf-8")
    command = _command(tool, driver, machine)
    log, done_before = folder / driver.log, f"# {_digest(tool, folder, driver, command)} "
    if log.is_file() and (text := log.read_text(encoding="utf-8")).startswith(done_before):
        first, _, rest = text.partition("\n")
        return read_log(driver, rest, 0, float(first.removeprefix(done_before)))
    start = time.monotonic()
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "PWD": str(folder)},  # which Frama-C goes by
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=limit,
        )
    except subprocess.TimeoutExpired:
        return Found(driver, (), (f"not done within {limit:g} s",), time.monotonic() - start)
    seconds = time.monotonic() - start
    finished = done.returncode == 0 and _SUMMARY.search(done.stdout) is not None
    part = log.with_suffix(".part")  # a log that is there is whole
    part.write_text(f"{done_before if finished else '# '}{seconds:.1f}\n{done.stdout}", encoding="utf-8")
    part.replace(log)
    return read_log(driver, done.stdout, done.returncode, seconds)


def _command(tool: Tool, driver: Driver, machine: str) -> list[str]:
    includes = " ".join(f"-I{place}" for place in (".", "cmsis_nn", "kernels"))
    sizes = ["-machdep", MACHINES[machine], f"-cpp-extra-args={includes}", "-main", "main"]
    contracts = ",".join(contract.function for contract in contracts_of(driver.sources))
    shown = ["-eva-use-spec", contracts] if contracts else []
    return [tool.path, *OPTIONS, *sizes, *driver.options, *shown, driver.file, *driver.sources]


def _digest(tool: Tool, folder: Path, driver: Driver, command: Sequence[str]) -> str:
    """Of all that decides what comes out: the program, its command line, the driver, its sources and every header."""
    files = [driver.file, *driver.sources, *sorted(str(path.relative_to(folder)) for path in folder.rglob("*.h"))]
    digest = hashlib.sha256("\0".join([tool.version_text, *command, *files]).encode())
    for file in files:
        digest.update(b"\0" + (folder / file).read_bytes())
    return digest.hexdigest()


def read_log(driver: Driver, log: str, status: int, seconds: float) -> Found:
    """An analysis without a summary, an assertion without a verdict and a function without code prove nothing."""
    alarms = dict.fromkeys(Alarm(found["place"], " ".join(found["text"].split())) for found in _ALARM.finditer(log))
    missing = [f"no code for {found['name']}" for found in _MISSING.finditer(log) if found["name"] not in MATH]
    if status != 0 or not _SUMMARY.search(log):
        missing += [found["text"] for found in _ERROR.finditer(log)][:3] or [f"frama-c ended with status {status}"]
    else:
        missing += _open(driver, log)
    return Found(driver, tuple(alarms), tuple(dict.fromkeys(missing)), seconds)


def _open(driver: Driver, log: str) -> Iterator[str]:
    """What the summary leaves open. An assertion that is not reached is not counted there."""
    reached = 0
    for found in _COUNTS.finditer(log):
        valid, unknown, invalid = (int(found[key]) for key in ("valid", "unknown", "invalid"))
        reached += valid + unknown + invalid if found["kind"] == "Assertions" else 0
        if unknown + invalid:
            yield f"{found['kind'].lower()}: {unknown} not shown, {invalid} wrong"
    if reached < len(driver.asserts):
        yield f"{len(driver.asserts) - reached} of {', '.join(driver.asserts)} not reached: the code stops before"
