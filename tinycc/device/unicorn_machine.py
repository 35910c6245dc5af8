# SPDX-License-Identifier: Apache-2.0
"""A board in Unicorn (pip install unicorn), for machines without QEMU: memories, semihosting, faults. No counts."""

from __future__ import annotations

import importlib.util
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from tinycc.device.build import Firmware
from tinycc.device.elf import Elf
from tinycc.target import Memory

_OPEN, _WRITE, _READ, _EXIT = 0x01, 0x05, 0x06, 0x20
_PAGE = 4096
_SYSTEM = Memory(0xE000E000, _PAGE)
"""Cortex-M's system control space: memory without function."""


def has_unicorn() -> bool:
    return importlib.util.find_spec("unicorn") is not None


@dataclass
class Outcome:
    """How a run ended: exit status (None if it did not), text, and what stopped it."""

    status: int | None = None
    text: str = ""
    stopped: str = ""
    registers: Mapping[str, int] = field(default_factory=dict)
    layers_done: int = 0


class UnicornBoard:
    """One run of a program."""

    def __init__(self, firmware: Firmware) -> None:
        import unicorn
        from unicorn import arm_const, riscv_const

        self._elf, self._folder = Elf(firmware.elf), firmware.folder
        assert firmware.target.architecture is not None
        self._riscv, core = firmware.target.architecture.name == "RISC-V", firmware.target.unicorn
        if self._riscv:
            self._uc: Any = unicorn.Uc(unicorn.UC_ARCH_RISCV, unicorn.UC_MODE_RISCV32)
            names, consts, prefix = ("pc", "ra", "sp", "a0", "a1"), riscv_const, "UC_RISCV_REG_"
        else:
            self._uc = unicorn.Uc(unicorn.UC_ARCH_ARM, unicorn.UC_MODE_THUMB | unicorn.UC_MODE_MCLASS)
            names, consts, prefix = ("pc", "lr", "sp", "r0", "r1"), arm_const, "UC_ARM_REG_"
        self._uc.ctl_set_cpu_model(getattr(consts, core))
        self._registers = {name: getattr(consts, prefix + name.upper()) for name in names}
        self._arguments = ("a0", "a1") if self._riscv else ("r0", "r1")
        self._files: list[BinaryIO | None] = []
        self._outcome = Outcome()
        self._load(firmware)

    def _load(self, firmware: Firmware) -> None:
        system = () if self._riscv else (_SYSTEM,)
        vectors = () if firmware.board.vectors is None else (firmware.board.vectors,)
        for memory in (firmware.board.flash, firmware.board.ram, *vectors, *system):
            self._uc.mem_map(memory.origin, -(-memory.bytes // _PAGE) * _PAGE)
        for address, content in self._elf.segments:
            self._uc.mem_write(address, content)
        import unicorn

        trap = self._elf.symbols["semihost_call"] & ~1
        self._uc.hook_add(unicorn.UC_HOOK_CODE, self._semihost, begin=trap, end=trap)

    def run(self, seconds: float) -> Outcome:
        """Run from reset until the program exits, faults, or `seconds` are over."""
        import unicorn

        entry = self._elf.symbols["board_reset"]
        self._write("sp", self._elf.symbols["tinycc_stack_top"])
        began = time.monotonic()
        try:
            self._uc.emu_start(entry if self._riscv else entry | 1, 0xFFFFFFFE, timeout=int(seconds * 1e6))
        except unicorn.UcError as error:
            self._outcome.stopped = f"a fault, {error}"
        if self._outcome.status is None and not self._outcome.stopped:
            late = time.monotonic() - began >= seconds
            self._outcome.stopped = f"no end after {seconds:.0f} s" if late else "a stop without an exit"
        self._outcome.registers = {name: self._read(name) for name in self._registers}
        done = self._elf.symbols["board_layers_done"]
        (self._outcome.layers_done,) = struct.unpack("<I", self._uc.mem_read(done, 4))
        for file in self._files:
            if file is not None:
                file.close()
        return self._outcome

    def _read(self, name: str) -> int:
        return int(self._uc.reg_read(self._registers[name]))

    def _write(self, name: str, value: int) -> None:
        self._uc.reg_write(self._registers[name], value)

    def _semihost(self, uc: Any, address: int, size: int, user: object) -> None:
        """The semihosting trap, taken over where it is called: answer, and return to the caller."""
        operation, block = (self._read(name) for name in self._arguments)
        words = struct.unpack("<3I", uc.mem_read(block, 12))
        if operation == _EXIT:
            self._outcome.status = words[1]
            uc.emu_stop()
            return
        answer = {_OPEN: self._open, _WRITE: self._write_file, _READ: self._read_file}[operation](*words)
        self._write(self._arguments[0], answer & 0xFFFFFFFF)
        self._write("pc", self._read("ra") if self._riscv else self._read("lr"))

    def _open(self, path: int, mode: int, length: int) -> int:
        name = bytes(self._uc.mem_read(path, length)).decode("ascii")
        if name == ":tt":
            self._files.append(None)
        else:
            self._files.append((self._folder / Path(name).name).open("rb" if mode == 1 else "wb"))
        return len(self._files) - 1

    def _write_file(self, handle: int, data: int, count: int) -> int:
        content, file = bytes(self._uc.mem_read(data, count)), self._files[handle]
        if file is None:
            self._outcome.text += content.decode("ascii", "replace")
        else:
            file.write(content)
        return 0

    def _read_file(self, handle: int, data: int, count: int) -> int:
        file = self._files[handle]
        content = file.read(count) if file is not None else b""
        self._uc.mem_write(data, content)
        return count - len(content)
