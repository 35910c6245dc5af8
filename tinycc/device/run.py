# SPDX-License-Identifier: Apache-2.0
"""Runs a program on its emulated board over input sets, within a time limit; faults and hangs become messages."""

from __future__ import annotations

import importlib.metadata
import re
import struct
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinycc.device.build import Firmware
from tinycc.device.elf import Elf
from tinycc.device.host_built import build_avr_board
from tinycc.device.toolchains import Tool, find_emulator, missing
from tinycc.device.unicorn_machine import UnicornBoard, has_unicorn
from tinycc.errors import CompileError, fail
from tinycc.execution.host import Run
from tinycc.execution.inputs import InputSet
from tinycc.ir import Array, Value
from tinycc.target import SIMAVR

BASE_SECONDS = 60.0
SECONDS_PER_MAC = 4e-6
"""The time limit of a run, unless one is given: what an emulated core without FPU needs for a float multiplication, twice."""


COUNTS = "counts.txt"
"""What the counting plugin writes in the firmware's folder: a line per region, a region per layer."""
STACK_MARGIN = 256
"""Bytes of the stack that must be left: the caller's frames, and enough to see that there was no overflow."""


@dataclass(frozen=True)
class BoardRun:
    """What a program did: its text, a Run per input set, and the most stack that an inference used, in bytes."""

    text: str
    runs: tuple[Run, ...]
    stack_bytes: int
    emulator: str

    @property
    def self_test(self) -> str:
        """The self-test's last line: PASS, or FAIL and where."""
        found = re.search(r"^(?: layer=\w+)*(PASS|FAIL.*)$", self.text, re.MULTILINE)
        return found[1] if found else ""


def emulator_of(firmware: Firmware) -> Tool:
    """What runs the firmware's board. Raises CompileError if it is not installed."""
    tool = find_emulator(firmware.target)
    if tool is None:
        assert firmware.target.architecture is not None
        raise missing(firmware.target, firmware.target.architecture.emulator)
    return tool


def run(firmware: Firmware, sets: Sequence[InputSet], *, seconds: float | None = None, options: Sequence[str] = ()) -> BoardRun:
    """Run the program over `sets`, in the architecture's emulator, or else in Unicorn. `options` go to the emulator and ask for
    it. Raises CompileError for a fault, a hang, an error status."""
    (firmware.folder / "inputs.bin").write_bytes(b"".join(map(_content, sets)))
    limit = seconds or BASE_SECONDS + SECONDS_PER_MAC * firmware.compilation.graph.macs * (len(sets) + 2)
    if options or find_emulator(firmware.target) or not (has_unicorn() and firmware.target.unicorn):
        emulator = emulator_of(firmware)
        command = _simavr(firmware) if emulator.name == SIMAVR else _qemu(firmware, emulator)
        text, name = _run_command(firmware, [*command, *options], limit), str(emulator)
    else:
        text, name = _run_unicorn(firmware, limit), f"unicorn {importlib.metadata.version('unicorn')}"
    stack = re.search(r"^DONE stack=(\w+)$", text, re.MULTILINE)
    assert stack is not None, f"no last line in {text!r}"
    used, room = int(stack[1], 16), firmware.board.stack_bytes
    if used > room - STACK_MARGIN:
        raise fail(firmware.place, f"{used:,} bytes of stack used", f"less than the board's {room:,}", "Results may be wrong.")
    return BoardRun(text, _runs(firmware, len(sets)), used, name)


def _qemu(firmware: Firmware, emulator: Tool) -> list[str]:
    architecture = firmware.target.architecture
    assert architecture is not None
    command = [emulator.path, "-M", firmware.board.machine, *architecture.emulator_options]
    command += "-display none -monitor none -serial none".split()
    return [*command, "-semihosting-config", "enable=on,target=native", "-kernel", firmware.elf.name]


def _simavr(firmware: Firmware) -> list[str]:
    """The board around simavr, with an image of its flash in the firmware's folder."""
    segments = Elf(firmware.elf).segments
    image = bytearray(b"\xff" * max(address + len(content) for address, content in segments))
    for address, content in segments:
        image[address : address + len(content)] = content
    (firmware.folder / "flash.bin").write_bytes(image)
    ram = firmware.board.ram
    return [str(build_avr_board()), firmware.board.machine, f"{(ram.origin + ram.bytes - 1) & 0xFFFF:x}", "flash.bin"]


