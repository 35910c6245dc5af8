# SPDX-License-Identifier: Apache-2.0
"""Runs the emitted C where int has 16 bits: its self-test on a simulated AVR, built by avr-gcc."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from case_types import all_cases
from harness import STRICT
from opcases import Case

from tinycc.compiler import Compilation, compile
from tinycc.errors import CompileError

SIMULATOR = Path("/usr/include/simavr/sim_avr.h")
MAIN = """
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include "net_selftest.h"
static void put(char character) { GPIOR0 = (uint8_t)character; }
int main(void) { (void)net_selftest(put); cli(); sleep_enable(); sleep_cpu(); return 0; }
"""
LINK = ("-Wl,--defsym=__stack=0xffff", "-Wl,--defsym=__DATA_REGION_LENGTH__=0xfe00")
"""All of the 64 KiB that AVR's pointers reach are RAM, as avr_machine.c has it: constants lie there, too."""
SECONDS = 120
UNABLE = ("lacks double", "lacks a function of C99", "too large")
"""What an AVR with avr-gcc and avr-libc cannot be given."""


def absent() -> str:
    """What is missing to run anything; "" if nothing is."""
    tools = [name for name in ("avr-gcc", "gcc") if shutil.which(name) is None]
    return ", ".join([*tools, *(["libsimavr-dev"] if not SIMULATOR.exists() else [])])


def build_machine(folder: Path) -> Path:
    """The simulator, built from avr_machine.c."""
    machine = folder / "avr_machine"
    source = Path(__file__).with_name("avr_machine.c")
    subprocess.run(["gcc", "-std=c99", "-O2", str(source), "-o", str(machine), "-lsimavr", "-lelf"], check=True)
    return machine


def self_test_on_avr(case: Case, folder: Path, machine: Path, spoilt: tuple[str, str, str] | None = None) -> str:
    """What the self-test of a case printed; "" if it passed. What this machine or its libraries cannot hold is "too large" or
    "lacks ...". `spoilt`: a file, and text that is replaced in it."""
    compilation = compile(case.model, folder, name="net", self_test=True, match=case.oracle)
    (folder / "main.c").write_text(MAIN)
    if spoilt is not None:
        path, right, wrong = folder / spoilt[0], *spoilt[1:]
        assert right in path.read_text()
        path.write_text(path.read_text().replace(right, wrong))
    sources = [path for path in compilation.sources if path.endswith(".c")]
    command = ["avr-gcc", "-std=c99", "-Os", "-mmcu=atmega2560", *STRICT, "-DNET_SELFTEST=1", *LINK]
    command += ["-Wno-error=implicit-function-declaration", "-I.", "-Ikernels", "-Icmsis_nn", *sources, "main.c", "-lm"]
    built = subprocess.run([*command, "-o", "net.elf"], cwd=folder, capture_output=True, text=True, check=False)
    if built.returncode:
        return _lacking(built.stderr)
    try:
        ran = subprocess.run(
            [str(machine), "net.elf"], cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"not done after {SECONDS} s"
    return "" if ran.returncode == 0 and ran.stdout.endswith("\nPASS\n") else ran.stdout[-300:] + ran.stderr[-300:]


def _lacking(errors: str) -> str:
    for told, meaning in (
        ("computed in double", "lacks double"),
        ("implicit declaration", "lacks a function of C99"),
        ("undefined reference", "lacks a function of C99"),
        ("is too large", "too large"),
        ("will not fit", "too large"),
    ):
        if told in errors and "-Werror" not in errors.replace("-Werror=implicit", ""):
            return meaning
    return errors[:1500]


@cache
def cover() -> dict[str, Case]:
    """Cases that call every integer kernel which any of the looked-at cases calls, by what they are called."""
    groups: dict[tuple[str, str, str], list[Case]] = {}
    for case in all_cases():
        groups.setdefault((case.op, case.dtype, case.oracle), []).append(case)
    wanted = {case.id: (case, called) for members in groups.values() for case, called in _calls(members)}
    missing = {symbol for _, called in wanted.values() for symbol in called}
    chosen: dict[str, Case] = {}
    while missing:
        best = max(sorted(wanted), key=lambda name: len(wanted[name][1] & missing))
        chosen[best] = wanted[best][0]
        missing -= wanted[best][1]
    return chosen


def _calls(cases: list[Case]) -> Iterator[tuple[Case, frozenset[str]]]:
    """A few cases of an operator and type, with the kernels for integers that they call."""
    for index in sorted({0, len(cases) // 2, len(cases) - 1}):
        try:
            called = _symbols(compile(cases[index].model, name="net", match=cases[index].oracle))
        except CompileError:
            continue
        yield cases[index], frozenset(symbol for symbol in called if not symbol.endswith(("_f32", "_hybrid")))


def _symbols(compilation: Compilation) -> Iterable[str]:
    return (Path(path).stem for path in compilation.sources if path.startswith(("kernels/", "cmsis_nn/")))
