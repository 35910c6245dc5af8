# SPDX-License-Identifier: Apache-2.0
"""The graph as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tinycc.analysis.floats import in_float
from tinycc.ir import Graph, Origin, Value


@dataclass(frozen=True)
class Operand:
    """What an operator reads under the name of a role, or makes; `type` as text, with the quantization."""

    role: str
    name: str
    type: str
    constant: bool


@dataclass(frozen=True)
class OperatorRow:
    """An operator of the graph, or (`graph`: in which of the graphs that operators run) of one inside. `in_float`: why it
    computes in float32 though the model is quantized, empty where it does not."""

    graph: str
    operator: str
    origin: str
    reads: tuple[Operand, ...]
    makes: tuple[Operand, ...]
    in_float: str


def _operand(role: str, value: Value) -> Operand:
    return Operand(role, value.name, str(value.type), value.constant)


def _rows(graph: Graph, place: str, floats: Mapping[Origin, str]) -> list[OperatorRow]:
    found = []
    for op in graph.ops:
        reads = tuple(_operand(role, value) for role, value in op.operands)
        makes = tuple(_operand("", value) for value in op.outputs)
        found.append(OperatorRow(place, type(op).__name__, str(op.origin), reads, makes, floats.get(op.origin, "")))
        for role, inner in op.graphs.items():
            found += _rows(inner, f"{place}/{op.origin}: {role}".lstrip("/"), floats)
    return found


def graph_json(graph: Graph) -> list[dict[str, Any]]:
    """Every operator in order, those of inner graphs behind the one that runs them."""
    return [asdict(row) for row in _rows(graph, "", in_float(graph))]


def floats_text(graph: Graph) -> str:
    """A line for each operator of a quantized model that computes in float32: why."""
    return "".join(f"\nin float32: {origin}: {why}" for origin, why in in_float(graph).items())