def _run_command(firmware: Firmware, command: Sequence[str], limit: float) -> str:
    """The program's text."""
    try:
        result = subprocess.run(command, cwd=firmware.folder, capture_output=True, check=False, timeout=limit)
    except subprocess.TimeoutExpired as error:
        text = (error.stdout or b"").decode("utf-8", "replace")
        raise _stopped(firmware, f"no end after {limit:.0f} s", _layers_done(firmware, text), "") from error
    text = result.stdout.decode("utf-8", "replace")
    if result.returncode:
        raise _ended(firmware, result.returncode, text, result.stderr.decode("utf-8", "replace"))
    return text


def _run_unicorn(firmware: Firmware, limit: float) -> str:
    outcome = UnicornBoard(firmware).run(limit)
    if outcome.status:
        raise _ended(firmware, outcome.status, outcome.text, "")
    if outcome.stopped:
        registers = " ".join(f"{name}={value:08x}" for name, value in outcome.registers.items())
        raise _stopped(firmware, f"{outcome.stopped}, {registers}", outcome.layers_done, "The registers are hexadecimal.")
    return outcome.text


def _content(item: InputSet) -> bytes:
    """An input set as the board's main program reads it."""
    return struct.pack("<I", item.fresh) + b"".join(np.ascontiguousarray(array).tobytes() for array in item.arrays)


def _runs(firmware: Firmware, count: int) -> tuple[Run, ...]:
    """The outputs of every set, and the layers if the program wrote them, all of them every time."""
    outputs = _Reader((firmware.folder / "outputs.bin").read_bytes())
    path = firmware.folder / "layers.bin"
    complete = path.exists() and firmware.compilation.graph.period == 1
    layers = _Reader(path.read_bytes() if complete else b"")
    shown = tuple(firmware.compilation.program.shown) if complete else ()

    def read_layers() -> list[bytes]:
        found: dict[int, bytes] = {}
        for layer, size in shown:
            found[layer] = found.get(layer, b"") + layers.take(size)
        return [found[layer] for layer in sorted(found)]

    return tuple(
        Run([outputs.array(value) for value in firmware.compilation.graph.outputs], read_layers()) for _ in range(count)
    )


class _Reader:
    """Takes bytes off the front."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        assert len(taken) == count, f"{count} bytes wanted at {self._at} of {len(self._data)}"
        self._at += count
        return taken

    def array(self, value: Value) -> Array:
        return np.frombuffer(self.take(value.type.bytes), value.dtype.numpy).reshape(value.shape)


def _ended(firmware: Firmware, code: int, text: str, errors: str) -> CompileError:
    """Why the emulator ended with another status than 0."""
    fault = re.search(r"^FAULT layers=(\w+) (.*)$", text, re.MULTILINE)
    if fault:
        done = int(fault[1], 16) or _layers_done(firmware, "")
        return _stopped(firmware, f"a fault, {fault[2]}", done, "The registers are hexadecimal.")
    status = re.search(r"^STATUS value=(\w+)$", text, re.MULTILINE)
    if status:
        found = f"status {int(status[1], 16)} from {firmware.compilation.name}_{firmware.compilation.program.entry}"
        return _stopped(firmware, found, _layers_done(firmware, text), "A kernel refused its arguments.")
    first = next(iter(errors.strip().splitlines()), "no message")
    return _stopped(firmware, f"the emulator ended with status {code}: {first}", _layers_done(firmware, text), "")


def _layers_done(firmware: Firmware, text: str) -> int:
    """How many layers the last inference had done: what the program printed, or what the counting plugin wrote."""
    shown = re.findall(r" layer=(\w+)", text)
    counts = firmware.folder / COUNTS
    counted = len(counts.read_text(encoding="ascii").splitlines()) if counts.exists() else 0
    return int(shown[-1], 16) + 1 if shown else counted


def _stopped(firmware: Firmware, found: str, done: int, hint: str) -> CompileError:
    """The error for a run that did not end well, with the layer that it was in."""
    steps = [step for step, _ in firmware.compilation.program.results]
    where = f"in layer {done}, {steps[done].origin}" if done < len(steps) else "after the last layer"
    return fail(firmware.place, f"{found}; {where}", "the run to end", hint)
