# SPDX-License-Identifier: Apache-2.0
"""Functions of one element, and tables of them, in plain C. Functions of int8 have none: they become tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tinycc.ir import Array, DType
from tinycc.kernels.base import Context, OpT, Variant
from tinycc.kernels.calls import Arg, Call, Scratch, Table, Tensor, struct
from tinycc.kernels.costs import rate
from tinycc.kernels.portable.base import SUFFIXES, all_types, range_f32, tk, usual
from tinycc.kernels.portable.conversion import cast_args, requantize_args
from tinycc.numerics.fixedpoint import quantize_multiplier
from tinycc.numerics.tables import sigmoid_table
from tinycc.ops.base import Range
from tinycc.ops.elementwise.activations import HardSwish, LeakyRelu, Logistic, Relu, Sigmoid, Tanh
from tinycc.ops.elementwise.bucketize import Bucketize
from tinycc.ops.elementwise.curved import Curved
from tinycc.ops.elementwise.fake_quant import FakeQuant
from tinycc.ops.elementwise.functions import (
    Abs,
    Ceil,
    Cos,
    Elu,
    Exp,
    Floor,
    Function,
    Gelu,
    Log,
    Neg,
    Round,
    Rsqrt,
    Sign,
    Sin,
    Sqrt,
    Square,
)
from tinycc.ops.elementwise.logical import LogicalNot
from tinycc.ops.elementwise.pointwise import Lookup, Pointwise
from tinycc.ops.elementwise.transcendental import Acos, Acosh, Asin, Asinh, Atan, Atanh, Cosh, Erf, Sinh, Softplus, Tan
from tinycc.program.types import Content


def run(op: Pointwise, *rest: Arg) -> tuple[Arg, ...]:
    return (Tensor(op.x), Tensor(op.y), op.y.type.elements, *rest)


def plain(cls: type[Pointwise], stem: str, *types: str) -> Iterator[Variant[Any]]:
    """Kernels of the form tk_STEM_TYPE(x, y, n)."""
    for type in types:
        yield tk(f"tk_{stem}_{SUFFIXES[type]}", cls, (type,), run, in_place=("x",))


def with_more(
    symbol: str, cls: type[OpT], type: str, args: Callable[[OpT], tuple[Arg, ...]], *facts: Callable[[OpT, Context], str | None]
) -> Variant[OpT]:
    return tk(symbol, cls, (type,), args, facts=facts, in_place=("x",))


def abs_s16(op: Abs) -> tuple[Arg, ...]:
    m = quantize_multiplier(op.ratio)
    return run(op, m.multiplier, m.shift, 2**15 - 1 if op.quantized else 2**15)


def rsqrt_s16(op: Rsqrt) -> tuple[Arg, ...]:
    m = quantize_multiplier(op.ratio)
    return run(op, *((m.multiplier, m.shift) if m.shift >= op.fraction - 31 else (0, 0)))  # Nothing is left but 0.


def sqrt_s16(op: Sqrt) -> tuple[Arg, ...]:
    return run(op, op.x.scale, op.y.scale)


def lines_s16(op: Function) -> tuple[Arg, ...]:
    return (Tensor(op.x), Table("lines", op.table16, Content.TABLE), Tensor(op.y), op.y.type.elements)


def by_lines(op: Function, context: Context) -> str | None:
    """straight lines connect the results for every 128th code"""
    return None if op.interpolated else "every result computed by itself"


def not_by_lines(op: Function, context: Context) -> str | None:
    """every result is computed by itself"""
    return "straight lines between results" if op.interpolated else None


def approximate(op: Gelu, context: Context) -> str | None:
    """the approximation by tanh is asked for"""
    return None if op.approximate else "the exact function"


def exact(op: Gelu, context: Context) -> str | None:
    """no approximation is asked for"""
    return "the approximation" if op.approximate else None


def relu_f32(op: Relu) -> tuple[Arg, ...]:
    return run(op, range_f32(op.range))


def relu_s16(op: Relu) -> tuple[Arg, ...]:
    bounds = Range(max(op.range.min, -(2**15)), min(op.range.max, 2**15 - 1))
    if not op.rescaled:
        return requantize_args(op.x, op.y, quantize_multiplier(1.0), bounds, zero_points=(0, 0))
    return requantize_args(op.x, op.y, quantize_multiplier(op.ratio), bounds)


def leaky_relu_f32(op: LeakyRelu) -> tuple[Arg, ...]:
    return run(op, op.alpha)


def leaky_relu_s16(op: LeakyRelu) -> tuple[Arg, ...]:
    above, below = (quantize_multiplier(abs(ratio)) for ratio in op.ratios)
    params = struct(
        "tk_leaky_relu_s16_params",
        input_offset=-op.x.zero_point,
        multiplier=above.multiplier,
        shift=above.shift,
        alpha_multiplier=below.multiplier,
        alpha_shift=below.shift,
        sign=-1 if op.ratios[1] < 0 else 1,
        output_offset=op.y.zero_point,
    )
    return run(op, params)


def sigmoid_s16(op: Sigmoid) -> tuple[Arg, ...]:
    m = op.argument16
    return (
        Tensor(op.x),
        Table("sigmoid", sigmoid_table(), Content.TABLE),
        Tensor(op.y),
        op.y.type.elements,
        m.multiplier,
        m.shift,
    )


def lookup(op: Lookup) -> tuple[Arg, ...]:
    return (Tensor(op.x), Table("table", op.table, Content.TABLE), Tensor(op.y), op.y.type.elements)


def curved(op: Curved) -> tuple[Arg, ...]:
    curve = op.curve

    def table(role: str, data: Array, type: type[np.generic]) -> Table | None:
        return Table(role, data.astype(type).ravel(), Content.TABLE) if len(data) else None

    form = struct(
        "tk_curve",
        starts=table("starts", curve.starts, np.uint16),
        terms=table("terms", curve.terms, np.int32),
        shifts=table("shifts", curve.shifts, np.uint8),
        moved=table("moved", curve.moved, np.uint16),
        moves=table("moves", curve.moves, np.int8),
        count=len(curve.starts),
        moved_count=len(curve.moved),
        min=curve.low,
        max=curve.high,
    )
    return run(op, form)


def fake_quant(op: FakeQuant) -> tuple[Arg, ...]:
    low, high, scale = op.nudged
    return run(op, range_f32(Range(low, high)), scale)


def bind_bucketize(op: Bucketize, context: Context) -> tuple[Call, ...]:
    count = op.x.type.elements
    table = Table("boundaries", np.asarray(op.boundaries, np.float32), Content.TABLE)
    if op.x.dtype is DType.FLOAT32:
        return (Call("tk_bucketize_f32", (Tensor(op.x), Tensor(op.y), count, table, len(op.boundaries))),)
    numbers = Scratch("numbers", 4 * count)
    cast = Call("tk_cast", cast_args(Tensor(op.x), numbers, count, op.x.dtype, DType.FLOAT32))
    return (cast, Call("tk_bucketize_f32", (numbers, Tensor(op.y), count, table, len(op.boundaries))))


VARIANTS: tuple[Variant[Any], ...] = (
    with_more("tk_fake_quant_f32", FakeQuant, "float32", fake_quant),
    Variant("tk_bucketize_f32", Bucketize, all_types(Bucketize), bind_bucketize, usual(all_types(Bucketize))),
    *plain(Abs, "abs", "float32", "int32"),
    with_more("tk_abs_s16", Abs, "int16", abs_s16),
    *plain(Ceil, "ceil", "float32"),
    *plain(Cos, "cos", "float32"),
    *plain(Elu, "elu", "float32"),
    *plain(Exp, "exp", "float32"),
    with_more("tk_interpolate_s16", Exp, "int16", lines_s16),
    *plain(Floor, "floor", "float32"),
    with_more("tk_gelu_tanh_f32", Gelu, "float32", run, approximate),
    with_more("tk_gelu_f32", Gelu, "float32", run, exact),
    with_more("tk_interpolate_s16", Gelu, "int16", lines_s16),
    *plain(Log, "log", "float32"),
    with_more("tk_interpolate_s16", Log, "int16", lines_s16),
    *plain(Neg, "neg", "float32", "int16", "int32", "int64"),
    *plain(Round, "round", "float32"),
    *plain(Rsqrt, "rsqrt", "float32"),
    with_more("tk_interpolate_s16", Rsqrt, "int16", lines_s16, by_lines),
    with_more("tk_rsqrt_s16", Rsqrt, "int16", rsqrt_s16, not_by_lines),
    *plain(Sign, "sign", "float32", "int32"),
    *plain(Sin, "sin", "float32"),
    *plain(Erf, "erf", "float32"),
    *plain(Tan, "tan", "float32"),
    *plain(Sinh, "sinh", "float32"),
    *plain(Cosh, "cosh", "float32"),
    *plain(Asin, "asin", "float32"),
    *plain(Acos, "acos", "float32"),
    *plain(Atan, "atan", "float32"),
    *plain(Asinh, "asinh", "float32"),
    *plain(Acosh, "acosh", "float32"),
    *plain(Atanh, "atanh", "float32"),
    *plain(Softplus, "softplus", "float32"),
    *plain(Sqrt, "sqrt", "float32"),
    with_more("tk_sqrt_s16", Sqrt, "int16", sqrt_s16),
    *plain(Square, "square", "float32"),
    with_more("tk_clamp_f32", Relu, "float32", relu_f32),
    with_more("tk_requantize_integers", Relu, "int16", relu_s16),
    with_more("tk_leaky_relu_f32", LeakyRelu, "float32", leaky_relu_f32),
    with_more("tk_leaky_relu_s16", LeakyRelu, "int16", leaky_relu_s16),
    *plain(HardSwish, "hard_swish", "float32"),
    *plain(Logistic, "logistic", "float32"),
    with_more("tk_logistic_s16", Logistic, "int16", sigmoid_s16),
    *plain(Tanh, "tanh", "float32"),
    with_more("tk_tanh_s16", Tanh, "int16", sigmoid_s16),
    tk("tk_logical_not", LogicalNot, ("bool",), run, in_place=("x",)),
    tk("tk_curve_s16", Curved, ("int16",), curved, in_place=("x",), cost=rate(element=90)),
    tk("tk_curve_s16_s8", Curved, ("int16 to int8",), curved, cost=rate(element=90)),
    tk("tk_curve_s8_s16", Curved, ("int8 to int16",), curved, cost=rate(element=90)),
    tk("tk_lut", Lookup, all_types(Lookup), lookup, in_place=("x",)),
)
