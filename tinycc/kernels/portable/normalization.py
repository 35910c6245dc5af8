# SPDX-License-Identifier: Apache-2.0
"""Normalizations of rows and channels in plain C."""

from __future__ import annotations

from typing import Any

from tinycc.kernels.base import Variant
from tinycc.kernels.calls import Arg, Table, Tensor, struct
from tinycc.kernels.costs import rate
from tinycc.kernels.facts import rounds_twice
from tinycc.kernels.portable.base import tk
from tinycc.ops.normalization.l2_normalization import L2Normalization
from tinycc.ops.normalization.local_response import LocalResponse
from tinycc.ops.normalization.log_softmax import LogSoftmax
from tinycc.ops.normalization.softmax import Softmax, exp_table, reciprocal_table
from tinycc.program.types import Content


def softmax_s8(op: Softmax) -> tuple[Arg, ...]:
    return (Tensor(op.x), Tensor(op.y), op.rows, op.columns, *op.scaling)


def softmax_s16(op: Softmax) -> tuple[Arg, ...]:
    m = op.scaling16
    tables = Table("exp", exp_table(), Content.TABLE), Table("reciprocal", reciprocal_table(op.numerics), Content.TABLE)
    return (Tensor(op.x), Tensor(op.y), op.rows, op.columns, m.multiplier, m.shift, *tables)


def softmax_f32(op: Softmax) -> tuple[Arg, ...]:
    return (Tensor(op.x), Tensor(op.y), op.rows, op.columns, op.beta)


def log_softmax_s8(op: LogSoftmax) -> tuple[Arg, ...]:
    params = struct(
        "tk_log_softmax_s8_params",
        multiplier=op.scaling.multiplier,
        shift=op.scaling.shift,
        diff_min=op.scaling.diff_min,
        reverse_multiplier=op.reverse.multiplier,
        reverse_shift=op.reverse.shift,
    )
    return (Tensor(op.x), Tensor(op.y), op.rows, op.columns, params)


def rows_f32(op: LogSoftmax | L2Normalization) -> tuple[Arg, ...]:
    return (Tensor(op.x), Tensor(op.y), op.rows, op.columns)


def l2_normalization_s8(op: L2Normalization) -> tuple[Arg, ...]:
    return (Tensor(op.x), Tensor(op.y), op.rows, op.columns, op.x.zero_point, op.early)


def local_response(op: LocalResponse) -> tuple[Arg, ...]:
    rows = op.x.type.elements // max(op.channels, 1)
    return (Tensor(op.x), Tensor(op.y), rows, op.channels, min(op.radius, op.channels), op.bias, op.alpha, op.beta)


VARIANTS: tuple[Variant[Any], ...] = (
    tk("tk_softmax_s8", Softmax, ("int8",), softmax_s8, facts=(rounds_twice,), in_place=("x",), cost=rate(element=180)),
    tk("tk_softmax_s16", Softmax, ("int16",), softmax_s16, facts=(rounds_twice,), in_place=("x",)),
    tk("tk_softmax_f32", Softmax, ("float32",), softmax_f32, in_place=("x",)),
    tk("tk_log_softmax_s8", LogSoftmax, ("int8",), log_softmax_s8, in_place=("x",)),
    tk("tk_log_softmax_f32", LogSoftmax, ("float32",), rows_f32, in_place=("x",)),
    tk("tk_local_response_f32", LocalResponse, ("float32",), local_response),
    tk("tk_l2_normalization_s8", L2Normalization, ("int8",), l2_normalization_s8, in_place=("x",)),
    tk("tk_l2_normalization_f32", L2Normalization, ("float32",), rows_f32, in_place=("x",)),
)
