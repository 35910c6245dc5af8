# SPDX-License-Identifier: Apache-2.0
"""What a model takes on a core, without a toolchain: for searches over architectures, which ask it thousands of times."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from tinycc.compiler import Model, ModelLike, as_model, layout_of, passed
from tinycc.errors import CompileError
from tinycc.kernels.code import flash_estimate
from tinycc.options import Options

T = TypeVar("T")


@dataclass(frozen=True)
class ModelCost:
    """`ram`: bytes of the arena; `flash`: of constants, and of code as `tinycc compile` estimates it where it cannot link;
    `cycles` of one inference, by the costs that the choice of kernels goes by; `layers` with code."""

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
        layout = layout_of(passed(model, asked), asked)
    except CompileError as error:
        raise CompileError(error.problems, model.name) from error
    program = layout.program
    return ModelCost(
        ram=layout.bytes,
        flash=flash_estimate(program),
        macs=program.macs,
        cycles=sum(step.cycles for step in program.all_steps),
        layers=len(program.all_steps),
    )


def unbeaten(items: Iterable[T], costs: Callable[[T], tuple[int, ...]]) -> list[T]:
    """Those of which no other is at least as good in every cost and better in one, in the order of their costs."""
    listed = sorted(items, key=costs)
    values = set(map(costs, listed))

    def beaten(item: T) -> bool:
        own = costs(item)
        return any(other != own and all(a <= b for a, b in zip(other, own, strict=True)) for other in values)

    return [item for item in listed if not beaten(item)]
