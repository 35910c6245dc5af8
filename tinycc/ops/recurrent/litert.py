# SPDX-License-Identifier: Apache-2.0
"""The integer LSTM layer as LiteRT computes it: with peepholes, layer normalization, projection and coupled gates.

TensorFlow Lite Micro has the plain layer only, with other rounding: see lstm.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tinycc.ir import Array, DType, Quantization, Value
from tinycc.numerics import gemmlowp, gemmlowp16
from tinycc.numerics.fixedpoint import Multiplier, quantize_multiplier, requantize, rounding_divide_by_power_of_two
from tinycc.ops.recurrent.base import wrapped
from tinycc.ops.recurrent.layer import CELL, FORGET, INPUT, OUTPUT, Layer, stacked

GATES = 4
"""Entries of what the kernel has for each gate, in its order: forget, output, cell, input (unused if gates are coupled)."""
ARGUMENT = Quantization((2.0**-12,), (0,))
HIDDEN = 4
"""The intermediate that is the layer's result before the projection. 0 to 3: the gates' arguments, if they are normalized."""
_NONE = Multiplier(0, 0)


@dataclass(frozen=True)
class LitertLayer:
    """Formula: as Lstm, in integers.

    An argument is the sum of the rescaled products (saturated after each), in units of 2**-12, or if it is normalized in those
    of its intermediate tensor; sigmoid and tanh are gemmlowp's on 16 bits. Source: LiteRT lstm_eval.cc
    `LstmStepInteger8x8_16`, unidirectional_sequence_lstm.cc, portable_tensor_utils.cc.
    """

    layer: Layer
    x: Value
    hidden: Value
    cell: Value
    intermediates: tuple[Quantization | None, ...]

    @property
    def result(self) -> Quantization:
        """Of the layer's result before the projection."""
        found = self.intermediates[HIDDEN]
        assert found is not None
        return found

    def _argument(self, gate: int) -> np.float32:
        q = self.intermediates[gate] if self.layer.normalized else ARGUMENT
        assert q is not None
        return np.float32(q.scale)

    def _by_gate(self, values: tuple[Value | None, ...], other: float) -> tuple[Multiplier, ...]:
        """weight scale * other / argument scale, in float32, in the order of the kernel."""
        found = []
        for gate in self.layer.order:
            value = values[gate]
            scale = None if value is None else np.float32(value.scale) * np.float32(other) / self._argument(gate)
            found.append(_NONE if scale is None else quantize_multiplier(float(scale)))
        return (*found, *(_NONE,) * (GATES - len(found)))

    @property
    def input_multipliers(self) -> tuple[Multiplier, ...]:
        return self._by_gate(self.layer.four(Layer.INPUT), self.x.scale)

    @property
    def recurrent_multipliers(self) -> tuple[Multiplier, ...]:
        return self._by_gate(self.layer.four(Layer.RECURRENT), self.hidden.scale)

    @property
    def peephole_multipliers(self) -> tuple[Multiplier, ...]:
        """2**cell power * weight scale / argument scale, in double and then float32."""
        found = []
        for gate in self.layer.order:
            value = self.layer.peepholes[gate]
            exact = 0.0 if value is None else 2.0**self.cell_power * value.scale / float(self._argument(gate))
            found.append(quantize_multiplier(float(np.float32(exact))))
        return (*found, *(_NONE,) * (GATES - len(found)))

    @property
    def normalization_multipliers(self) -> tuple[Multiplier, ...]:
        """From the normalized and weighted argument to units of 2**-12."""
        scales = [1.0 if value is None else value.scale for value in self._factors]
        plain = [quantize_multiplier(scale) for scale in scales]
        return tuple(Multiplier(m.multiplier, m.shift + 12) for m in plain)

    @property
    def variance_guards(self) -> tuple[int, ...]:
        """What a variance of 0 counts as."""
        scales = [1.0 if value is None else value.scale for value in self._factors]
        return tuple(max(1, int(np.float32(10000) * np.float32(scale))) for scale in scales)

    @property
    def _factors(self) -> tuple[Value | None, ...]:
        factors = self.layer.four(Layer.NORMALIZATION)
        found = tuple(factors[gate] for gate in self.layer.order)
        return (*found, *(None,) * (GATES - len(found)))

    @property
    def cell_power(self) -> int:
        return round(float(np.log2(self.cell.scale)))

    @property
    def hidden_multiplier(self) -> Multiplier:
        """output gate * tanh(cell) to the codes of the result before the projection."""
        return quantize_multiplier(float(np.float32(2.0**-15 / self.result.scale * 2.0**-15)))

    @property
    def projection_multiplier(self) -> Multiplier:
        weights = self.layer.weights[Layer.PROJECTION]
        if weights is None:
            return _NONE
        scale = np.float32(weights.scale) * np.float32(self.result.scale) / np.float32(self.hidden.scale)
        return quantize_multiplier(float(scale))

    @property
    def offset(self) -> int:
        """Added to the result: its zero point, before a projection the negative of it."""
        return -self.result.zero_point if self.layer.projected else self.result.zero_point

    @property
    def cell_clip(self) -> int:
        return _clip(self.layer.cell_clip, self.cell.scale, 32767)

    @property
    def projection_clip(self) -> int:
        return _clip(self.layer.projection_clip, self.hidden.scale, 127)

    @property
    def multipliers(self) -> tuple[Multiplier, ...]:
        """All of them, for a look at their shifts."""
        normalization = self.normalization_multipliers if self.layer.normalized else ()
        by_gate = *self.input_multipliers, *self.recurrent_multipliers, *self.peephole_multipliers, *normalization
        return (*by_gate, self.hidden_multiplier, self.projection_multiplier)

    @cached_property
    def constants(self) -> _Constants:
        layer, order = self.layer, self.layer.order
        weights, recurrent = (stacked(layer.four(first), order) for first in (Layer.INPUT, Layer.RECURRENT))
        bias = stacked(layer.four(Layer.BIAS), order).astype(np.int64)
        input_bias = -self.x.zero_point * weights.sum(2, dtype=np.int64) + (0 if layer.normalized else bias)
        recurrent_bias = -self.hidden.zero_point * recurrent.sum(2, dtype=np.int64)
        peephole = None
        if any(value is not None for value in layer.peepholes):
            peephole = stacked(layer.peepholes, order).copy()
            peephole[layer.outputs :] = 0  # LiteRT goes over as many as there are outputs
        projection = layer.weights[Layer.PROJECTION]
        projection_bias = None
        if projection is not None and projection.data is not None:
            own = layer.weights[Layer.PROJECTION_BIAS]
            projection_bias = self.result.zero_point * projection.data.sum(1, dtype=np.int64)
            projection_bias = projection_bias + (0 if own is None or own.data is None else own.data)
        return _Constants(
            input=weights,
            recurrent=recurrent,
            input_bias=wrapped(input_bias),
            recurrent_bias=wrapped(recurrent_bias),
            peephole=peephole,
            normalization=stacked(layer.four(Layer.NORMALIZATION), order) if layer.normalized else None,
            normalization_bias=bias if layer.normalized else None,
            projection=None if projection is None else projection.data,
            projection_bias=None if projection_bias is None else wrapped(projection_bias),
        )

    def run(self, x: Array, hidden: Array, cell: Array) -> tuple[Array, Array, Array]:
        """x: [T,B,I] -> y [T,B,O] and the states after the last step."""
        w = self.constants
        cell = cell.astype(np.int64)
        rows = []
        for step in x:
            inputs = _saturated(_product(step, w.input, w.input_bias, self.input_multipliers))
            recurrent = _product(hidden, w.recurrent, w.recurrent_bias, self.recurrent_multipliers)
            argument = _saturated(inputs + recurrent)
            forget = self._gate(FORGET, argument, cell)
            admit = 32767 - forget if self.layer.coupled else self._gate(INPUT, argument, cell)
            kept = rounding_divide_by_power_of_two(forget * cell, 15)
            added = rounding_divide_by_power_of_two(admit * self._gate(CELL, argument, cell), 30 + self.cell_power)
            cell = _saturated(kept + added)
            if self.cell_clip:
                cell = np.clip(cell, -self.cell_clip, self.cell_clip)
            hidden = self._result(self._gate(OUTPUT, argument, cell), cell)
            rows.append(hidden)
        return np.stack(rows), hidden, cell.astype(np.int16)

    def _gate(self, number: int, argument: Array, cell: Array) -> Array:
        w, value = self.constants, argument[..., number]
        if w.peephole is not None and number != CELL:
            m = self.peephole_multipliers[number]
            value = _saturated(value + requantize(w.peephole[:, number] * cell, m.multiplier, m.shift))
        if w.normalization is not None and w.normalization_bias is not None:
            value = self._normalized(value, number, w.normalization[:, number], w.normalization_bias[:, number])
        return gemmlowp16.tanh(value, 3) if number == CELL else gemmlowp16.logistic(value, 3)

    def _normalized(self, x: Array, number: int, factor: Array, bias: Array) -> Array:
        """(x - mean) / deviation * factor + bias. The mean is in units of 1/1024."""
        n = x.shape[-1]
        mean = _divide(1024 * x.sum(-1, keepdims=True), n)
        variance = _divide((x * x).sum(-1, keepdims=True) * (2**20 // n) - mean * mean, 2**20)
        multiplier, shift = gemmlowp.inverse_sqrt(np.where(variance < 1, self.variance_guards[number], variance))
        rescaled = requantize(1024 * x - mean, multiplier, shift)
        weighted = wrapped(rescaled * factor + bias)
        m = self.normalization_multipliers[number]
        rounded = _divide(np.where(weighted > 0, weighted + 512, weighted - 512), 1024)
        return _saturated(requantize(rounded, m.multiplier, m.shift))

    def _result(self, output: Array, cell: Array) -> Array:
        w, m = self.constants, self.hidden_multiplier
        tangent = gemmlowp16.tanh(cell, 15 + self.cell_power)
        result = np.clip(requantize(output * tangent, m.multiplier, m.shift) + self.offset, -128, 127)
        if w.projection is None or w.projection_bias is None:
            return np.asarray(result, np.int8)
        m = self.projection_multiplier
        sums = wrapped(result @ w.projection.T.astype(np.int64) + w.projection_bias)
        y = np.clip(requantize(sums, m.multiplier, m.shift) + self.hidden.zero_point, -128, 127)
        if self.projection_clip:
            y = np.clip(y, -self.projection_clip, self.projection_clip)
        return np.asarray(y, np.int8)


@dataclass(frozen=True)
class _Constants:
    """Weights and biases with the gates along the second axis, in the order of the kernel; zero points are in the biases."""

    input: Array
    recurrent: Array
    input_bias: Array
    recurrent_bias: Array
    peephole: Array | None
    normalization: Array | None
    normalization_bias: Array | None
    projection: Array | None
    projection_bias: Array | None


def _product(x: Array, weights: Array, bias: Array, multipliers: tuple[Multiplier, ...]) -> Array:
    """[...,C,gates], rescaled."""
    total = np.tensordot(x.astype(np.int64), weights.astype(np.int64), (-1, 2)) + bias
    used = multipliers[: weights.shape[1]]
    return requantize(wrapped(total), np.array([m.multiplier for m in used]), np.array([m.shift for m in used]))


def _saturated(x: Array) -> Array:
    return np.clip(x, *DType.INT16.limits)


def _divide(x: Array, by: int) -> Array:
    """As in C: towards zero."""
    quotient: Array = np.sign(x) * (np.abs(x) // by)
    return quotient


def _clip(real: float, scale: float, most: int) -> int:
    if real <= 0:
        return 0
    with np.errstate(divide="ignore", over="ignore"):  # A scale of next to nothing: the clip is beyond all codes.
        return int(min(np.float32(real) / np.float32(scale), np.float32(most)))
