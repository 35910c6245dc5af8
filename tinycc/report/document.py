# SPDX-License-Identifier: Apache-2.0
"""All that a report of one model says, as data: the page is drawn from it, `--json` prints it, two of them can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tinycc import __version__
from tinycc.arrange import arrange
from tinycc.compiler import Compilation, kernel_context, variations, wanted
from tinycc.footprint import Footprint, estimated, footprint
from tinycc.ir import DType, Graph, Op, Origin
from tinycc.passes import LOAD, stages
from tinycc.ports import Port
from tinycc.program.types import Step
from tinycc.report.mcus import MCUS, Mcu
from tinycc.report.measured import Measured
from tinycc.report.memory import Memory, memories
from tinycc.shrink.forecast import Forecast, WeightsLike, forecasts, weights_like
from tinycc.summary import RowCall
from tinycc.target import TARGETS


@dataclass(frozen=True)
class LayerRow:
    """One operator with code. `cycles`: the cost that the choice of its kernel went by, an estimate; `varies`: why its
    instructions depend on the values, empty where they do not, and `varies_by`: by how many at most, None if that is not known;
    `why`: the kernel's reason in a line; `why_not`: the other kernels, each with the reason; `in_float`: why it computes in
    float32 though the model is quantized; `reads`: the steps whose results it reads, 0 for inputs of the model; `weights`: what
    its weights are like, None without constant ones."""

    step: int
    operator: str
    name: str
    kernel: str
    output: str
    macs: int
    cycles: int
    output_bytes: int
    constant_bytes: int
    scratch_bytes: int
    is_float: bool
    in_float: str
    varies: str
    varies_by: int | None
    why: str
    why_not: tuple[tuple[str, str], ...]
    reads: tuple[int, ...]
    weights: WeightsLike | None


@dataclass(frozen=True)
class Gone:
    """An operator of the file that needs no code, and the pass that saw to it."""

    operator: str
    name: str
    by: str


@dataclass(frozen=True)
class Fit:
    """The model on one part. Times and energy are estimates for memories without wait states, of an inference on one core."""

    name: str
    boards: str
    core: str
    mhz: int
    flash_bytes: int
    ram_bytes: int
    need_flash: int
    need_ram: int
    fits: bool
    milliseconds: float
    microjoules: float | None


@dataclass(frozen=True)
class Document:
    """Sizes in bytes. `flash` by what it holds, constants and code; `linked`: the code as it was linked, `flash_how` says for
    what by which compiler, else as estimated. `flash_estimate`: the sum with the estimate in any case, which is the same on
    every machine. `calls`: of a model whose input or output goes row by row, what each row brings about. `pruned`: what it
    would take with more zeros, or fewer different weights, by that estimate."""

    tinycc: str
    model: str
    target: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    macs: int
    cycles: int
    ram: int
    flash: Mapping[str, int]
    flash_how: str
    linked: bool
    flash_estimate: int
    memories: tuple[Memory, ...]
    layers: tuple[LayerRow, ...]
    calls: tuple[RowCall, ...]
    gone: tuple[Gone, ...]
    fits: tuple[Fit, ...]
    pruned: tuple[Forecast, ...]
    measured: Measured | None
    notes: tuple[str, ...]

    @property
    def flash_bytes(self) -> int:
        return sum(self.flash.values())


CODE = "code"


def to_json(made: Document) -> dict[str, Any]:
    """With the totals that others compare."""
    return {**asdict(made), "flash_bytes": made.flash_bytes}


def document(compilation: Compilation, measured: Measured | None = None) -> Document:
    """The report of a compiled model; `measured`: what a board said of it."""
    report, need = compilation.report, footprint(compilation)
    layers = tuple(_layers(compilation))
    return Document(
        tinycc=__version__,
        model=Path(compilation.model.name).name,
        target=report.target,
        inputs=compilation.inputs,
        outputs=compilation.outputs,
        macs=report.macs,
        cycles=sum(layer.cycles for layer in layers),
        ram=report.arena_bytes,
        flash={**report.flash, CODE: need.flash - report.constant_bytes},
        flash_how=need.how,
        linked=need.linked,
        flash_estimate=estimated(compilation).flash,
        memories=memories(compilation.layout),
        layers=layers,
        calls=report.calls,
        gone=tuple(_gone(compilation)),
        fits=tuple(_fits(compilation)),
        pruned=forecasts(compilation),
        measured=measured,
        notes=report.notes,
    )


def _layers(compilation: Compilation) -> Iterator[LayerRow]:
    ops = {op.origin: op for op in compilation.graph.all_ops if not op.view}
    made = {result.name: step.number for step in compilation.program.all_steps for result in step.results}
    alike, varies = weights_like(compilation), variations(compilation)
    for step, layer in zip(compilation.program.all_steps, compilation.report.layers, strict=True):
        op = ops[step.origin]
        yield LayerRow(
            step=step.number,
            operator=layer.operator,
            name=layer.name,
            kernel=layer.kernel,
            output=layer.output,
            macs=layer.macs,
            cycles=step.cycles,
            output_bytes=layer.output_bytes,
            constant_bytes=layer.constant_bytes,
            scratch_bytes=layer.scratch_bytes,
            is_float=_is_float(op),
            in_float=layer.in_float,
            varies=varies[step.number].why,
            varies_by=varies[step.number].most,
            why=step.reason,
            why_not=step.rejected,
            reads=_reads(step, compilation.graph, op, made),
            weights=alike.get((op.origin.kind, op.origin.name)),
        )


def _is_float(op: Op) -> bool:
    return DType.FLOAT32 in {value.dtype for value in (*op.inputs, *op.outputs)}


def _reads(step: Step, graph: Graph, op: Op, made: Mapping[str, int]) -> tuple[int, ...]:
    """Views stand for what they show."""
    shown = {view.y: view.inputs[0] for view in graph.all_ops if view.view}

    def source(name_of: Op) -> Iterator[int]:
        for value in name_of.inputs:
            while value in shown:
                value = shown[value]
            if not value.constant:
                yield made.get(value.name, 0)

    return tuple(dict.fromkeys(source(op)))


def _gone(compilation: Compilation) -> Iterator[Gone]:
    """By the first graph that lacks the operator; views, which have no code, at the end."""
    left: dict[Origin, None] = {}
    for name, graph in stages(compilation.model.graph, compilation.options.left_out):
        now = {op.origin: None for op in graph.all_ops}
        if name != LOAD:
            yield from (Gone(origin.kind, origin.name, name) for origin in left if origin not in now)
        left = now
    views = (op.origin for op in compilation.graph.all_ops if op.view)
    yield from (Gone(origin.kind, origin.name, "a view: no code") for origin in views)


def _fits(compilation: Compilation) -> Iterator[Fit]:
    needs: dict[str, tuple[Footprint, int]] = {}
    for mcu in MCUS:
        if mcu.core not in needs:
            needs[mcu.core] = _need(compilation, mcu.core)
        yield _fit(mcu, *needs[mcu.core])


def _need(compilation: Compilation, core: str) -> tuple[Footprint, int]:
    """What the model takes as compiled for another core, and its cycles."""
    options = replace(compilation.options, target=TARGETS[core])
    layout = arrange(compilation.graph, kernel_context(options, compilation.graph), wanted(options))
    there = replace(compilation, layout=layout, options=options)
    return estimated(there), sum(step.cycles for step in layout.program.all_steps)


def _fit(mcu: Mcu, need: Footprint, cycles: int) -> Fit:
    return Fit(
        name=mcu.name,
        boards=mcu.boards,
        core=mcu.core,
        mhz=mcu.mhz,
        flash_bytes=mcu.flash_bytes,
        ram_bytes=mcu.ram_bytes,
        need_flash=need.flash,
        need_ram=need.ram,
        fits=need.flash <= mcu.flash_bytes and need.ram <= mcu.ram_bytes,
        milliseconds=mcu.milliseconds(cycles),
        microjoules=mcu.microjoules(cycles),
    )
