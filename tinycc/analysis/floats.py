# SPDX-License-Identifier: Apache-2.0
"""Which operators of a quantized model compute in float32 all the same, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tinycc.ir import DType, Graph, Op, Origin, Value
from tinycc.ops.control import Control
from tinycc.ops.conversion.cast import Cast
from tinycc.ops.conversion.dynamic import DynamicQuantize
from tinycc.ops.conversion.quantize import Dequantize, Quantize, QuantizeToEven, Requantize, RequantizeToEven
from tinycc.ops.convolution.base import WeightedSum
from tinycc.ops.convolution.blockwise import BlockwiseDense
from tinycc.ops.convolution.integer import IntegerConv2D
from tinycc.ops.elementwise.broadcast import Broadcast
from tinycc.ops.elementwise.pointwise import Pointwise
from tinycc.ops.movement.base import Movement
from tinycc.ops.movement.copy import Copy

CONVERSIONS = (Quantize, QuantizeToEven, Dequantize, Requantize, RequantizeToEven, DynamicQuantize, Cast)
MOVES = (Movement, Copy, Control)
NARROW = (DType.INT8, DType.UINT8, DType.INT16)


def in_float(graph: Graph) -> Mapping[Origin, str]:
    """Origin -> reason, of each operator that computes in float32 though the model has codes; conversions do so by nature."""
    if not any(_on_codes(op) for op in graph.all_ops):
        return {}
    return dict(_reasons(graph))


def _on_codes(op: Op) -> bool:
    if isinstance(op, (DynamicQuantize, IntegerConv2D, BlockwiseDense)):
        return True
    return any(value.dtype in NARROW and value.type.quantization is not None for value in (*op.inputs, *op.outputs))


def _reasons(graph: Graph) -> list[tuple[Origin, str]]:
    users, producers = graph.users, graph.producers
    found: list[tuple[Origin, str]] = []
    computing: dict[Origin, list[Op]] = {}
    for op in graph.ops:
        for inner in op.graphs.values():
            found += _reasons(inner)
        if not (op.view or isinstance(op, (*CONVERSIONS, *MOVES)) or op.outputs[0].dtype is not DType.FLOAT32):
            computing.setdefault(op.origin, []).append(op)
    return found + [(origin, _reason(ops, graph, users, producers)) for origin, ops in computing.items()]


def _reason(ops: Sequence[Op], graph: Graph, users: Mapping[Value, list[Op]], producers: Mapping[Value, Op]) -> str:
    """The first of these that holds of what the file has as one operator, as the file is read from its inputs on."""
    origin, results = ops[0].origin, [value for op in ops for value in op.outputs]
    if any(isinstance(op, WeightedSum) and op.hybrid for op in ops):
        return "its inputs are float32: they are quantized by their range of the moment, and sums are of integers"
    read = [_shown(value, producers) for op in ops for value in op.inputs if not value.constant]
    sources = [(value, producers.get(value)) for value in read]
    sources = [(value, maker) for value, maker in sources if maker is None or maker.origin != origin]
    makers = [maker for _, maker in sources]
    blocks = [op for op in ops if isinstance(op, BlockwiseDense)]
    if blocks and not any(isinstance(maker, Dequantize) for maker in makers):
        return f"its inputs are float32; its weights stay codes of {blocks[0].weights.dtype.bits} bits, in flash as in the sums"
    for value, maker in sources:
        if isinstance(maker, (Cast, DynamicQuantize)) or (maker is not None and _sums(maker)):
            return "it scales sums of integers by a scale that is only known at run time"
        if not isinstance(maker, Dequantize):
            what = "an input of the model" if maker is None else f"what {maker.origin.kind} makes"
            return f"it reads %{value.name}, {what}: float32 without a scale"
    readers = [reader for value in results for reader in _readers(value, users) if reader.origin != origin]
    if not any(isinstance(reader, (Quantize, QuantizeToEven)) for reader in readers):
        given = [value for value in results if value in graph.outputs]
        what = "an output of the model" if given else "of which nothing makes codes"
        return f"its result %{(given or ops[-1].outputs)[0].name} is float32, {what}"
    if any(op.scales.shape[1] > 1 for op in blocks):
        return "its weights have a scale for each block, for which there are integers between inputs and results of 8 bits"
    if any(isinstance(op, (WeightedSum, BlockwiseDense)) and op.weights.constant for op in ops):
        return "its weights or its bias are no codes whose scales and zero points an integer kernel takes"
    if all(isinstance(op, (Pointwise, Broadcast)) for op in ops):
        return "it has several operands, or its function of codes of 16 bits is no curve of few pieces"
    return "no integer operator has this function of these codes"


def _sums(op: Op) -> bool:
    return isinstance(op, IntegerConv2D)


def _shown(value: Value, producers: Mapping[Value, Op]) -> Value:
    """What moved elements were, before they were moved."""
    while value in producers and (producers[value].view or isinstance(producers[value], MOVES)):
        inputs = [item for item in producers[value].inputs if not item.constant]
        if len(inputs) != 1:
            return value
        value = inputs[0]
    return value


def _readers(value: Value, users: Mapping[Value, list[Op]]) -> list[Op]:
    """Who reads it, or what was moved of it."""
    found: list[Op] = []
    for reader in users.get(value, ()):
        moved = reader.view or isinstance(reader, MOVES)
        found += [item for made in reader.outputs for item in _readers(made, users)] if moved else [reader]
    return found
