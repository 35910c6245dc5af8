# SPDX-License-Identifier: Apache-2.0
"""Single-operator models, a table of cases per operator: what every operator is tested with, for int8 and float32.

A row names what is particular about it; everything else has the defaults of its row class. Weights are random but
the same in every run. Zero points at both ends, saturating and vanishing scales, odd channels, 1x1, strides and
kernels larger than what they move over, and batches above 1 are in the tables.

Long: tables.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import tflite
from model_builder import ModelBuilder
from numpy.typing import NDArray

Array = NDArray[Any]
Shape = tuple[int, ...]

DTYPES = ("int8", "float32")
ACTIVATIONS = ("NONE", "RELU", "RELU6", "RELU_N1_TO_1")


class Q(NamedTuple):
    """Per-tensor quantization."""

    scale: float
    zero_point: int = 0


Q_LOW, Q_HIGH, Q_MID = Q(0.05, -128), Q(0.02, 127), Q(0.1, 3)
Q_SECOND, Q_OUT, Q_SUM = Q(0.07, -9), Q(0.15, 2), Q(0.3, -7)


@dataclass(frozen=True)
class Case:
    """A model with one operator. `oracle` is the runtime that settles it: "tflm", or "litert" where TFLM lacks the operator."""

    op: str
    dtype: str
    name: str
    model: bytes
    oracle: str = "tflm"

    @property
    def id(self) -> str:
        return f"{self.op}-{self.dtype}-{self.name}"

    def inputs(self, seed: int) -> list[Array]:
        """Random inputs: integers over their whole range, floats around 0 with a deviation of 3, booleans."""
        rng = np.random.default_rng([seed, zlib.crc32(self.id.encode())])
        graph = tflite.Model.GetRootAs(self.model, 0).Subgraphs(0)
        tensors = [graph.Tensors(graph.Inputs(i)) for i in range(graph.InputsLength())]
        return [_random(rng, tuple(t.ShapeAsNumpy()) if t.ShapeLength() else (), _NUMPY[t.Type()]) for t in tensors]


_NUMPY = {
    getattr(tflite.TensorType, name.upper()): name
    for name in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "bool")
}


def _random(rng: np.random.Generator, shape: Shape, dtype: str) -> Array:
    if dtype == "float32":
        return (3 * rng.standard_normal(shape)).astype(np.float32)
    if dtype == "bool":
        return rng.integers(0, 2, shape).astype(np.bool_)
    limits = np.iinfo(dtype)
    return rng.integers(limits.min, limits.max, shape, dtype=np.dtype(dtype).type, endpoint=True)


class Net(ModelBuilder):
    """A builder that knows the case's dtype: quantization is left out for floats, and constants are drawn.

    "int16x8": int16 activations with int8 weights and int64 biases. The scales of the tables are for int8: int16 has 1/256 of
    them, and zero point 0. "int8x4": int4 weights of 16 times the scale.
    """

    def __init__(self, op: str, dtype: str, name: str) -> None:
        super().__init__()
        self.case = Case(op, dtype, name, b"")
        self.wide = dtype == "int16x8"
        self.int4 = dtype == "int8x4"
        self.dtype = {"int16x8": "int16", "int8x4": "int8"}.get(dtype, dtype)
        self.rng = np.random.default_rng(zlib.crc32(self.case.id.encode()))

    @property
    def quantized(self) -> bool:
        return self.wide or self.dtype == "int8"

    def quantization(self, q: Q) -> dict[str, Any]:
        q = Q(q.scale / 256) if self.wide else q
        return {"scale": q.scale, "zero_point": q.zero_point} if self.quantized else {}

    def x(self, shape: Shape, q: Q = Q_MID) -> int:
        return self.input(shape, self.dtype, **self.quantization(q))

    def y(self, shape: Sequence[int], q: Q = Q_MID) -> int:
        return self.tensor(shape, self.dtype, **self.quantization(q))

    def random(self, shape: Shape, q: Q = Q_MID) -> int:
        """A constant like an input."""
        return self.const(_random(self.rng, shape, self.dtype), **self.quantization(q))

    def weights(
        self, shape: Shape, channels: int, axis: int, per_channel: bool, limit: int = 127
    ) -> tuple[int, tuple[float, ...]]:
        """Weights around 0, of at most `limit` as integers, and their scales."""
        if not self.quantized:
            return self.const((self.rng.standard_normal(shape) / 3).astype(np.float32)), ()
        scales = tuple(0.002 + 0.01 * self.rng.random(channels if per_channel else 1))
        if self.int4:
            scales = tuple(16 * scale for scale in scales)
            codes = self.rng.integers(-min(limit, 8), min(limit, 7), shape, dtype=np.int8, endpoint=True)
            return self.const(codes, "int4", scale=scales, axis=axis), scales
        values = self.rng.integers(-limit, limit, shape, dtype=np.int8, endpoint=True)
        return self.const(values, scale=scales, axis=axis), scales

    def bias(self, channels: int, q: Q, scales: tuple[float, ...], limit: int = 127) -> int:
        if not self.quantized:
            return self.const(self.rng.standard_normal(channels).astype(np.float32))
        unit, dtype = (256, np.int64) if self.wide else (1, np.int32)
        limit = min(limit, 8) if self.int4 else limit
        values = self.rng.integers(-150 * limit * unit, 150 * limit * unit, channels).astype(dtype)
        return self.const(values, scale=[q.scale / unit * scale for scale in scales])

    def done(self, code: str, inputs: Sequence[int], output: int, **options: Any) -> Case:
        """The case: `code` applied to `inputs`."""
        self.op(code, inputs, [output], **options)
        return replace(self.case, model=self.build([output]))


# -- convolutions and pooling ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Window:
    """A row of the tables for operators with a sliding window. `out_c`: output channels, of DEPTHWISE the multiplier."""

    name: str
    shape: Shape = (1, 5, 5, 3)
    out_c: int = 4
    kernel: tuple[int, int] = (3, 3)
    stride: tuple[int, int] = (1, 1)
    dilation: tuple[int, int] = (1, 1)
    padding: str = "SAME"
    act: str = "NONE"
    groups: int = 1
    bias: bool = True
    per_channel: bool = True
    weight_limit: int = 127
    x: Q = Q_MID
    y: Q = Q_SUM

    def out_shape(self, channels: int) -> Shape:
        spatial = []
        for size, kernel, stride, dilation in zip(self.shape[1:3], self.kernel, self.stride, self.dilation, strict=True):
            covered = size if self.padding == "SAME" else size - (kernel - 1) * dilation
            spatial.append(-(-covered // stride))
        return (self.shape[0], *spatial, channels)

    @property
    def options(self) -> dict[str, Any]:
        return {
            "stride_h": self.stride[0],
            "stride_w": self.stride[1],
            "padding": self.padding,
            "fused_activation": self.act,
        }


_WINDOWS = (
    Window("same"),
    Window("valid", padding="VALID"),
    Window("1x1", kernel=(1, 1)),
    Window("1x1_odd_channels", shape=(1, 4, 3, 7), out_c=5, kernel=(1, 1)),
    Window("1x1_stride2", shape=(1, 5, 4, 3), kernel=(1, 1), stride=(2, 2)),
    Window("one_pixel", shape=(1, 1, 1, 9), out_c=1),
    Window("stride2_even", shape=(1, 6, 8, 4), stride=(2, 2)),
    Window("stride2_odd", shape=(1, 7, 5, 4), stride=(2, 2)),
    Window("stride_over_kernel", shape=(1, 8, 8, 3), kernel=(2, 2), stride=(3, 3), padding="VALID"),
    Window("stride_over_kernel_same", shape=(1, 8, 7, 3), kernel=(1, 2), stride=(3, 4)),
    Window("kernel_over_image", shape=(1, 2, 6, 2), kernel=(5, 7)),
    Window("kernel_is_image", shape=(1, 4, 3, 5), kernel=(4, 3), padding="VALID"),
    Window("row_kernel", shape=(1, 1, 16, 3), kernel=(1, 5), stride=(1, 2)),
    Window("tall_kernel", shape=(1, 20, 6, 1), out_c=8, kernel=(10, 4), stride=(2, 2)),
    Window("batch", shape=(3, 4, 4, 3)),
    Window("act_relu", act="RELU"),
    Window("act_relu6", act="RELU6"),
    Window("act_relu_n1_to_1", act="RELU_N1_TO_1", x=Q(0.01, 3), y=Q(0.02, -7)),
    Window("zero_points_low_high", x=Q_LOW, y=Q_HIGH),
    Window("zero_points_high_low", x=Q_HIGH, y=Q_LOW),
    Window("saturating", y=Q(0.004, 10)),
    Window("vanishing", x=Q(1e-6, 5), y=Q(2.0, -1)),
)

_FILTERS = (
    *_WINDOWS,
    Window("dilation2", shape=(1, 7, 7, 3), dilation=(2, 2)),
    Window("dilation_valid", shape=(1, 6, 9, 3), dilation=(1, 3), padding="VALID"),
    Window("no_bias", bias=False),
    Window("per_tensor", per_channel=False),
    Window("multiplier_over_one", shape=(1, 3, 3, 1), out_c=2, kernel=(1, 1), weight_limit=1, x=Q(8.0, 1), y=Q(0.02, 0)),
)

_CONV_ONLY = (
    Window("omitted_bias", bias=False),  # As an operand -1. On DEPTHWISE_CONV_2D that kills TFLM.
    Window("grouped", shape=(1, 5, 5, 6), out_c=9, groups=3),
    Window("grouped_pairs", shape=(2, 4, 4, 8), out_c=4, groups=4, kernel=(1, 1)),
)

_DEPTHWISE_ONLY = (
    Window("multiplier1", out_c=1),
    Window("multiplier1_odd_channels", shape=(1, 6, 5, 17), out_c=1),
    Window("multiplier1_stride2", shape=(1, 6, 6, 16), out_c=1, stride=(2, 2)),
    Window("multiplier1_dilation", shape=(1, 7, 6, 5), out_c=1, dilation=(2, 1)),
    Window("multiplier2_one_channel", shape=(1, 5, 5, 1), out_c=8),
    Window("multiplier1_batch", shape=(2, 4, 4, 4), out_c=1),
)


def _dilation(row: Window) -> dict[str, int]:
    return {"dilation_h_factor": row.dilation[0], "dilation_w_factor": row.dilation[1]}


def conv_2d(dtype: str) -> Iterator[Case]:
    for row in (*_FILTERS, *_CONV_ONLY):
        net = Net("CONV_2D", dtype, row.name)
        x = net.x(row.shape, row.x)
        w, scales = net.weights(
            (row.out_c, *row.kernel, row.shape[3] // row.groups), row.out_c, 0, row.per_channel, row.weight_limit
        )
        y = net.y(row.out_shape(row.out_c), row.y)
        operands = [x, w, net.bias(row.out_c, row.x, scales, row.weight_limit)] if row.bias else [x, w]
        if row.name == "omitted_bias":
            operands.append(-1)
        yield net.done("CONV_2D", operands, y, **row.options, **_dilation(row))


def depthwise_conv_2d(dtype: str) -> Iterator[Case]:
    for row in (*_FILTERS, *_DEPTHWISE_ONLY):
        net = Net("DEPTHWISE_CONV_2D", dtype, row.name)
        channels = row.shape[3] * row.out_c
        x = net.x(row.shape, row.x)
        w, scales = net.weights((1, *row.kernel, channels), channels, 3, row.per_channel, row.weight_limit)
        y = net.y(row.out_shape(channels), row.y)
        operands = [x, w, net.bias(channels, row.x, scales, row.weight_limit)] if row.bias else [x, w]
        yield net.done("DEPTHWISE_CONV_2D", operands, y, depth_multiplier=row.out_c, **row.options, **_dilation(row))


def pool_2d(op: str, dtype: str) -> Iterator[Case]:
    for row in _WINDOWS:
        if row.name in ("saturating", "vanishing"):  # Pooling keeps the quantization.
            continue
        net = Net(op, dtype, row.name)
        x, y = net.x(row.shape, row.x), net.y(row.out_shape(row.shape[3]), row.x)
        yield net.done(op, [x], y, filter_height=row.kernel[0], filter_width=row.kernel[1], **row.options)


# -- fully connected ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dense:
    """A row of FULLY_CONNECTED. `weights`: "per_tensor", "per_channel" or "dynamic" (a second input)."""

    name: str
    shape: Shape = (1, 10)
    depth: int = 10
    units: int = 4
    weights: str = "per_tensor"
    bias: bool = True
    keep_num_dims: bool = False
    act: str = "NONE"
    x: Q = Q_MID
    y: Q = Q_SUM


_DENSE = (
    Dense("plain"),
    Dense("batch", shape=(5, 10)),
    Dense("odd", shape=(2, 13), depth=13, units=7),
    Dense("one_by_one", shape=(1, 1), depth=1, units=1),
    Dense("wide", shape=(1, 257), depth=257, units=3),
    Dense("no_bias", bias=False),
    Dense("per_channel", weights="per_channel"),
    Dense("per_channel_batch", shape=(3, 9), depth=9, units=5, weights="per_channel", bias=False),
    Dense("dynamic", weights="dynamic", bias=False),
    Dense("dynamic_bias", shape=(3, 10), weights="dynamic"),
    Dense("rank3", shape=(2, 3, 10)),
    Dense("keep_num_dims", shape=(2, 3, 10), keep_num_dims=True),
    Dense("flattens", shape=(1, 2, 2, 3), depth=12),
    Dense("flattens_into_batches", shape=(2, 2, 2, 3), depth=6),
    Dense("act_relu", act="RELU"),
    Dense("act_relu6", act="RELU6"),
    Dense("act_relu_n1_to_1", act="RELU_N1_TO_1"),
    Dense("zero_points_low_high", x=Q_LOW, y=Q_HIGH),
    Dense("zero_points_high_low", x=Q_HIGH, y=Q_LOW),
    Dense("saturating", y=Q(0.004, 10)),
    Dense("vanishing", x=Q(1e-6, 5), y=Q(2.0, -1)),
)


def fully_connected(dtype: str) -> Iterator[Case]:
    for row in _DENSE:
        net = Net("FULLY_CONNECTED", dtype, row.name)
        x = net.x(row.shape, row.x)
        scales: tuple[float, ...] = (0.01,)
        if row.weights == "dynamic" and net.int4:
            continue  # int4 is a type of constants.
        if row.weights == "dynamic":
            w = net.input((row.units, row.depth), "int8", scale=0.01) if net.wide else net.x((row.units, row.depth), Q(0.01))
        else:
            w, scales = net.weights((row.units, row.depth), row.units, 0, row.weights == "per_channel")
        b = net.bias(row.units, row.x, scales) if row.bias else -1
        rows = int(np.prod(row.shape)) // row.depth
        y = net.y((*row.shape[:-1], row.units) if row.keep_num_dims else (rows, row.units), row.y)
        options = {"keep_num_dims": row.keep_num_dims, "fused_activation": row.act}
        yield net.done("FULLY_CONNECTED", [x, w, b], y, **options)


# -- reductions --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reduction:
    name: str
    shape: Shape
    axes: tuple[int, ...]
    keep_dims: bool = True
    x: Q = Q_MID
    y: Q = Q_MID


_REDUCTIONS = (
    Reduction("spatial", (1, 4, 5, 3), (1, 2)),
    Reduction("spatial_drop", (1, 4, 5, 3), (1, 2), keep_dims=False),
    Reduction("spatial_swapped", (1, 4, 5, 3), (2, 1)),
    Reduction("spatial_negative", (2, 3, 4, 5), (-3, -2), keep_dims=False),
    Reduction("spatial_requantized", (1, 7, 7, 9), (1, 2), x=Q(0.1, -128), y=Q(0.12, 5)),
    Reduction("channels", (1, 4, 5, 7), (3,)),
    Reduction("channels_negative", (2, 4, 5, 7), (-1,), keep_dims=False),
    Reduction("height", (1, 6, 2, 3), (1,), keep_dims=False),
    Reduction("height_channels", (1, 6, 2, 3), (1, 3)),
    Reduction("batch", (4, 2, 2, 3), (0,)),
    Reduction("all", (2, 3, 4, 5), (0, 1, 2, 3)),
    Reduction("rank2", (3, 8), (1,), keep_dims=False),
    Reduction("rank3", (2, 5, 6), (1,)),
    Reduction("rank1", (9,), (0,)),
    Reduction("one_element", (1, 1, 1, 5), (1, 2)),
    Reduction("zero_points_low", (1, 3, 3, 4), (1, 2), x=Q_LOW, y=Q(0.06, -128)),
    Reduction("zero_points_high", (1, 3, 3, 4), (2,), x=Q_HIGH, y=Q(0.02, 127)),
    Reduction("saturating", (1, 3, 3, 4), (1, 2), x=Q(0.5, 0), y=Q(0.01, 9)),
    Reduction("vanishing", (1, 3, 3, 4), (1, 2), x=Q(1e-5, 3), y=Q(1.0, -4)),
)


def mean(dtype: str) -> Iterator[Case]:
    for row in _REDUCTIONS:
        net = Net("MEAN", dtype, row.name)
        reduced = {axis % len(row.shape) for axis in row.axes}
        kept = [1 if i in reduced else d for i, d in enumerate(row.shape) if row.keep_dims or i not in reduced]
        x, axes = net.x(row.shape, row.x), net.const(np.array(row.axes, np.int32))
        yield net.done("MEAN", [x, axes], net.y(kept, row.y), keep_dims=row.keep_dims)


# -- two operands ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """A row of the binary operators. `const`: which operand is a constant, if any."""

    name: str
    a: Shape = (1, 3, 4, 5)
    b: Shape = (1, 3, 4, 5)
    const: int | None = None
    act: str = "NONE"
    qa: Q = Q_MID
    qb: Q = Q_SECOND
    y: Q = Q_OUT


_PAIRS = (
    Pair("same_shape"),
    Pair("scalar_second", b=(1,)),
    Pair("scalar_first", a=()),
    Pair("channels_second", b=(5,)),
    Pair("channels_first", a=(1, 1, 1, 5)),
    Pair("rows_second", b=(1, 3, 1, 1)),
    Pair("both_ways", a=(1, 3, 1, 5), b=(1, 1, 4, 5)),
    Pair("both_ways_outer", a=(2, 1, 3), b=(1, 4, 1)),
    Pair("batch", a=(3, 2, 2, 2), b=(1, 2, 2, 2)),
    Pair("rank1", a=(7,), b=(7,)),
    Pair("rank5", a=(2, 1, 2, 3, 2), b=(2, 3, 2, 1, 2)),
    Pair("const_second", b=(1, 3, 4, 5), const=1),
    Pair("const_scalar_second", b=(), const=1),
    Pair("const_channels_first", a=(5,), const=0),
    Pair("act_relu", act="RELU"),
    Pair("act_relu6", act="RELU6"),
    Pair("act_relu_n1_to_1", act="RELU_N1_TO_1", qa=Q(0.01, 3), qb=Q(0.01, -9), y=Q(0.015, 2)),
    Pair("act_relu_broadcast", b=(5,), act="RELU"),
    Pair("equal_scales", qa=Q_MID, qb=Q_MID, y=Q_MID),
    Pair("zero_points_low_high", qa=Q_LOW, qb=Q_HIGH, y=Q(0.1, 60)),
    Pair("zero_points_high_low", qa=Q_HIGH, qb=Q_LOW, y=Q_HIGH),
    Pair("unlike_scales", qa=Q(4.0, 1), qb=Q(0.0005, -2), y=Q(3.0, 0)),
    Pair("zero_points_low", qa=Q_LOW, qb=Q(0.03, -128), y=Q(0.2, -128)),
    Pair("saturating", y=Q(0.02, 10)),
    Pair("vanishing", qa=Q(1e-5, 5), qb=Q(1e-5, 1), y=Q(1.0, -1)),
)


def binary(op: str, dtype: str) -> Iterator[Case]:
    for row in _PAIRS:
        net = Net(op, dtype, row.name)
        operands = [
            (net.random if row.const == position else net.x)(shape, q)
            for position, (shape, q) in enumerate(((row.a, row.qa), (row.b, row.qb)))
        ]
        y = net.y(np.broadcast_shapes(row.a, row.b), row.y)
        yield net.done(op, operands, y, fused_activation=row.act)


# -- one operand -------------------------------------------------------------------------------------------------

_SHAPES: tuple[Shape, ...] = ((1, 3, 4, 5), (7,), (2, 9), (1, 1, 1, 1))
_UNARY_Q = {
    "mid": (Q_MID, Q_MID),
    "requantized": (Q(0.06, -20), Q(0.04, 11)),
    "zero_points_low": (Q_LOW, Q(0.03, -128)),
    "zero_points_high": (Q_HIGH, Q(0.03, 127)),
    "zero_points_opposite": (Q(0.05, -100), Q(0.06, 127)),
    "saturating": (Q(0.2, 1), Q(0.003, -3)),
    "vanishing": (Q(0.0001, 7), Q(0.5, -3)),
}
_FIXED_OUTPUT = {"LOGISTIC": Q(1 / 256, -128), "TANH": Q(1 / 128, 0), "SOFTMAX": Q(1 / 256, -128)}


def unary(op: str, dtype: str, name: str = "", **options: Any) -> Iterator[Case]:
    """An element-wise operator: a few shapes, and for integers every quantization above."""
    rows = [("x".join(map(str, shape)), shape, _UNARY_Q["mid"]) for shape in _SHAPES]
    if dtype != "float32":
        rows += [(key, (2, 300), q) for key, q in _UNARY_Q.items()]
    for key, shape, (q_in, q_out) in rows:
        net = Net(op, dtype, name + key)
        yield net.done(op, [net.x(shape, q_in)], net.y(shape, _FIXED_OUTPUT.get(op, q_out)), **options)


def relu_n1_to_1(dtype: str) -> Iterator[Case]:
    """TFLM has this as a fused activation only; LiteRT's int8 kernel clamps without requantizing."""
    for case in unary("RELU_N1_TO_1", dtype):
        if case.name in ("mid", *("x".join(map(str, shape)) for shape in _SHAPES)):
            yield replace(case, oracle="litert")


