# SPDX-License-Identifier: Apache-2.0
"""Single-operator models whose operators keep state from one inference to the next, as tables like those of opcases.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Any

import numpy as np
from opcases import Case, Net, Q

_X, _STATE, _Y, _H = Q(0.06, -128), Q(0.8, 0), Q(0.24, -128), Q(0.0078, 0)


@dataclass(frozen=True)
class Filters:
    """A row of SVDF. `state` is the quantization of an int8 state; an int16 state has 1/64 of its scale and no zero point."""

    name: str
    batch: int = 1
    inputs: int = 10
    units: int = 4
    rank: int = 1
    memory: int = 8
    act: str = "RELU"
    x: Q = _X
    state: Q = _STATE
    y: Q = _Y


_FILTERS = (
    Filters("plain"),
    Filters("batch", batch=3, inputs=7, units=5),
    Filters("rank2", batch=2, rank=2, units=3),
    Filters("rank3", rank=3, units=6, memory=3, inputs=17),
    Filters("one_by_one", inputs=1, units=1, memory=1),
    Filters("no_memory", units=9, memory=1),
    Filters("odd", batch=2, inputs=13, units=7, memory=5),
    Filters("state_zero_point", state=Q(0.8, -50)),
    Filters("state_wraps", state=Q(0.1, 100)),
    Filters("zero_points_high", x=Q(0.05, 127), y=Q(0.1, 127), state=Q(0.5, 127)),
    Filters("saturating", x=Q(0.5, 3), y=Q(0.01, -7), state=Q(0.1, 5)),
    Filters("vanishing", x=Q(1e-4, 3), y=Q(2.0, 1), state=Q(1.0, -1)),
    Filters("act_none", act="NONE", y=Q(0.2, 4)),
    Filters("act_relu6", act="RELU6"),
    Filters("act_relu_n1_to_1", act="RELU_N1_TO_1"),
    Filters("act_tanh", act="TANH"),
    Filters("act_sign_bit", act="SIGN_BIT"),
)


def svdf(dtype: str, state_type: str) -> Iterator[Case]:
    for row in _FILTERS:
        net = Net("SVDF", dtype, row.name if state_type == dtype else f"{row.name}_state_{state_type}")
        filters = row.units * row.rank
        state = row.state if state_type == "int8" else Q(row.state.scale / 64)
        quantized = net.quantization(state)
        x = net.x((row.batch, row.inputs), row.x)
        feature, _ = net.weights((filters, row.inputs), filters, 0, per_channel=False)
        limit = 127 if state_type == "int8" else 4000
        if net.quantized:
            taps = net.rng.integers(-limit, limit, (filters, row.memory)).astype(state_type)
            scale = 0.5 / limit
            time = net.const(taps, scale=scale)
            bias = net.const(net.rng.integers(-9000, 9000, row.units, dtype=np.int32), scale=state.scale * scale)
        else:
            time = net.const((net.rng.standard_normal((filters, row.memory)) / 3).astype(np.float32))
            bias = net.const(net.rng.standard_normal(row.units).astype(np.float32))
        memory = net.tensor((row.batch, filters * row.memory), state_type, variable=True, **quantized)
        operands = [x, feature, time, bias, memory]
        y = net.y((row.batch, row.units), row.y)
        yield net.done("SVDF", operands, y, rank=row.rank, fused_activation_function=row.act)


@dataclass(frozen=True)
class Layer:
    """A row of the LSTMs. `h` is the quantization of the output, 2**`cell_power` the scale of the cell; `gain` scales weights.
    `coupled`: no input gate; `extra`: any of "peephole", "projection" (to `width` outputs), "layer_norm", which TFLM lacks."""

    name: str
    batch: int = 1
    steps: int = 3
    inputs: int = 5
    units: int = 4
    time_major: bool = False
    clip: float = 10.0
    act: str = "TANH"
    x: Q = _X
    h: Q = _H
    cell_power: int = -11
    gain: float = 1.0
    coupled: bool = False
    extra: tuple[str, ...] = ()
    width: int = 3

    @property
    def plain(self) -> bool:
        return not self.coupled and not self.extra and self.act == "TANH"

    @property
    def outputs(self) -> int:
        """Elements of an output row."""
        return self.width if "projection" in self.extra else self.units

    def rows(self) -> tuple[int, int]:
        return (self.steps, self.batch) if self.time_major else (self.batch, self.steps)


_LAYERS = (
    Layer("plain"),
    Layer("batch", batch=3),
    Layer("time_major", time_major=True),
    Layer("time_major_batch", batch=3, steps=4, time_major=True),
    Layer("one_step", steps=1, inputs=17, units=9),
    Layer("one_by_one", steps=2, inputs=1, units=1),
    Layer("long", steps=20, inputs=13, units=7),
    Layer("wide", inputs=600, units=5, steps=2, gain=0.2),
    Layer("no_clip", clip=0.0, gain=3.0, cell_power=-12, steps=12),
    Layer("clip", clip=0.5, gain=2.0),
    Layer("zero_points_high", x=Q(0.05, 127), h=Q(0.0078, 127)),
    Layer("zero_points_odd", x=Q(0.03, 17), h=Q(0.009, -9)),
    Layer("saturating", gain=40.0, h=Q(0.004, 3), steps=6),
    Layer("vanishing", x=Q(1e-5, 3), gain=0.01),
    Layer("fine_cell", cell_power=-15, steps=8, gain=2.0),
    Layer("coarse_cell", cell_power=-6, steps=8, gain=4.0),
)

_VARIANTS = (
    Layer("coupled", coupled=True, batch=2),
    Layer("peephole", extra=("peephole",)),
    Layer("projection", extra=("projection",), batch=2, units=6),
    Layer("layer_norm", extra=("layer_norm",)),
    Layer("everything", extra=("peephole", "projection", "layer_norm"), batch=2, steps=4, time_major=True, clip=0.7),
    Layer("everything_coupled", extra=("peephole", "projection", "layer_norm"), coupled=True),
    Layer("act_relu", act="RELU"),
    Layer("act_relu6", act="RELU6"),
)

_INTEGER_VARIANTS = (
    *(replace(row, gain=0.1, steps=6) for row in _VARIANTS if row.act == "TANH" and row.name != "everything"),
    Layer("gentle", gain=0.1, steps=12, units=9),
    Layer("everything", extra=("peephole", "projection", "layer_norm"), steps=4, time_major=True, clip=0.7, gain=0.1),
    Layer(
        "everything_wide",
        extra=("peephole", "projection", "layer_norm"),
        units=11,
        width=11,
        batch=2,
        x=Q(0.05, 127),
        gain=0.05,
    ),
    Layer("projection_wide", extra=("projection",), batch=3, width=9, steps=5, time_major=True, h=Q(0.0078, 127)),
    Layer("layer_norm_long", extra=("layer_norm",), units=23, steps=12, inputs=33, cell_power=-15, h=Q(0.009, -9)),
    Layer("layer_norm_constant", extra=("layer_norm",), gain=0.0001, x=Q(1e-4, 3), steps=6),
    Layer("layer_norm_one_unit", extra=("layer_norm",), units=1),
    Layer("peephole_saturating", extra=("peephole",), gain=40.0, steps=6, cell_power=-9, clip=0.0),
)

_RECURRENT = (
    *(replace(row, units=5) for row in _LAYERS[:7]),
    *(Layer(f"act_{act.lower()}", act=act, steps=2) for act in ("NONE", "RELU", "RELU_N1_TO_1", "RELU6")),
)


class LstmNet(Net):
    """A builder of recurrent layers for int8, int16 (with int8 weights), float32, and "hybrid": float32 with int8 weights."""

    def __init__(self, op: str, dtype: str, name: str) -> None:
        super().__init__(op, dtype, name)
        self.hybrid = dtype == "hybrid"
        self.dtype = "float32" if self.hybrid else dtype

    @property
    def quantized(self) -> bool:
        return self.dtype != "float32"

    def layer_weights(self, row: Layer) -> list[int]:
        """Operands 1 to 17 of the file's LSTM."""
        outputs = row.outputs
        gates = range(1 if row.coupled else 0, 4)
        lacking = [-1] * (4 - len(gates))
        scales = [0.01 * row.gain * (1 + 0.2 * gate) for gate in range(4)]
        x = row.x.scale * (1 if self.dtype == "int8" else 1 / 256)

        def matrix(rows: int, columns: int, scale: float) -> int:
            if not self.quantized:
                return self.real_weights((rows, columns), row.gain / 3)
            return self.const(self.rng.integers(-127, 127, (rows, columns), np.int8, endpoint=True), scale=scale)

        def vector(size: int, scale: float = 0.0) -> int:
            if not self.quantized:
                return self.const(self.rng.standard_normal(size).astype(np.float32))
            values = np.clip(self.rng.standard_normal(size) / scale, -(2**30), 2**30)
            return self.const(values.astype(np.int32 if self.dtype == "int8" else np.int64), scale=scale)

        inputs = [matrix(row.units, row.inputs, scales[gate]) for gate in gates]
        recurrent = [matrix(row.units, outputs, scales[gate]) for gate in gates]
        peephole = (
            [self.peephole(row.units) if gate in gates else -1 for gate in (0, 1, 3)] if "peephole" in row.extra else [-1] * 3
        )
        bias = [vector(row.units, scales[gate] * x) for gate in gates]
        projection = [matrix(outputs, row.units, 0.02), vector(outputs, 0.002)] if "projection" in row.extra else [-1, -1]
        return [*lacking, *inputs, *lacking, *recurrent, *peephole, *lacking, *bias, *projection]

    def real_weights(self, shape: tuple[int, ...], deviation: float) -> int:
        """Weights of a layer with float inputs."""
        weights = (deviation * self.rng.standard_normal(shape)).astype(np.float32)
        if not self.hybrid:
            return self.const(weights)
        scale = np.abs(weights).max() / 127
        return self.const(np.round(weights / scale).astype(np.int8), scale=float(scale))

    def factors(self, size: int) -> int:
        """One factor per unit, int16 in integer layers."""
        factors = self.rng.standard_normal(size).astype(np.float32)
        if not self.quantized:
            return self.const(factors)
        return self.const(np.clip(factors * 8192, -32767, 32767).astype(np.int16), scale=2**-13)

    def peephole(self, units: int) -> int:
        return self.real_weights((units,), 1.0) if self.hybrid else self.factors(units)

    def activations(self, q: Q) -> dict[str, float]:
        """An int16 tensor has 1/256 of the scale that int8 has, and no zero point."""
        if not self.quantized:
            return {}
        return {"scale": q.scale, "zero_point": q.zero_point} if self.dtype == "int8" else {"scale": q.scale / 256}

    def states(self, row: Layer) -> list[int]:
        hidden = self.tensor((row.batch, row.outputs), self.dtype, variable=True, **self.activations(row.h))
        cell = {"scale": 2.0**row.cell_power} if self.quantized else {}
        return [hidden, self.tensor((row.batch, row.units), "int16" if cell else "float32", variable=True, **cell)]

    def layer_norm(self, row: Layer) -> list[int]:
        if "layer_norm" not in row.extra:
            return [-1] * 4
        return [-1 if row.coupled and gate == 0 else self.factors(row.units) for gate in range(4)]

    def intermediates(self, row: Layer) -> list[int]:
        """The gates' arguments, and the result before the projection."""
        arguments = [self.tensor((), "int16", scale=0.001 * (1 + gate)) for gate in range(4)]
        result = row.h if "projection" not in row.extra else Q(0.007, 11)
        return [*arguments, self.tensor((), "int8", scale=result.scale, zero_point=result.zero_point)]


