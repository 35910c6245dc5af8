# SPDX-License-Identifier: Apache-2.0
"""Which emulated board stands for which target, and its memories. The table is the whole truth.

Addresses: QEMU's hw/arm/{mps2,mps2-tz,armsse,nrf51_soc}.c and hw/riscv/virt.c, and Arm's application notes AN385, AN386,
AN500, AN505 and AN547. Boards that start in Secure state use the Secure aliases of their memories.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tinycc.errors import fail

STACK_BYTES = 8 * 1024
"""Reserved for the stack on a board, unless the board says otherwise."""


@dataclass(frozen=True)
class Memory:
    """A range of addresses; both numbers in bytes."""

    origin: int
    bytes: int


@dataclass(frozen=True)
class Board:
    """An emulated machine. `vectors` is where it looks for the vector table, if that is not the start of `flash`."""

    machine: str
    flash: Memory
    ram: Memory
    emulator: str = "qemu-system-arm"
    vectors: Memory | None = None
    options: tuple[str, ...] = ()
    stack_bytes: int = STACK_BYTES

    @property
    def is_riscv(self) -> bool:
        return self.emulator == "qemu-system-riscv32"


_K, _M = 1024, 1024 * 1024
_MICROBIT = Board("microbit", Memory(0, 256 * _K), Memory(0x20000000, 16 * _K), stack_bytes=2 * _K)


def _mps2(machine: str) -> tuple[Board, Board]:
    """Code in the first static RAM, or, if it is larger than that, in the pseudo-static RAM."""
    ram = Memory(0x20000000, 4 * _M)
    small = Board(machine, Memory(0, 4 * _M), ram)
    return small, Board(machine, Memory(0x21000000, 16 * _M), ram, vectors=Memory(0, _K))


_AN505 = Board("mps2-an505", Memory(0x10000000, 4 * _M), Memory(0x38000000, 4 * _M))
_AN547 = Board("mps3-an547", Memory(0x10000000, 512 * _K), Memory(0x31000000, 4 * _M))
_AN547_SRAM = Board("mps3-an547", Memory(0x11000000, 2 * _M), Memory(0x31000000, 4 * _M), vectors=Memory(0x10000000, _K))
_AN547_DDR = Board("mps3-an547", Memory(0x70000000, 64 * _M), Memory(0x31000000, 4 * _M), vectors=Memory(0x10000000, _K))
_VIRT = Board(
    "virt", Memory(0x80000000, 8 * _M), Memory(0x80800000, 8 * _M), emulator="qemu-system-riscv32", options=("-bios", "none")
)

BOARDS: Mapping[str, tuple[Board, ...]] = {
    "cortex-m0": (_MICROBIT, *_mps2("mps2-an385")),
    "cortex-m3": _mps2("mps2-an385"),
    "cortex-m4": _mps2("mps2-an386"),
    "cortex-m7": _mps2("mps2-an500"),
    "cortex-m33": (_AN505,),
    "cortex-m55": (_AN547, _AN547_SRAM, _AN547_DDR),
    "rv32imc": (_VIRT,),
}
"""Target -> boards in order of preference: the first on which the program fits is used. QEMU has one Cortex-M0, with 16 KiB
of RAM; larger models run on a Cortex-M3, whose instruction set contains the Cortex-M0's."""


def boards_for(target: str) -> tuple[Board, ...]:
    """The boards of a target. Raises CompileError for a target that none stands for."""
    if target not in BOARDS:
        raise fail("--on", repr(target), f"one of {', '.join(BOARDS)}")
    return BOARDS[target]
