# SPDX-License-Identifier: Apache-2.0
"""All of the flash, the RAM and the stack that a model takes: one meaning of these words, for the summary, budgets and reports.

With a cross compiler for the target, they are those of the linked program. Without one, or for target `generic`, flash is the
constants and the estimate of code that tinycc/kernels/code.py makes; the stack is not known.
"""

from __future__ import annotations

from dataclasses import dataclass

from tinycc.arrange import beside
from tinycc.codegen.files import workspace
from tinycc.compiler import Compilation
from tinycc.device.build import Firmware
from tinycc.errors import CompileError
from tinycc.kernels.code import estimate
from tinycc.program.copied import copied_bytes


@dataclass(frozen=True)
class Footprint:
    """Bytes. `flash` is the sum of `constants` (weights and what else the C holds of the model), `kernels`, `emitted` (the code
    that calls them) and `library` (what is linked of the C library, and the parameters of calls). `ram`: the instance and other
    static memory, with `copied` bytes of all that is constant on cores that have it there. `stack` is a bound, None where it is
    not known; `stack_path`: the calls that take it. `linked`: measured, not estimated: `how`, or `not_linked`, why not."""

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
    program = compilation.program
    code, constants = estimate(program), compilation.report.constant_bytes
    return Footprint(
        ram=compilation.report.arena_bytes + beside(program),
        flash=constants + code.all,
        constants=constants,
        kernels=code.kernels,
        emitted=code.emitted,
        library=code.library,
        stack=None,
        stack_path=(),
        linked=False,
        how=f"with an estimate of {code.all:,} bytes for the code",
        not_linked=reason,
        copied=copied_bytes(program) if program.target.constants_in_ram else 0,
    )