def leaky_relu(dtype: str) -> Iterator[Case]:
    for alpha in (0.1, 0.3, 1.5, -0.2, 0.0):
        for case in unary("LEAKY_RELU", dtype, f"alpha{alpha:g}_", alpha=alpha):
            if alpha == 0.1 or case.name.endswith(("_2x9", "_mid", "_requantized")):
                yield case


def softmax(dtype: str) -> Iterator[Case]:
    shapes: tuple[Shape, ...] = ((10,), (1, 10), (3, 7), (2, 3, 5), (1, 2, 3, 4), (1, 1), (2, 200))
    rows = [(f"rank{len(s)}_{'x'.join(map(str, s))}_beta{beta:g}", s, Q_MID, beta) for s in shapes for beta in (1.0, 0.5)]
    rows += [
        (f"scale{scale:g}_zp{zero_point}", (2, 50), Q(scale, zero_point), 1.0)
        for scale, zero_point in ((0.001, 0), (0.02, -128), (0.1, 127), (2.0, 4), (30.0, 0))
    ]
    for name, shape, q, beta in rows:
        net = Net("SOFTMAX", dtype, name)
        yield net.done("SOFTMAX", [net.x(shape, q)], net.y(shape, _FIXED_OUTPUT["SOFTMAX"]), beta=beta)


