# SPDX-License-Identifier: Apache-2.0
"""All of the flash, the RAM and the stack that a model takes: one meaning of these words, for the summary, budgets and reports.

With a cross compiler for the target, they are those of the linked program. Without one, or for target `generic`, flash is an
estimate: the constants, CODE_PER_KERNEL bytes for each runtime source file, CODE_PER_STEP for each step of the model, and
CODE_OF_LIBM if a kernel calls mathematical functions; the stack is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tinycc.arrange import beside
from tinycc.codegen.files import workspace
from tinycc.compiler import Compilation
from tinycc.device.build import Firmware
from tinycc.errors import CompileError
from tinycc.program.copied import copied_bytes

CODE_PER_KERNEL = 480
CODE_PER_STEP = 150
CODE_OF_LIBM = 4096
"""Bytes; so that no model of benchmarks/RESULTS.md takes more on Cortex-M0 to M4 (int8) or M4 (float32)."""
LONGER_CODE: Mapping[str, float] = {"avr": 2.7}
"""Code for that on Cortex-M4, where it takes much more."""


@dataclass(frozen=True)
class Footprint:
    """Bytes. `flash` is the sum of `constants` (weights and what else the C holds of the model), `kernels`, `emitted` (the code
    that calls them) and `library` (what is linked of the C library). `ram`: the instance and other static memory, with
    `copied` bytes of all that is constant on cores that have it there. `stack` is a bound, None where it is not known;
    `stack_path`: the calls that take it. `linked`: measured, not estimated; `how` says how. `not_linked`: why not."""

    ram: int
    flash: int
    constants: int
    kernels: int
    emitted: int
    library: int
    stack: int | None
    stack_path: tuple[str, ...]
    linked: bool
    how: str
    not_linked: str = ""
    copied: int = 0


def footprint(compilation: Compilation) -> Footprint:
    """Measured by linking where that can be done, else estimated."""
    reason = _why_not_linked(compilation)
    if reason:
        return estimated(compilation, reason)
    try:
        return _linked(compilation)
    except CompileError as error:
        return estimated(compilation, error.problems[0].statement)


def _why_not_linked(compilation: Compilation) -> str:
    from tinycc.device.toolchains import has_compiler, installation

    target = compilation.program.target
    if target.any_core:
        return f"the target {target.name} stands for no core in particular, give --target CORE"
    if not target.boards:
        return f"the target {target.name} has no emulated board to link for"
    if not has_compiler(target):
        return f"no compiler for {target.name} is installed. {installation(target)}"
    return ""


def _linked(compilation: Compilation) -> Footprint:
    """What the linked program takes. Raises CompileError if it does not link, or fits on no board."""
    from tinycc.device.build import build
    from tinycc.device.size import measure_size
    from tinycc.device.stack import stack_bound

    with workspace() as folder:
        firmware = build(compilation, compilation.program.target, folder, marked=True)
        size = measure_size(firmware)
        bound = stack_bound(firmware) if firmware.toolchain.frames else None
        emitted, kernels = _code(firmware)
    known = bound if bound is not None and not bound.unknown else None
    constants = min(compilation.report.constant_bytes, size.flash)
    return Footprint(
        ram=size.ram,
        flash=size.flash,
        constants=constants,
        kernels=kernels,
        emitted=emitted,
        library=max(size.flash - constants - kernels - emitted, 0),
        stack=known.bytes if known else None,
        stack_path=known.path if known else (),
        linked=True,
        how=f"as linked for {firmware.target.name} by {firmware.toolchain}",
        copied=size.copied,
    )


def _code(firmware: Firmware) -> tuple[int, int]:
    """Bytes of linked functions: those of the emitted code, and those of the kernels."""
    from tinycc.device.elf import Elf

    linked = Elf(firmware.elf).functions
    model = f"{firmware.compilation.name}.o"
    objects = [path for path in sorted(firmware.folder.glob("*.o")) if not path.name.startswith("tinycc_board")]
    own = {name for path in objects if path.name == model for name in Elf(path).functions}
    others = {name for path in objects if path.name != model for name in Elf(path).functions} - own
    return sum(linked.get(name, 0) for name in own), sum(linked.get(name, 0) for name in others)


def estimated(compilation: Compilation, reason: str = "") -> Footprint:
    """What the model takes, without a compiler: see the head of this module."""
    sources = [path for path in compilation.sources if "/" in path]
    libm = any("<math.h>" in compilation.files[path] for path in sources)
    kernels, library = CODE_PER_KERNEL * len(sources), CODE_OF_LIBM if libm else 0
    emitted = CODE_PER_STEP * len(compilation.program.all_steps)
    longer = LONGER_CODE.get(compilation.program.target.name, 1)
    kernels, library, emitted = round(kernels * longer), round(library * longer), round(emitted * longer)
    constants = compilation.report.constant_bytes
    program = compilation.program
    copied = copied_bytes(program) if program.target.constants_in_ram else 0
    return Footprint(
        ram=compilation.report.arena_bytes + beside(program),
        flash=constants + kernels + emitted + library,
        constants=constants,
        kernels=kernels,
        emitted=emitted,
        library=library,
        stack=None,
        stack_path=(),
        linked=False,
        how=f"with an estimate of {kernels + emitted + library:,} bytes for the code",
        not_linked=reason,
        copied=copied,
    )