def lstm(op: str, dtype: str, rows: Sequence[Layer], oracle: str = "tflm", asymmetric: bool = False) -> Iterator[Case]:
    for row in rows:
        net = LstmNet(op, dtype, row.name)
        outer = row.rows() if op == "UNIDIRECTIONAL_SEQUENCE_LSTM" else (row.batch,)
        x = net.input((*outer, row.inputs), net.dtype, **net.activations(row.x))
        operands = [x, *net.layer_weights(row), *net.states(row), *net.layer_norm(row)]
        y = net.tensor((*outer, row.outputs), net.dtype, **net.activations(row.h))
        options: dict[str, Any] = {"time_major": row.time_major} if op == "UNIDIRECTIONAL_SEQUENCE_LSTM" else {}
        if net.quantized and oracle == "litert":
            options["intermediates"] = net.intermediates(row)
        if asymmetric:
            options["asymmetric_quantize_inputs"] = True
        case = net.done(op, operands, y, fused_activation_function=row.act, cell_clip=row.clip, proj_clip=0.4, **options)
        ending = "_litert" if net.quantized and oracle == "litert" else _ending(asymmetric)
        yield replace(case, oracle=oracle, name=case.name + ending)


def _ending(asymmetric: bool) -> str:
    return "_asymmetric" if asymmetric else ""