def quantize(dtype: str) -> Iterator[Case]:
    """To int8, from `dtype`."""
    for name, (q_in, q_out) in _UNARY_Q.items():
        net = Net("QUANTIZE", dtype, name)
        y = net.tensor((2, 300), "int8", scale=q_out.scale, zero_point=q_out.zero_point)
        yield net.done("QUANTIZE", [net.x((2, 300), q_in)], y)


def dequantize(dtype: str) -> Iterator[Case]:
    """From int8. (From float32 there is nothing to do.)"""
    for shape, (name, (q_in, _)) in product(((2, 300), (1, 3, 2, 2)) if dtype == "int8" else (), _UNARY_Q.items()):
        net = Net("DEQUANTIZE", dtype, f"rank{len(shape)}_{name}")
        yield net.done("DEQUANTIZE", [net.x(shape, q_in)], net.tensor(shape))


# -- data movement -----------------------------------------------------------------------------------------------

_RESHAPES: tuple[tuple[str, Shape, Shape, str], ...] = (
    ("flatten", (2, 3, 4), (2, 12), "const"),
    ("infer_last", (2, 3, 4), (6, -1), "const"),
    ("infer_first", (2, 3, 4), (-1, 4), "const"),
    ("to_rank1", (1, 2, 3, 4), (24,), "const"),
    ("to_rank5", (24,), (1, 2, 3, 2, 2), "const"),
    ("to_scalar", (1, 1), (), "const"),
    ("same", (3, 4), (3, 4), "const"),
    ("option_only", (2, 3, 4), (4, 6), "option"),
)


