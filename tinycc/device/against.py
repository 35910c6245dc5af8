# SPDX-License-Identifier: Apache-2.0
"""A model layer by layer beside the same layers by Arm's CMSIS-NN."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinycc.device.bench import Bench, LayerBench

EVEN = 1.02
"""A layer that takes so many times the cycles of another one is as fast."""


@dataclass(frozen=True)
class LayerAgainst:
    """One layer by the kernel that is taken, and by CMSIS-NN's function or, where that has none for it, what stands in.

    `ratio`: of the cycles, the former's by the latter's.
    """

    operator: str
    name: str
    kernel: str
    instructions: int
    cycles_estimate: int
    cmsis_nn: str
    cmsis_nn_instructions: int
    cmsis_nn_cycles_estimate: int
    ratio: float | None

    @property
    def slower(self) -> bool:
        return self.cycles_estimate > EVEN * self.cmsis_nn_cycles_estimate


def against(found: Bench, cmsis_nn: Bench) -> tuple[LayerAgainst, ...]:
    """Layer by layer, of two measurements of one model. Layers of one origin are one."""
    theirs = _by_origin(cmsis_nn.layers)
    return tuple(_row(layers, theirs[origin]) for origin, layers in _by_origin(found.layers).items() if origin in theirs)


def _by_origin(layers: Sequence[LayerBench]) -> dict[tuple[str, str], list[LayerBench]]:
    rows: dict[tuple[str, str], list[LayerBench]] = {}
    for layer in layers:
        rows.setdefault((layer.operator, layer.name), []).append(layer)
    return rows


def _row(ours: Sequence[LayerBench], theirs: Sequence[LayerBench]) -> LayerAgainst:
    cycles = [sum(layer.cycles_estimate for layer in layers) for layers in (ours, theirs)]
    instructions = [sum(layer.instructions for layer in layers) for layers in (ours, theirs)]
    return LayerAgainst(
        operator=ours[0].operator,
        name=ours[0].name,
        kernel=ours[0].kernel,
        instructions=instructions[0],
        cycles_estimate=cycles[0],
        cmsis_nn=theirs[0].kernel,
        cmsis_nn_instructions=instructions[1],
        cmsis_nn_cycles_estimate=cycles[1],
        ratio=round(cycles[0] / cycles[1], 3) if cycles[1] else None,
    )