def bidirectional_lstm(rows: Sequence[Layer], dtype: str = "float32", asymmetric: bool = False) -> Iterator[Case]:
    for row, merge in product(rows, (False, True)):
        if merge and row.batch > 1 and not row.time_major:  # LiteRT then takes the next sequence's state from beyond the tensor
            continue
        net = LstmNet("BIDIRECTIONAL_SEQUENCE_LSTM", dtype, f"{row.name}{'_merged' if merge else ''}{_ending(asymmetric)}")
        x, width = net.input((*row.rows(), row.inputs), "float32"), row.outputs
        operands = [x, *net.layer_weights(row), *net.layer_weights(row), *net.states(row), *net.states(row), *[-1] * 9]
        widths = [2 * width] if merge else [width, width]
        outputs = [net.tensor((*row.rows(), size), "float32") for size in widths]
        options = {"cell_clip": row.clip, "proj_clip": 0.4, "merge_outputs": merge, "time_major": row.time_major}
        options |= {"asymmetric_quantize_inputs": True} if asymmetric else {}
        net.op("BIDIRECTIONAL_SEQUENCE_LSTM", operands, outputs, fused_activation_function=row.act, **options)
        yield replace(net.case, model=net.build(outputs), oracle="litert")


def rnn(op: str, rows: Sequence[Layer], dtype: str = "float32", asymmetric: bool = False) -> Iterator[Case]:
    for row in rows:
        net = LstmNet(op, dtype, row.name + _ending(asymmetric))
        outer = row.rows() if op == "UNIDIRECTIONAL_SEQUENCE_RNN" else (row.batch,)
        x = net.input((*outer, row.inputs), "float32")
        weights = [net.real_weights(shape, 0.25) for shape in ((row.units, row.inputs), (row.units, row.units))]
        bias = net.const((net.rng.standard_normal(row.units) / 4).astype(np.float32))
        state = net.tensor((row.batch, row.units), "float32", variable=True)
        options = {"time_major": row.time_major} if op == "UNIDIRECTIONAL_SEQUENCE_RNN" else {}
        options |= {"asymmetric_quantize_inputs": True} if asymmetric else {}
        y = net.tensor((*outer, row.units), "float32")
        case = net.done(op, [x, *weights, bias, state], y, fused_activation_function=row.act, **options)
        yield replace(case, oracle="litert")


