# SPDX-License-Identifier: Apache-2.0
"""One LSTM layer in one direction: its weights, its sequences, its float arithmetic and its kernel call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, Value
from tinycc.ops.conditions import heavy_row
from tinycc.ops.elementwise.activations import Logistic
from tinycc.ops.hybrid import products
from tinycc.ops.recurrent.base import activate

FORGET, OUTPUT, CELL, INPUT = range(4)
"""Gates in the order of tk_lstm_f32."""
_FILE_ORDER = (1, 3, 2, 0)
_FEWER = _FILE_ORDER[:3]
"""Without the input gate, which is then 1 - forget."""


@dataclass(frozen=True)
class Sequence:
    """Rows of `inputs` elements: step t of sequence b is row b * batch_rows + t * step_rows."""

    batch: int
    steps: int
    inputs: int
    time_major: bool

    @staticmethod
    def of(x: Value, time_major: bool) -> Sequence:
        """Of x: [B,T,I], with `time_major` [T,B,I]; [B,I] is one step."""
        outer = x.shape[:-1] if len(x.shape) == 3 else (*x.shape[:-1], 1)
        steps, batch = outer if time_major and len(x.shape) == 3 else outer[::-1]
        return Sequence(batch, steps, x.shape[-1], time_major)

    @property
    def batch_rows(self) -> int:
        return 1 if self.time_major else self.steps

    @property
    def step_rows(self) -> int:
        return self.batch if self.time_major else 1

    def by_time(self, x: Array) -> Array:
        """x as [T,B,...]."""
        if self.time_major:
            return x.reshape(self.steps, self.batch, -1)
        return x.reshape(self.batch, self.steps, -1).swapaxes(0, 1)

    def from_time(self, y: Array) -> Array:
        """[T,B,...] in the order of x."""
        return y if self.time_major else y.swapaxes(0, 1)


@dataclass(frozen=True)
class Layer:
    """The weights by position, None where the file leaves one out: input weights [C,I], recurrent weights [C,O] and biases [C]
    of the gates input, forget, cell, output; peepholes [C] of input, forget, output; projection [O,C] and its bias [O]; factors
    of the layer normalization [C] of the four gates. Without projection, O = C. A clip of 0 is none.
    Weights and peepholes are int8 in a hybrid layer, whose inputs are quantized at run time, with a zero point if `asymmetric`.
    """

    weights: tuple[Value | None, ...]
    activation: str
    cell_clip: float
    projection_clip: float
    asymmetric: bool = False

    INPUT: ClassVar[int] = 0
    RECURRENT: ClassVar[int] = 4
    PEEPHOLE: ClassVar[int] = 8
    BIAS: ClassVar[int] = 11
    PROJECTION: ClassVar[int] = 15
    PROJECTION_BIAS: ClassVar[int] = 16
    NORMALIZATION: ClassVar[int] = 17

    def four(self, first: int) -> tuple[Value | None, ...]:
        """One value for each gate, in the file's order."""
        return self.weights[first : first + 4]

    @property
    def coupled(self) -> bool:
        """Whether the input gate is 1 - forget."""
        return self.weights[self.INPUT] is None

    @property
    def peepholes(self) -> tuple[Value | None, ...]:
        """One for each gate, in the file's order; the cell gate has none."""
        of_input, of_forget, of_output = self.weights[self.PEEPHOLE : self.PEEPHOLE + 3]
        return of_input, of_forget, None, of_output

    @property
    def normalized(self) -> bool:
        return any(value is not None for value in self.four(self.NORMALIZATION))

    @property
    def hybrid(self) -> bool:
        """int8 weights, float32 inputs: for a layer whose input is float32."""
        weights = self.weights[self.INPUT + 1]
        return weights is not None and weights.dtype is DType.INT8

    @property
    def projected(self) -> bool:
        return self.weights[self.PROJECTION] is not None

    @property
    def plain(self) -> bool:
        """Four gates and nothing else."""
        rest = (*self.peepholes, *self.weights[self.PROJECTION :])
        return not self.coupled and all(value is None for value in rest)

    def _shape(self, position: int) -> tuple[int, ...]:
        value = self.weights[position]
        return value.shape if value is not None and len(value.shape) == 2 else (0, 0)

    @property
    def units(self) -> int:
        """Cells (C)."""
        return self._shape(self.INPUT + 1)[0]

    @property
    def outputs(self) -> int:
        """Elements of an output row (O)."""
        return self._shape(self.RECURRENT + 1)[1]

    @property
    def macs(self) -> int:
        """Of one step of one sequence."""
        return sum(value.type.elements for value in self.weights if value is not None and len(value.shape) == 2)

    @property
    def scratch_bytes(self) -> int:
        """What tk_lstm_f32 and tk_lstm_hybrid need."""
        return 4 * self.units * len(self.order)

    @property
    def order(self) -> tuple[int, ...]:
        """The gates of tk_lstm_f32 as positions in the file."""
        return _FEWER if self.coupled else _FILE_ORDER