def reshape(dtype: str) -> Iterator[Case]:
    for name, shape, new_shape, source in _RESHAPES:
        net = Net("RESHAPE", dtype, name)
        x = net.x(shape)
        y = net.y(np.empty(shape).reshape(new_shape).shape)
        operands = [x] if source == "option" else [x, net.const(np.array(new_shape, np.int32))]
        yield net.done("RESHAPE", operands, y, new_shape=new_shape)


def squeeze(dtype: str) -> Iterator[Case]:
    for shape, dims in (
        ((1, 3, 1, 2), ()),
        ((1, 3, 1, 2), (2,)),
        ((1, 3, 1, 2), (0, 2)),
        ((1, 3, 1, 2), (-2,)),
        ((1, 1), (0,)),
    ):
        net = Net("SQUEEZE", dtype, "x".join(map(str, shape)) + "_dims" + "_".join(map(str, dims)))
        gone = {d % len(shape) for d in dims} or {i for i, d in enumerate(shape) if d == 1}
        y = net.y([d for i, d in enumerate(shape) if i not in gone])
        yield net.done("SQUEEZE", [net.x(shape)], y, squeeze_dims=dims)


def expand_dims(dtype: str) -> Iterator[Case]:
    for shape, axis in (((3, 4), 0), ((3, 4), 1), ((3, 4), 2), ((3, 4), -1), ((3, 4), -3), ((5,), 0), ((2, 3, 4), -2)):
        net = Net("EXPAND_DIMS", dtype, f"rank{len(shape)}_axis{axis}")
        operands = [net.x(shape), net.const(np.array([axis], np.int32))]
        yield net.done("EXPAND_DIMS", operands, net.y(np.expand_dims(np.empty(shape), axis).shape))


