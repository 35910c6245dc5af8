# SPDX-License-Identifier: Apache-2.0
"""What was assumed where a file leaves something open."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tinycc.frontends.tflite.callees import CALLS
from tinycc.frontends.tflite.file import ModelRecord, read_file
from tinycc.frontends.tflite.tensors import Shape, Spent, Tensors, text
from tinycc.frontends.tflite.variables import variable_key
from tinycc.ir import DType, Graph, Value
from tinycc.ops.convolution.base import WeightedSum


def other_signatures(data: bytes, chosen: str | None) -> tuple[str, ...]:
    """A note on the entry points of a file that are not compiled; whoever names one knows them."""
    signatures = read_file(data).signatures if chosen is None else {}
    entry = 0
    mine = [name for name, number in signatures.items() if number == entry]
    others = [name for name, number in signatures.items() if number != entry]
    if not others:
        return ()
    compiled = f"signature {mine[0]}" if mine else "the first subgraph"
    told = f"{compiled} is compiled; the file has others, which --signature NAME compiles: {', '.join(others)}"
    return (f"{told}; --signature all makes a package of all of them",)


def shared_variables(data: bytes, chosen: str | None) -> tuple[str, ...]:
    """A note on variables through which entry points of a file talk to each other: in C each has its own."""
    record = read_file(data)
    entry = record.signatures.get(chosen, 0) if chosen else 0
    mine = _variables(record, entry)
    shared: dict[str, list[str]] = {}
    for name, number in record.signatures.items():
        theirs = _variables(record, number)
        for key in sorted(mine.keys() & theirs.keys()) if number != entry else ():
            if mine[key] or theirs[key]:
                shared.setdefault(key, []).append(name)
    return tuple(
        f"variable {key}: the file shares it with signature {' and '.join(names)}; in C each has one of its own, "
        "and what one assigns the other does not see"
        for key, names in shared.items()
    )


def _variables(record: ModelRecord, entry: int) -> dict[str, bool]:
    """The variables that a subgraph and those that it calls name, and whether they assign any, initializers aside."""
    seen, waiting, found, assigns = {entry}, [entry], dict[str, bool](), False
    while waiting:
        for operator in record.subgraphs[waiting.pop()].operators:
            if operator.kind == "VAR_HANDLE":
                found[variable_key(operator).strip("/")] = False
            assigns |= operator.kind == "ASSIGN_VARIABLE"
            called = () if operator.kind == "CALL_ONCE" else CALLS.get(operator.kind, ())
            numbers = {operator.options.get(call.option, -1) for call in called}
            new = {number for number in numbers if 0 <= number < len(record.subgraphs)} - seen
            seen |= new
            waiting += new
    return dict.fromkeys(found, assigns)


def slow_weights(graph: Graph) -> tuple[str, ...]:
    """A note on uint8 weights whose zero point does not go into them: only kernels in plain C know such weights."""
    weighted = (op for op in graph.all_ops if isinstance(op, WeightedSum) and op.x.dtype is DType.INT8 and op.weights.constant)
    slow = [op for op in weighted if op.weights.dtype is DType.INT8 and not _centrable(op.weights)]
    if not slow:
        return ()
    more = f" and {len(slow) - 1} more" if len(slow) > 1 else ""
    return (
        f"{slow[0].origin}{more}: weights of uint8 with a zero point that does not go into int8; a general kernel computes "
        "them. Quantized to int8 the model would be faster",
    )


def _centrable(weights: Value) -> bool:
    assert weights.data is not None
    quantization = weights.type.quantization
    codes = weights.data.astype(np.int64) - (quantization.zero_points[0] if quantization is not None else 0)
    low, high = DType.INT8.limits
    return bool(low <= codes.min(initial=0) and codes.max(initial=0) <= high)


def open_dimensions(data: bytes, shapes: Mapping[str, Shape]) -> tuple[str, ...]:
    """A note for each input with dimensions that the file leaves open and `shapes` does not give: they are 1."""
    subgraph = read_file(data).subgraphs[0]
    tensors = Tensors(subgraph, 0, Spent())
    notes = []
    for index in dict.fromkeys(subgraph.inputs):
        name, shape = tensors.names[index], tensors.declared(index)
        axes = tensors.open_axes(index)
        if axes and name not in shapes:
            which = "dimension" if len(axes) == 1 else "dimensions"
            asked = ",".join("N" if axis in axes else str(size) for axis, size in enumerate(shape))
            numbers = " and ".join(map(str, axes))
            notes.append(
                f"input {name} {text(shape)}: {which} {numbers}, open in the file, set to 1; "
                f"--input-shape {name}={asked} sets it"
            )
    return tuple(notes)
