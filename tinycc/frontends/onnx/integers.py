# SPDX-License-Identifier: Apache-2.0
"""What stands between DequantizeLinear and QuantizeLinear becomes arithmetic on the codes.

`Quantize(Relu(Conv2D(Dequantize(%x), Dequantize(weights))))` -> `Conv2D(%x, weights)` of int8; functions of one element become
tables or curves; what only moves elements moves the codes. What is left computes in float32 as the file says it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, get_args

import numpy as np

from tinycc.analysis.accumulators import Weighted
from tinycc.analysis.rounding import rounds_single, with_lines
from tinycc.frontends.onnx.builder import Codes
from tinycc.frontends.onnx.fixed import as_tflite, forms_of, has_rules
from tinycc.frontends.onnx.layers import PACKABLE, as_bytes, in_four_bits, integer_layer, with_bias
from tinycc.frontends.onnx.tables import BYTES, curve_of, function_of, table_of
from tinycc.frontends.onnx.wanted import Wanted, quantized, real_codes
from tinycc.frontends.onnx.weights import in_blocks
from tinycc.ir import Array, DType, Graph, Op, Origin, Quantization, Value
from tinycc.numerics.rules import ORT, ORT_QLINEAR, TFLM
from tinycc.ops.base import Operator, Range, problems
from tinycc.ops.conversion.quantize import Dequantize, QuantizeToEven, Requantize, RequantizeToEven
from tinycc.ops.convolution.base import WeightedSum
from tinycc.ops.convolution.batch_matmul import BatchMatMul
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.elementwise.activations import Relu
from tinycc.ops.elementwise.arithmetic import Add, Binary, Mul
from tinycc.ops.elementwise.curved import Curved
from tinycc.ops.elementwise.maximum import Choice
from tinycc.ops.elementwise.pointwise import Lookup, Pointwise
from tinycc.ops.elementwise.select import Select
from tinycc.ops.movement.base import Rearrangement
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.gather import Gather
from tinycc.ops.movement.pad import Pad
from tinycc.ops.movement.repeat import MirrorPad
from tinycc.ops.movement.reshape import Reshape
from tinycc.ops.movement.slices import Split, Unpack
from tinycc.ops.normalization.softmax import Softmax
from tinycc.ops.pooling import AveragePool2D, MaxPool2D
from tinycc.ops.reduction.extremes import Extreme
from tinycc.ops.reduction.mean import Mean
from tinycc.ops.reduction.sums import ReduceSum
from tinycc.ops.resize import ResizeNearest
from tinycc.passes.rewrite import fresh, substitute

Move = Reshape | Rearrangement | Gather | MirrorPad | ResizeNearest
"""Operators that only move the elements of their operand x."""
MOVES: tuple[type[Operator], ...] = get_args(Move)
ALIKE: tuple[type[Operator], ...] = (*MOVES, Pad, MaxPool2D, Extreme, Concatenation)
"""Operators whose result may have the codes of their operands."""
CODES = (DType.INT8, DType.INT16)


def with_integers(graph: Graph, codes: Codes, *, fixed: bool = False) -> Graph:
    """The graph with integers where they do; `codes`: of constants that were dequantized. `fixed`: sums become codes as in
    TFLite models, see fixed.py."""
    if not any(isinstance(op, QuantizeToEven) for op in graph.ops):
        return graph
    return _Rewriting(graph, codes, fixed).run()


@dataclass
class _Rewriting:
    """`coded`: float values that are codes times a scale, and these codes."""

    graph: Graph
    codes: Codes
    fixed: bool
    ops: list[Op] = field(default_factory=list)
    coded: dict[Value, Value] = field(default_factory=dict)
    new: dict[Value, Value] = field(default_factory=dict)
    origin: Origin = field(init=False)

    def __post_init__(self) -> None:
        self.names = set(self.graph.names)
        self.producers = self.graph.producers
        self.positions = {op: number for number, op in enumerate(self.graph.ops)}

    def run(self) -> Graph:
        for original in self.graph.ops:
            op = original.with_operands(self.new)
            self.origin = op.origin
            self.ops.append(op)
            if isinstance(op, Dequantize):
                self.coded[op.y] = op.x
            elif isinstance(op, ALIKE):
                self._note(op)
            elif isinstance(op, (Split, Unpack)) and op.x in self.coded:
                self._split(op, self.coded[op.x])
            elif isinstance(op, QuantizeToEven) and op.y.dtype in CODES and (found := self._quantized(op)) is not None:
                self.new[op.y] = found
        ops = tuple(as_tflite(op) if self.fixed else op for op in self.ops)
        return _without_dead(substitute(self.graph, ops, self.new))

    def _note(self, op: Operator) -> None:
        """`op` on the codes of its operands, where all have the same, so that its result has them, too."""
        operands = op.xs if isinstance(op, Concatenation) else op.inputs[:1]
        types = {self.coded[x].type.quantization for x in operands if x in self.coded}
        dtypes = {self.coded[x].dtype for x in operands if x in self.coded}
        if not all(x in self.coded for x in operands) or len(types) != 1 or len(dtypes) != 1:
            return
        (quantization,), (dtype,) = types, dtypes
        if quantization is None or quantization.per_channel:
            return
        made = self.made(op.outputs[0], Wanted(dtype, quantization, Range(*dtype.limits)))
        if made is not None:
            self.coded[op.outputs[0]] = made

    def _split(self, op: Split | Unpack, codes: Value) -> None:
        """The parts of what is in codes are."""
        parts = {y: Value(fresh(f"{y.name}_codes", self.names), replace(codes.type, shape=y.shape)) for y in op.outputs}
        self.ops.append(replace(op, x=codes, outputs=tuple(parts.values())))
        self.coded.update(parts)

    def _quantized(self, op: QuantizeToEven) -> Value | None:
        """The codes that `op` makes, without floats; None: there is no way."""
        mark = len(self.ops)
        wanted = Wanted(op.y.dtype, op.y.quantization, Range(*op.y.dtype.limits))
        if (found := self.wanted(op.x, wanted)) is not None:
            return found
        del self.ops[mark:]
        return self._tabulated(op)

    def wanted(self, value: Value, wanted: Wanted) -> Value | None:
        """The codes of a float value."""
        if value in self.coded:
            return self.recoded(self.coded[value], wanted)
        if value.data is not None:
            return self._constant(value, wanted)
        return self.made(value, wanted)

    def recoded(self, codes: Value, wanted: Wanted) -> Value | None:
        """Codes in another quantization or type, or clamped: of 8 bits by a table."""
        if codes.dtype is wanted.dtype and codes.quantization == wanted.quantization and wanted.bounds == wanted.limits:
            return codes
        if self.fixed and wanted.bounds == wanted.limits:
            op = Requantize(x=codes, outputs=(Value(codes.name, wanted.type(codes.shape)),), origin=self.origin)
            return self.append(op, wanted)
        if {codes.dtype, wanted.dtype} == {DType.INT8}:
            return self._table(codes, quantized(real_codes(BYTES, codes.quantization), wanted), wanted)
        if not {codes.dtype, wanted.dtype} <= {*CODES}:
            return None
        made = Value(codes.name, wanted.type(codes.shape))
        return self.append(RequantizeToEven(x=codes, range=wanted.bounds, outputs=(made,), origin=self.origin), wanted)

    def _constant(self, value: Value, wanted: Wanted) -> Value:
        assert value.data is not None
        data = quantized(value.data, wanted)
        return Value(fresh(f"{value.name}_codes", self.names), wanted.type(value.shape), data)

    def made(self, value: Value, wanted: Wanted) -> Value | None:
        """The codes of what an op computes."""
        op = self.producers.get(value)
        rule = next((rule for cls, rule in RULES if isinstance(op, cls)), None)
        return None if rule is None else rule(self, op, wanted)

    def append(self, op: Operator, wanted: Wanted, **changes: Any) -> Value | None:
        """`op` with other operands and a result in codes, if it may have them."""
        made = Value(fresh(f"{op.outputs[0].name}_codes", self.names), wanted.type(op.outputs[0].shape))
        for new in forms_of(replace(op, outputs=(made,), **changes), self.fixed):
            if not problems(new):
                self.ops.append(new)
                return made
        return None

    def alike(self, operands: Sequence[Value], wanted: Wanted) -> tuple[list[Value | None], Wanted]:
        """Operands and a result of one type: of 16 bits where any of them has so many."""
        if {codes.dtype for codes in operands} == {wanted.dtype}:
            return [*operands], wanted
        dtype = DType.INT16
        same = (Wanted(dtype, codes.quantization, Range(*dtype.limits)) for codes in operands)
        return [self.recoded(*pair) for pair in zip(operands, same, strict=True)], replace(wanted, dtype=dtype)

    def _table(self, codes: Value, table: Array, wanted: Wanted) -> Value:
        made = Value(fresh(f"{codes.name}_codes", self.names), wanted.type(codes.shape))
        self.ops.append(Lookup(x=codes, table=table, outputs=(made,), origin=self.origin))
        return made

    def _tabulated(self, op: QuantizeToEven) -> Value | None:
        """A function of one element as a table, or as a curve where one of the types has 16 bits."""
        function = function_of(op.x, self.producers, self.positions, self.coded)
        codes = self.coded[function.source] if function is not None else None
        if function is None or codes is None or codes.dtype not in CODES or codes.shape != op.y.shape:
            return None
        wanted = Wanted(op.y.dtype, op.y.quantization, Range(*op.y.dtype.limits))
        if self.fixed and len(function.steps) == 1 and (made := self._as_rule(function.steps[0], codes, wanted)) is not None:
            return made
        if {codes.dtype, op.y.dtype} == {DType.INT8}:
            return self._table(codes, table_of(function, codes, op), wanted)
        found = curve_of(function, codes, op)
        if found is None:
            return None
        made = Value(fresh(f"{codes.name}_codes", self.names), wanted.type(codes.shape))
        self.ops.append(Curved(x=codes, curve=found, outputs=(made,), origin=self.origin))
        return made

    def _as_rule(self, step: Op, codes: Value, wanted: Wanted) -> Value | None:
        """A function that TFLM computes in integers."""
        return self.append(step, wanted, x=codes) if isinstance(step, Pointwise) and has_rules(step) else None


# Rules: what makes the codes of an op's result.


def _clamp(rewriting: _Rewriting, op: Relu, wanted: Wanted) -> Value | None:
    return rewriting.wanted(op.x, wanted.clamped(op))


def _move(rewriting: _Rewriting, op: Move | Extreme, wanted: Wanted) -> Value | None:
    codes = rewriting.wanted(op.x, wanted)
    return None if codes is None else rewriting.append(op, wanted, x=codes)


def _pad(rewriting: _Rewriting, op: Pad, wanted: Wanted) -> Value | None:
    if op.fill is not None:
        return None
    codes = rewriting.wanted(op.x, wanted)
    bounds = wanted.bounds
    value = int(np.clip(wanted.code(float(op.value)), bounds.min, bounds.max))
    return None if codes is None else rewriting.append(op, wanted, x=codes, value=value)


def _concatenation(rewriting: _Rewriting, op: Concatenation, wanted: Wanted) -> Value | None:
    parts = [rewriting.wanted(x, wanted) for x in op.xs]
    return None if None in parts else rewriting.append(op, wanted, xs=tuple(parts))


def _choice(rewriting: _Rewriting, op: Choice, wanted: Wanted) -> Value | None:
    """Rounding keeps the order."""
    a, b = rewriting.wanted(op.x1, wanted), rewriting.wanted(op.x2, wanted)
    return None if a is None or b is None else rewriting.append(op, wanted, x1=a, x2=b)


def _max_pool(rewriting: _Rewriting, op: MaxPool2D, wanted: Wanted) -> Value | None:
    """The largest code is that of the largest value."""
    if not op.window.touches(*op.x.shape[1:3]):
        return None
    codes = rewriting.wanted(op.x, replace(wanted, bounds=wanted.limits))
    bounds = wanted.clamped(op).bounds
    return None if codes is None else rewriting.append(op, wanted, x=codes, range=bounds)


def _average(rewriting: _Rewriting, op: AveragePool2D, wanted: Wanted) -> Value | None:
    codes = rewriting.coded.get(op.x)
    if codes is None:
        return None
    (x,), wide = rewriting.alike([codes], wanted)
    return None if x is None else _narrowed(rewriting, rewriting.append(op, wide, x=x, range=wide.clamped(op).bounds), wanted)


def _narrowed(rewriting: _Rewriting, made: Value | None, wanted: Wanted) -> Value | None:
    """What was made of operands of 16 bits, in the type that is wanted."""
    return made if made is None or made.dtype is wanted.dtype else rewriting.recoded(made, wanted)


def _row(rewriting: _Rewriting, op: Mean | Softmax, wanted: Wanted) -> Value | None:
    codes = rewriting.coded.get(op.x)
    if codes is None or wanted.bounds != wanted.limits:
        return None
    (x,), wide = rewriting.alike([codes], wanted)
    return None if x is None else _narrowed(rewriting, rewriting.append(op, wide, x=x), wanted)


def _total(rewriting: _Rewriting, op: ReduceSum, wanted: Wanted) -> Value | None:
    """A sum is a mean in units that are as many times finer as it has terms."""
    scale = wanted.quantization.scale / max(op.count, 1)
    finer = replace(wanted, quantization=Quantization((scale,), (wanted.quantization.zero_point,)))
    mean = Mean(x=op.x, axes=op.axes, keep_dims=op.keep_dims, numerics=ORT, outputs=op.outputs, origin=op.origin)
    made = _row(rewriting, mean, finer)
    if made is None:
        return None
    y = Value(fresh(f"{op.y.name}_codes", rewriting.names), wanted.type(made.shape))
    rewriting.ops.append(Reshape(x=made, shape=made.shape, outputs=(y,), origin=rewriting.origin))
    return y


def _select(rewriting: _Rewriting, op: Select, wanted: Wanted) -> Value | None:
    """Whatever decides, one of two codes."""
    a, b = rewriting.wanted(op.x1, wanted), rewriting.wanted(op.x2, wanted)
    return None if a is None or b is None else rewriting.append(op, wanted, x1=a, x2=b)


def _pair(rewriting: _Rewriting, op: Binary, wanted: Wanted) -> Value | None:
    """A sum or a product of two tensors in codes, of which one may be constant."""
    operands = [_operand(rewriting, x) for x in (op.x1, op.x2)]
    found = [codes for codes in operands if codes is not None and codes.dtype in CODES]
    if len(found) != 2:
        return None
    (x1, x2), wide = rewriting.alike(found, wanted)
    if x1 is None or x2 is None:
        return None
    made = rewriting.append(op, wide, x1=x1, x2=x2, range=wide.clamped(op).bounds)
    pair = rewriting.ops[-1]
    if made is not None and isinstance(pair, Mul) and pair.in_floats and rounds_single(pair) is None:
        rewriting.ops[-1] = replace(pair, numerics=ORT)
    return _narrowed(rewriting, made, wanted)


def _sum(rewriting: _Rewriting, op: Add, wanted: Wanted) -> Value | None:
    """A matrix product with the bias behind it, or any sum."""
    for product, bias in ((op.x1, op.x2), (op.x2, op.x1)):
        maker = rewriting.producers.get(product)
        if isinstance(maker, FullyConnected) and (layer := with_bias(maker, bias, op, rewriting.codes)) is not None:
            return _layer(rewriting, layer, wanted)
    return _pair(rewriting, op, wanted)


def _operand(rewriting: _Rewriting, x: Value) -> Value | None:
    known = rewriting.coded.get(x) or rewriting.codes.get(x)
    return None if known is None or known.quantization.per_channel else as_bytes(known)


def _layer(rewriting: _Rewriting, op: WeightedSum, wanted: Wanted) -> Value | None:
    x = rewriting.coded.get(op.x)
    weights = rewriting.codes.get(op.weights) or rewriting.coded.get(op.weights)
    bias = None if op.bias is None else rewriting.codes.get(op.bias) or op.bias
    if isinstance(op, FullyConnected) and (made := _blocks(rewriting, op, x, wanted)) is not None:
        return made
    if x is None or weights is None or x.dtype not in CODES:
        return None
    operands = [x, weights] if isinstance(op, BatchMatMul) else [x]
    alike, wide = rewriting.alike(operands, wanted)
    x, weights = (*alike, weights)[:2]
    if x is None or weights is None:
        return None
    packs = isinstance(op, PACKABLE) and x.dtype is DType.INT8 and not rewriting.fixed
    weights = in_four_bits(weights, rewriting.names) if packs else as_bytes(weights)
    changes = integer_layer(op, x, weights, bias, wide.quantization, rewriting.names)
    if changes is None:
        return None
    made = rewriting.append(op, wide, range=wide.clamped(op).bounds, **changes)
    layer = rewriting.ops[-1]
    if made is not None and isinstance(layer, Weighted) and layer.exact is None and layer.numerics not in (ORT_QLINEAR, TFLM):
        rewriting.ops[-1] = with_lines(layer)
    return _narrowed(rewriting, made, wanted)


def _blocks(rewriting: _Rewriting, op: FullyConnected, x: Value | None, wanted: Wanted) -> Value | None:
    """A product whose weights have a scale for every block of a row."""
    blocks = rewriting.codes.blocks(op.weights)
    if blocks is None or x is None or {x.dtype, wanted.dtype} != {DType.INT8}:
        return None
    product = in_blocks(op, x, blocks, wanted.quantization, rewriting.names)
    return None if product is None else rewriting.append(product, wanted, range=wanted.clamped(op).bounds)


Rule = Callable[[_Rewriting, Any, Wanted], "Value | None"]
RULES: Sequence[tuple[Any, Rule]] = (
    (Relu, _clamp),
    ((*MOVES, Extreme), _move),
    (Pad, _pad),
    (Concatenation, _concatenation),
    (Choice, _choice),
    (MaxPool2D, _max_pool),
    (AveragePool2D, _average),
    ((Mean, Softmax), _row),
    (ReduceSum, _total),
    (Select, _select),
    (WeightedSum, _layer),
    (Add, _sum),
    (Binary, _pair),
)
"""The first whose class is the op's."""


def _without_dead(graph: Graph) -> Graph:
    """Without ops whose results nobody reads."""
    read = set(graph.results)
    kept: list[Op] = []
    for op in reversed(graph.ops):
        if read.intersection(op.outputs):
            kept.append(op)
            read.update(op.inputs)
    return replace(graph, ops=tuple(reversed(kept)))
