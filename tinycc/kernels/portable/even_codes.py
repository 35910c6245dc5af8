# SPDX-License-Identifier: Apache-2.0
"""Sums, products, means and softmax of codes as ONNX rounds them, in plain C."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tinycc.analysis.rounding import linear, rounds_single
from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Arg, Scratch, Table, Tensor, packed_multipliers, struct
from tinycc.kernels.costs import Each, loops_cost, rate
from tinycc.kernels.facts import rounds_to_even
from tinycc.kernels.portable.base import SUFFIXES, tk, window_shape
from tinycc.kernels.portable.elementwise import BOTH, operands
from tinycc.kernels.portable.reduction import reduce_shape
from tinycc.numerics.rules import ORT_QLINEAR, ORT_QLINEAR_U8
from tinycc.ops.elementwise.arithmetic import Add, Binary, Mul, Sub, Sum
from tinycc.ops.normalization.softmax import Softmax
from tinycc.ops.pooling import AveragePool2D
from tinycc.ops.reduction.mean import Mean
from tinycc.program.types import Content


def of_two(op: Binary, first: int, second: int) -> tuple[Arg, ...]:
    params = struct(
        "tk_even_sum",
        input1_offset=-op.x1.zero_point,
        input2_offset=-op.x2.zero_point,
        multiplier1=first,
        multiplier2=second,
        right=op.right,
        single=int(rounds_single(op) is True),
        output_offset=op.y.zero_point - op.early_zero,
        min=int(op.range.min),
        max=int(op.range.max),
    )
    return operands(op, params)


def sum_args(op: Sum) -> tuple[Arg, ...]:
    first, second = op.even.multipliers
    return of_two(op, first, op.sign * second)


def mul_args(op: Mul) -> tuple[Arg, ...]:
    return of_two(op, op.scaling.multiplier, op.early_zero)


def linear_args(op: Sum) -> tuple[Arg, ...]:
    found = linear(op)
    assert found is not None
    numbers = (found.multiplier_a, found.multiplier_b, found.offset)
    return operands(op, *numbers)


def linear_cost(op: Any, context: Context) -> Cost:
    loops = {"call": 1, "row": op.y.type.elements // max(op.loops[-1].size, 1), "element": op.y.type.elements}
    return loops_cost(loops, {"call": Each(60, 80), "row": Each(25, 40), "element": Each(12, 16)}, context.target)


def single_args(op: Binary) -> tuple[Arg, ...]:
    """Two tables: what the codes stand for, by their bytes as an index."""
    reals = []
    for x in (op.x1, op.x2):
        codes = np.arange(256, dtype=np.uint8).view(np.int8).astype(np.float32) - np.float32(x.zero_point)
        reals.append(np.float32(x.scale) * codes)
    tables = (Table("real1", reals[0], Content.TABLE), Table("real2", reals[1], Content.TABLE))
    numbers = (float(np.float32(op.y.scale)), op.y.zero_point, int(op.range.min), int(op.range.max))
    return operands(op, *tables, *numbers)


def fused_args(op: Sum) -> tuple[Arg, ...]:
    f = op.fused
    numbers = (f.first, f.second, f.fixed, f.start, int(op.range.min), int(op.range.max))
    return operands(op, *numbers)


def mean_args(op: Mean) -> tuple[Arg, ...]:
    params = struct(
        "tk_mean_s8_params",
        sum_offset=-op.x.zero_point * op.count,
        multiplier=op.even.multiplier,
        shift=op.even.shift,
        output_offset=op.y.zero_point,
    )
    return (Tensor(op.x), Tensor(op.y), Scratch("sums", 4 * op.y.type.elements), reduce_shape(op), params)


def pool_args(op: AveragePool2D) -> tuple[Arg, ...]:
    counts = np.unique(op.counts(op.x.dtype).astype(np.int64))
    by_count = len(counts) > 1
    entries = [op.even(n + 1) for n in range(int(counts[-1]))] if by_count else [op.even(int(counts[0]))]
    tables = packed_multipliers(entries)
    numbers = (int(by_count), op.x.zero_point, op.y.zero_point, int(op.range.min), int(op.range.max))
    return (Tensor(op.x), *tables, Tensor(op.y), window_shape(op.x, op.y, op.window), *numbers)


def softmax_args(op: Softmax) -> tuple[Arg, ...]:
    inverse = op.inverse
    numbers = (inverse.multiplier, inverse.shift, op.y.zero_point)
    return (Tensor(op.x), Tensor(op.y), op.rows, op.columns, Table("exp", op.power_factors, Content.TABLE), *numbers)


def rescales(op: AveragePool2D, context: Context) -> str | None:
    """the scale changes, or a mean in the middle between two codes goes to the even one"""
    return "neither" if op.as_tflite else rounds_to_even(op, context)


def products(op: Binary, context: Context) -> str | None:
    """codes are rounded to even, which products of integers do, too: proved on all pairs of int8"""
    return "no such products" if rounds_single(op) is None else rounds_to_even(op, context)


def no_products(op: Binary, context: Context) -> str | None:
    """codes are rounded to even in float32, which no products of integers do: looked for on all pairs of int8"""
    return "such products" if rounds_single(op) is not None else rounds_to_even(op, context)


def fused(op: Binary, context: Context) -> str | None:
    """the operator is QLinearAdd"""
    return None if op.numerics in (ORT_QLINEAR, ORT_QLINEAR_U8) else f"{op.numerics}"


def not_fused(op: Binary, context: Context) -> str | None:
    """the operator is no QLinearAdd"""
    return f"{op.numerics}" if isinstance(op, Sum) and fused(op, context) is None else None


def line(op: Sum, context: Context) -> str | None:
    """a core is named, or results are requantized as ONNX has it, and the sum is one linear form of 32 bits: the same code for
    all 65,536 pairs"""
    target = context.target
    unnamed = target.any_core or target.architecture is None
    return (rounds_to_even(op, context) if unnamed else None) or ("none" if linear(op) is None else None)


EVEN = (rounds_to_even,)
PAIRS = (products,)
PAIR = rate(element=40)
REAL = rate(element=30, real=True, flash=2048)


def kernels() -> Iterator[Variant[Any]]:
    for type in ("int8", "int16"):
        suffix = SUFFIXES[type]
        yield tk(f"tk_add_even_{suffix}", Add, (type,), sum_args, facts=PAIRS, in_place=BOTH, cost=PAIR)
        yield tk(f"tk_add_even_{suffix}", Sub, (type,), sum_args, facts=PAIRS, in_place=BOTH, cost=PAIR)
        yield tk(f"tk_mul_even_{suffix}", Mul, (type,), mul_args, facts=PAIRS, in_place=BOTH, cost=PAIR)
        yield tk(f"tk_mean_even_{suffix}", Mean, (type,), mean_args, facts=EVEN)
        yield tk(f"tk_avg_pool_even_{suffix}", AveragePool2D, (type,), pool_args, facts=(rescales,))
    for cls, stem in ((Add, "add"), (Sub, "sub"), (Mul, "mul")):
        facts = (no_products, not_fused)
        yield tk(f"tk_{stem}_single_s8", cls, ("int8",), single_args, facts=facts, in_place=BOTH, cost=REAL)
    yield tk("tk_add_fused_s8", Add, ("int8",), fused_args, facts=(no_products, fused), in_place=BOTH, cost=REAL)
    for cls in (Add, Sub):
        yield tk("tk_add_linear_s8", cls, ("int8",), linear_args, facts=(line,), in_place=BOTH, cost=linear_cost)
    yield tk("tk_softmax_even_s8", Softmax, ("int8",), softmax_args, facts=EVEN, in_place=("x",), cost=rate(element=120))


VARIANTS: tuple[Variant[Any], ...] = tuple(kernels())
