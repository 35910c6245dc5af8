# SPDX-License-Identifier: Apache-2.0
"""Kernels of functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tinycc.ir import DType
from tinycc.kernels.calls import Arg, Call, Table, Tensor
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.broadcast import SUFFIXES
from tinycc.numerics.fixedpoint import quantize_multiplier
from tinycc.ops.base import Operator
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
from tinycc.target import Target


def _kernels(stem: str, *dtypes: DType, when: Callable[[Any], bool] = lambda op: True) -> tuple[Kernel, ...]:
    """Kernels of the form tk_STEM_TYPE(x, y, n)."""

    def make(symbol: str, dtype: DType) -> Kernel:
        def lower(op: Function, target: Target) -> tuple[Call, ...]:
            return (Call(symbol, (Tensor(op.x), Tensor(op.y), op.y.type.elements)),)

        return Kernel(symbol, lower, lambda op, target: op.x.dtype is dtype and when(op), in_place=("x",))

    return tuple(make(f"tk_{stem}_{SUFFIXES[dtype]}", dtype) for dtype in dtypes)


def _int16(symbol: str, arguments: Callable[[Any], tuple[Arg, ...]]) -> Kernel:
    """A kernel of the form SYMBOL(x, y, n, ...)."""

    def lower(op: Function, target: Target) -> tuple[Call, ...]:
        return (Call(symbol, (Tensor(op.x), Tensor(op.y), op.y.type.elements, *arguments(op))),)

    return Kernel(symbol, lower, lambda op, target: op.x.dtype is DType.INT16, in_place=("x",))


def _abs_s16(op: Abs) -> tuple[Arg, ...]:
    m = quantize_multiplier(op.ratio)
    return m.multiplier, m.shift, 2**15 - 1 if op.quantized else 2**15


def _rsqrt_s16(op: Rsqrt) -> tuple[Arg, ...]:
    m = quantize_multiplier(op.ratio)
    return (m.multiplier, m.shift) if m.shift >= op.fraction - 31 else (0, 0)  # Nothing is left but 0.


def _lower_interpolated(op: Function, target: Target) -> tuple[Call, ...]:
    args = (Tensor(op.x), Table("lines", op.table16), Tensor(op.y), op.y.type.elements)
    return (Call("tk_interpolate_s16", args),)


_INTERPOLATED = Kernel("tk_interpolate_s16", _lower_interpolated, lambda op, target: op.interpolated, in_place=("x",))

KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {
    Abs: (*_kernels("abs", DType.FLOAT32, DType.INT32), _int16("tk_abs_s16", _abs_s16)),
    Ceil: _kernels("ceil", DType.FLOAT32),
    Cos: _kernels("cos", DType.FLOAT32),
    Elu: _kernels("elu", DType.FLOAT32),
    Exp: (*_kernels("exp", DType.FLOAT32), _INTERPOLATED),
    Floor: _kernels("floor", DType.FLOAT32),
    Gelu: (
        *_kernels("gelu_tanh", DType.FLOAT32, when=lambda op: op.approximate),
        *_kernels("gelu", DType.FLOAT32),
        _INTERPOLATED,
    ),
    Log: (*_kernels("log", DType.FLOAT32), _INTERPOLATED),
    Neg: _kernels("neg", DType.FLOAT32, DType.INT16, DType.INT32, DType.INT64),
    Round: _kernels("round", DType.FLOAT32),
    Rsqrt: (*_kernels("rsqrt", DType.FLOAT32), _INTERPOLATED, _int16("tk_rsqrt_s16", _rsqrt_s16)),
    Sign: _kernels("sign", DType.FLOAT32, DType.INT32),
    Sin: _kernels("sin", DType.FLOAT32),
    Sqrt: (*_kernels("sqrt", DType.FLOAT32), _int16("tk_sqrt_s16", lambda op: (op.x.scale, op.y.scale))),
    Square: _kernels("square", DType.FLOAT32),
}
