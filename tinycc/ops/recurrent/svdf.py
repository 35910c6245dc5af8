# SPDX-License-Identifier: Apache-2.0
"""SVDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.numerics.fixedpoint import Multiplier, quantize_multiplier, requantize
from tinycc.numerics.rules import Numerics
from tinycc.ops.base import Operator, Signature
from tinycc.ops.conditions import heavy_row, not_empty
from tinycc.ops.hybrid import products
from tinycc.ops.recurrent.base import ACTIVATIONS, activate, wrapped


def _signature(name: str, state: DType) -> Signature:
    operands = {"x": DType.INT8, "weights_feature": DType.INT8, "bias": DType.INT32}
    return Signature(name, {**operands, "weights_time": state, "activation_state": state}, (DType.INT8, state))


@dataclass(frozen=True, eq=False, kw_only=True)
class Svdf(Operator):
    """Each filter f keeps its last M results, newest last: state[b,f,:] = (state[b,f,1:], sum_i x[b,i] * weights_feature[f,i]);
    y[b,u] = activate(bias[u] + sum over the `rank` filters f of unit u, over m, of state[b,f,m] * weights_time[f,m]).

    x: [B,I]; weights_feature: [F,I]; weights_time: [F,M]; bias: [F/rank] or absent; activation_state: [B,F*M]; y: [B,F/rank].
    int8: results are rescaled to the state's type (int8, int16) and clamped, then its zero point is added without saturation;
    there is no activation. hybrid: each row of x is quantized at run time. Source: TFLM svdf_common.cc, LiteRT svdf.h.
    """

    x: Value
    weights_feature: Value
    weights_time: Value
    bias: Value | None
    activation_state: Value
    rank: int
    activation: str
    numerics: Numerics
    asymmetric_inputs: bool = False

    updates: ClassVar[tuple[tuple[str, int], ...]] = (("activation_state", 1),)
    litert_rule: ClassVar[str] = "int8: multipliers from float32 products of the scales"
    signatures: ClassVar[tuple[Signature, ...]] = (
        _signature("int8, int16 state", DType.INT16),
        _signature("int8", DType.INT8),
        Signature(
            "float32",
            dict.fromkeys(("x", "weights_feature", "weights_time", "bias", "activation_state"), DType.FLOAT32),
            (DType.FLOAT32, DType.FLOAT32),
        ),
        Signature(
            "hybrid",
            {
                **dict.fromkeys(("x", "bias", "activation_state"), DType.FLOAT32),
                **dict.fromkeys(("weights_feature", "weights_time"), DType.INT8),
            },
            (DType.FLOAT32, DType.FLOAT32),
        ),
    )

    @property
    def hybrid(self) -> bool:
        """Whether the weights alone are int8."""
        return self.x.dtype is DType.FLOAT32 and self.weights_feature.dtype is DType.INT8

    @property
    def filters(self) -> int:
        """All filters (F)."""
        return self.weights_feature.shape[0]

    @property
    def units(self) -> int:
        """Outputs per row."""
        return self.filters // self.rank

    @property
    def memory(self) -> int:
        """Results that a filter keeps (M)."""
        return self.weights_time.shape[1]

    @property
    def macs(self) -> int:
        return self.x.shape[0] * (self.weights_feature.type.elements + self.weights_time.type.elements)

    def infer(self) -> tuple[TensorType, ...]:
        return TensorType((self.x.shape[0], self.units), self.x.dtype), self.activation_state.type

    @property
    def state_multiplier(self) -> Multiplier:
        """Sums of x * weights_feature to the state's codes (int8)."""
        x, weights, state = self.x.scale, self.weights_feature.scale, self.activation_state.scale
        return quantize_multiplier(self.numerics.ratios.ratio(x, weights, over=state))

    @property
    def output_multiplier(self) -> Multiplier:
        """Sums of state * weights_time to y's codes (int8)."""
        state, weights = self.activation_state.scale, self.weights_time.scale
        return quantize_multiplier(self.numerics.ratios.ratio(state, weights, over=self.y.scale))

    def eval(self, read: Reader) -> tuple[Array, ...]:
        batch = self.x.shape[0]
        old = read(self.activation_state).ravel()
        state: Array = np.append(old[1:], old[-1:]).reshape(batch, self.filters, self.memory)
        state[:, :, -1] = self._newest(read)
        y = self._output(read, state).reshape(batch, self.units)
        return y, state.reshape(self.activation_state.shape)

    def _newest(self, read: Reader) -> Array:
        """The newest result of each filter: [B,F]."""
        x, weights = read(self.x), read(self.weights_feature)
        if self.hybrid:
            return products(x, weights, np.array(self.weights_feature.scale, np.float32), self.asymmetric_inputs)
        if not self.x.dtype.is_integer:
            total: Array = x @ weights.T
            return total
        m, dtype = self.state_multiplier, self.activation_state.dtype
        sums = wrapped((x.astype(np.int64) - self.x.zero_point) @ weights.astype(np.int64).T)
        clamped = np.clip(requantize(sums, m.multiplier, m.shift), *dtype.limits)
        result: Array = (clamped + self.activation_state.zero_point).astype(dtype.numpy)
        return result

    def _output(self, read: Reader, state: Array) -> Array:
        weights = read(self.weights_time)
        if self.hybrid:
            weights = weights.astype(np.float32) * np.float32(self.weights_time.scale)
        if self.x.dtype.is_integer:
            state = state.astype(np.int64) - self.activation_state.zero_point
        per_filter = (state * weights).sum(2)
        total = per_filter.reshape(-1, self.units, self.rank).sum(2)
        if self.bias is not None:
            total = total + read(self.bias).ravel()
        if not self.x.dtype.is_integer:
            return activate(total, self.activation)
        m = self.output_multiplier
        y = requantize(wrapped(total), m.multiplier, m.shift) + self.y.zero_point
        result: Array = np.clip(y, -128, 127).astype(np.int8)
        return result


