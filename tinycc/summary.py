# SPDX-License-Identifier: Apache-2.0
"""What a compile cost: RAM with its lower bound and what is alive at the peak, flash, work per layer."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from tinycc.codegen.lower import Program
from tinycc.ir import Op
from tinycc.kernels.calls import Step
from tinycc.plan import peak


@dataclass(frozen=True)
class Layer:
    """One op: the kernel it calls, its multiply-accumulates, the bytes of its outputs, constants and scratch.

    The ops of a graph that another one runs follow it; what they take is theirs, not its.
    """

    index: int
    subgraph: int
    operator: str
    name: str
    kernel: str
    output: str
    macs: int
    output_bytes: int
    constant_bytes: int
    scratch_bytes: int


@dataclass(frozen=True)
class LiveBuffer:
    """A buffer that is alive where the arena is fullest."""

    name: str
    bytes: int


@dataclass(frozen=True)
class Report:
    """Sizes in bytes. `constant_bytes` counts weights and derived tables, without duplicates, as they lie in flash. `notes`:
    what a user should know of how the model was read, and of the runtime's defects that the C has in common with it."""

    model: str
    name: str
    target: str
    arena_bytes: int
    lower_bound_bytes: int
    constant_bytes: int
    macs: int
    peak: tuple[LiveBuffer, ...]
    layers: tuple[Layer, ...]
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def summarize(program: Program, name: str, constant_bytes: int, notes: tuple[str, ...] = ()) -> Report:
    """The report of a program. `constant_bytes` comes from the emission, where equal constants are shared."""
    _, alive = peak(program.buffers)
    buffers = sorted((program.buffers[index] for index in alive), key=lambda buffer: -buffer.size)
    return Report(
        model=program.graph.name,
        name=name,
        target=program.target.name,
        arena_bytes=program.plan.size,
        lower_bound_bytes=program.plan.lower_bound,
        constant_bytes=constant_bytes,
        macs=program.graph.macs,
        peak=tuple(LiveBuffer(buffer.name, buffer.size) for buffer in buffers if buffer.size),
        layers=tuple(_layer(step) for step in program.all_steps),
        notes=notes,
    )


def _layer(step: Step) -> Layer:
    op: Op = step.op
    constants = sum(value.type.bytes for value in op.inputs if value.constant and _is_read(step, value))
    tables = sum(table.data.nbytes for call in step.calls for table in call.tables)
    scratch = max((sum(call.scratches.values()) for call in step.calls), default=0)
    return Layer(
        index=op.origin.index,
        subgraph=op.origin.subgraph,
        operator=op.origin.kind,
        name=op.origin.name,
        kernel=step.kernel,
        output=f"{op.y.dtype.value}[{','.join(map(str, op.y.shape))}]",
        macs=0 if step.inner else op.macs,
        output_bytes=sum(value.type.bytes for value in op.outputs),
        constant_bytes=constants + tables,
        scratch_bytes=scratch,
    )


def _is_read(step: Step, value: object) -> bool:
    """Whether the C reads an operand's own data (a repacked constant is counted as a table instead)."""
    return any(getattr(leaf, "value", None) is value for call in step.calls for leaf in call.leaves())