_PADS: tuple[tuple[str, Shape, tuple[tuple[int, int], ...]], ...] = (
    ("rank1", (5,), ((2, 3),)),
    ("rank2", (2, 3), ((1, 0), (0, 2))),
    ("rank3", (2, 3, 4), ((0, 1), (2, 0), (1, 1))),
    ("image", (1, 4, 5, 3), ((0, 0), (1, 1), (2, 1), (0, 0))),
    ("channels", (1, 4, 5, 3), ((0, 0), (0, 0), (0, 0), (0, 5))),
    ("all", (2, 2, 3, 2), ((1, 0), (0, 2), (3, 1), (1, 1))),
    ("nothing", (1, 2, 3, 2), ((0, 0), (0, 0), (0, 0), (0, 0))),
    ("rank5", (1, 2, 2, 2, 3), ((0, 0), (1, 0), (0, 1), (1, 1), (0, 0))),
)


def pad(op: str, dtype: str) -> Iterator[Case]:
    for (name, shape, paddings), q in product(_PADS, (Q_MID, Q_LOW, Q_HIGH) if dtype == "int8" else (Q_MID,)):
        net = Net(op, dtype, f"{name}_zp{q.zero_point}" if dtype == "int8" else name)
        operands = [net.x(shape, q), net.const(np.array(paddings, np.int32))]
        if op == "PADV2":
            operands.append(net.random((1,), q))
        yield net.done(op, operands, net.y([d + sum(p) for d, p in zip(shape, paddings, strict=True)], q))