def stacked(values: tuple[Value | None, ...], order: Iterable[int]) -> Array:
    """The contents of constants side by side along a new second axis; zeros where one is left out."""
    present = next(value.data for value in values if value is not None and value.data is not None)
    contents = [None if value is None else value.data for value in values]
    return np.stack([np.zeros_like(present) if (data := contents[i]) is None else data for i in order], 1)


def _role(position: int) -> str:
    """What a position of one of the four gates holds, up to the gate's name."""
    roles = {Layer.INPUT: "input weights", Layer.RECURRENT: "recurrent weights", Layer.BIAS: "bias"}
    roles[Layer.NORMALIZATION] = "normalization factors"
    first = max(first for first in roles if first <= position)
    return f"{roles[first]} of the {('input', 'forget', 'cell', 'output')[position - first]}"


@dataclass(frozen=True)
class Types:
    """Element types of a layer's constants; `weight` is that of the projection, too, and `bias` that of its bias."""

    weight: DType
    bias: DType
    peephole: DType
    normalization: DType

    @staticmethod
    def all(dtype: DType) -> Types:
        return Types(dtype, dtype, dtype, dtype)

    def at(self, position: int) -> DType:
        if position in (*range(Layer.BIAS, Layer.BIAS + 4), Layer.PROJECTION_BIAS):
            return self.bias
        if position >= Layer.NORMALIZATION:
            return self.normalization
        return self.peephole if Layer.PEEPHOLE <= position < Layer.BIAS else self.weight


def layer_problem(layer: Layer, sequence: Sequence, hidden: Value, cell: Value, types: Types) -> str | None:
    """What keeps the weights from being complete, constant, of these types and of shapes that fit together."""
    units, outputs = layer.units, layer.outputs
    shapes: dict[int, tuple[int, ...]] = {}
    shapes |= dict.fromkeys(range(layer.INPUT, layer.INPUT + 4), (units, sequence.inputs))
    shapes |= dict.fromkeys(range(layer.RECURRENT, layer.RECURRENT + 4), (units, outputs))
    shapes |= dict.fromkeys(range(layer.PEEPHOLE, layer.PEEPHOLE + 3), (units,))
    shapes |= dict.fromkeys(range(layer.BIAS, layer.BIAS + 4), (units,))
    shapes |= {layer.PROJECTION: (outputs, units), layer.PROJECTION_BIAS: (outputs,)}
    shapes |= dict.fromkeys(range(layer.NORMALIZATION, layer.NORMALIZATION + 4), (units,))
    gates = range(1 if layer.coupled else 0, 4)
    required = {first + gate for first in (layer.INPUT, layer.RECURRENT, layer.BIAS) for gate in gates}
    if layer.normalized:
        required |= {layer.NORMALIZATION + gate for gate in gates}
    absent = {first for first in (layer.INPUT, layer.RECURRENT, layer.BIAS) if layer.coupled}
    for position in sorted(required):
        if layer.weights[position] is None:
            return f"no {_role(position)} gate"
    for position, shape in shapes.items():
        value = layer.weights[position]
        if value is None:
            continue
        if position in absent:
            return f"%{value.name} for an input gate without input weights"
        dtype = types.at(position)
        if value.shape != shape or value.dtype is not dtype:
            return f"%{value.name}: {value.type} for {dtype.value}{list(shape)}"
        if not value.constant:
            return f"%{value.name} computed at run time"
    if layer.weights[layer.PROJECTION] is None and (units != outputs or layer.weights[layer.PROJECTION_BIAS] is not None):
        return f"{units} units, {outputs} outputs and no projection"
    for state, size in ((hidden, outputs), (cell, units)):
        if state.type.elements != sequence.batch * size:
            return f"state {state.type} for {sequence.batch} x {size}"
    return None


HYBRID = Types(DType.INT8, DType.FLOAT32, DType.INT8, DType.FLOAT32)


