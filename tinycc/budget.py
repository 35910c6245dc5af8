# SPDX-License-Identifier: Apache-2.0
"""Does the model fit into the RAM, the flash and the stack that a firmware has for it? If not: what takes the room.

With a cross compiler for the target, flash, static memory and the stack's bound are those of the linked program. Without one,
or for target `generic`, flash is an estimate: the constants, CODE_PER_KERNEL bytes for each runtime source file, CODE_PER_STEP
for each step of the model, and CODE_OF_LIBM if a kernel calls mathematical functions; the stack is not checked.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tinycc.compiler import Compilation
from tinycc.errors import CompileError, Problem
from tinycc.ir import DType

CODE_PER_KERNEL = 480
CODE_PER_STEP = 150
CODE_OF_LIBM = 4096
"""Bytes; so that no model of benchmarks/RESULTS.md takes more on Cortex-M0 to M4 (int8) or M4 (float32)."""
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


@dataclass(frozen=True)
class Need:
    """Bytes, and how they were found. `stack` is None where it is not known."""

    ram: int
    flash: int
    stack: int | None
    stack_path: str
    how: str


def check_budget(compilation: Compilation, budget: Budget) -> list[str]:
    """Lines that say what was found. Raises BudgetError with every budget that is exceeded."""
    if budget.empty:
        return []
    need = _linked(compilation) or estimated(compilation)
    problems = list(_problems(compilation, budget, need))
    if budget.stack is not None and need.stack is None:
        problems.append(
            Problem("--stack", f"nothing to compare: {_why_no_stack(compilation)}", f"at most {budget.stack:,} bytes")
        )
    if problems:
        raise BudgetError(problems, compilation.model.name)
    stack = "" if need.stack is None else f", stack {need.stack:,}"
    notes = [f"budget met: RAM {need.ram:,}, flash {need.flash:,}{stack} bytes, {need.how}"]
    return notes


def _why_no_stack(compilation: Compilation) -> str:
    from tinycc.device.toolchains import find_compiler, has_compiler, installation

    target = compilation.program.target
    if target.any_core or not target.boards:
        which = "stands for no core in particular, give --target CORE" if target.any_core else "has no emulated board"
        return f"the target {target.name} {which}"
    if not has_compiler(target):
        return f"no compiler for {target.name} is installed. {installation(target)}"
    if not find_compiler(target).is_gcc:
        return f"{find_compiler(target)} does not tell the frames of functions, as gcc does"
    return "the need of a function that is called is not known (recursion, or a frame of variable size)"


def _linked(compilation: Compilation) -> Need | None:
    """What the linked program takes; None without a toolchain for the target."""
    from tinycc.device.build import build
    from tinycc.device.size import measure_size
    from tinycc.device.stack import stack_bound
    from tinycc.device.toolchains import has_compiler

    target = compilation.program.target
    if not target.boards or not has_compiler(target):
        return None
    with tempfile.TemporaryDirectory(prefix="tinycc-") as folder:
        firmware = build(compilation, target, Path(folder), marked=True)
        size = measure_size(firmware)
        bound = stack_bound(firmware) if firmware.toolchain.is_gcc else None
    known = bound if bound is not None and not bound.unknown else None
    return Need(
        ram=size.ram,
        flash=size.flash,
        stack=known.bytes if known else None,
        stack_path=" > ".join(known.path) if known else "",
        how=f"as linked for {target.name} by {firmware.toolchain}",
    )


def estimated(compilation: Compilation) -> Need:
    """What the model takes, without a compiler: see the head of this module."""
    kernels = [path for path in compilation.sources if "/" in path]
    code = CODE_PER_KERNEL * len(kernels) + CODE_PER_STEP * len(compilation.program.all_steps)
    code += CODE_OF_LIBM if any("<math.h>" in compilation.files[path] for path in kernels) else 0
    return Need(
        ram=compilation.report.arena_bytes + 8,  # and the instance's mark, padded
        flash=compilation.report.constant_bytes + code,
        stack=None,
        stack_path="",
        how=f"with an estimate of {code:,} bytes for the code",
    )


def _problems(compilation: Compilation, budget: Budget, need: Need) -> Iterator[Problem]:
    if budget.ram is not None and need.ram > budget.ram:
        yield Problem("--ram", f"{need.ram:,} bytes, {need.how}", f"at most {budget.ram:,}", _ram_hint(compilation))
    if budget.flash is not None and need.flash > budget.flash:
        yield Problem(
            "--flash", f"{need.flash:,} bytes, {need.how}", f"at most {budget.flash:,}", _flash_hint(compilation, need)
        )
    if budget.stack is not None and need.stack is not None and need.stack > budget.stack:
        hint = f"The deepest path is {need.stack_path}."
        yield Problem("--stack", f"{need.stack:,} bytes, {need.how}", f"at most {budget.stack:,}", hint)


def _ram_hint(compilation: Compilation) -> str:
    report = compilation.report
    alive = ", ".join(f'"{buffer.name}" {buffer.bytes:,}' for buffer in report.peak[:LARGEST])
    bound = (
        "no plan for these tensors can be smaller"
        if report.arena_bytes == report.lower_bound_bytes
        else (f"any plan needs {report.lower_bound_bytes:,}")
    )
    target = "" if report.target != "generic" else " --target CORE may need less scratch memory than generic."
    return f"Alive together at the peak: {alive}; {bound}. A smaller input or fewer channels there would help.{target}"


def _flash_hint(compilation: Compilation, need: Need) -> str:
    layers = sorted(compilation.report.layers, key=lambda layer: -layer.constant_bytes)[:LARGEST]
    largest = ", ".join(f'{layer.operator} "{layer.name}" {layer.constant_bytes:,}' for layer in layers)
    code = need.flash - compilation.report.constant_bytes
    shares = f"Constants take {compilation.report.constant_bytes:,} bytes, code {code:,}."
    is_float = any(value.dtype is DType.FLOAT32 for op in compilation.graph.all_ops for value in op.inputs)
    narrower = ", or int8 in place of float32," if is_float else ""
    return f"{shares} The largest: {largest}. Fewer channels there{narrower} would help."
