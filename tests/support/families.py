# SPDX-License-Identifier: Apache-2.0
"""Families of operators as hypothesis strategies: every one draws models of one operator, `chain` of two to four.

A step applies an operator with drawn options to a tensor. The models are valid: what a runtime refuses, or reads astray, is
not drawn, and the comment says why.

Long: a few lines for every operator.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from drafts import ACTIVATIONS, Draft, Q, Sample, Shape, Tensor
from hypothesis import strategies as st

Step = Callable[[Draft, Tensor], Tensor]

INT8, UINT8, INT16, FLOAT = "int8", "uint8", "int16", "float32"
WHOLE = ("int32", "int64")


# -- windows -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Window:
    kernel: tuple[int, int]
    stride: tuple[int, int]
    dilation: tuple[int, int]
    padding: str

    def output(self, image: Shape) -> tuple[int, int]:
        sizes = []
        for size, kernel, stride, dilation in zip(image[1:3], self.kernel, self.stride, self.dilation, strict=True):
            covered = size if self.padding == "SAME" else size - (kernel - 1) * dilation
            sizes.append(-(-covered // stride))
        return sizes[0], sizes[1]

    @property
    def options(self) -> dict[str, Any]:
        return {"stride_h": self.stride[0], "stride_w": self.stride[1], "padding": self.padding}

    @property
    def dilations(self) -> dict[str, int]:
        return {"dilation_h_factor": self.dilation[0], "dilation_w_factor": self.dilation[1]}


def window(d: Draft, image: Shape, *, dilated: bool = True) -> Window:
    kernel = (d.number(1, 5), d.number(1, 5)) if not d.chance(4) else (1, 1)
    stride = (d.number(1, 3), d.number(1, 3)) if d.chance(2) else (1, 1)
    dilation = (d.number(1, 3), d.number(1, 3)) if dilated and d.chance(4) else (1, 1)
    fits = all((k - 1) * s < size for k, s, size in zip(kernel, dilation, image[1:3], strict=True))
    return Window(kernel, stride, dilation, d.one_of("SAME", "VALID") if fits else "SAME")


def weighted(d: Draft, x: Tensor, scales: tuple[float, ...], taps: int) -> Q | None:
    """The quantization of a sum of `taps` products."""
    d.sums()
    return d.fitting((x.q.scale if x.q else 1.0) * max(scales, default=1.0) * 60 * taps**0.5)


def biased(d: Draft, x: Tensor, channels: int, scales: tuple[float, ...]) -> tuple[list[Tensor | int], dict[str, int]]:
    if d.chance(4):
        return [], {}
    bias, options = d.bias(channels, x, scales)
    return [bias], options


def conv_2d(d: Draft, x: Tensor) -> Tensor:
    w, channels = window(d, x.shape), d.number(1, 6) if not d.chance(6) else d.number(7, 40)
    groups = 1
    if d.kind != "uint8" and d.chance(4):  # LiteRT's kernel for uint8 has no groups.
        groups = d.one_of(*(n for n in range(1, x.shape[3] + 1) if x.shape[3] % n == 0))
        channels = groups * d.number(1, 4)
    weights, scales = d.weights((channels, *w.kernel, x.shape[3] // groups), channels, 0)
    bias, wide = biased(d, x, channels, scales)
    if d.kind in ("hybrid", "uint8") and not bias:  # LiteRT's kernel requires it.
        bias = [d.bias(channels, x, scales)[0]]
    y = d.y((x.shape[0], *w.output(x.shape), channels), weighted(d, x, scales, prod(w.kernel) * x.shape[3] // groups))
    activation = d.one_of(*ACTIVATIONS)
    d.apply("CONV_2D", [x, weights, *bias], [y], **w.options, **w.dilations, fused_activation=activation, **wide)
    return y


def depthwise_conv_2d(d: Draft, x: Tensor) -> Tensor:
    w, multiplier = window(d, x.shape), d.one_of(1, 1, 2, 3)
    channels = x.shape[3] * multiplier
    weights, scales = d.weights((1, *w.kernel, channels), channels, 3)
    if d.kind == "hybrid" and len(scales) != channels:  # LiteRT takes one scale per channel only.
        codes = d.rng.integers(-127, 127, (1, *w.kernel, channels), dtype=np.int8, endpoint=True)
        scales = tuple(float(np.float32(0.01 * (0.3 + d.rng.random()))) for _ in range(channels))
        weights = d.const(codes, scale=scales, axis=3)
    bias, _ = biased(d, x, channels, scales)
    if bias and d.kind == "int16x8":  # TFLM's kernel takes int64 alone.
        values = d.rng.integers(-20000, 20000, channels)
        bias = [d.const(values, scale=[(x.q.scale if x.q else 1.0) * scale for scale in scales])]
    y = d.y((x.shape[0], *w.output(x.shape), channels), weighted(d, x, scales, prod(w.kernel)))
    options = {**w.options, **w.dilations, "fused_activation": d.one_of(*ACTIVATIONS)}
    d.apply("DEPTHWISE_CONV_2D", [x, weights, *bias], [y], depth_multiplier=multiplier, **options)
    return y


def transpose_conv(d: Draft, x: Tensor) -> Tensor:
    kernel, stride = (d.number(1, 5), d.number(1, 5)), (d.number(1, 3), d.number(1, 3))
    padding, channels = d.one_of("SAME", "VALID"), d.number(1, 6)
    sizes = [
        length * step + (max(taps - step, 0) if padding == "VALID" else 0)
        for length, step, taps in zip(x.shape[1:3], stride, kernel, strict=True)
    ]
    if padding == "SAME" and d.chance(3):  # As large as it was before a convolution with stride made x of it.
        sizes = [size - d.number(0, step - 1) for size, step in zip(sizes, stride, strict=True)]
    shape = (x.shape[0], *sizes, channels)
    weights, scales = d.weights((channels, *kernel, x.shape[3]), channels, 0)
    bias, wide = biased(d, x, channels, scales)
    if wide:  # TFLM reads an int32 bias as int64.
        d.astray()
    y = d.y(shape, weighted(d, x, scales, max(1, prod(kernel) * x.shape[3] // prod(stride))))
    options = {"stride_h": stride[0], "stride_w": stride[1], "padding": padding, "fused_activation": d.one_of(*ACTIVATIONS)}
    d.apply("TRANSPOSE_CONV", [d.ints(shape), weights, x, *bias], [y], **options, **wide)
    return y


def pool_2d(d: Draft, x: Tensor) -> Tensor:
    code = d.one_of("MAX_POOL_2D", "AVERAGE_POOL_2D")
    if code == "AVERAGE_POOL_2D":
        d.sums()
    w = window(d, x.shape, dilated=False)
    y = d.like(x, (x.shape[0], *w.output(x.shape), x.shape[3]))
    options = {"filter_height": w.kernel[0], "filter_width": w.kernel[1], "fused_activation": d.one_of(*ACTIVATIONS)}
    d.apply(code, [x], [y], **w.options, **options)
    return y


# -- matrices ----------------------------------------------------------------------------------------------------


def dense(d: Draft, x: Tensor) -> Tensor:
    elements = prod(x.shape)
    depth = x.shape[-1] if d.one_of(True, True, False) else elements if d.one_of(True, False) else x.shape[-1]
    keep = depth == x.shape[-1] and d.chance(3)
    units = d.number(1, 9) if not d.chance(6) else d.number(10, 40)
    weights, scales = d.weights((units, depth), units, 0)
    bias, wide = biased(d, x, units, scales)
    y = d.y((*x.shape[:-1], units) if keep else (elements // depth, units), weighted(d, x, scales, depth))
    options = {"keep_num_dims": keep, "fused_activation": d.one_of(*ACTIVATIONS), **wide}
    if d.kind == "hybrid":
        options["asymmetric_quantize_inputs"] = d.one_of(False, True)
    d.apply("FULLY_CONNECTED", [x, weights, *(bias or [-1])], [y], **options)
    return y


def batch_matmul(d: Draft, x: Tensor) -> Tensor:
    """x [..., M, K], with columns and rows swapped or not."""
    adj_x, adj_y = d.one_of(False, True), d.one_of(False, True)
    depth, columns = x.shape[-2 if adj_x else -1], d.number(1, 7)
    batches = tuple(d.one_of(size, 1) if d.chance(2) else size for size in x.shape[:-2])
    batches = batches[d.number(0, len(batches)) :] if d.chance(4) else batches
    shape = (*batches, *((columns, depth) if adj_y else (depth, columns)))
    q = d.quantization()
    other = d.filled(shape, q=q) if d.chance(2) else d.x(shape, q=q)
    rows = x.shape[-1 if adj_x else -2]
    d.sums()
    natural = (x.q.scale if x.q else 1.0) * (q.scale if q else 1.0) * 60 * depth**0.5
    y = d.y((*np.broadcast_shapes(x.shape[:-2], batches), rows, columns), d.fitting(natural))
    d.apply("BATCH_MATMUL", [x, other], [y], adj_x=adj_x, adj_y=adj_y)
    return y


# -- element by element ------------------------------------------------------------------------------------------

FUNCTIONS = {
    FLOAT: (
        *("ABS", "CEIL", "COS", "ELU", "EXP", "FLOOR", "GELU", "HARD_SWISH", "LEAKY_RELU", "LOG", "LOGISTIC", "NEG", "RELU"),
        *("RELU6", "RELU_0_TO_1", "RELU_N1_TO_1", "ROUND", "RSQRT", "SIGN", "SIN", "SQRT", "SQUARE", "TANH"),
    ),
    INT8: (
        "ABS",
        "ELU",
        "EXP",
        "GELU",
        "HARD_SWISH",
        "LEAKY_RELU",
        "LOG",
        "LOGISTIC",
        "RELU",
        "RELU6",
        "RSQRT",
        "SQRT",
        "TANH",
    ),
    INT16: ("LEAKY_RELU", "LOGISTIC", "RELU", "RELU6", "TANH"),
    UINT8: ("HARD_SWISH", "LEAKY_RELU", "LOGISTIC", "RELU", "RELU6", "TANH"),
    "int32": ("ABS", "NEG", "SIGN"),
    "int64": ("NEG",),
    "bool": ("LOGICAL_NOT",),
}
_RESULTS = {
    ("LOGISTIC", INT8): Q(1 / 256, -128),
    ("LOGISTIC", UINT8): Q(1 / 256, 0),
    ("LOGISTIC", INT16): Q(1 / 32768),
    ("TANH", INT8): Q(1 / 128, 0),
    ("TANH", UINT8): Q(1 / 128, 128),
    ("TANH", INT16): Q(1 / 32768),
}


def function(d: Draft, x: Tensor) -> Tensor:
    positive = x.q is None or x.q.zero_point == -128  # int8 codes of negative numbers make TFLM fail in the middle.
    code = d.one_of(*(code for code in FUNCTIONS[x.dtype] if positive or code not in ("LOG", "RSQRT", "SQRT")))
    options: dict[str, Any] = {}
    if code == "GELU":
        options["approximate"] = d.one_of(False, True)
    if code == "LEAKY_RELU":
        options["alpha"] = d.one_of(0.1, 0.3, 0.0, 1.0, 1.5, -0.2)
    q = _RESULTS.get((code, x.dtype)) or (d.one_of(x.q, d.fitting(x.q.scale)) if x.q else None)
    y = d.y(x.shape, q, x.dtype)
    d.apply(code, [x], [y], **options)
    return y


ARITHMETIC = {
    INT8: ("ADD", "SUB", "MUL", "MAXIMUM", "MINIMUM", "SQUARED_DIFFERENCE", "PRELU", "DIV"),
    UINT8: ("ADD", "SUB", "MUL", "MAXIMUM", "MINIMUM", "PRELU"),
    INT16: ("ADD", "SUB", "MUL"),
    FLOAT: (
        "ADD",
        "SUB",
        "MUL",
        "MAXIMUM",
        "MINIMUM",
        "SQUARED_DIFFERENCE",
        "PRELU",
        "DIV",
        "FLOOR_DIV",
        "FLOOR_MOD",
        "ATAN2",
        "POW",
    ),
    "int32": ("ADD", "SUB", "MUL", "MAXIMUM", "MINIMUM", "SQUARED_DIFFERENCE", "FLOOR_DIV", "FLOOR_MOD", "DIV"),
    "int64": ("ADD", "SUB", "MUL", "MAXIMUM", "MINIMUM", "FLOOR_MOD"),
    "bool": ("LOGICAL_AND", "LOGICAL_OR"),
}
COMPARISONS = ("EQUAL", "NOT_EQUAL", "GREATER", "GREATER_EQUAL", "LESS", "LESS_EQUAL")
FUSED = ("ADD", "SUB", "MUL", "DIV")
BY_CONSTANT = ("DIV", "FLOOR_DIV", "FLOOR_MOD")
"""No zeros to divide by: constants without them."""


def stretchable(d: Draft, shape: Shape) -> Shape:
    """A shape that stretches to `shape`: some sizes 1, leading ones left out."""
    if d.chance(2):
        return shape
    thinned = tuple(d.one_of(size, 1) for size in shape)
    start = d.number(0, len(shape))
    return thinned[start:] if all(size == 1 for size in thinned[:start]) or d.chance(2) else thinned


def other_operand(d: Draft, x: Tensor, code: str) -> Tensor:
    """A second operand beside x: x itself, an earlier tensor, a constant, a further input; x is not smaller."""
    q = x.q if code in ("MAXIMUM", "MINIMUM") else d.quantization(x.dtype) if x.q else None
    if code in BY_CONSTANT:
        shape = stretchable(d, x.shape)
        values = d.values(shape, x.dtype)
        zero = q.zero_point if q else 0
        divisors = np.where(values == zero, np.asarray(zero + 1 if zero < 127 else zero - 1, values.dtype), values)
        return Tensor(d.const(divisors, **({"scale": q.scale, "zero_point": q.zero_point} if q else {})), shape, x.dtype, q)
    alike = [t for t in d.made if (t.shape, t.dtype) == (x.shape, x.dtype) and (q is not x.q or t.q == x.q)]
    if alike and d.chance(4):
        return d.one_of(*alike)
    shape = stretchable(d, x.shape)
    return beside(d, x._replace(q=q), shape)


def arithmetic(d: Draft, x: Tensor) -> Tensor:
    code = d.one_of(*ARITHMETIC[x.dtype])
    other = other_operand(d, x, code)
    pair = [x, other] if code in (*BY_CONSTANT, "PRELU") or not d.chance(3) else [other, x]
    q = None
    if x.q and other.q:
        a, b = x.q.scale, other.q.scale
        natural = {"MUL": 90 * a * b, "SQUARED_DIFFERENCE": 90 * a * b, "PRELU": max(a, 60 * a * b), "DIV": a / b / 8}.get(
            code, a + b
        )
        q = x.q if code in ("MAXIMUM", "MINIMUM") else d.fitting(natural)
        if code == "DIV":  # Where results are not that large, TFLM shifts by more than 31 bits.
            q = Q(a / b / 150 * d.jitter(d.number(-30, 0)), d.zero_point(INT8))
    y = d.y(np.broadcast_shapes(x.shape, other.shape), q, x.dtype)
    options = {"fused_activation": d.one_of(*ACTIVATIONS)} if code in FUSED and x.dtype != "int64" else {}
    d.apply(code, pair, [y], **options)
    return y


def comparison(d: Draft, x: Tensor) -> Tensor:
    if x.dtype == INT16:
        return arithmetic(d, x)
    code = d.one_of(*COMPARISONS[: 2 if x.dtype == "bool" else 6])
    other = other_operand(d, x, code)
    if any(t.q and t.q.scale >= 1 for t in (x, other)):  # The runtimes shift by a negative number then.
        return arithmetic(d, x)
    pair = d.one_of([x, other], [other, x])
    y = d.y(np.broadcast_shapes(x.shape, other.shape), dtype="bool")
    d.apply(code, pair, [y])
    return y


def beside(d: Draft, x: Tensor, shape: Shape | None = None) -> Tensor:
    """A further input, or a constant, like x."""
    shape = x.shape if shape is None else shape
    if d.chance(3):
        return constant(d, x, shape)
    return d.x(shape, x.dtype, x.q) if x.q else d.plain(shape, x.dtype)


def constant(d: Draft, x: Tensor, shape: Shape) -> Tensor:
    """A constant in the type and quantization of x."""
    q = {"scale": x.q.scale, "zero_point": x.q.zero_point} if x.q else {}
    return Tensor(d.const(d.values(shape, x.dtype), **q), shape, x.dtype, x.q)


def add_n(d: Draft, x: Tensor) -> Tensor:
    if x.dtype in (INT16, UINT8):
        return arithmetic(d, x)
    more = [beside(d, x) for _ in range(d.number(1, 4))]
    y = d.y(x.shape, d.fitting((len(more) + 1) * x.q.scale) if x.q else None, x.dtype)
    d.apply("ADD_N", [x, *more], [y])
    return y


def select_v2(d: Draft, x: Tensor) -> Tensor:
    condition, other = d.plain(stretchable(d, x.shape), "bool"), beside(d, x, stretchable(d, x.shape))
    y = d.like(x, x.shape)
    d.apply("SELECT_V2", [condition, *d.one_of([x, other], [other, x])], [y], version=1)
    return y


# -- along axes --------------------------------------------------------------------------------------------------

REDUCTIONS = {
    INT8: ("MEAN", "SUM", "REDUCE_MAX", "REDUCE_MIN"),
    UINT8: ("MEAN", "SUM", "REDUCE_MAX", "REDUCE_MIN"),
    INT16: ("MEAN",),
    FLOAT: ("MEAN", "SUM", "REDUCE_MAX", "REDUCE_MIN", "REDUCE_PROD"),
    "int32": ("SUM", "REDUCE_MAX", "REDUCE_MIN", "REDUCE_PROD"),
    "bool": ("REDUCE_ANY", "REDUCE_ALL"),
}


def reduction(d: Draft, x: Tensor) -> Tensor:
    code, keep = d.one_of(*REDUCTIONS[x.dtype]), d.one_of(True, False)
    axes = d.draw(st.lists(st.integers(0, x.rank - 1), min_size=1, max_size=x.rank, unique=True))
    signed = [axis - x.rank if d.chance(3) else axis for axis in axes]
    shape = np.empty(x.shape, np.int8).sum(tuple(axes), keepdims=keep).shape
    count = prod(x.shape[axis] for axis in axes)
    q = x.q
    if x.q and code in ("MEAN", "SUM"):
        q = d.one_of(x.q, d.fitting(x.q.scale * (count**0.5 if code == "SUM" else 1.0)))
    if code in ("MEAN", "SUM", "REDUCE_PROD"):
        d.sums()
    y = d.y(shape, q, x.dtype)
    d.apply(code, [x, d.ints(signed)], [y], keep_dims=keep)
    return y


def arg_extreme(d: Draft, x: Tensor) -> Tensor:
    axis, result = d.axis(x.rank), d.one_of("int32", "int64")
    y = d.y(np.delete(x.shape, axis), dtype=result)
    d.apply(d.one_of("ARG_MAX", "ARG_MIN"), [x, d.ints(axis)], [y], output_type=result.upper())
    return y


def cumsum(d: Draft, x: Tensor) -> Tensor:
    if x.dtype == UINT8:
        return top_k(d, x)
    y = d.y(x.shape, d.fitting(4 * x.q.scale) if x.q else None, x.dtype)
    d.sums()
    d.apply("CUMSUM", [x, d.ints(d.axis(x.rank))], [y], exclusive=d.one_of(False, True), reverse=d.one_of(False, True))
    return y


def top_k(d: Draft, x: Tensor) -> Tensor:
    k = d.number(1, x.shape[-1])
    y, where = d.like(x, (*x.shape[:-1], k)), d.y((*x.shape[:-1], k), dtype="int32")
    d.apply("TOPK_V2", [x, d.ints(k)], [y, where])
    return d.one_of(y, where)


def softmax(d: Draft, x: Tensor) -> Tensor:
    wide = x.dtype == INT8 and d.chance(5)
    q = {INT8: Q(1 / 256, -128), UINT8: Q(1 / 256, 0), INT16: Q(1 / 32768)}.get(x.dtype)
    y = d.y(x.shape, Q(1 / 65536, -32768) if wide else q, INT16 if wide else x.dtype)
    d.sums()
    d.apply("SOFTMAX", [x], [y], beta=d.one_of(1.0, 0.5, 2.0))
    return y


def normalization(d: Draft, x: Tensor) -> Tensor:
    if x.dtype == INT16:
        return softmax(d, x)
    code, offset = d.one_of("L2_NORMALIZATION", "LOG_SOFTMAX"), 128 if x.dtype == UINT8 else 0
    q = Q(1 / 128, offset) if code == "L2_NORMALIZATION" else Q(1 / 16, 127 + offset)
    y = d.y(x.shape, q if x.q else None, x.dtype)
    d.sums()
    d.apply(code, [x], [y])
    return y


# -- moves -------------------------------------------------------------------------------------------------------


def pad(d: Draft, x: Tensor) -> Tensor:
    paddings = [(d.one_of(0, 0, 1, 2, 3), d.one_of(0, 0, 1, 2, 3)) for _ in x.shape]
    code = d.one_of("PAD", "PADV2")
    y = d.like(x, [size + sum(margin) for size, margin in zip(x.shape, paddings, strict=True)])
    operands = [x, d.ints(paddings, d.one_of("int32", "int32", "int64"))]
    d.apply(code, operands + ([constant(d, x, (1,))] if code == "PADV2" else []), [y])
    return y


def mirror_pad(d: Draft, x: Tensor) -> Tensor:
    mode = d.one_of("REFLECT", "SYMMETRIC")
    reach = [size - (mode == "REFLECT") for size in x.shape]
    paddings = [(d.number(0, min(most, 3)), d.number(0, min(most, 3))) for most in reach]
    y = d.like(x, [size + sum(margin) for size, margin in zip(x.shape, paddings, strict=True)])
    d.apply("MIRROR_PAD", [x, d.ints(paddings)], [y], mode=mode)
    return y


def emptied(d: Draft, x: Tensor) -> Tensor:
    """Nothing is left of x."""
    size = list(x.shape)
    size[d.number(0, x.rank - 1)] = 0
    y = d.like(x, size)
    d.apply("SLICE", [x, d.ints([0] * x.rank), d.ints(size)], [y])
    return y


def joined_to_nothing(d: Draft, x: Tensor) -> Tensor:
    axis = d.axis(x.rank)
    at = axis % x.rank
    parts = d.draw(st.permutations([x, constant(d, x, (*x.shape[:at], 0, *x.shape[at + 1 :]))]))
    y = d.like(x, x.shape)
    d.apply("CONCATENATION", parts, [y], axis=axis)
    return y


def slice_(d: Draft, x: Tensor) -> Tensor:
    begin = [d.number(0, size - 1) for size in x.shape]
    size = [d.number(1, whole - start) for whole, start in zip(x.shape, begin, strict=True)]
    given = [
        -1 if start + length == whole and d.chance(3) else length
        for whole, start, length in zip(x.shape, begin, size, strict=True)
    ]
    index = d.one_of("int32", "int64")
    y = d.like(x, size)
    d.apply("SLICE", [x, d.ints(begin, index), d.ints(given, index)], [y])
    return y


def strided_slice(d: Draft, x: Tensor) -> Tensor:
    """Ranges as drawn, in or beyond the tensor; numpy says what is left."""
    begin, end, strides, kept, shrunk = [], [], [], [], 0
    masks = [0, 0]
    for axis, size in enumerate(x.shape):
        stride = d.one_of(1, 1, 1, 2, 3, -1, -2)
        low, high = d.number(-size, size - 1), d.number(-size - 2, size + 2)
        open_low, open_high = d.chance(4), d.chance(4)
        if d.chance(6):
            stride, shrunk, open_low, open_high = 1, shrunk | 1 << axis, False, False
            kept.append(low % size)
            high = low + 1
        else:
            cut = slice(None if open_low else low, None if open_high else high, stride)
            if len(range(size)[cut]) == 0:  # Nothing is left: take it all.
                low, high, stride, open_low, open_high = 0, size, 1, False, False
                cut = slice(0, size)
            kept.append(cut)
        begin.append(low)
        end.append(high)
        strides.append(stride)
        masks = [masks[0] | open_low << axis, masks[1] | open_high << axis]
    y = d.like(x, np.empty(x.shape, np.int8)[tuple(kept)].shape)
    options = {"begin_mask": masks[0], "end_mask": masks[1], "shrink_axis_mask": shrunk}
    d.apply("STRIDED_SLICE", [x, d.ints(begin), d.ints(end), d.ints(strides)], [y], **options)
    return y


def transpose(d: Draft, x: Tensor) -> Tensor:
    order = d.draw(st.permutations(range(x.rank)))
    y = d.like(x, [x.shape[axis] for axis in order])
    d.apply("TRANSPOSE", [x, d.ints(order)], [y])
    return y


def concatenation(d: Draft, x: Tensor) -> Tensor:
    axis = d.axis(x.rank)
    at, parts = axis % x.rank, [x]
    for _ in range(d.number(1, 3)):
        shape = (*x.shape[:at], d.number(1, 4), *x.shape[at + 1 :])
        alike = [
            t
            for t in d.made
            if (t.dtype, t.q) == (x.dtype, x.q) and t.rank == x.rank and without(t.shape, at) == without(x.shape, at)
        ]
        parts.append(d.one_of(*alike) if alike and d.chance(3) else beside(d, x, shape))
    parts = d.draw(st.permutations(parts))
    y = d.like(x, (*x.shape[:at], sum(part.shape[at] for part in parts), *x.shape[at + 1 :]))
    d.apply("CONCATENATION", parts, [y], axis=axis)
    return y


def without(shape: Shape, axis: int) -> Shape:
    return (*shape[:axis], *shape[axis + 1 :])


def split(d: Draft, x: Tensor) -> Tensor:
    axis = d.axis(x.rank)
    at = axis % x.rank
    code = d.one_of("SPLIT", "SPLIT_V")
    if code == "SPLIT":
        count = d.one_of(*(n for n in range(1, x.shape[at] + 1) if x.shape[at] % n == 0))
        sizes = [x.shape[at] // count] * count
    else:
        cuts = sorted(d.draw(st.sets(st.integers(1, max(1, x.shape[at] - 1)), max_size=3)))
        cuts = [cut for cut in cuts if cut < x.shape[at]]
        sizes = np.diff([0, *cuts, x.shape[at]]).tolist()
    parts = [d.like(x, (*x.shape[:at], size, *x.shape[at + 1 :])) for size in sizes]
    given = [-1 if i == len(sizes) - 1 and d.chance(3) else size for i, size in enumerate(sizes)]
    operands = [d.ints(axis), x] if code == "SPLIT" else [x, d.ints(given), d.ints(axis)]
    d.apply(code, operands, parts, num_splits=len(parts))
    return d.one_of(*parts)


def unpack(d: Draft, x: Tensor) -> Tensor:
    axis = d.axis(x.rank)
    parts = [d.like(x, np.delete(x.shape, axis)) for _ in range(x.shape[axis])]
    d.apply("UNPACK", [x], parts, axis=axis, num=len(parts))
    return d.one_of(*parts)


def pack(d: Draft, x: Tensor) -> Tensor:
    axis = d.number(-x.rank - 1, x.rank)
    parts = [x] + [x if d.chance(2) else beside(d, x) for _ in range(d.number(0, 2))]
    y = d.like(x, np.insert(x.shape, axis % (x.rank + 1), len(parts)))
    d.apply("PACK", parts, [y], axis=axis, values_count=len(parts))
    return y


def tile(d: Draft, x: Tensor) -> Tensor:
    times = [d.number(1, 3) for _ in x.shape]
    y = d.like(x, np.multiply(x.shape, times))
    d.apply("TILE", [x, d.ints(times, d.one_of("int32", "int64"))], [y])
    return y


def broadcast_to(d: Draft, x: Tensor) -> Tensor:
    shape = tuple(d.number(1, 4) if size == 1 else size for size in x.shape)
    shape = (*(d.number(1, 3) for _ in range(d.number(0, max(0, 4 - x.rank)))), *shape)
    y = d.like(x, shape)
    d.apply("BROADCAST_TO", [x, d.ints(shape, d.one_of("int32", "int64"))], [y])
    return y


def reshape(d: Draft, x: Tensor) -> Tensor:
    sizes = list(x.shape)
    for _ in range(d.number(0, 3)):
        at = d.number(0, len(sizes))
        if at + 1 < len(sizes) and d.one_of(True, False):
            sizes[at : at + 2] = [sizes[at] * sizes[at + 1]]
        elif len(sizes) < 6:
            sizes.insert(at, 1)
    given = list(sizes)
    if given and d.chance(3):
        given[d.number(0, len(given) - 1)] = -1
    y = d.like(x, sizes)
    d.apply("RESHAPE", [x, d.ints(given)], [y], new_shape=given)
    return y


def squeeze(d: Draft, x: Tensor) -> Tensor:
    ones = [axis for axis, size in enumerate(x.shape) if size == 1]
    chosen = [axis for axis in ones if d.one_of(True, False)] or ones
    named = bool(chosen) and (chosen != ones or d.one_of(True, False))
    dims = [axis - x.rank if d.chance(3) else axis for axis in chosen] if named else []
    y = d.like(x, [size for axis, size in enumerate(x.shape) if axis not in chosen])
    d.apply("SQUEEZE", [x], [y], squeeze_dims=dims)
    return y


def expand_dims(d: Draft, x: Tensor) -> Tensor:
    axis = d.number(-x.rank - 1, x.rank)
    y = d.like(x, np.insert(x.shape, axis % (x.rank + 1), 1))
    d.apply("EXPAND_DIMS", [x, d.ints(d.one_of(axis, [axis]))], [y])
    return y


def reverse_v2(d: Draft, x: Tensor) -> Tensor:
    first = d.number(0, x.rank - 1)
    axes = range(first, d.number(first, x.rank - 1) + 1)  # The runtimes want neighbours.
    y = d.like(x, x.shape)
    d.apply("REVERSE_V2", [x, d.ints([axis - x.rank if d.chance(3) else axis for axis in axes])], [y])
    return y


def depth_to_space(d: Draft, x: Tensor) -> Tensor:
    n, h, w, c = x.shape
    block = d.one_of(*(b for b in (1, 2, 3, 4) if c % (b * b) == 0))
    y = d.like(x, (n, h * block, w * block, c // block**2))
    d.apply("DEPTH_TO_SPACE", [x], [y], block_size=block)
    return y


def space_to_depth(d: Draft, x: Tensor) -> Tensor:
    n, h, w, c = x.shape
    block = d.one_of(*(b for b in (1, 2, 3, 4) if h % b == 0 and w % b == 0))
    y = d.like(x, (n, h // block, w // block, c * block**2))
    d.apply("SPACE_TO_DEPTH", [x], [y], block_size=block)
    return y


def space_to_batch(d: Draft, x: Tensor) -> Tensor:
    n, h, w, c = x.shape
    blocks = (d.number(1, 3), d.number(1, 3))
    margins = []
    for size, block in zip((h, w), blocks, strict=True):
        before = d.number(0, 2)
        margins.append((before, -(size + before) % block))
    spatial = [(size + sum(m)) // block for size, m, block in zip((h, w), margins, blocks, strict=True)]
    y = d.like(x, (n * prod(blocks), *spatial, c))
    d.apply("SPACE_TO_BATCH_ND", [x, d.ints(blocks), d.ints(margins)], [y])
    return y


def batch_to_space(d: Draft, x: Tensor) -> Tensor:
    n, h, w, c = x.shape
    blocks = d.one_of(*((a, b) for a in (1, 2, 3) for b in (1, 2, 3) if n % (a * b) == 0))
    margins = []
    for size, block in zip((h, w), blocks, strict=True):
        before = d.number(0, min(2, size * block - 1))
        margins.append((before, d.number(0, min(2, size * block - 1 - before))))
    spatial = [size * block - sum(m) for size, m, block in zip((h, w), margins, blocks, strict=True)]
    y = d.like(x, (n // prod(blocks), *spatial, c))
    d.apply("BATCH_TO_SPACE_ND", [x, d.ints(blocks), d.ints(margins)], [y])
    return y


def gather(d: Draft, x: Tensor) -> Tensor:
    axis, coords = d.axis(x.rank), d.shape(0, 2, size=4)
    at = axis % x.rank
    indices = d.ints(d.rng.integers(0, x.shape[at], coords), d.one_of("int32", "int32", "int64"))
    y = d.like(x, (*x.shape[:at], *coords, *x.shape[at + 1 :]))
    d.apply("GATHER", [x, indices], [y], axis=axis)
    return y


def gather_nd(d: Draft, x: Tensor) -> Tensor:
    depth, rows = d.number(1, x.rank), d.shape(0, 2, size=4)
    indices = d.ints(d.rng.integers(0, x.shape[:depth], (*rows, depth)))
    y = d.like(x, (*rows, *x.shape[depth:]))
    d.apply("GATHER_ND", [x, indices], [y])
    return y


def resize(d: Draft, x: Tensor) -> Tensor:
    code = "RESIZE_NEAREST_NEIGHBOR" if x.dtype == INT16 else d.one_of("RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR")
    size = (d.number(1, 12), d.number(1, 12))
    mode = d.one_of("", "align_corners", "half_pixel_centers")
    y = d.like(x, (x.shape[0], *size, x.shape[3]))
    if code == "RESIZE_BILINEAR":
        d.sums()
    d.apply(code, [x, d.ints(size)], [y], **({mode: True} if mode else {}))
    return y


def cast(d: Draft, x: Tensor) -> Tensor:
    """Not to bool or uint8 from floats, where C leaves it open."""
    y = d.y(x.shape, dtype=d.one_of(*("float32", "int8", "int16", "int32")))
    d.apply("CAST", [x], [y])
    return y


# -- conversions -------------------------------------------------------------------------------------------------

_CONVERSIONS = {
    FLOAT: (INT8, INT16, UINT8),
    INT8: (INT8, INT16, "int32", FLOAT),
    INT16: (INT8, INT16, "int32", FLOAT),
    "int32": (INT8, INT16),
    UINT8: (UINT8, INT8, FLOAT),
}


def conversion(d: Draft, x: Tensor) -> Tensor:
    target = d.one_of(*_CONVERSIONS[x.dtype])
    if target == FLOAT:
        y = d.y(x.shape, dtype=FLOAT)
        d.apply("DEQUANTIZE", [x], [y])
        return y
    unit = 256 if target == INT16 else 1
    source = 256 if x.dtype == INT16 else 1
    scale = (x.q.scale * source if x.q else 0.05) / unit * d.jitter(d.number(-8, 8) if not d.chance(6) else d.number(-30, 30))
    zero = 0 if target == "int32" else d.number(-300, 300) if target == INT16 and d.chance(2) else d.zero_point(target)
    y = d.y(x.shape, Q(scale, zero), target)
    d.apply("QUANTIZE", [x], [y])
    return y


# -- state -------------------------------------------------------------------------------------------------------


def svdf(d: Draft, x: Tensor) -> Tensor:
    batch, inputs = x.shape
    rank, units, memory = d.number(1, 3), d.number(1, 6), d.number(1, 8)
    filters = units * rank
    if x.q is None:
        feature = d.const((d.rng.standard_normal((filters, inputs)) / 3).astype(np.float32))
        time = d.const((d.rng.standard_normal((filters, memory)) / 3).astype(np.float32))
        bias = d.const(d.rng.standard_normal(units).astype(np.float32))
        state, q = d.tensor((batch, filters * memory), FLOAT, variable=True), None
        d.sums()
    else:
        kept = d.one_of(INT8, INT16)
        scale = d.jitter(d.number(-25, -15))
        held = Q(
            x.q.scale * scale * 60 * inputs**0.5 / (64 if kept == INT16 else 1), 0 if kept == INT16 else d.zero_point(INT8)
        )
        limit = 127 if kept == INT8 else 4000
        codes = d.rng.integers(-127, 127, (filters, inputs), dtype=np.int8, endpoint=True)
        feature = d.const(codes, scale=scale)
        taps = d.rng.integers(-limit, limit, (filters, memory)).astype(kept)
        time = d.const(taps, scale=0.5 / limit)
        values = d.rng.integers(-9000, 9000, units, dtype=np.int32)
        bias = d.const(values, scale=held.scale * 0.5 / limit)
        state = d.tensor((batch, filters * memory), kept, variable=True, scale=held.scale, zero_point=held.zero_point)
        q = d.fitting(held.scale * (64 if kept == INT16 else 1) * (memory * rank) ** 0.5 / 2)
    y = d.y((batch, units), q, x.dtype)
    activation = d.one_of(*ACTIVATIONS)
    d.apply(
        "SVDF",
        [x, feature, time, bias if x.q or d.one_of(True, True, False) else -1, state],
        [y],
        rank=rank,
        fused_activation_function=activation,
    )
    return y


# -- chains ------------------------------------------------------------------------------------------------------

_ANY: tuple[Step, ...] = (
    pad,
    slice_,
    strided_slice,
    transpose,
    concatenation,
    split,
    reshape,
    expand_dims,
    squeeze,
    reverse_v2,
)
_ALWAYS: tuple[Step, ...] = (arithmetic, arithmetic, function, function)
_IMAGES: tuple[Step, ...] = (conv_2d, conv_2d, depthwise_conv_2d, pool_2d, resize)


def chainable(d: Draft, x: Tensor) -> list[Step]:
    """What may follow x. No float function that magnifies differences, so that those of sums stay what they are."""
    steps: list[Step] = [*_ALWAYS, *(_ANY if x.rank else (reshape,))]
    if x.dtype != d.dtype or (x.q is None and x.dtype != FLOAT):
        return steps  # what a CAST has made int8 is no quantized tensor
    if x.rank == 4:
        steps += [*_IMAGES, *([space_to_depth] if x.dtype in (INT8, FLOAT) else [])]
    if 1 <= x.rank <= 4:
        steps += [softmax, dense, reduction]
    if x.dtype == INT8:
        steps.append(requantized)
    return steps


def requantized(d: Draft, x: Tensor) -> Tensor:
    assert x.q
    y = d.y(x.shape, d.fitting(x.q.scale), x.dtype)
    d.apply("QUANTIZE", [x], [y])
    return y


def chain(d: Draft) -> Sample:
    """Two to four operators, each on one of the results so far; the results that nobody reads are outputs, some others too."""
    d.sums()
    tensors = [d.x(d.image() if d.chance(2) else d.shape(1, 4))]
    for _ in range(d.number(2, 4)):
        x = tensors[-1] if not d.chance(4) else d.one_of(*tensors)
        tensors.append(d.one_of(*chainable(d, x))(d, x))
    read = {index for operator in d.operators for index in operator.inputs}
    made = [t for t in d.made if t.index not in d.inputs]
    outputs = [t for t in made if t.index not in read or d.chance(4)]
    if d.chance(12):
        outputs.append(tensors[0])
    return d.sample(*d.draw(st.permutations(outputs)))


# -- all of them -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Family:
    """Models of which every one has an operator out of `steps`, applied to an input of one of the `shapes`."""

    name: str
    kinds: tuple[str, ...]
    steps: tuple[Step, ...]
    shape: Callable[[Draft], Shape] = Draft.shape
    magnitudes: tuple[float, ...] = (3.0,)
    span: tuple[int, int] = (-1000, 1000)
    plain: bool = False
    """Integers without quantization."""
    repeat: int = 1

    @property
    def samples(self) -> st.SearchStrategy[Sample]:
        return st.composite(self._draw)()

    def _draw(self, draw: Any) -> Sample:
        d = Draft(draw, draw(st.sampled_from(self.kinds)))
        d.magnitude, d.span = d.one_of(*self.magnitudes), self.span
        if self.name == "chains":
            return chain(d)
        x = d.plain(self.shape(d), d.dtype) if self.plain else d.x(self.shape(d))
        first = len(d.made)
        for number in range(d.number(1, self.repeat)):
            if number and not x.rank:  # TFLM leaves a transposed scalar as it was in memory.
                break
            x = d.one_of(*self.steps)(d, x)
        return d.sample(*(t for t in d.made[first:] if t.index not in d.inputs))


def ranked(low: int, high: int) -> Callable[[Draft], Shape]:
    return lambda d: d.shape(low, high)


def rows(d: Draft) -> Shape:
    return d.shape(1, 4)


def blocked(d: Draft) -> Shape:
    """An image for which blocks of 1 to 3 fit into batch, height, width and depth."""
    block = d.one_of(1, 2, 3)
    return (d.one_of(1, 2, 4, 6), block * d.number(1, 4), block * d.number(1, 4), d.one_of(1, block**2) * d.number(1, 4))


_WEIGHTED = (INT8, "int16x8", UINT8, FLOAT, "hybrid")
_MOVED = (INT8, FLOAT, UINT8, "int16", "int32", "int64", "bool")
_MOVES: tuple[Step, ...] = (
    *(pad, mirror_pad, slice_, strided_slice, transpose, concatenation, split, unpack, pack, tile, broadcast_to, reshape),
    *(squeeze, expand_dims, reverse_v2, gather, gather_nd, select_v2),
)

FAMILIES = {
    family.name: family
    for family in (
        Family("conv", _WEIGHTED, (conv_2d,), Draft.image),
        Family("depthwise", _WEIGHTED, (depthwise_conv_2d,), Draft.image),
        Family("transpose_conv", (INT8, "int16x8", UINT8, FLOAT), (transpose_conv,), Draft.image),
        Family("pool", (INT8, "int16x8", UINT8, FLOAT), (pool_2d,), Draft.image),
        Family("dense", _WEIGHTED, (dense,), ranked(1, 4)),
        Family("batch_matmul", (INT8, INT16, FLOAT), (batch_matmul,), ranked(2, 5)),
        Family("function", (INT8, "int16x8", UINT8, FLOAT), (function,), ranked(0, 4), (3.0, 0.01, 40.0)),
        Family(
            "arithmetic", (INT8, "int16x8", UINT8, FLOAT), (arithmetic, comparison, add_n), ranked(0, 5), (3.0, 0.01, 1000.0)
        ),
        Family("integers", ("int32", "int64", "bool"), (arithmetic, function, comparison), ranked(0, 5), plain=True),
        Family("reduction", (INT8, "int16x8", UINT8, FLOAT), (reduction,), ranked(1, 4)),
        Family("index", (INT8, UINT8, FLOAT), (arg_extreme, cumsum, top_k), ranked(1, 4)),
        Family("integer_reduction", ("int32", "bool"), (reduction,), ranked(1, 4), span=(-9, 9), plain=True),
        Family("rows", (INT8, "int16x8", UINT8, FLOAT), (softmax, normalization), rows, (3.0, 0.1, 30.0)),
        Family("move", _MOVED, _MOVES, ranked(1, 5), plain=True),
        Family("move_quantized", (INT8, FLOAT, UINT8), _MOVES, ranked(1, 4), repeat=3),
        Family("empty", (INT8, FLOAT), (emptied, joined_to_nothing), ranked(1, 4)),
        Family("block", (INT8, FLOAT, UINT8), (depth_to_space, space_to_depth, space_to_batch, batch_to_space), blocked),
        Family("resize", (INT8, UINT8, FLOAT, INT16), (resize,), Draft.image),
        Family("cast", _MOVED, (cast,), ranked(0, 5), plain=True),
        Family("conversion", (FLOAT, INT8, INT16, UINT8), (conversion,), ranked(0, 4), repeat=3),
        Family("state", (INT8, FLOAT), (svdf,), ranked(2, 2)),
        Family("chains", (INT8, FLOAT, "int16x8", UINT8), ()),
    )
}
