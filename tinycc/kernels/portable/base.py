# SPDX-License-Identifier: Apache-2.0
"""What variants in plain C share: the form of a variant, and structs of several kernels."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from tinycc.ir import Value
from tinycc.kernels.base import Context, Fact, OpT, Variant
from tinycc.kernels.calls import Arg, Call, Ints, Struct, struct
from tinycc.kernels.costs import Estimate, rate
from tinycc.ops.base import Operator, Range
from tinycc.ops.window import Window
from tinycc.target import Feature

SUFFIXES = {
    "int8": "s8",
    "uint8": "u8",
    "int16": "s16",
    "uint16": "u16",
    "int32": "s32",
    "uint32": "u32",
    "int64": "s64",
    "uint64": "u64",
    "float32": "f32",
}
"""Name of an element type -> what kernels for it are called by."""


def tk(
    symbol: str,
    op: type[OpT],
    signatures: tuple[str, ...],
    args: Callable[[OpT], tuple[Arg, ...]],
    *,
    facts: tuple[Fact[OpT], ...] = (),
    features: Collection[Feature] = (),
    in_place: tuple[str, ...] = (),
    cost: Estimate | None = None,
) -> Variant[OpT]:
    """The variant that is one call of `symbol`, a function of tinycc's own."""

    def bind(op: OpT, context: Context) -> tuple[Call, ...]:
        return (Call(symbol, args(op)),)

    return Variant(symbol, op, signatures, bind, cost or usual(signatures), facts, frozenset(features), in_place=in_place)


def all_types(cls: type[Operator]) -> tuple[str, ...]:
    """The names of all signatures of an operator, for a kernel that looks at the size of elements alone."""
    return tuple(dict.fromkeys(signature.name for signature in cls.signatures))


def usual(signatures: Iterable[str]) -> Estimate:
    """The cost of a kernel that has no rival."""
    return rate(mac=8, element=16, real=any(name.startswith(("float", "hybrid")) for name in signatures))


def ints(items: Iterable[int]) -> Ints:
    return Ints(tuple(int(item) for item in items))


def range_f32(bounds: Range) -> Struct:
    return struct("tk_range_f32", by_value=True, min=float(bounds.min), max=float(bounds.max))


def window_shape(x: Value, y: Value, window: Window, groups: int = 1) -> Struct:
    """The `tk_conv_shape` of a window that slides over x [N,H,W,C] and makes y."""
    return conv_shape(x.shape, y.shape, window, groups)


def conv_shape(x: tuple[int, ...], y: tuple[int, ...], window: Window, groups: int = 1) -> Struct:
    """The same from shapes."""
    n, in_h, in_w, in_c = x
    _, out_h, out_w, out_c = y
    return struct(
        "tk_conv_shape",
        batch=n,
        in_h=in_h,
        in_w=in_w,
        in_c=in_c,
        out_h=out_h,
        out_w=out_w,
        out_c=out_c,
        k_h=window.size.h,
        k_w=window.size.w,
        stride_h=window.stride.h,
        stride_w=window.stride.w,
        pad_h=window.padding.top,
        pad_w=window.padding.left,
        dilation_h=window.dilation.h,
        dilation_w=window.dilation.w,
        groups=groups,
    )
