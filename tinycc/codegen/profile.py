# SPDX-License-Identifier: Apache-2.0
"""The profile that goes with a model: which steps are timed, and what tells one build from another."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from tinycc.program.types import Program, Step


def timed(program: Program) -> Iterator[Step]:
    """The steps that are timed, in the order of the C: those with a kernel. Of control flow, what is in it."""
    return (step for step in program.all_steps if is_timed(step))


def is_timed(step: Step) -> bool:
    return bool(step.kernel) and not step.is_control


def build_id(program: Program) -> str:
    """Eight hexadecimal digits, the same for the same kernels in the same steps, as often where they run row by row."""
    turns = {stage.step.number: stage.count for stream in program.streams for stage in stream.stages}
    text = "\n".join(f"{step.number} {step.kernel} {turns.get(step.number, 1)}" for step in timed(program))
    return f"{zlib.crc32(text.encode()):08x}"