def hybrid_problem(layer: Layer) -> str | None:
    """What keeps the int8 weights of a hybrid layer from having one scale and no zero point."""
    for value in layer.weights:
        if value is None or value.dtype is not DType.INT8:
            continue
        q = value.type.quantization
        if q is None or q.per_channel:
            return f"%{value.name} {'without quantization' if q is None else 'quantized per channel'}"
        if q.zero_point:
            return f"%{value.name} with zero point {q.zero_point}"
    return None


def heavy_layer(layer: Layer) -> str | None:
    """Of the int8 matrices of a layer, a row whose products could leave 32 bits together."""
    matrices = (value for value in layer.weights if value is not None and len(value.shape) == 2)
    return heavy_row(*((value.name, value.data) for value in matrices))


@dataclass(frozen=True)
class _Gates:
    """Arrays with the gates along the second axis, in the order of tk_lstm_f32; scales of int8 weights by gate."""

    input: Array
    recurrent: Array
    bias: Array
    peephole: Array | None
    normalization: Array | None
    input_scales: Array
    recurrent_scales: Array


def gates_of(layer: Layer) -> _Gates:
    def stack(values: tuple[Value | None, ...]) -> Array:
        return stacked(values, layer.order)

    def scales(values: tuple[Value | None, ...]) -> Array:
        in_order = [values[gate] for gate in layer.order]
        return np.array([0 if value is None or not layer.hybrid else value.scale for value in in_order], np.float32)

    has_peepholes = any(value is not None for value in layer.peepholes)
    peephole = stack(layer.peepholes) if has_peepholes else None
    if peephole is not None and layer.hybrid:
        peephole = peephole.astype(np.float32) * scales(layer.peepholes)
    return _Gates(
        input=stack(layer.four(layer.INPUT)),
        recurrent=stack(layer.four(layer.RECURRENT)),
        bias=stack(layer.four(layer.BIAS)),
        peephole=peephole,
        normalization=stack(layer.four(layer.NORMALIZATION)) if layer.normalized else None,
        input_scales=scales(layer.four(layer.INPUT)),
        recurrent_scales=scales(layer.four(layer.RECURRENT)),
    )


def _product(layer: Layer, x: Array, weights: Array, scales: Array) -> Array:
    """x [B,N] times weights [...,N]: [B,...]."""
    if layer.hybrid:
        return products(x, weights, scales, layer.asymmetric)
    result: Array = np.tensordot(x, weights, (-1, -1))
    return result


def run_layer_f32(layer: Layer, read: Reader, x: Array, hidden: Array, cell: Array) -> tuple[Array, Array, Array]:
    """x: [T,B,I] -> y [T,B,O] and the states after the last step."""
    w = gates_of(layer)
    rows = []
    for step in x:
        argument = _product(layer, step, w.input, w.input_scales)
        argument = argument + _product(layer, hidden, w.recurrent, w.recurrent_scales)

        def gate(number: int, cell: Array, argument: Array = argument) -> Array:
            value = argument[..., number]
            if w.peephole is not None:
                value = value + w.peephole[:, number] * cell
            if w.normalization is not None:
                value = _normalized(value) * w.normalization[:, number]
            value = value + w.bias[:, number]
            if number == CELL:
                return activate(value, layer.activation)
            return Logistic.real(value.astype(np.float64)).astype(np.float32)

        forget = gate(FORGET, cell)
        admit = np.float32(1) - forget if layer.coupled else gate(INPUT, cell)
        cell = _clipped(forget * cell + admit * gate(CELL, cell), layer.cell_clip)
        hidden = _projected(layer, read, gate(OUTPUT, cell) * activate(cell, layer.activation))
        rows.append(hidden)
    return np.stack(rows), hidden, cell


def _normalized(x: Array) -> Array:
    deviation = x - x.mean(-1, keepdims=True)
    result: Array = deviation / np.sqrt((deviation**2).mean(-1, keepdims=True) + np.float32(1e-8))
    return result


def _clipped(x: Array, clip: float) -> Array:
    """To -clip..clip; NaN becomes clip, as in the runtimes."""
    return np.clip(np.where(np.isnan(x), np.float32(clip), x), np.float32(-clip), np.float32(clip)) if clip > 0 else x


def _projected(layer: Layer, read: Reader, x: Array) -> Array:
    projection, bias = layer.weights[layer.PROJECTION], layer.weights[layer.PROJECTION_BIAS]
    if projection is None:
        return x
    scale = np.array(projection.scale if layer.hybrid else 0, np.float32)
    y = _product(layer, x, read(projection), scale) + (read(bias) if bias is not None else np.float32(0))
    return _clipped(y, layer.projection_clip)