def bidirectional_rnn(rows: Sequence[Layer], dtype: str = "float32", asymmetric: bool = False) -> Iterator[Case]:
    """The backward layer has a unit more than the forward one, and, where LiteRT looks at it, an input of its own."""
    op = "BIDIRECTIONAL_SEQUENCE_RNN"
    for row, merge in product(rows, (False, True)):
        net = LstmNet(op, dtype, f"{row.name}{'_merged' if merge else ''}{_ending(asymmetric)}")
        x = net.input((*row.rows(), row.inputs), "float32")
        other = net.input((*row.rows(), row.inputs), "float32") if row.time_major and merge else -1
        ways = []
        for units in (row.units, row.units + 1):
            weights = [net.real_weights(shape, 0.25) for shape in ((units, row.inputs), (units, units))]
            bias = net.const((net.rng.standard_normal(units) / 4).astype(np.float32))
            ways += [*weights, bias, net.tensor((row.batch, units), "float32", variable=True)]
        widths = [2 * row.units + 1] if merge else [row.units, row.units + 1]
        outputs = [net.tensor((*row.rows(), size), "float32") for size in widths]
        options = {"time_major": row.time_major, "merge_outputs": merge, "asymmetric_quantize_inputs": asymmetric}
        net.op(op, [x, *ways, other, -1, -1], outputs, fused_activation_function=row.act, **options)
        yield replace(net.case, model=net.build(outputs), oracle="litert")


