# SPDX-License-Identifier: Apache-2.0
"""What was assumed where a file leaves something open."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tinycc.frontends.tflite.file import read_file
from tinycc.frontends.tflite.tensors import Shape, Spent, Tensors, text
from tinycc.ir import DType, Graph, Value
from tinycc.ops.convolution.base import WeightedSum


def other_signatures(data: bytes, chosen: str | None) -> tuple[str, ...]:
    """A note on the entry points of a file that are not compiled."""
    signatures = read_file(data).signatures
    entry = signatures.get(chosen, 0) if chosen else 0
    mine = [name for name, number in signatures.items() if number == entry]
    others = [name for name, number in signatures.items() if number != entry]
    if not others:
        return ()
    compiled = f"signature {mine[0]}" if mine else "the first subgraph"
    told = f"{compiled} is compiled; the file has others, which --signature NAME compiles: {', '.join(others)}"
    return (f"{told}; --signature all makes a package of all of them",)


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