_CONCATENATIONS: tuple[tuple[Shape, int, tuple[int, ...]], ...] = (
    ((1, 3, 4, 5), 3, (5, 2)),
    ((1, 3, 4, 5), 1, (3, 1, 2)),
    ((1, 3, 4, 5), 2, (1, 4)),
    ((2, 3, 4, 5), 0, (2, 1)),
    ((2, 3, 4, 5), -1, (1, 2, 3, 4)),
    ((2, 3, 4, 5), -3, (3, 3)),
    ((7,), 0, (7, 1, 2, 3, 4)),
    ((2, 3), 1, (3, 5)),
    ((2, 3, 4), 1, (1, 1, 1)),
    ((2, 3, 2, 2, 2), 2, (2, 3)),
)


def concatenation(dtype: str) -> Iterator[Case]:
    for (shape, axis, sizes), const in product(_CONCATENATIONS, (False, True)):
        net = Net("CONCATENATION", dtype, f"rank{len(shape)}_axis{axis}_of{len(sizes)}" + ("_const" if const else ""))
        at = axis % len(shape)
        shapes = [(*shape[:at], size, *shape[at + 1 :]) for size in sizes]
        operands = [net.random(s) if const and i == 1 else net.x(s) for i, s in enumerate(shapes)]
        y = net.y((*shape[:at], sum(sizes), *shape[at + 1 :]))
        yield net.done("CONCATENATION", operands, y, axis=axis)


