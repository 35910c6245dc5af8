# SPDX-License-Identifier: Apache-2.0
"""Does the model fit into the RAM, the flash and the stack that a firmware has for it? If not: what takes the room.

What these words mean, and how they are found: tinycc/footprint.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tinycc.arrange import beside
from tinycc.compiler import Compilation
from tinycc.compiler import compile as compile_model
from tinycc.errors import CompileError, Problem
from tinycc.footprint import Footprint, footprint
from tinycc.ir import DType
from tinycc.kernels.code import flash_estimate

LARGEST = 4
"""Entries of a list in a message."""


@dataclass(frozen=True)
class Budget:
    """Bytes that the model may take; None: any number."""

    ram: int | None = None
    flash: int | None = None
    stack: int | None = None

    @property
    def empty(self) -> bool:
        return self.ram is None and self.flash is None and self.stack is None


class BudgetError(CompileError):
    """The model compiles but does not fit."""

    exit_status = 3


def check_budget(compilation: Compilation, budget: Budget, need: Footprint | None = None) -> list[str]:
    """Lines that say what was found (`need`, if it is known). Raises BudgetError with every budget that is exceeded.

    What was asked for and is not known is not met.
    """
    if budget.empty:
        return []
    need = need or footprint(compilation)
    problems = list(_problems(compilation, budget, need))
    if budget.stack is not None and need.stack is None:
        found = f"nothing to compare: {_why_no_stack(compilation, need)}"
        problems.append(Problem("--stack", found, f"at most {budget.stack:,} bytes"))
    if problems:
        raise BudgetError(problems, compilation.model.name)
    asked = (("RAM", budget.ram, need.ram), ("flash", budget.flash, need.flash), ("stack", budget.stack, need.stack))
    met = ", ".join(f"{name} {found:,} of {limit:,}" for name, limit, found in asked if limit is not None and found is not None)
    how = "" if budget.flash is None and budget.stack is None else f", {need.how}"
    return [f"budget met: {met} bytes{how}"]


TRIES = 3
"""How often a model is compiled for a smaller estimate, where the linked program is larger than what was estimated."""


def within_flash(compilation: Compilation, flash: int) -> Compilation:
    """`compilation`, or one of a smaller estimate where it is too large as linked and that helps: what the C depends on is the
    estimate, which is the same on all machines."""
    found, need = compilation, footprint(compilation)
    for _ in range(TRIES):
        if need.flash <= flash or not need.linked:
            break
        less = flash_estimate(found.program) - (need.flash - flash)
        found = compile_model(compilation.model, options=replace(compilation.options, flash=max(less, 0)))
        need = footprint(found)
    return found if need.flash <= flash else compilation


def _why_no_stack(compilation: Compilation, need: Footprint) -> str:
    from tinycc.device.toolchains import find_compiler

    if not need.linked:
        return need.not_linked
    compiler = find_compiler(compilation.program.target)
    if not compiler.frames:
        return f"{compiler} does not tell the frames of functions, as GCC does since version 10"
    return "the need of a function that is called is not known (recursion, or a frame of variable size)"


def _problems(compilation: Compilation, budget: Budget, need: Footprint) -> Iterator[Problem]:
    if budget.ram is not None and need.ram > budget.ram:
        how = f", {need.how}" if need.linked else ""
        yield Problem("--ram", f"{need.ram:,} bytes{how}", f"at most {budget.ram:,}", _ram_hint(compilation, need))
    if budget.flash is not None and need.flash > budget.flash:
        yield Problem(
            "--flash", f"{need.flash:,} bytes, {need.how}", f"at most {budget.flash:,}", _flash_hint(compilation, need)
        )
    if budget.stack is not None and need.stack is not None and need.stack > budget.stack:
        hint = f"The deepest path is {' > '.join(need.stack_path)}."
        yield Problem("--stack", f"{need.stack:,} bytes, {need.how}", f"at most {budget.stack:,}", hint)


def _ram_hint(compilation: Compilation, need: Footprint) -> str:
    report, room = compilation.report, compilation.options.ram
    copied = f"Constants take {need.copied:,} bytes of RAM on this core. " if need.copied else ""
    counted = report.arena_bytes + beside(compilation.program)
    if room is not None and counted <= room:
        less = f"--ram {room - (need.ram - counted)} makes the arena smaller, if it can be"
        return f"{copied}By the compiler's count, by which it chose an arena, these are {counted:,}: {less}."
    alive = ", ".join(f'"{buffer.name}" {buffer.bytes:,}' for buffer in report.peak[:LARGEST])
    least = (
        "can be smaller" if report.arena_bytes == report.lower_bound_bytes else f"takes less than {report.lower_bound_bytes:,}"
    )
    target = "" if report.target != "generic" else " --target CORE may need less scratch memory than generic."
    hint = f"Alive together at the peak: {alive}; as the layers run here, no plan {least}."
    return f"{copied}{hint} A smaller input or fewer channels there would help.{target}"


def _flash_hint(compilation: Compilation, need: Footprint) -> str:
    layers = sorted(compilation.report.layers, key=lambda layer: -layer.constant_bytes)[:LARGEST]
    largest = ", ".join(f'{layer.operator} "{layer.name}" {layer.constant_bytes:,}' for layer in layers)
    shares = f"Constants take {need.constants:,} bytes, code {need.flash - need.constants:,}."
    is_float = any(value.dtype is DType.FLOAT32 for op in compilation.graph.all_ops for value in op.inputs)
    narrower = ", or int8 in place of float32," if is_float else ""
    return f"{shares} The largest: {largest}. Fewer channels there{narrower} would help."