def matching_shapes(op: Svdf) -> str | None:
    """weights [F,I] and [F,M] for input [B,I], state of B*F*M elements, bias of F/rank"""
    x, feature, time, state = op.x, op.weights_feature, op.weights_time, op.activation_state
    fits = x.shape[1] == feature.shape[1] and time.shape[0] == op.filters
    fits = fits and state.type.elements == x.shape[0] * op.filters * op.memory
    if fits and (op.bias is None or op.bias.type.elements == op.units):
        return None
    bias = "" if op.bias is None else f", bias {list(op.bias.shape)} for {op.units} units"
    shapes = ", ".join(str(list(value.shape)) for value in (x, feature, time))
    return f"input and weights {shapes}, state {list(state.shape)}{bias}"


def known_activation(op: Svdf) -> str | None:
    """the fused activation is NONE, RELU, RELU_N1_TO_1, RELU6, TANH or SIGN_BIT"""
    return None if op.activation in ACTIVATIONS else f"fused activation {op.activation}"


def constant_weights(op: Svdf) -> str | None:
    """weights and bias are constants"""
    computed = [v for v in (op.weights_feature, op.weights_time, op.bias) if v is not None and not v.constant]
    return f"%{computed[0].name} computed at run time" if computed else None


def symmetric_weights(op: Svdf) -> str | None:
    """int8: every tensor has one scale, weights and int16 state have zero point 0 (hybrid: the weights)

    Convert with a representative dataset so that the converter calibrates all tensors.
    """
    weights = op.weights_feature, op.weights_time
    for value in (op.x, *weights, op.activation_state, op.y) if op.x.dtype.is_integer else weights if op.hybrid else ():
        q = value.type.quantization
        if q is None or q.per_channel:
            return f"%{value.name} {'without quantization' if q is None else 'quantized per channel'}"
        symmetric = value in weights or value.dtype is DType.INT16
        if symmetric and q.zero_point:
            return f"%{value.name} with zero point {q.zero_point}"
    return None


def bounded_ratios(op: Svdf) -> str | None:
    """input scale times feature weights scale is less than 2**30 times the state's, that times time weights scale than y's

    Convert with a representative dataset whose values are like those in use.
    """
    if not op.x.dtype.is_integer or symmetric_weights(op):
        return None
    shift = max(op.state_multiplier.shift, op.output_multiplier.shift)
    return f"a scale ratio of 2**{shift}" if shift > 30 else None


def bounded_sums(op: Svdf) -> str | None:
    """the products that make a sum cannot leave 32 bits together, for any input of 8 bits

    The runtimes leave undefined what comes then: give the layer fewer inputs or less memory.
    """
    time = op.weights_time.data
    if matching_shapes(op) or time is None:
        return None
    unit = time.reshape(op.units, -1)
    return heavy_row((op.weights_feature.name, op.weights_feature.data), (op.weights_time.name, unit))


Svdf.conditions = (
    matching_shapes,
    not_empty,
    known_activation,
    constant_weights,
    symmetric_weights,
    bounded_ratios,
    bounded_sums,
)
