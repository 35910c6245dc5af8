# SPDX-License-Identifier: Apache-2.0
"""Operators on two operands, element by element, in plain C."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from tinycc.ir import DType
from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Arg, Call, Scratch, Struct, Tensor, struct
from tinycc.kernels.costs import Each, loops_cost, rate
from tinycc.kernels.facts import rounds_twice
from tinycc.kernels.portable.base import SUFFIXES, all_types, ints, range_f32, tk, usual
from tinycc.kernels.portable.conversion import TYPE_NUMBERS
from tinycc.ops.base import UNBOUNDED, Operator, Range
from tinycc.ops.elementwise.add_n import FRACTION, AddN
from tinycc.ops.elementwise.arithmetic import Add, Binary, Mul, Sub, Sum, SumScaling
from tinycc.ops.elementwise.bitwise import WIDE, Bitwise, BitwiseAnd, BitwiseOr, BitwiseXor, LeftShift, RightShift
from tinycc.ops.elementwise.broadcast import Broadcast
from tinycc.ops.elementwise.comparison import RELATIONS, Comparison, Equality, Order
from tinycc.ops.elementwise.division import Div, FloorDiv, FloorMod
from tinycc.ops.elementwise.logical import Logical, LogicalAnd, LogicalOr
from tinycc.ops.elementwise.maximum import Maximum, Minimum
from tinycc.ops.elementwise.power import Atan2, Pow, SquaredDifference
from tinycc.ops.elementwise.prelu import Prelu
from tinycc.ops.elementwise.select import Select

BOTH = ("x1", "x2")
TWICE = (rounds_twice,)


def walk(op: Broadcast) -> Struct:
    """The `tk_broadcast` of an operator."""
    loops = op.loops
    return struct(
        "tk_broadcast",
        rank=len(loops),
        dims=ints(loop.size for loop in loops),
        stride1=ints(loop.strides[0] for loop in loops),
        stride2=ints(loop.strides[1] for loop in loops),
    )


def operands(op: Broadcast, *rest: Arg) -> tuple[Arg, ...]:
    return (Tensor(op.x1), Tensor(op.x2), Tensor(op.y), walk(op), *rest)


def plain(cls: type[Broadcast], stem: str, *types: str) -> Iterator[Variant[Any]]:
    """Kernels of the form tk_STEM_TYPE(x1, x2, y, shape)."""
    for type in types:
        yield tk(f"tk_{stem}_{SUFFIXES[type]}", cls, (type,), operands, in_place=BOTH)


def sum_params(ctype: str, op: Broadcast, s: SumScaling, bounds: Range) -> Struct:
    """The `tk_add_s8_params` or `tk_add_s16_params` of an operator."""
    return struct(
        ctype,
        input1_offset=-op.x1.zero_point,
        input1_multiplier=s.x1.multiplier,
        input1_shift=s.x1.shift,
        input2_offset=-op.x2.zero_point,
        input2_multiplier=s.x2.multiplier,
        input2_shift=s.x2.shift,
        output_offset=op.y.zero_point,
        output_multiplier=s.y.multiplier,
        output_shift=s.y.shift,
        min=int(bounds.min),
        max=int(bounds.max),
    )


def sum_s8(op: Sum) -> tuple[Arg, ...]:
    return operands(op, sum_params("tk_add_s8_params", op, op.scaling, op.range))


def sum_s16(op: Sum) -> tuple[Arg, ...]:
    return operands(op, sum_params("tk_add_s16_params", op, op.scaling, op.range))


def mul_s8(op: Mul | Div) -> tuple[Arg, ...]:
    ctype = "tk_mul_s8_params" if isinstance(op, Mul) else "tk_div_s8_params"
    params = struct(
        ctype,
        input1_offset=-op.x1.zero_point,
        input2_offset=-op.x2.zero_point,
        multiplier=op.scaling.multiplier,
        shift=op.scaling.shift,
        output_offset=op.y.zero_point,
        min=int(op.range.min),
        max=int(op.range.max),
    )
    return operands(op, params)


def mul_s16(op: Mul) -> tuple[Arg, ...]:
    params = struct(
        "tk_mul_s16_params",
        multiplier=op.scaling.multiplier,
        shift=op.scaling.shift,
        min=int(op.range.min),
        max=int(op.range.max),
    )
    return operands(op, params)


def clamped_f32(op: Binary) -> tuple[Arg, ...]:
    return operands(op, range_f32(op.range))


def clamped_whole(cls: type[Binary], stem: str, *types: str) -> Iterator[Variant[Any]]:
    """Kernels of the form tk_STEM_TYPE(x1, x2, y, shape), followed by tk_clamp_TYPE where there is an activation."""

    def bind(suffix: str, op: Binary, context: Context) -> tuple[Call, ...]:
        y, bounds = Tensor(op.y), (int(op.range.min), int(op.range.max))
        clamp = Call(f"tk_clamp_{suffix}", (y, y, op.y.type.elements, *bounds))
        return (Call(f"tk_{stem}_{suffix}", operands(op)), *((clamp,) if bounds != op.y.dtype.limits else ()))

    for type in types:
        suffix = SUFFIXES[type]
        yield Variant(f"tk_{stem}_{suffix}", cls, (type,), partial(bind, suffix), usual((type,)), in_place=BOTH)


def squared_difference(ctype: str, op: SquaredDifference) -> tuple[Arg, ...]:
    return operands(op, sum_params(ctype, op, op.scaling, Range(*op.y.dtype.limits)))


def compare_scaled(op: Comparison) -> tuple[Arg, ...]:
    m1, m2 = op.scaling
    params = struct(
        "tk_compare_s8_params",
        input1_offset=-op.x1.zero_point,
        input1_multiplier=m1.multiplier,
        input1_shift=m1.shift,
        input2_offset=-op.x2.zero_point,
        input2_multiplier=m2.multiplier,
        input2_shift=m2.shift,
    )
    return operands(op, RELATIONS[op.relation].cases, params)


def compare(op: Comparison) -> tuple[Arg, ...]:
    return operands(op, RELATIONS[op.relation].cases)


def compare_booleans(op: Equality) -> tuple[Arg, ...]:
    return operands(op, RELATIONS[op.relation].truth)


def scaled(op: Comparison, context: Context) -> str | None:
    """the operands are codes of different scales"""
    return None if op.scaled_int16 else "equal scales, or none"


def unscaled(op: Comparison, context: Context) -> str | None:
    """the operands are numbers, or codes of one scale"""
    return "different scales" if op.scaled_int16 else None


def comparisons(cls: type[Comparison]) -> Iterator[Variant[Any]]:
    """The kernels that equality and order share. int8 may take over an operand: results are as long."""
    yield tk("tk_compare_s8", cls, ("int8",), compare_scaled, in_place=BOTH)
    yield tk("tk_compare_scaled_s16", cls, ("int16",), compare_scaled, facts=(scaled,))
    yield tk("tk_compare_s16", cls, ("int16",), compare, facts=(unscaled,))
    for type in ("int32", "int64", "float32"):
        yield tk(f"tk_compare_{SUFFIXES[type]}", cls, (type,), compare)


def logical(op: Logical) -> tuple[Arg, ...]:
    return operands(op, op.truth)


def bitwise(op: Bitwise) -> tuple[Arg, ...]:
    return operands(op, TYPE_NUMBERS[op.y.dtype])


FUNCTIONS = (BitwiseAnd, BitwiseOr, BitwiseXor, LeftShift, RightShift)
"""In the order of the `tk_bits` of tk_bitwise_64.h."""
WIDE_TYPES = tuple(dtype.value for dtype in WIDE)


def bitwise_64(op: Bitwise) -> tuple[Arg, ...]:
    return operands(op, FUNCTIONS.index(type(op)), int(op.y.dtype is WIDE[0]))


def narrow(cls: type[Bitwise]) -> tuple[str, ...]:
    return tuple(name for name in all_types(cls) if name not in WIDE_TYPES)


def prelu(op: Prelu) -> tuple[Arg, ...]:
    above, below = op.scaling
    params = struct(
        "tk_prelu_s8_params",
        input_offset=-op.x1.zero_point,
        slope_offset=-op.x2.zero_point,
        output_offset=op.y.zero_point,
        positive_multiplier=above.multiplier,
        positive_shift=above.shift,
        negative_multiplier=below.multiplier,
        negative_shift=below.shift,
    )
    return operands(op, params)


def select(op: Select) -> tuple[Arg, ...]:
    strides = list(zip(*(loop.strides for loop in op.loops), strict=True))
    shape = struct(
        "tk_select_shape",
        rank=len(op.loops),
        dims=ints(loop.size for loop in op.loops),
        condition_stride=ints(strides[0]),
        stride1=ints(strides[1]),
        stride2=ints(strides[2]),
    )
    return (Tensor(op.condition), Tensor(op.x1), Tensor(op.x2), Tensor(op.y), shape, op.y.dtype.bytes)


def bind_add_n(symbol: str, op: AddN, context: Context) -> tuple[Call, ...]:
    """y = x1 + x2, then y = y + x3, ..."""
    bounds: tuple[Arg, ...] = (range_f32(UNBOUNDED),) if op.y.dtype is DType.FLOAT32 else ()
    first, *others = map(Tensor, op.xs)
    y, n = Tensor(op.y), op.y.type.elements
    run = struct("tk_broadcast", rank=1, dims=ints((n,)), stride1=ints((1,)), stride2=ints((1,)))
    left = (first, *[y] * (len(others) - 1))
    return tuple(Call(symbol, (a, b, y, run, *bounds)) for a, b in zip(left, others, strict=True))


def bind_add_n_s8(op: AddN, context: Context) -> tuple[Call, ...]:
    n, zero_point, m = op.y.type.elements, op.xs[0].zero_point, op.scaling
    total = Scratch("sum", 4 * n)
    # The first sum starts from -zero_point, as TFLM's does.
    offsets = (-2 * zero_point, *[-zero_point] * (len(op.xs) - 1))
    sums = [
        Call("tk_accumulate_s8", (Tensor(x), total, n, offset, int(position == 0)))
        for position, (x, offset) in enumerate(zip(op.xs, offsets, strict=True))
    ]
    params = struct(
        "tk_rescale_s32_s8_params",
        left_shift=FRACTION,
        multiplier=m.multiplier,
        shift=m.shift,
        output_offset=op.y.zero_point,
    )
    return (*sums, Call("tk_rescale_s32_s8", (total, Tensor(op.y), n, params)))


def cost_of_sum(op: Operator, context: Context) -> Cost:
    """As counted on a Cortex-M4."""
    loops = {"call": 1, "element": op.y.type.elements}
    return loops_cost(loops, {"call": Each(161, 238), "element": Each(69, 84)}, context.target)


STRETCHED = rate(element=70)

"""Codes whose operands may be stretched."""

VARIANTS: tuple[Variant[Any], ...] = (
    tk("tk_add_s8", Add, ("int8",), sum_s8, facts=TWICE, in_place=BOTH, cost=cost_of_sum),
    tk("tk_add_s16", Add, ("int16",), sum_s16, facts=TWICE, in_place=BOTH, cost=STRETCHED),
    tk("tk_add_f32", Add, ("float32",), clamped_f32, in_place=BOTH),
    *clamped_whole(Add, "add", "int32", "int64"),
    tk("tk_sub_s8", Sub, ("int8",), sum_s8, facts=TWICE, in_place=BOTH, cost=cost_of_sum),
    tk("tk_sub_s16", Sub, ("int16",), sum_s16, facts=TWICE, in_place=BOTH, cost=STRETCHED),
    tk("tk_sub_f32", Sub, ("float32",), clamped_f32, in_place=BOTH),
    *clamped_whole(Sub, "sub", "int32", "int64"),
    tk("tk_mul_s8", Mul, ("int8",), mul_s8, facts=TWICE, in_place=BOTH, cost=STRETCHED),
    tk("tk_mul_s16", Mul, ("int16",), mul_s16, facts=TWICE, in_place=BOTH, cost=STRETCHED),
    tk("tk_mul_f32", Mul, ("float32",), clamped_f32, in_place=BOTH),
    *clamped_whole(Mul, "mul", "int32", "int64"),
    tk("tk_div_s8", Div, ("int8",), mul_s8, in_place=BOTH),
    tk("tk_div_f32", Div, ("float32",), clamped_f32, in_place=BOTH),
    *clamped_whole(Div, "div", "int32", "int64"),
    *plain(FloorDiv, "floor_div", "float32", "int8", "int16", "int32"),
    *plain(FloorMod, "floor_mod", "float32", "int8", "int16", "int32", "int64"),
    *plain(Pow, "pow", "float32", "int32", "int64"),
    *plain(Atan2, "atan2", "float32"),
    tk(
        "tk_squared_difference_s8",
        SquaredDifference,
        ("int8",),
        partial(squared_difference, "tk_add_s8_params"),
        in_place=BOTH,
    ),
    tk(
        "tk_squared_difference_s16",
        SquaredDifference,
        ("int16",),
        partial(squared_difference, "tk_add_s16_params"),
        in_place=BOTH,
    ),
    *plain(SquaredDifference, "squared_difference", "float32", "int32"),
    *comparisons(Order),
    *comparisons(Equality),
    tk("tk_logical", Equality, ("bool",), compare_booleans, in_place=BOTH),
    *(tk("tk_logical", cls, ("bool",), logical, in_place=BOTH) for cls in (LogicalAnd, LogicalOr)),
    tk("tk_bitwise_xor", BitwiseXor, narrow(BitwiseXor), bitwise, in_place=BOTH),
    tk("tk_bitwise_and", BitwiseAnd, narrow(BitwiseAnd), bitwise, in_place=BOTH),
    tk("tk_bitwise_or", BitwiseOr, narrow(BitwiseOr), bitwise, in_place=BOTH),
    tk("tk_left_shift", LeftShift, narrow(LeftShift), bitwise, in_place=BOTH),
    tk("tk_right_shift", RightShift, narrow(RightShift), bitwise, in_place=BOTH),
    *(tk("tk_bitwise_64", cls, WIDE_TYPES, bitwise_64, in_place=BOTH) for cls in FUNCTIONS),
    *plain(Maximum, "maximum", "int8", "int16", "float32", "int32", "int64"),
    *plain(Minimum, "minimum", "int8", "int16", "float32", "int32", "int64"),
    tk("tk_prelu_s8", Prelu, ("int8",), prelu, in_place=BOTH),
    tk("tk_prelu_s16", Prelu, ("int16 by int8",), prelu, in_place=BOTH),
    *plain(Prelu, "prelu", "float32"),
    tk("tk_select", Select, all_types(Select), select, in_place=BOTH),
    Variant("tk_rescale_s32_s8", AddN, ("int8",), bind_add_n_s8, usual(("int8",))),
    Variant("tk_add_f32", AddN, ("float32",), partial(bind_add_n, "tk_add_f32"), usual(("float32",))),
    Variant("tk_add_s32", AddN, ("int32",), partial(bind_add_n, "tk_add_s32"), usual(("int32",))),
)