_PERMUTATIONS: tuple[tuple[int, ...], ...] = (
    (1, 0),
    (0, 1),
    (0, 2, 1),
    (2, 1, 0),
    (1, 2, 0),
    (0, 3, 1, 2),
    (0, 2, 3, 1),
    (0, 2, 1, 3),
    (3, 2, 1, 0),
    (1, 0, 2, 3),
    (0, 1, 4, 2, 3),
    (4, 3, 2, 1, 0),
)


def transpose(dtype: str) -> Iterator[Case]:
    for permutation in _PERMUTATIONS:
        net = Net("TRANSPOSE", dtype, "perm" + "".join(map(str, permutation)))
        shape = (2, 3, 4, 5, 3)[: len(permutation)]
        operands = [net.x(shape), net.const(np.array(permutation, np.int32))]
        yield net.done("TRANSPOSE", operands, net.y([shape[axis] for axis in permutation]))


# -- all of them -------------------------------------------------------------------------------------------------

_OPERATORS: dict[str, Callable[[str], Iterator[Case]]] = {
    "CONV_2D": conv_2d,
    "DEPTHWISE_CONV_2D": depthwise_conv_2d,
    "FULLY_CONNECTED": fully_connected,
    "AVERAGE_POOL_2D": lambda dtype: pool_2d("AVERAGE_POOL_2D", dtype),
    "MAX_POOL_2D": lambda dtype: pool_2d("MAX_POOL_2D", dtype),
    "L2_POOL_2D": lambda dtype: pool_2d("L2_POOL_2D", dtype) if dtype == "float32" else iter(()),
    "MEAN": mean,
    "ADD": lambda dtype: binary("ADD", dtype),
    "SUB": lambda dtype: binary("SUB", dtype),
    "MUL": lambda dtype: binary("MUL", dtype),
    "RELU": lambda dtype: unary("RELU", dtype),
    "RELU6": lambda dtype: unary("RELU6", dtype),
    "RELU_N1_TO_1": relu_n1_to_1,
    "LEAKY_RELU": leaky_relu,
    "HARD_SWISH": lambda dtype: unary("HARD_SWISH", dtype),
    "LOGISTIC": lambda dtype: unary("LOGISTIC", dtype),
    "TANH": lambda dtype: unary("TANH", dtype),
    "SOFTMAX": softmax,
    "RESHAPE": reshape,
    "SQUEEZE": squeeze,
    "EXPAND_DIMS": expand_dims,
    "PAD": lambda dtype: pad("PAD", dtype),
    "PADV2": lambda dtype: pad("PADV2", dtype),
    "CONCATENATION": concatenation,
    "TRANSPOSE": transpose,
    "QUANTIZE": quantize,
    "DEQUANTIZE": dequantize,
}


@cache
def all_cases() -> dict[str, list[Case]]:
    """Every case, by operator. Ids are unique, contents are the same in every run."""
    return {op: [case for dtype in DTYPES for case in cases(dtype)] for op, cases in _OPERATORS.items()}
