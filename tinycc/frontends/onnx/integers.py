# SPDX-License-Identifier: Apache-2.0
"""What stands between DequantizeLinear and QuantizeLinear becomes arithmetic on the codes.

`Quantize(Relu(Conv2D(Dequantize(%x), Dequantize(weights))))` -> `Conv2D(%x, weights)` of int8; functions of one element become
tables; what only moves elements moves the codes. What is left computes in float32 as the file says it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np

from tinycc.frontends.onnx.builder import Codes
from tinycc.ir import Array, DType, Graph, Op, Quantization, TensorType, Value
from tinycc.ops.base import Clamped, Range, problems
from tinycc.ops.conversion.quantize import Dequantize, QuantizeToEven
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.elementwise.activations import Relu
from tinycc.ops.elementwise.broadcast import Broadcast
from tinycc.ops.elementwise.pointwise import Lookup, Pointwise
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.reshape import Reshape
from tinycc.ops.movement.slices import Slice
from tinycc.ops.movement.transpose import Transpose
from tinycc.ops.pooling import MaxPool2D
from tinycc.passes.rewrite import fresh, substitute

Weighted: TypeAlias = Conv2D | DepthwiseConv2D | FullyConnected
MOVES = (Reshape, Transpose, Slice)
"""Operators of one operand that only move elements."""
BYTES = np.arange(256, dtype=np.uint8).view(np.int8)


def with_integers(graph: Graph, codes: Codes) -> Graph:
    """The graph with integers where they do; `codes`: of constants that were dequantized."""
    if not any(isinstance(op, QuantizeToEven) for op in graph.ops):
        return graph
    return _Rewriting(graph, codes).run()


@dataclass
class _Rewriting:
    """`coded`: float values that are codes times a scale, and these codes."""

    graph: Graph
    codes: Codes
    ops: list[Op] = field(default_factory=list)
    coded: dict[Value, Value] = field(default_factory=dict)
    new: dict[Value, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = set(self.graph.names)
        self.producers = self.graph.producers

    def run(self) -> Graph:
        for original in self.graph.ops:
            op = original.with_operands(self.new)
            self.ops.append(op)
            if isinstance(op, Dequantize):
                self.coded[op.y] = op.x
            elif isinstance(op, MOVES) and op.x in self.coded:
                self.coded[op.y] = self._moved(op, self.coded[op.x])
            elif isinstance(op, MaxPool2D):
                self._pooled(op)
            elif isinstance(op, Concatenation):
                self._joined(op)
            elif isinstance(op, QuantizeToEven) and op.y.dtype is DType.INT8 and (found := self._integer(op)) is not None:
                self.new[op.y] = found
        return _without_dead(substitute(self.graph, tuple(self.ops), self.new))

    def _value(self, like: Value, type: TensorType) -> Value:
        return Value(fresh(f"{like.name}_codes", self.names), type)

    def _moved(self, op: Any, codes: Value) -> Value:
        """The codes that `op` moves."""
        made = self._value(op.y, replace(codes.type, shape=op.y.shape))
        self.ops.append(replace(op, x=codes, outputs=(made,)))
        return made

    def _pooled(self, op: MaxPool2D) -> None:
        """The largest code is that of the largest value."""
        codes = self.coded.get(op.x)
        if codes is None or codes.dtype is not DType.INT8 or np.isfinite((op.range.min, op.range.max)).any():
            return
        made = self._value(op.y, replace(codes.type, shape=op.y.shape))
        new = replace(op, x=codes, range=Range(*DType.INT8.limits), outputs=(made,))
        if op.window.touches(*op.x.shape[1:3]) and not problems(new):
            self.ops.append(new)
            self.coded[op.y] = made

    def _joined(self, op: Concatenation) -> None:
        found = [self.coded.get(x) for x in op.xs]
        parts = tuple(part for part in found if part is not None)
        if len(parts) == len(found) and len({(part.dtype, part.type.quantization) for part in parts}) == 1:
            made = self._value(op.y, replace(parts[0].type, shape=op.y.shape))
            self.ops.append(replace(op, xs=parts, outputs=(made,)))
            self.coded[op.y] = made

    def _integer(self, op: QuantizeToEven) -> Value | None:
        """The codes that `op` makes, without floats; None: there is no way."""
        known = self.coded.get(op.x)
        if known is not None and known.type == op.y.type:
            return known
        chain: list[Any] = []
        value, bounds = op.x, Range(*op.y.dtype.limits)
        while value not in self.coded:
            maker = self.producers.get(value)
            if isinstance(maker, MOVES):
                chain.append(maker)
            elif isinstance(maker, Relu):
                bounds = _clamped(maker, op.y).intersect(bounds)
            else:
                break
            value = maker.x
        maker = self.producers.get(value)
        if isinstance(maker, (Conv2D, DepthwiseConv2D, FullyConnected)) and value not in self.coded:
            made = self._weighted(maker, op.y, _clamped(maker, op.y).intersect(bounds))
            for move in reversed(chain if made is not None else []):
                assert made is not None
                made = self._moved(move, made)
            return made
        return self._tabulated(op)

    def _weighted(self, op: Weighted, y: Value, bounds: Range) -> Value | None:
        x, weights = self.coded.get(op.x), self.codes.get(op.weights)
        if x is None or x.dtype is not DType.INT8 or weights is None:
            return None
        if weights.dtype is not DType.INT8:
            return None
        axis = 3 if isinstance(op, DepthwiseConv2D) else 0
        if weights.quantization.per_channel and weights.quantization.axis != axis:
            return None
        bias = None if op.bias is None else self._bias(op.bias, x, weights)
        if bias is None and op.bias is not None:
            return None
        made = self._value(y, TensorType(op.y.shape, DType.INT8, y.quantization))
        new = replace(op, x=x, weights=weights, bias=bias, range=bounds, outputs=(made,))
        if problems(new):
            return None
        self.ops.append(new)
        return made

    def _bias(self, bias: Value, x: Value, weights: Value) -> Value | None:
        """The bias in units of x_scale * weights_scale: as the file has it, or rounded."""
        if bias.data is None:
            return None
        units = np.float64(x.scale) * np.asarray(weights.quantization.scales, np.float64)
        if not units.all():
            return None
        whole = np.rint(bias.data.astype(np.float64) / units)
        if np.abs(whole).max(initial=0) >= 2**30:
            return None
        name = fresh(f"{bias.name}_codes", self.names)
        return Value(name, TensorType(bias.shape, DType.INT32), whole.astype(np.int32))

    def _tabulated(self, op: QuantizeToEven) -> Value | None:
        """A function of one element of int8 as a table."""
        chain: list[Op] = [op]
        value = op.x
        while value not in self.coded:
            maker = self.producers.get(value)
            if maker is None or (source := _variable(maker)) is None or len(maker.outputs) != 1:
                return None
            chain.append(maker)
            value = source
        codes = self.coded[value]
        if codes.dtype is not DType.INT8 or codes.shape != op.y.shape:
            return None
        known: dict[Value, Array] = {value: _real(BYTES, codes.quantization)}

        def read(item: Value) -> Array:
            return known[item] if item.data is None else item.data.reshape(-1)

        with np.errstate(all="ignore"):
            for step in reversed(chain):
                known[step.outputs[0]] = step.eval(read)[0].reshape(BYTES.shape)
        made = self._value(op.y, op.y.type)
        self.ops.append(Lookup(x=codes, table=known[op.y], outputs=(made,), origin=op.origin))
        return made


def _real(codes: Array, quantization: Quantization) -> Array:
    real: Array = np.float32(quantization.scale) * (codes.astype(np.int64) - quantization.zero_point).astype(np.float32)
    return real


def _variable(op: Op) -> Value | None:
    """The operand whose element alone decides an element of the result, of the same shape."""
    variables = {value for value in op.inputs if not value.constant}
    single = all(value.type.elements == 1 for value in op.inputs if value.constant)
    if not isinstance(op, (Pointwise, Broadcast)) or len(variables) != 1 or not single:
        return None
    (x,) = variables
    return x if x.shape == op.outputs[0].shape and x.dtype is DType.FLOAT32 else None


def _clamped(op: Clamped, y: Value) -> Range:
    """The clamp of a float32 result in codes of y: rounding keeps the order, so that clamping may come after it."""
    low, high = y.dtype.limits
    codes = []
    for bound, limit in ((op.range.min, low), (op.range.max, high)):
        if not np.isfinite(bound):
            codes.append(limit)
            continue
        code = np.rint(np.float32(bound) / np.float32(y.scale)) + y.zero_point
        codes.append(int(np.clip(code, low, high)))
    return Range(codes[0], codes[1])


def _without_dead(graph: Graph) -> Graph:
    """Without ops whose results nobody reads."""
    read = set(graph.results)
    kept: list[Op] = []
    for op in reversed(graph.ops):
        if read.intersection(op.outputs):
            kept.append(op)
            read.update(op.inputs)
    return replace(graph, ops=tuple(reversed(kept)))
