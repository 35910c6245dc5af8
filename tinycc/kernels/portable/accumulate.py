# SPDX-License-Identifier: Apache-2.0
"""Means, averages and FULLY_CONNECTED over the rows of an image, in plain C. See tinycc/kernels/accumulate.py."""

from __future__ import annotations

import math
from typing import Any

from tinycc.ir import DType, Value
from tinycc.kernels.accumulate import Accumulator, Row
from tinycc.kernels.base import Context
from tinycc.kernels.calls import Call, Tensor, packed_multipliers, struct, tensor_or_null
from tinycc.kernels.costs import rate
from tinycc.kernels.facts import rounds_twice
from tinycc.kernels.portable.base import SUFFIXES, range_f32, usual
from tinycc.numerics.rules import Requantization
from tinycc.ops.base import Range
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.pooling import AveragePool2D
from tinycc.ops.reduction.mean import Mean
from tinycc.ops.reduction.sums import ReduceSum

LONGEST = 2**14
"""Elements of a row whose products tk_dense_row_s8 adds up."""

Image = Mean | ReduceSum | AveragePool2D


def whole_columns(op: Mean | ReduceSum, context: Context) -> str | None:
    """rows are added up, alone or with all that a row has of every channel"""
    rank = len(op.x.shape)
    return None if set(op.axes) in ({1}, {1, 2}) and rank in (3, 4) else f"axes {op.axes} of {rank}"


def as_tflite(op: Image, context: Context) -> str | None:
    """sums of codes become codes as TFLite has it"""
    if isinstance(op, ReduceSum) or not op.x.dtype.is_integer:
        return None
    same = op.as_tflite if isinstance(op, AveragePool2D) else op.rounding is Requantization.FIXED
    return None if same else f"{op.numerics}"


def whole_image(op: AveragePool2D, context: Context) -> str | None:
    """the window is the image"""
    window, (_, height, width, _) = op.window, op.x.shape
    plain = window.size == (height, width) and window.dilation == (1, 1) and not any(window.padding)
    return None if plain and op.y.shape[1:3] == (1, 1) else f"window {window}"


def constant_weights(op: FullyConnected, context: Context) -> str | None:
    """weights and bias are constants"""
    known = op.weights.constant and (op.bias is None or op.bias.constant)
    return None if known else "some that are computed"


def _pixels(op: Image) -> tuple[int, int]:
    """Pixels that are added up in a row, and channels."""
    _, _, *rest = op.x.shape
    together = isinstance(op, AveragePool2D) or 2 in op.axes
    return (rest[0], math.prod(rest[1:])) if together else (1, math.prod(rest))


def image_sums(op: Image) -> tuple[DType, int]:
    return DType.INT32 if op.x.dtype.is_integer else DType.FLOAT32, _pixels(op)[1]


def add_row(op: Image, row: Row) -> Call:
    symbol = f"tk_add_row_{SUFFIXES[op.x.dtype.value]}"
    return Call(symbol, (Tensor(row.x), Tensor(row.sums), *_pixels(op), int(row.fresh)))


def finish_mean(op: Mean | ReduceSum, sums: Value) -> Call:
    channels = _pixels(op)[1]
    if not op.x.dtype.is_integer:
        bounds = range_f32(Range(-math.inf, math.inf))
        return Call("tk_average_of_sums_f32", (Tensor(sums), Tensor(op.y), channels, op.count, bounds))
    sum_offset, multiplier, shift = op.scaling
    params = struct(
        "tk_mean_s8_params",
        sum_offset=sum_offset,
        multiplier=multiplier,
        shift=shift,
        output_offset=op.y.zero_point,
    )
    return Call(f"tk_mean_of_sums_{SUFFIXES[op.x.dtype.value]}", (Tensor(sums), Tensor(op.y), channels, params))


def finish_average(op: AveragePool2D, sums: Value) -> Call:
    count = op.x.shape[1] * op.x.shape[2]
    start = (Tensor(sums), Tensor(op.y), _pixels(op)[1], count)
    if not op.x.dtype.is_integer:
        return Call("tk_average_of_sums_f32", (*start, range_f32(op.range)))
    bounds = int(op.range.min), int(op.range.max)
    return Call(f"tk_average_of_sums_{SUFFIXES[op.x.dtype.value]}", (*start, int(op.ties_up), *bounds))


def dense_sums(op: FullyConnected) -> tuple[DType, int]:
    return DType.INT32 if op.x.dtype.is_integer else DType.FLOAT32, op.channels


def one_image(op: FullyConnected, context: Context) -> str | None:
    """there is one row of inputs, in parts of at most 16,384"""
    return None if op.batch == 1 and op.depth <= LONGEST * 2 else f"{op.batch} rows of {op.depth}"


def add_dense_s8(op: FullyConnected, row: Row) -> Call:
    params = struct(
        "tk_dense_row_s8_params",
        length=row.x.type.elements,
        depth=op.depth,
        outputs=op.channels,
        input_offset=-op.x.zero_point,
        weights_offset=-op.weights.zero_point,
    )
    operands = Tensor(row.x), Tensor(op.weights), tensor_or_null(op.bias), Tensor(row.sums)
    return Call("tk_dense_row_s8", (*operands, row.before, params))


def finish_dense_s8(op: FullyConnected, sums: Value) -> Call:
    tables = packed_multipliers(op.requantization)
    params = struct(
        "tk_dense_of_sums_s8_params",
        outputs=op.channels,
        step=int(len(op.requantization) > 1),
        output_offset=op.y.zero_point,
        min=int(op.range.min),
        max=int(op.range.max),
    )
    return Call("tk_dense_of_sums_s8", (Tensor(sums), *tables, Tensor(op.y), params))


def add_dense_f32(op: FullyConnected, row: Row) -> Call:
    sizes = row.x.type.elements, op.depth, op.channels
    return Call("tk_dense_row_f32", (Tensor(row.x), Tensor(op.weights), Tensor(row.sums), *sizes, row.before))


def finish_dense_f32(op: FullyConnected, sums: Value) -> Call:
    operands = Tensor(sums), tensor_or_null(op.bias), Tensor(op.y)
    return Call("tk_dense_of_sums_f32", (*operands, op.channels, range_f32(op.range)))


INTEGERS = ("int8", "int16")
TYPES = (*INTEGERS, "float32")
PIXELS = rate(element=4)

ACCUMULATORS: tuple[Accumulator[Any], ...] = (
    Accumulator("tk_mean_of_sums", Mean, TYPES, image_sums, add_row, finish_mean, PIXELS, (whole_columns, as_tflite)),
    Accumulator("tk_mean_of_sums", ReduceSum, INTEGERS, image_sums, add_row, finish_mean, PIXELS, (whole_columns,)),
    Accumulator(
        "tk_average_of_sums", AveragePool2D, TYPES, image_sums, add_row, finish_average, PIXELS, (whole_image, as_tflite)
    ),
    Accumulator(
        name="tk_dense_of_sums_s8",
        op=FullyConnected,
        signatures=("int8",),
        sums=dense_sums,
        add=add_dense_s8,
        finish=finish_dense_s8,
        cost=rate(mac=5, element=30),
        facts=(rounds_twice, constant_weights, one_image),
    ),
    Accumulator(
        name="tk_dense_of_sums_f32",
        op=FullyConnected,
        signatures=("float32",),
        sums=dense_sums,
        add=add_dense_f32,
        finish=finish_dense_f32,
        cost=usual(("float32",)),
        facts=(constant_weights, one_image),
    ),
)
