# SPDX-License-Identifier: Apache-2.0
"""Convolutions and matrix products of int8 as ONNX rounds them, in plain C."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from tinycc.analysis.accumulators import accumulators, filters
from tinycc.analysis.rounding import in_integers, multipliers_of
from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Arg, Struct, Table, Tensor, int32_table, packed_multipliers, struct, tensor_or_null
from tinycc.kernels.costs import rate
from tinycc.kernels.facts import rounds_to_even, symmetric_weights
from tinycc.kernels.folding import once, once_for_all, rule_of, sums_offset
from tinycc.kernels.portable.base import tk
from tinycc.kernels.portable.convolution import grouped, ungrouped
from tinycc.kernels.portable.dense import MATMUL, matmul_shape, pixels
from tinycc.kernels.portable.paired import FOLDED_WORDS, folded_codes, folded_table, folds_long
from tinycc.numerics.rules import Requantization
from tinycc.numerics.staircase import Folded, fold, staircase
from tinycc.ops.base import Operator
from tinycc.ops.convolution.batch_matmul import BatchMatMul
from tinycc.ops.convolution.blockwise import BlockwiseCodes
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.convolution.transpose import TransposeConv
from tinycc.program.types import Content
from tinycc.target import Feature

Op: TypeAlias = Conv2D | DepthwiseConv2D | TransposeConv | FullyConnected | BatchMatMul
EVEN, EVEN_PACKED = rate(mac=4.5, output=170), rate(mac=5.5, output=170)
EVEN_DEPTHWISE = rate(mac=13, output=220)
EVEN_DENSE, FOLDED_DENSE = rate(mac=7, element=60), rate(mac=2.75, element=30)
"""Counted on M0, M3 and RV32IM: 9, 7.3 and 6.5 instructions a product; 5.1, 2.8 and 5.1."""


@once
def proved(op: Op) -> bool:
    return in_integers(op)


def integer_form(op: Op, context: Context) -> str | None:
    """sums are multiplied by a float32 scale and rounded to even, which has an integer form with the same codes, proved"""
    if op.rounding is not Requantization.SINGLE:
        return f"{op.numerics}"
    return None if proved(op) else "a channel without one"


def exact_channels(op: Op) -> Array:
    """bool[channels]."""
    return np.zeros(op.channels, np.bool_) if op.exact is None else np.resize(op.exact, op.channels)


def single(op: Op, context: Context) -> str | None:
    """sums are multiplied by the scale in float32 and rounded to even, in all channels"""
    return None if op.rounding is Requantization.SINGLE and op.exact is None else f"{op.numerics}"


def shape(op: Op) -> Struct:
    if isinstance(op, BatchMatMul):
        return matmul_shape(op)
    if isinstance(op, FullyConnected):
        return pixels(op)
    return grouped(op) if isinstance(op, Conv2D) else ungrouped(op)


def even_args(op: Op) -> tuple[Arg, ...]:
    params = struct(
        "tk_conv_even",
        input_offset=-op.x.zero_point,
        weights_offset=-op.weights.zero_point,
        output_offset=op.y.zero_point,
        min=int(op.range.min),
        max=int(op.range.max),
    )
    exact = exact_channels(op)
    tables = (
        *packed_multipliers(multipliers_of(op)),
        None if exact.all() else Table("single", (~exact).astype(np.int8), Content.REQUANT),
    )
    rest = None if op.exact is None else int32_table("rest", np.resize(op.rest_of_products, op.channels), Content.BIAS)
    return (Tensor(op.x), Tensor(op.weights), tensor_or_null(op.bias), *tables, rest, Tensor(op.y), shape(op), params)


def matmul_args(op: BatchMatMul) -> tuple[Arg, ...]:
    entry = op.requantization[0]
    params = struct(
        "tk_batch_matmul_even_s8_params",
        x_offset=-op.x.zero_point,
        w_offset=-op.weights.zero_point,
        multiplier=entry.multiplier,
        shift=entry.shift,
        single=int(op.exact is None),
        output_offset=op.y.zero_point,
        min=int(op.range.min),
        max=int(op.range.max),
    )
    return (Tensor(op.x), Tensor(op.weights), Tensor(op.y), shape(op), params)


def real_args(op: Op) -> tuple[Arg, ...]:
    numbers = (op.x.zero_point, op.weights.zero_point, op.y.zero_point, int(op.range.min), int(op.range.max))
    scales = Table("scale", np.resize(op.real_scales, op.channels), Content.REQUANT)
    return (Tensor(op.x), Tensor(op.weights), tensor_or_null(op.bias), scales, Tensor(op.y), shape(op), *numbers)


def rounds_alike(op: Op) -> bool:
    """Whether sums become codes by one rule in all channels."""
    rest = 0 if op.exact is None else op.rest_of_products
    rules = np.column_stack([np.resize(each, op.channels) for each in (op.real_scales, exact_channels(op), rest)])
    return bool((rules == rules[0]).all()) and len(set(multipliers_of(op))) == 1


@once_for_all
def common(op: FullyConnected) -> Folded | None:
    """The constants that all outputs have in common, where sums begin with bias and zero points: weights and bias are known."""
    reached = accumulators(op)
    if reached is None or filters(op) is None or op.channels == 1 or not rounds_alike(op):
        return None
    stairs = staircase(rule_of(op, 1), np.min(reached.low, keepdims=True), np.max(reached.high, keepdims=True)).saturating()
    formula = fold(stairs, two_sided=False)
    return formula if formula.proved.all() and isinstance(formula.shift, int) and formula.shift >= 32 else None


def folds_dense(op: FullyConnected, context: Context) -> str | None:
    """bias, multiplier, roundings and clamp of every channel are one multiplication, with a shift that all share, proved"""
    return None if common(op) is not None else folds_long(op, context)


def folded_args(op: FullyConnected) -> tuple[Arg, ...]:
    shared = common(op)
    if shared is None or not isinstance(shared.shift, int):
        codes, shift, starts = *folded_codes(op, long=True), None
    else:
        codes, shift, starts = folded_table(shared), shared.shift - 32, int32_table("starts", sums_offset(op), Content.BIAS)
    step = 0 if starts else FOLDED_WORDS
    params = struct(
        "tk_dense_folded", batch=op.batch, depth=op.depth, outputs=op.channels, shift=shift, step=step, starts=starts
    )
    return (Tensor(op.x), Tensor(op.weights), codes, Tensor(op.y), params)


def block_args(op: BlockwiseCodes) -> tuple[Arg, ...]:
    params = struct(
        "tk_dense_blocks_even",
        batch=op.x.type.elements // op.depth,
        depth=op.depth,
        outputs=op.channels,
        block=op.block,
        bits=op.weights.dtype.bits,
        x_offset=-op.x.zero_point,
        right=op.right,
        output_offset=op.y.zero_point,
        min=int(op.range.min),
        max=int(op.range.max),
    )
    weights = Tensor(op.weights), Tensor(op.multipliers), tensor_or_null(op.zeros), tensor_or_null(op.start)
    return (Tensor(op.x), *weights, Tensor(op.y), params)


FOLDED = (rounds_to_even, symmetric_weights, folds_dense)
REAL_FPU, REAL_SOFT = rate(mac=9, output=190), rate(mac=9, output=430)


def real_cost(op: Operator, context: Context) -> Cost:
    return (REAL_FPU if Feature.FPU in context.target.features else REAL_SOFT)(op, context)


VARIANTS: tuple[Variant[Any], ...] = (
    tk("tk_conv_even_s8", Conv2D, ("int8",), even_args, facts=(integer_form,), cost=EVEN),
    tk("tk_conv_even_s8", FullyConnected, ("int8",), even_args, facts=(integer_form,), cost=EVEN_DENSE),
    tk("tk_conv_even_s4", Conv2D, ("int8x4",), even_args, facts=(integer_form,), cost=EVEN_PACKED),
    tk("tk_conv_even_s4", FullyConnected, ("int8x4",), even_args, facts=(integer_form,), cost=EVEN_PACKED),
    tk("tk_depthwise_conv_even_s4", DepthwiseConv2D, ("int8x4",), even_args, facts=(integer_form,), cost=EVEN_DEPTHWISE),
    tk("tk_dense_blocks_even_s8", BlockwiseCodes, ("int8x8", "int8x4", "int8x2"), block_args, cost=EVEN_PACKED),
    tk("tk_dense_folded_s8", FullyConnected, ("int8",), folded_args, facts=FOLDED, cost=FOLDED_DENSE),
    tk("tk_depthwise_conv_even_s8", DepthwiseConv2D, ("int8",), even_args, facts=(integer_form,), cost=EVEN_DEPTHWISE),
    tk("tk_transpose_conv_even_s8", TransposeConv, ("int8",), even_args, facts=(integer_form,), cost=EVEN_DEPTHWISE),
    tk("tk_batch_matmul_even_s8", BatchMatMul, ("int8",), matmul_args, facts=(integer_form,), cost=MATMUL),
    tk("tk_conv_real_s8", Conv2D, ("int8",), real_args, facts=(single,), cost=real_cost),
    tk("tk_conv_real_s8", FullyConnected, ("int8",), real_args, facts=(single,), cost=real_cost),
    tk("tk_depthwise_conv_real_s8", DepthwiseConv2D, ("int8",), real_args, facts=(single,), cost=real_cost),
)
