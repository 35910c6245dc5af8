# SPDX-License-Identifier: Apache-2.0
"""Frames and calls of a program for AVR, whose GCC (5.4 in Debian) tells frames but no call graph.

Frames of compiled functions are those of `-fstack-usage`, which count the return address and the arguments that are pushed for
callees. Calls are read off the disassembly, and so are the frames of library functions: what they push, and what they take off
the stack pointer in one of the ways that avr-gcc and libgcc have. A function that does it in another way has no bound.
"""

from __future__ import annotations

import re

from tinycc.device.build import Firmware
from tinycc.device.calls import INDIRECT, CallGraph, plain

_FUNCTION = re.compile(r"^[0-9a-f]+ <([A-Za-z_][\w.]*)>:$", re.MULTILINE)
_CALL = re.compile(r"\t(?:r?call|r?jmp)\t.*<([A-Za-z_][\w.]*)>$", re.MULTILINE)
_INDIRECT_CALL = re.compile(r"\te?i(?:call|jmp)$", re.MULTILINE)
_PUSH = re.compile(r"\tpush\t")
_ROOM_BY_CALL = re.compile(r"\trcall\t\.\+0\b")
_MOVED = re.compile(r"\tout\t0x3d,")
_FRAME = re.compile(
    r"\tin\tr28, 0x3d[^\n]*\n[^\n]*\tin\tr29, 0x3e[^\n]*\n[^\n]*\t"
    r"(?:sbiw\tr28, 0x([0-9a-fA-F]+)|subi\tr28, 0x([0-9a-fA-F]+)[^\n]*\n[^\n]*\t(?:sbci\tr29, 0x([0-9a-fA-F]+)|sbc\tr29, r1))"
)
_SAVES = re.compile(r"\tldi\tr26, 0x([0-9a-fA-F]+)[^\n]*\n[^\n]*\tldi\tr27, 0x([0-9a-fA-F]+)")
_PROLOGUE = re.compile(r"<__prologue_saves__(?:\+0x([0-9a-f]+))?>")
_SAVED = 18
"""Registers that __prologue_saves__ pushes if it is entered at its beginning; one less for each word behind that."""
_LIBGCCS = ("__prologue_saves__", "__epilogue_restores__", "__tablejump2__", "__tablejump__")
"""Parts of other functions: their frames and jumps are counted there."""
_LONG_RETURN = 128 * 1024
"""Bytes of flash up to which a return address takes two bytes; beyond, three."""


def read_avr(firmware: Firmware, disassembly: str, graph: CallGraph) -> None:
    """All functions of the program with their frames and calls."""
    for path in sorted(firmware.folder.glob("*.su")):
        if not path.name.startswith("tinycc_board_"):
            _read_frames(path.read_text(encoding="utf-8"), graph)
    _read_disassembly(disassembly, 2 if firmware.board.flash.bytes <= _LONG_RETURN else 3, graph)


def _read_disassembly(disassembly: str, address: int, graph: CallGraph) -> None:
    """`address`: bytes of a return address."""
    heads = list(_FUNCTION.finditer(disassembly))
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        body = disassembly[head.end() : after.start() if after else len(disassembly)]
        _read_function(head[1], body, address, graph)


def _read_frames(text: str, graph: CallGraph) -> None:
    for line in text.splitlines():
        title, size, kind = line.split("\t")
        name = plain(title)
        graph.frames[name] = max(int(size), graph.frames.get(name, 0))
        if kind == "dynamic":
            graph.unbounded.add(name)


def _read_function(name: str, body: str, address: int, graph: CallGraph) -> None:
    graph.linked.add(name)
    graph.calls[name] = {callee for callee in _CALL.findall(body) if callee != name and callee not in _LIBGCCS}
    if name in _LIBGCCS:
        graph.frames[name] = 0
        return
    if _INDIRECT_CALL.search(body):
        graph.calls[name].add(INDIRECT)
    if name not in graph.frames:
        graph.frames[name] = address + _frame(name, body, address, graph)


def _frame(name: str, body: str, address: int, graph: CallGraph) -> int:
    """What a library function takes beside its return address."""
    size = len(_PUSH.findall(body)) + address * len(_ROOM_BY_CALL.findall(body))
    if (entered := _PROLOGUE.search(body)) is not None:
        room = _SAVES.search(body)
        if room is None:
            graph.unbounded.add(name)
            return size
        return size + 256 * int(room[2], 16) + int(room[1], 16) + _SAVED - int(entered[1] or "0", 16) // 2
    if (taken := _FRAME.search(body)) is not None:
        low, high = taken[1] or taken[2], taken[3] or "0"
        return size + 256 * int(high, 16) + int(low, 16)
    if _MOVED.search(body):
        graph.unbounded.add(name)
    return size
