# SPDX-License-Identifier: Apache-2.0
"""What a model takes on a core, without a toolchain: for searches over architectures, which ask it thousands of times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tinycc.compiler import Model, ModelLike, as_model, kernel_context
from tinycc.errors import CompileError
from tinycc.kernels.code import code_of
from tinycc.lowering.lower import lower
from tinycc.options import Options
from tinycc.passes import run_passes
from tinycc.plan.layout import lay_out

CODE_PER_STEP = 60
"""Bytes of the code that makes one step's calls, and its part of the rest."""


@dataclass(frozen=True)
class ModelCost:
    """`ram`: bytes of the arena; `flash`: of constants, and of code as it was measured kernel by kernel; `cycles` of one
    inference, by the costs that the choice of kernels goes by; `layers` with code."""

    ram: int
    flash: int
    macs: int
    cycles: int
    layers: int


def cost(model: ModelLike, target: str = "generic", **keywords: Any) -> ModelCost:
    """What a model (path, bytes, or loaded) takes on `target`; other options as of `compile`. Raises CompileError."""
    return cost_of(*as_model(model, None, {**keywords, "target": target}))  # type: ignore[typeddict-item]


def cost_of(model: Model, options: Options | None = None) -> ModelCost:
    """What a loaded model takes with these options (None: those that it was loaded with). Raises CompileError."""
    asked = options or model.options
    try:
        asked.provider.check(asked.target)
        layout = lay_out(lower(run_passes(model.graph, asked.without), kernel_context(asked)))
    except CompileError as error:
        raise CompileError(error.problems, model.name) from error
    program = layout.program
    code = sum(code_of(frozenset(program.symbols)).values()) + CODE_PER_STEP * len(program.all_steps)
    return ModelCost(
        ram=layout.bytes,
        flash=program.flash() + code,
        macs=program.macs,
        cycles=sum(step.cycles for step in program.all_steps),
        layers=len(program.all_steps),
    )
