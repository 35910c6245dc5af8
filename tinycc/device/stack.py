# SPDX-License-Identifier: Apache-2.0
"""An upper bound of the stack that an inference takes: the longest path through the call graph, weighted with frame sizes.

Compiled functions have both from GCC (`-fcallgraph-info=su`; avr-gcc tells frames alone, and calls are those of the
disassembly: stack_avr.py). Library functions (memcpy, soft float) have them from their disassembly: what they push and
subtract, all of it added up. A call through a pointer is taken to reach any linked function that nobody calls by name.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass

from tinycc.device.build import Firmware
from tinycc.device.calls import INDIRECT, CallGraph, plain
from tinycc.device.elf import Elf
from tinycc.device.stack_avr import read_avr
from tinycc.target import STACK_USAGE

_NODE = re.compile(r'node: \{ title: "([^"]+)" label: "([^"]*)"')
_EDGE = re.compile(r'edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"')
_FRAME = re.compile(r"(\d+) bytes \((\w+)")

ROM = "tinycc_board_rom.ci"
"""What the part has in its ROM, and the model may call."""
_FUNCTION = re.compile(r"^[0-9a-f]+ <([^>]+)>:$", re.MULTILINE)
_PUSH = re.compile(r"\t(?:push|stmdb\tsp!|vpush)[^{]*\{([^}]*)\}")
_DOWN = re.compile(
    r"\t(?:sub(?:\.w|w)?\tsp, (?:sp, )?#(\d+)|str\S*\t\w+, \[sp, #-(\d+)\]!|(?:c\.)?addi(?:16sp)?\tsp,sp,-(\d+)"
    r"|addi\ta1, a1, -(\d+))"
)
_CALL = re.compile(r"\t(?:bl|b(?:\.w|\.n)?|b\w\w(?:\.w|\.n)?|jal|j|call|tail|jalr|cbn?z|call0)\t.*<([^>+]+)>")


@dataclass(frozen=True)
class StackBound:
    """Bytes, the path that takes them, and functions for which no bound is known (then the figure is none)."""

    bytes: int
    path: tuple[str, ...]
    unknown: tuple[str, ...]


def stack_bound(firmware: Firmware) -> StackBound:
    """The bound for `NAME_invoke`, its own frame included."""
    graph = CallGraph()
    roots = [f"{firmware.compilation.name}_{entry}" for entry in firmware.compilation.program.entries]
    code = _disassemble(firmware)
    if firmware.toolchain.frames == STACK_USAGE:
        read_avr(firmware, code, graph)
    else:
        for path in sorted(firmware.folder.glob("*.ci")):
            if not path.name.startswith("tinycc_board_") or path.name == ROM:
                _read_call_graph(path.read_text(encoding="utf-8"), graph)
        _read_disassembly(code, graph)
    _add_aliases(Elf(firmware.elf), graph)
    for root in roots:
        _add_indirect_calls(root, graph)
    return max((_longest(root, graph) for root in roots), key=lambda bound: bound.bytes)


def _read_call_graph(text: str, graph: CallGraph) -> None:
    for title, label in _NODE.findall(text):
        frame = _FRAME.search(label)
        if frame:
            graph.frames[plain(title)] = int(frame[1])
            if frame[2] == "dynamic":
                graph.unbounded.add(plain(title))
    for source, target in _EDGE.findall(text):
        graph.calls.setdefault(plain(source), set()).add(plain(target))


def _disassemble(firmware: Firmware) -> str:
    objdump = firmware.toolchain.command[0].removesuffix("gcc") + "objdump"
    assert firmware.target.architecture is not None
    options = ("-d", "--no-show-raw-insn", *firmware.target.architecture.disassembly, "-j", ".code")
    command = [objdump, *options, firmware.elf.name]
    return subprocess.run(command, cwd=firmware.folder, capture_output=True, text=True, check=True).stdout


def _read_disassembly(text: str, graph: CallGraph) -> None:
    """Add the functions that the compiler said nothing of."""
    heads = list(_FUNCTION.finditer(text))
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        name = head[1]
        graph.linked.add(name)
        if name in graph.frames:
            continue
        body = text[head.end() : after.start() if after else len(text)]
        pushed = sum(_registers(listed) for listed in _PUSH.findall(body))
        graph.frames[name] = pushed + sum(int(next(filter(None, found))) for found in _DOWN.findall(body))
        graph.calls[name] = {callee for callee in _CALL.findall(body) if callee != name}


def _add_aliases(elf: Elf, graph: CallGraph) -> None:
    """Names that are called but stand for a function known under another name, such as __aeabi_idiv."""
    known = {elf.symbols[name] & ~1: name for name in graph.frames if name in elf.symbols}
    called = {callee for callees in graph.calls.values() for callee in callees}
    for name in sorted(called - set(graph.frames)):
        if name in elf.symbols and elf.symbols[name] & ~1 in known:
            graph.frames[name] = 0
            graph.calls[name] = {known[elf.symbols[name] & ~1]}


def _add_indirect_calls(root: str, graph: CallGraph) -> None:
    called = {callee for callees in graph.calls.values() for callee in callees}
    if INDIRECT in called:
        graph.frames[INDIRECT] = 0
        graph.calls[INDIRECT] = {name for name in graph.linked if name not in called and name != root}


def _registers(listed: str) -> int:
    """Bytes of a register list such as `r4, r5, lr` or `d8-d15`."""
    total = 0
    for item in listed.split(","):
        first, _, last = item.strip().partition("-")
        count = int(last[1:]) - int(first[1:]) + 1 if last else 1
        total += count * (8 if first.startswith("d") else 4)
    return total


def _longest(root: str, graph: CallGraph) -> StackBound:
    best: dict[str, tuple[int, tuple[str, ...]]] = {}
    unknown = set(graph.unbounded)

    def visit(name: str, active: frozenset[str]) -> tuple[int, tuple[str, ...]]:
        if name in active or name not in graph.frames:
            unknown.add(name)
            return 0, ()
        if name not in best:
            deeper: Iterable[tuple[int, tuple[str, ...]]] = (
                visit(callee, active | {name}) for callee in sorted(graph.calls.get(name, ()))
            )
            depth, path = max(deeper, default=(0, ()), key=lambda found: found[0])
            best[name] = graph.frames[name] + depth, (name, *path)
        return best[name]

    size, path = visit(root, frozenset())
    return StackBound(size, path, tuple(sorted(unknown)))
