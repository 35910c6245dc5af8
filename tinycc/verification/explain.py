# SPDX-License-Identifier: Apache-2.0
"""Why the C differs from a runtime: every difference is explained, or said not to be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from tinycc.compiler import Model
from tinycc.defects import places
from tinycc.errors import CompileError
from tinycc.execution.comparison import Comparison
from tinycc.execution.inputs import InputSet
from tinycc.ir import DType, Graph, Op
from tinycc.numerics.rules import Numerics
from tinycc.ops.base import Operator
from tinycc.oracles import Oracle, OracleUnavailable
from tinycc.verification.references import Numpy, departures

MOST_SETS = 64
"""Input sets that are tried again to find an explanation."""


def explain(model: Model, oracle: Oracle, sets: Sequence[InputSet]) -> tuple[str, ...]:
    """Notes on why the C of `model` is not what `oracle` says."""
    found = [f"{oracle.name}: {text}" for text in departures(model, oracle.name).values()]
    found += [EXTREME] if any(_extreme(item) for item in sets) else []
    sets = sets[:MOST_SETS]
    if _agree(Numpy(model), oracle, model, sets):
        floats = any(value.dtype is DType.FLOAT32 for op in model.graph.all_ops for value in op.outputs)
        why = ORDER if floats else FAULT
        found.append(f"the model's operators computed with numpy say what {oracle.name} says: {why}")
    else:
        others = (match for match in model.source.runtimes if match != model.match)
        found += [note for match in others if (note := _other_rounding(model, match, oracle, sets))]
    if not found and (note := _other_kernels(model, oracle, sets)):
        found.append(note)
    if not found:
        found.append(
            f"not explained: no known defect of {oracle.name}, and no other --match, gives what it computes here. "
            "--layers finds the first layer that differs; if that is a network without damage, please report it."
        )
    return tuple(found)


EXTREME = (
    "inputs hold NaN, infinities or numbers beyond 1e30, for which the runtimes leave QUANTIZE, hybrid operators and the order "
    "of sums undefined: docs/numbers.md has tinycc's rules"
)
ORDER = (
    "the C adds floats up in another order, whose results may lie so far apart where sums nearly cancel, or one of its kernels "
    "has a fault; --layers finds the first layer that differs"
)
FAULT = "a kernel of the C has a fault; --layers finds the layer. Please report it"
HUGE = 1e30


def _extreme(item: InputSet) -> bool:
    """Whether a float among the inputs is not finite, or huge."""
    floats = (array for array in item.arrays if array.dtype.kind == "f")
    return any(bool((~(np.abs(array) < HUGE)).any()) for array in floats)


def _other_rounding(model: Model, match: Numerics, oracle: Oracle, sets: Sequence[InputSet]) -> str:
    """A note, if the C would be equal with the arithmetic of `match`."""
    try:
        other = replace(model, graph=model.as_read(match=match), options=replace(model.options, match=match))
    except CompileError:
        return ""
    if not _agree(Numpy(other), oracle, model, sets):
        return ""
    ops = _differing(model.graph, other.graph)
    rules = dict.fromkeys(f"{op.origin.kind}: {rule}" for op in ops if (rule := _rule(op)))
    text = f" ({'; '.join(rules)})" if rules else ""
    return f"{places(ops) if ops else 'the model'}: {oracle.name} rounds otherwise{text}; `--match {match}` reproduces it"


def _rule(op: Op) -> str:
    return op.litert_rule if isinstance(op, Operator) else ""


def _other_kernels(model: Model, oracle: Oracle, sets: Sequence[InputSet]) -> str:
    """A note, if another oracle of the same arithmetic says what the C computes: sets of kernels differ among themselves."""
    for name in model.source.judges(model.match):
        for kernels in model.source.kernel_sets(name):
            try:
                other = model.oracle(kernels)
                if kernels != oracle.name and _agree(Numpy(model), other, model, sets):
                    return f"{kernels} ({other.kernels}) says what the C computes; {oracle.kernels} round otherwise: {ROUNDING}"
            except OracleUnavailable:
                continue
    return ""


ROUNDING = "XNNPACK requantizes by float32 scales, optimised kernels sum and round in another order"


def _agree(a: Oracle, b: Oracle, model: Model, sets: Iterable[InputSet]) -> bool:
    """Whether two references give the same outputs."""
    rows = [Comparison(value.name, str(value.type)) for value in model.graph.outputs]
    for item in sets:
        if item.fresh and model.graph.states:
            a.reset()
            b.reset()
        try:
            pairs = zip(rows, a.run(item.arrays), b.run(item.arrays), strict=True)
        except (OracleUnavailable, CompileError):
            continue
        for row, found, expected in pairs:
            row.add(found, expected, item.label)
    return bool(rows) and all(row.passed and row.values for row in rows)


def _differing(graph: Graph, other: Graph) -> list[Op]:
    """The ops of `graph` that are others in `other`."""
    theirs = {(op.origin.subgraph, op.origin.index): _content(op) for op in other.all_ops}
    return [op for op in graph.all_ops if _content(op) != theirs.get((op.origin.subgraph, op.origin.index))]


def _content(op: Op) -> tuple[object, ...]:
    """What an op computes, comparable between graphs."""
    data = tuple(value.data.tobytes() for value in op.inputs if value.data is not None)
    return (type(op), data, *((name, _comparable(content)) for name, content in op.attributes))


def _comparable(content: object) -> object:
    return content.tobytes() if isinstance(content, np.ndarray) else repr(content)