def hybrid_svdf(asymmetric: bool) -> Iterator[Case]:
    for row in _FILTERS:
        net = LstmNet("SVDF", "hybrid", row.name + _ending(asymmetric))
        filters = row.units * row.rank
        x = net.input((row.batch, row.inputs), "float32")
        weights = [net.real_weights((filters, size), 0.3) for size in (row.inputs, row.memory)]
        bias = net.const(net.rng.standard_normal(row.units).astype(np.float32)) if row.batch == 1 else -1
        state = net.tensor((row.batch, filters * row.memory), "float32", variable=True)
        options = {"asymmetric_quantize_inputs": True} if asymmetric else {}
        operands, y = [x, *weights, bias, state], net.tensor((row.batch, row.units), "float32")
        case = net.done("SVDF", operands, y, rank=row.rank, fused_activation_function=row.act, **options)
        yield replace(case, oracle="litert")


@cache
def all_cases() -> dict[str, list[Case]]:
    """Every case, by operator."""
    sequence = "UNIDIRECTIONAL_SEQUENCE_LSTM"
    steps = [row for row in (*_LAYERS, *_VARIANTS) if not row.time_major and row.gain < 10]  # saturated, outputs vanish
    integer = [row for row in (*_LAYERS, *_INTEGER_VARIANTS) if -15 <= row.cell_power <= -9]
    integer_steps = [row for row in _INTEGER_VARIANTS if not row.time_major]
    float_inputs = [*_LAYERS[:8], *_VARIANTS]
    float_steps = [row for row in float_inputs if not row.time_major]
    both = [row for row in (*_LAYERS[:7], *_VARIANTS) if "layer_norm" not in row.extra]
    # A state within an ulp of the border between two codes may become either: these rows have none.
    both_hybrid = [replace(row, inputs=row.inputs + 1) for row in both]
    return {
        "SVDF": [
            *(*svdf("int8", "int8"), *svdf("int8", "int16"), *svdf("float32", "float32")),
            *(*hybrid_svdf(False), *hybrid_svdf(True)),
        ],
        sequence: [
            *(case for dtype in ("int8", "int16", "float32") for case in lstm(sequence, dtype, _LAYERS)),
            *lstm(sequence, "float32", _VARIANTS, "litert"),
            *lstm(sequence, "int8", integer, "litert"),
            *(case for asymmetric in (False, True) for case in lstm(sequence, "hybrid", float_inputs, "litert", asymmetric)),
        ],
        "LSTM": [
            *lstm("LSTM", "float32", steps, "litert"),
            *lstm("LSTM", "int8", integer_steps, "litert"),
            *lstm("LSTM", "hybrid", float_steps, "litert", asymmetric=True),
        ],
        "BIDIRECTIONAL_SEQUENCE_LSTM": [
            *bidirectional_lstm(both),
            *bidirectional_lstm(both_hybrid, "hybrid"),
            *bidirectional_lstm([row for row in both_hybrid if row.extra], "hybrid", asymmetric=True),
        ],
        "UNIDIRECTIONAL_SEQUENCE_RNN": [
            *rnn("UNIDIRECTIONAL_SEQUENCE_RNN", _RECURRENT),
            *rnn("UNIDIRECTIONAL_SEQUENCE_RNN", _RECURRENT, "hybrid"),
            *rnn("UNIDIRECTIONAL_SEQUENCE_RNN", _RECURRENT[:4], "hybrid", asymmetric=True),
        ],
        "BIDIRECTIONAL_SEQUENCE_RNN": [
            *bidirectional_rnn(_RECURRENT),
            *bidirectional_rnn([row for row in _RECURRENT if not row.time_major], "hybrid"),
            *bidirectional_rnn([row for row in _RECURRENT[:4] if not row.time_major], "hybrid", asymmetric=True),
        ],
        "RNN": [
            *rnn("RNN", [row for row in _RECURRENT if not row.time_major]),
            *rnn("RNN", [row for row in _RECURRENT[:4] if not row.time_major], "hybrid", asymmetric=True),
        ],
    }
