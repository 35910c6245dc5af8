# SPDX-License-Identifier: Apache-2.0
"""UNIDIRECTIONAL_SEQUENCE_LSTM, LSTM.

CMSIS-NN's arm_lstm_unidirectional_s8 and _s16 are not called. They saturate the sum of an argument's two products, where TFLM's
reference saturates the second product first: results differ if that one alone exceeds 16 bits, which the weights of trained
layers allow (20 units are enough). And in the releases up to 7.0.0 they clear both states at every call.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Quantization, Reader, TensorType, Value
from tinycc.numerics.fixedpoint import Multiplier, product_multipliers, quantize_multiplier, requantize, requantize64
from tinycc.numerics.rules import TFLM, Numerics
from tinycc.ops.base import Operator, Signature
from tinycc.ops.conditions import not_empty
from tinycc.ops.elementwise.activations import Logistic, Tanh
from tinycc.ops.recurrent.base import wrapped
from tinycc.ops.recurrent.layer import (
    HYBRID,
    Layer,
    Sequence,
    Types,
    heavy_layer,
    hybrid_problem,
    layer_problem,
    run_layer_f32,
    stacked,
)
from tinycc.ops.recurrent.litert import HIDDEN, LitertLayer

GATES = (0, 1, 3, 2)
"""The kernels' order of the gates, input, forget, output, cell, as positions in the file's: input, forget, cell, output."""
ARGUMENT_SCALE = 2.0**-12
GATE_SCALE = 2.0**-15


def _signature(name: str, x: DType, cell: DType, **weights: DType) -> Signature:
    return Signature(name, {"x": x, "hidden": x, "cell": cell, **weights}, (x, x, cell))


@dataclass(frozen=True, eq=False, kw_only=True)
class Lstm(Operator):
    """At every step, with h the output of the step before (at first the state `hidden`), for the gates input, forget, output:
    gate = sigmoid(input_weights x + recurrent_weights h + bias); g = activate(the same with the cell gate's weights);
    cell = clip(forget * cell + input * g); y = output * activate(cell).

    x: [B,T,I], with `time_major` [T,B,I], for LSTM [B,I] (one step); weights: as in `Layer`; hidden: [B,O]; cell: [B,C];
    y: as x with O. float32 and int8: with peepholes, layer normalization, projection and coupled gates (no input gate).
    int8 and int16: each product is rescaled to units of 2**-12 and saturates, their sum too; sigmoid and tanh from a table.
    int8 with what TFLM lacks: see LitertLayer. Source: TFLM lstm_eval.cc, lstm_eval_common.cc; LiteRT lstm_eval.cc.
    """

    x: Value
    weights: tuple[Value | None, ...]
    hidden: Value
    cell: Value
    activation: str
    cell_clip: float
    projection_clip: float
    time_major: bool
    intermediates: tuple[Quantization | None, ...] = ()
    numerics: Numerics = TFLM
    asymmetric_inputs: bool = False

    updates: ClassVar[tuple[tuple[str, int], ...]] = (("hidden", 1), ("cell", 2))
    litert_rule: ClassVar[str] = (
        "int8: sigmoid and tanh in 16-bit fixed point instead of a table; a gate's two products saturate once"
    )
    signatures: ClassVar[tuple[Signature, ...]] = (
        _signature("int8", DType.INT8, DType.INT16),
        _signature("int16", DType.INT16, DType.INT16),
        _signature("float32", DType.FLOAT32, DType.FLOAT32, weights=DType.FLOAT32),
        _signature("hybrid", DType.FLOAT32, DType.FLOAT32),
    )

    @property
    def layer(self) -> Layer:
        return Layer(self.weights, self.activation, self.cell_clip, self.projection_clip, self.asymmetric_inputs)

    @property
    def hybrid(self) -> bool:
        """Whether the weights alone are int8."""
        return self.x.dtype is DType.FLOAT32 and self.layer.hybrid

    @property
    def litert(self) -> LitertLayer | None:
        """The layer, if LiteRT's arithmetic is to be followed: where TFLM lacks it, or where LiteRT's is asked for."""
        if self.x.dtype is not DType.INT8 or (self.layer.plain and not (self.numerics.fixed_point_lstm and self.intermediates)):
            return None
        return LitertLayer(self.layer, self.x, self.hidden, self.cell, self.intermediates)

    @property
    def sequence(self) -> Sequence:
        return Sequence.of(self.x, self.time_major)

    @property
    def macs(self) -> int:
        return self.sequence.batch * self.sequence.steps * self.layer.macs

    def infer(self) -> tuple[TensorType, ...]:
        return TensorType((*self.x.shape[:-1], self.layer.outputs), self.x.dtype), self.hidden.type, self.cell.type

    def eval(self, read: Reader) -> tuple[Array, ...]:
        batch = self.sequence.batch
        x = self.sequence.by_time(read(self.x))
        states = read(self.hidden).reshape(batch, -1), read(self.cell).reshape(batch, -1)
        if self.x.dtype is DType.FLOAT32:
            y, hidden, cell = run_layer_f32(self.layer, read, x, *states)
        elif self.litert:
            y, hidden, cell = self.litert.run(x, *states)
        else:
            y, hidden, cell = self._run_integer(x, *states)
        y = self.sequence.from_time(y).reshape(self.infer()[0].shape)
        return y, hidden.reshape(self.hidden.shape), cell.reshape(self.cell.shape)

    # Integers

    @property
    def constants(self) -> IntegerConstants:
        """What the kernels take in place of weights and biases (int8, int16)."""
        weights, recurrent = (stacked(self.layer.four(first), GATES) for first in (Layer.INPUT, Layer.RECURRENT))
        bias = stacked(self.layer.four(Layer.BIAS), GATES).astype(np.int64)
        input_bias = bias - self.x.zero_point * weights.sum(2, dtype=np.int64)
        return IntegerConstants(weights, recurrent, input_bias, -self.hidden.zero_point * recurrent.sum(2, dtype=np.int64))

    @property
    def input_multipliers(self) -> list[Multiplier]:
        """Sums over x to units of 2**-12, by gate."""
        return product_multipliers(self.x.scale, self._scales(Layer.INPUT), ARGUMENT_SCALE)

    @property
    def recurrent_multipliers(self) -> list[Multiplier]:
        """Sums over h to units of 2**-12, by gate."""
        return product_multipliers(self.hidden.scale, self._scales(Layer.RECURRENT), ARGUMENT_SCALE)

    def _scales(self, first: int) -> list[float]:
        values = [self.layer.weights[first + gate] for gate in GATES]
        return [value.scale for value in values if value is not None]

    @property
    def cell_multipliers(self) -> tuple[Multiplier, Multiplier]:
        """forget * cell, and input * cell gate, to units of the cell."""
        scale = self.cell.scale
        return quantize_multiplier(GATE_SCALE * scale / scale), quantize_multiplier(GATE_SCALE**2 / scale)

    @property
    def output_multiplier(self) -> Multiplier:
        """output gate * tanh(cell) to units of h."""
        return quantize_multiplier(GATE_SCALE**2 / self.hidden.scale)

    @property
    def cell_power(self) -> int:
        """The binary logarithm of the cell's scale, rounded. Source: TFLite quantization_util.cc `CheckedLog2`."""
        return round(math.log2(self.cell.scale))

    @property
    def tanh_argument(self) -> Multiplier:
        """The cell to the argument of tanh, times multiplier / 2**shift. Source: TFLM lstm_eval.cc `Tanh`."""
        shift = self.cell_power + 12
        return Multiplier(3 << max(shift, 0), max(-shift, 0))

    @property
    def cell_range(self) -> tuple[int, int]:
        if self.cell_clip <= 0:
            return DType.INT16.limits
        clip = int(min(self.cell_clip / self.cell.scale, 32767.0))
        return -clip, clip

    def _run_integer(self, x: Array, hidden: Array, cell: Array) -> tuple[Array, Array, Array]:
        constants = self.constants
        inputs = self._arguments(x, constants.input, constants.input_bias, self.input_multipliers)
        m, limits = self.output_multiplier, self.x.dtype.limits
        y = []
        for step in inputs:
            recurrent = self._arguments(hidden, constants.recurrent, constants.recurrent_bias, self.recurrent_multipliers)
            argument = 3 * _saturated(step + recurrent)
            gates = Logistic.interpolated(argument[..., :3])
            cell = self._next_cell(cell, gates[..., 1], gates[..., 0], Tanh.interpolated(argument[..., 3]))
            t = self.tanh_argument
            tangent = Tanh.interpolated((cell * t.multiplier + ((1 << t.shift) >> 1)) >> t.shift)
            product = requantize(tangent * gates[..., 2], m.multiplier, m.shift) + self.hidden.zero_point
            hidden = np.clip(product, *limits).astype(self.x.dtype.numpy)
            y.append(hidden)
        return np.stack(y), hidden, cell.astype(np.int16)

    def _arguments(self, x: Array, weights: Array, bias: Array, multipliers: list[Multiplier]) -> Array:
        """One product of every gate's argument: [...,C,4]."""
        total = np.tensordot(x.astype(np.int64), weights.astype(np.int64), (-1, 2)) + bias
        multiplier, shift = np.array([m.multiplier for m in multipliers]), np.array([m.shift for m in multipliers])
        if self.x.dtype is DType.INT16:
            return _saturated(requantize64(total, multiplier, shift))
        return _saturated(requantize(wrapped(total), multiplier, shift))

    def _next_cell(self, cell: Array, forget: Array, gate: Array, candidate: Array) -> Array:
        keep, add = self.cell_multipliers
        kept = _saturated(requantize(forget * cell.astype(np.int64), keep.multiplier, keep.shift))
        added = _saturated(requantize(gate * candidate, add.multiplier, add.shift))
        result: Array = np.clip(_saturated(kept + added), *self.cell_range)
        return result


@dataclass(frozen=True)
class IntegerConstants:
    """Weights [C,4,I] and [C,4,O], biases [C,4] with the zero points in them (int64); the gates in the order of GATES."""

    input: Array
    recurrent: Array
    input_bias: Array
    recurrent_bias: Array


def _saturated(x: Array) -> Array:
    return np.clip(x, *DType.INT16.limits)


_TYPES = {
    DType.FLOAT32: Types.all(DType.FLOAT32),
    DType.INT8: Types(DType.INT8, DType.INT32, DType.INT16, DType.INT16),
    DType.INT16: Types(DType.INT8, DType.INT64, DType.INT16, DType.INT16),
}


def complete(op: Lstm) -> str | None:
    """weights and biases of all gates are constants of matching types and shapes (the input gate may be left out)"""
    types = HYBRID if op.hybrid else _TYPES[op.x.dtype]
    return layer_problem(op.layer, op.sequence, op.hidden, op.cell, types)


def known_activation(op: Lstm) -> str | None:
    """the activation is TANH (float32: or RELU, RELU_N1_TO_1, RELU6)"""
    known = ("TANH",) if op.x.dtype is not DType.FLOAT32 else ("TANH", "RELU", "RELU_N1_TO_1", "RELU6")
    return None if op.activation in known else f"activation {op.activation}"


def plain_int16(op: Lstm) -> str | None:
    """int16: four gates, without peepholes, layer normalization and projection

    Convert with int8 activations, leave the layer in float32, or build it from tf.keras.layers.LSTM.
    """
    return "a layer that has more, or no input gate" if op.x.dtype is DType.INT16 and not op.layer.plain else None


def calibrated(op: Lstm) -> str | None:
    """int8 with more than four plain gates: 5 intermediate tensors, quantized: the gates' arguments if they are normalized, and
    the result before the projection

    Convert with a representative dataset. With 12 of them (results of 8 bits in between), LiteRT reads beyond its tables.
    """
    if not op.litert:
        return None
    needed = range(HIDDEN + 1) if op.layer.normalized else (HIDDEN,)
    if len(op.intermediates) != HIDDEN + 1:
        return f"{len(op.intermediates)} intermediate tensors"
    found = [op.intermediates[i] for i in needed]
    wrong = [i for i, q in zip(needed, found, strict=True) if q is None or q.per_channel]
    return f"intermediate tensor {wrong[0]} without one scale" if wrong else None


def quantized(op: Lstm) -> str | None:
    """int8, int16 and the weights of hybrid: every tensor has one scale; the zero point of weights, cell and int16 is 0

    Convert with a representative dataset so that the converter calibrates all tensors.
    """
    if op.hybrid:
        return hybrid_problem(op.layer)
    if op.x.dtype is DType.FLOAT32 or complete(op):
        return None
    biases = (*op.layer.four(Layer.BIAS), op.layer.weights[Layer.PROJECTION_BIAS])
    weights = (value for value in op.weights if value is not None and value not in biases)
    for value in (op.x, op.hidden, op.cell, *weights):
        q = value.type.quantization
        if q is None or q.per_channel:
            return f"%{value.name} {'without quantization' if q is None else 'quantized per channel'}"
        if q.zero_point and (value not in (op.x, op.hidden) or value.dtype is DType.INT16):
            return f"%{value.name} with zero point {q.zero_point}"
    return None


def bounded_scales(op: Lstm) -> str | None:
    """int8 and int16: the cell's scale is between 2**-20 and 2, the products of scales are far from overflow

    Convert with a representative dataset whose values are like those in use.
    """
    if op.x.dtype is DType.FLOAT32 or complete(op) or plain_int16(op) or quantized(op) or op.litert:
        return None
    if not -20 <= op.cell_power <= 1:
        return f"cell scale {op.cell.scale:g}"
    highest = 7 if op.x.dtype is DType.INT16 else 30
    shift = max(m.shift for m in (*op.input_multipliers, *op.recurrent_multipliers))
    return f"a scale ratio of 2**{shift}" if shift > highest or op.output_multiplier.shift > 0 else None


def litert_scales(op: Lstm) -> str | None:
    """int8 with more than four plain gates: the cell's scale is a power of two, 2**-15 to 2**-9, ratios are below 2**30

    Convert with a representative dataset whose values are like those in use.
    """
    if not op.litert or complete(op) or calibrated(op) or quantized(op):
        return None
    power = math.log2(op.cell.scale)
    if abs(power - round(power)) > 1e-3 or not -15 <= round(power) <= -9:
        return f"cell scale {op.cell.scale:g}"
    shift = max(m.shift for m in op.litert.multipliers)
    return f"a scale ratio of 2**{shift}" if shift > 30 else None


def reached_by_peepholes(op: Lstm) -> str | None:
    """int8 with peepholes and projection: fewer outputs than units, and with time_major one sequence

    LiteRT counts peepholes by outputs, not by units. Leave the layer in float32.
    """
    if not op.litert or complete(op) or all(value is None for value in op.layer.peepholes):
        return None
    units, outputs = op.layer.units, op.layer.outputs
    misread = outputs > units or (outputs < units and op.time_major and op.sequence.batch > 1)
    return f"{units} units, {outputs} outputs, {op.sequence.batch} sequences" if misread else None


def bounded_sums(op: Lstm) -> str | None:
    """int8, hybrid: the products that make a sum cannot leave 32 bits together, for any input of 8 bits

    The runtimes leave undefined what comes then: give the layer fewer inputs.
    """
    return None if op.x.dtype is DType.INT16 else heavy_layer(op.layer)


Lstm.conditions = (
    complete,
    not_empty,
    known_activation,
    plain_int16,
    calibrated,
    quantized,
    bounded_scales,
    litert_scales,
    reached_by_peepholes,
    bounded_sums,
)
