# SPDX-License-Identifier: Apache-2.0
"""Single-operator models of further element types: int16 beside int8, bool and whole numbers, mixtures of types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import numpy as np
from opcases import Q_MID, Case, Net, Q, Shape
from opcases_math import _CODES, _PAIRS, Pair, pair
from opcases_movement import resize

WIDE = "int16x8"

# -- one operand -------------------------------------------------------------------------------------------------

_FUNCTIONS: dict[str, tuple[tuple[str, float, float], ...]] = {
    "ABS": (("same", 1e-3, 1e-3), ("finer", 1e-3, 3e-4), ("coarser", 1e-4, 7e-3), ("saturating", 0.5, 1e-4)),
    "RSQRT": (
        ("unit", 1e-4, 1e-3),
        ("fine", 1e-5, 0.01),
        ("coarse", 3.0, 1e-5),
        ("saturating", 1e-6, 1e-3),
        ("vanishing", 1e6, 1.0),
    ),
    "SQRT": (("unit", 1e-4, 1e-4), ("fine", 1e-6, 1e-5), ("coarse", 3.0, 0.01), ("saturating", 1.0, 1e-4)),
    "EXP": (("unit", 1e-4, 1e-3), ("wide", 2e-3, 1e-3), ("steep", 2.6e-3, 1.0), ("flat", 1e-6, 1e-4)),
    "LOG": (("unit", 1e-4, 2e-4), ("wide", 2.0, 1e-3), ("saturating", 1e-7, 1e-4)),
    "GELU": (("unit", 1e-4, 1e-4), ("wide", 1e-3, 1e-3), ("saturating", 0.1, 1e-4)),
    "NEG": (("same", 1e-3, 1e-3), ("other", 1e-3, 5e-3)),
}
"""int16: name, scales of x and y."""


def functions16(op: str) -> Iterator[Case]:
    positive = op in ("RSQRT", "SQRT")
    for (name, x_scale, y_scale), shape in product(_FUNCTIONS[op], ((4, 3000), (7,), ())):
        for oracle in ("tflm", "litert") if op in ("ABS", "RSQRT") else ("litert",):
            net = Net(op, "int16", f"{name}_rank{len(shape)}_{oracle}")
            x = net.input(shape, "int16", scale=x_scale)
            if positive:  # Below 0 the runtimes stop.
                finite, x = x, net.tensor(shape, "int16", scale=x_scale)
                net.op("MAXIMUM", [finite, net.const(np.int16(0), scale=x_scale)], [x])
            yield replace(net.done(op, [x], net.tensor(shape, "int16", scale=y_scale)), oracle=oracle)
    if op in ("ABS", "NEG"):
        net = Net(op, "int16", "plain")
        yield replace(net.done(op, [net.input((3, 700), "int16")], net.tensor((3, 700), "int16")), oracle="litert")


def off_centre(op: str) -> Iterator[Case]:
    """int16 with a zero point that is not 0."""
    for zero_point, (name, x_scale, y_scale) in product((5, -32768, 32767), _RESCALED):
        net = Net(op, "int16", f"zp{zero_point}_{name}")
        x = net.input((3, 500), "int16", scale=x_scale, zero_point=zero_point)
        y = net.tensor((3, 500), "int16", scale=y_scale, zero_point=-(zero_point // 2))
        yield net.done(op, [x], y, **({"alpha": 0.3} if op == "LEAKY_RELU" else {}))


_RESCALED = (("same", 1e-3, 1e-3), ("finer", 1e-3, 3e-4), ("coarser", 1e-4, 7e-3), ("saturating", 9e4, 1e-4))


def pad(op: str) -> Iterator[Case]:
    for oracle in ("tflm", "litert"):
        net = Net(op, "int16", f"zp-7_{oracle}")
        x, y = (net.tensor(shape, "int16", scale=0.1, zero_point=-7) for shape in ((2, 3, 4), (3, 5, 4)))
        net.inputs.append(x)
        yield replace(net.done(op, [x, net.const(np.array([[1, 0], [1, 1], [0, 0]], np.int32))], y), oracle=oracle)


# -- reductions --------------------------------------------------------------------------------------------------

_AXES = (((2, 3, 4, 5), (1, 2)), ((2, 3, 4, 5), (0, 3)), ((3, 700), (-1,)), ((6,), (0,)), ((2, 1, 3), (1,)))


def reduced(shape: Shape, axes: tuple[int, ...], keep_dims: bool) -> Shape:
    return np.empty(shape).sum(axes, keepdims=keep_dims).shape


def means16(op: str) -> Iterator[Case]:
    """MEAN and SUM of int16, TFLM's arithmetic."""
    for (shape, axes), zero_point, (name, x_scale, y_scale) in product(_AXES, (0, 5, -32768, 32767), _RESCALED):
        net = Net(op, "int16", f"{'x'.join(map(str, shape))}_axes{axes}_zp{zero_point}_{name}")
        x = net.input(shape, "int16", scale=x_scale, zero_point=zero_point)
        y = net.tensor(reduced(shape, axes, True), "int16", scale=y_scale, zero_point=zero_point // 2)
        yield net.done(op, [x, net.const(np.array(axes, np.int32))], y, keep_dims=True)


def products(op: str) -> Iterator[Case]:
    """REDUCE_PROD of codes: scales by which products stay in the range, leave it, wrap in 32 bits, and vanish."""
    scales = (("near", 0.02, 0.02), ("large", 1.2, 0.01), ("wrapping", 60.0, 1.0), ("vanishing", 1e-4, 1.0))
    for dtype, (shape, axes), (name, x_scale, y_scale), keep in product(
        ("int8", "int16"), (*_AXES[:2], ((3, 9), (-1,)), *_AXES[3:], ((2, 3, 2, 3, 2), (0, 2, 4))), scales, (False, True)
    ):
        zero_points = (0, 0) if dtype == "int16" else (-7, 5) if keep else (127, -128)
        net = Net(op, dtype, f"{'x'.join(map(str, shape))}_axes{axes}_{name}_keep{keep}")
        x = net.input(shape, dtype, scale=x_scale, zero_point=zero_points[0])
        y = net.tensor(reduced(shape, axes, keep), dtype, scale=y_scale, zero_point=zero_points[1])
        case = net.done(op, [x, net.const(np.array(axes, np.int32))], y, keep_dims=keep)
        yield replace(case, oracle="litert")


_WHOLE = {"SUM": ("int64",), "REDUCE_PROD": ("int64",)}
_ORDERED = ("int16", "int32", "int64", "bool")


def whole(op: str) -> Iterator[Case]:
    """What LiteRT alone takes."""
    for dtype, (shape, axes), keep_dims in product(_WHOLE.get(op, _ORDERED), _AXES, (False, True)):
        net = Net(op, dtype, f"{'x'.join(map(str, shape))}_axes{axes}_keep{keep_dims}")
        q = {"scale": 1e-3, "zero_point": 0} if dtype == "int16" and keep_dims else {}
        y = net.tensor(reduced(shape, axes, keep_dims), dtype, **q)
        operands = [net.input(shape, dtype, **q), net.const(np.array(axes, np.int32))]
        yield replace(net.done(op, operands, y, keep_dims=keep_dims), oracle="litert")


def cumsum(op: str) -> Iterator[Case]:
    for (shape, axes), flag in product(_AXES, (False, True)):
        net = Net(op, "int64", f"{'x'.join(map(str, shape))}_axis{axes[0]}_{flag}")
        operands = [net.x(shape), net.const(np.array(axes[0], np.int32))]
        case = net.done(op, operands, net.y(shape), exclusive=flag, reverse=shape[0] == 2)
        yield replace(case, oracle="litert")


def top_k(op: str) -> Iterator[Case]:
    for dtype, (shape, k) in product(("int16", "int64"), (((2, 3, 9), 4), ((700,), 5), ((1,), 1))):
        net = Net(op, dtype, f"{'x'.join(map(str, shape))}_k{k}")
        ys = [net.tensor((*shape[:-1], k), dtype), net.tensor((*shape[:-1], k), "int32")]
        net.op(op, [net.input(shape, dtype), net.const(np.int32(k))], ys)
        yield replace(net.case, model=net.build(ys), oracle="litert")


# -- two operands ------------------------------------------------------------------------------------------------


def int16_pairs(op: str) -> Iterator[Case]:
    for row in (*_PAIRS, *_CODES):
        yield pair(op, WIDE, row)


def scaled(op: str) -> Iterator[Case]:
    """int16 that is rescaled before it is compared. (TFLM's GREATER does so with parameters that it does not set.)"""
    for row in (*_PAIRS, *_CODES):
        for scale in (1.0, 100.0, 250.0):
            fine = replace(row, name=f"{row.name}_{scale:g}", qa=Q(row.qa.scale * scale), qb=Q(row.qb.scale * scale))
            yield pair(op, WIDE, fine, "litert", "bool")


def floor16(op: str) -> Iterator[Case]:
    """FLOOR_DIV, FLOOR_MOD of int8 and int16, which are numbers to LiteRT; int64 is in opcases_math."""
    for dtype, row in product(("int8", "int16"), _PAIRS):
        net = Net(op, dtype, f"numbers_{row.name}")
        limits = np.iinfo(dtype)
        values = net.rng.integers(limits.min, limits.max, row.b, dtype=np.dtype(dtype).type, endpoint=True)
        by = net.const(np.asarray(np.where(abs(values.astype(int)) < 2, 3, values), dtype))
        y = net.tensor(np.broadcast_shapes(row.a, row.b), dtype)
        yield replace(net.done(op, [net.input(row.a, dtype), by], y), oracle="litert")


_SLOPES = (
    *(row for row in _PAIRS if row.name != "rank5"),  # It kills TFLM.
    *_CODES,
    Pair("channels", a=(3, 4, 5, 7), b=(7,), const=1),
    Pair("rows", a=(2, 5, 3), b=(5, 1), const=1),
    Pair("wrapping", qa=Q(0.1 * 2**28), y=Q(0.1)),
)


def prelu(op: str) -> Iterator[Case]:
    """int16 with int8 slopes, zero points in all three."""
    for row, zero_point in product(_SLOPES, (0, 5, -32768, 32767)):
        net = Net(op, "int16", f"{row.name}_{zero_point}")
        x = net.input(row.a, "int16", scale=row.qa.scale / 256, zero_point=zero_point)
        shape, scale, slope_zero = row.b, row.qb.scale, row.qb.zero_point
        values = net.rng.integers(-128, 127, shape, dtype=np.int8, endpoint=True)
        if row.const == 1:
            slopes = net.const(values, scale=scale, zero_point=slope_zero)
        else:
            slopes = net.input(shape, "int8", scale=scale, zero_point=slope_zero)
        y = net.tensor(np.broadcast_shapes(row.a, row.b), "int16", scale=row.y.scale / 256, zero_point=-(zero_point // 3))
        yield net.done(op, [x, slopes], y)


def off_centre_sum(op: str) -> Iterator[Case]:
    """ADD, SUB of int16 with zero points, which TFLM takes."""
    for (a, b), zero_point in product((((3, 700), (3, 700)), ((2, 3, 5), (3, 1))), (5, -32768, 32767)):
        net = Net(op, "int16", f"zp{zero_point}_{len(a)}")
        x1 = net.input(a, "int16", scale=0.001, zero_point=zero_point)
        x2 = net.input(b, "int16", scale=0.0007, zero_point=-(zero_point // 2))
        for_y = net.tensor(a, "int16", scale=0.002, zero_point=zero_point // 3)
        yield net.done(op, [x1, x2], for_y)


# -- movement ----------------------------------------------------------------------------------------------------


def resize16(op: str) -> Iterator[Case]:
    for case in resize(op, "int16"):
        yield replace(case, oracle="litert")


def computed_pad(op: str) -> Iterator[Case]:
    """PADV2 with a value that is computed."""
    for dtype in ("int8", "int16", "int32", "int64", "float32", "bool"):
        net = Net(op, dtype, "computed")
        operands = [net.x((2, 3, 4)), net.const(np.array([[1, 0], [0, 2], [1, 1]], np.int32)), net.x((1,))]
        yield replace(net.done(op, operands, net.y((3, 5, 6))), oracle="litert")


def many_loops(op: str) -> Iterator[Case]:
    """More dimensions that repeat than a kernel has loops."""
    for dtype, multiples in product(("int8", "float32"), ((2, 1, 2, 2, 3, 2), (1, 2, 2, 2, 2, 2), (2, 2, 1, 3, 1, 2))):
        net = Net(op, dtype, f"rank6_{'x'.join(map(str, multiples))}")
        shape = (2, 3, 2, 1, 2, 3)
        y = net.y([size * count for size, count in zip(shape, multiples, strict=True)])
        yield replace(net.done(op, [net.x(shape), net.const(np.array(multiples, np.int32))], y), oracle="litert")


def leading(net: Net, shape: Shape, dtype: str, **quantization: Any) -> int:
    """An input whose first dimension the file leaves open."""
    return net.input(shape, dtype, signature=(-1, *shape[1:]), **quantization)


def batch_of(net: Net, x: int, shape: Shape, rest: Shape) -> int:
    """What converters make of a shape with an open batch: SHAPE, STRIDED_SLICE, PACK; here (batch, *rest)."""
    sizes, batch, packed = net.tensor((len(shape),), "int32"), net.tensor((), "int32"), net.tensor((1 + len(rest),), "int32")
    net.op("SHAPE", [x], [sizes], version=1, out_type="INT32")
    bounds = [net.const(np.array(bound, np.int32)) for bound in ([0], [1], [1])]
    net.op("STRIDED_SLICE", [sizes, *bounds], [batch], shrink_axis_mask=1)
    constants = [net.const(np.array(size, np.int32)) for size in rest]
    net.op("PACK", [batch, *constants], [packed], values_count=1 + len(rest), axis=0)
    return packed


def open_batch(op: str) -> Iterator[Case]:
    """Shapes that follow from the input's at run time, as far as the file says."""
    for dtype in ("int8", "float32"):
        net = Net(op, dtype, "open_batch")
        shape = (3, 1, 4)
        x = leading(net, shape, dtype, **net.quantization(Q_MID))
        if op == "TILE":
            y = net.tensor((3, 5, 8), dtype, signature=(-1, 5, 8), **net.quantization(Q_MID))
            one = net.const(np.array([1, 5, 2], np.int32))
            yield replace(net.done(op, [x, one], y), oracle="litert")
            continue
        y = net.tensor((3, 5, 4), dtype, signature=(-1, 5, 4), **net.quantization(Q_MID))
        wanted = batch_of(net, x, shape, (5, 4))
        if op == "BROADCAST_ARGS":
            sizes, both = net.tensor((3,), "int32"), net.tensor((3,), "int32")
            net.op("SHAPE", [x], [sizes], version=1, out_type="INT32")
            net.op(op, [sizes, wanted], [both])
            wanted = both
        yield replace(net.done("BROADCAST_TO", [x, wanted], y, version=2), oracle="litert")


def deep_indices(op: str) -> Iterator[Case]:
    """GATHER_ND: indices of many shapes, slices and elements, beside an open batch."""
    rows = (
        ((6,), (1,)),
        ((3, 4), (2,)),
        ((3, 4, 2), (2, 2, 1)),
        ((2, 3, 4), (5, 3)),
        ((2, 3, 2, 2), (1, 2, 1, 2)),
        ((2, 2, 2, 3), (4, 4)),
        ((2, 2, 2, 2, 3), (3, 5)),
    )
    for dtype, (shape, indices) in product(("int8", "int16", "int32", "float32", "bool"), rows):
        net = Net(op, dtype, f"deep_{'x'.join(map(str, shape))}_by_{'x'.join(map(str, indices))}")
        depth = indices[-1]
        at = np.stack([net.rng.integers(0, size, indices[:-1]) for size in shape[:depth]], -1) if depth else np.zeros(indices)
        y = net.y((*indices[:-1], *shape[depth:]))
        yield replace(net.done(op, [net.x(shape), net.const(at.astype(np.int32))], y), oracle="litert")


def selected(op: str) -> Iterator[Case]:
    """SELECT_V2: types beside those of the table, conditions that are constants, an open batch."""
    for dtype, condition in product(("int16", "uint8", "int8", "float32"), ((3, 1, 4), (4,), (1, 5, 1), ())):
        net = Net(op, dtype, f"const_{'x'.join(map(str, condition)) or 'scalar'}")
        q = {"scale": 0.1} if dtype in ("int16", "uint8") else net.quantization(Q_MID)
        a = leading(net, (3, 5, 4), dtype, **q)
        b = net.input((4,), dtype, **q)
        chosen = net.const(net.rng.integers(0, 2, condition).astype(np.bool_))
        y = net.tensor((3, 5, 4), dtype, signature=(-1, 5, 4), **q)
        yield replace(net.done(op, [chosen, a, b], y, version=1), oracle="litert")


def roots(op: str) -> Iterator[Case]:
    """SQRT of what converters put in front of it: a mean of squares and a small number."""
    net = Net(op, "float32", "deviation")
    x = leading(net, (3, 6, 5), "float32")
    centre, squares, mean, sum_, y = (net.tensor((3, n, 5)) for n in (1, 6, 1, 1, 1))
    axes = net.const(np.array([1], np.int32))
    net.op("MEAN", [x, axes], [centre], keep_dims=True)
    net.op("SQUARED_DIFFERENCE", [x, centre], [squares])
    net.op("MEAN", [squares, axes], [mean], keep_dims=True)
    net.op("ADD", [mean, net.const(np.float32(1e-3))], [sum_])
    yield net.done(op, [sum_], y)


# -- nothing -----------------------------------------------------------------------------------------------------


def nothing(op: str) -> Iterator[Case]:
    """Operands without elements: results without, results of nothing, and parts that count for nothing."""
    for dtype in ("float32",) if op in ("SOFTMAX", "SUM") else ("int8", "float32"):
        for name, shapes, result, constants, options in _NOTHING[op]:
            net = Net(op, dtype, f"empty_{name}")
            operands = [net.x(shape) for shape in shapes]
            operands += [net.const(np.array(constant, np.int32)) for constant in constants]
            yield replace(net.done(op, operands, net.y(result), **options), oracle="litert")


_NOTHING: dict[str, tuple[tuple[str, tuple[Shape, ...], Shape, tuple[Any, ...], dict[str, Any]], ...]] = {
    "ADD": (("both", ((0, 3), (0, 3)), (0, 3), (), {}), ("stretched", ((2, 0, 3), (3,)), (2, 0, 3), (), {})),
    "CONCATENATION": (("part", ((2, 0, 3), (2, 4, 3)), (2, 4, 3), (), {"axis": 1}),),
    "MAXIMUM": (("both", ((3, 0), (3, 1)), (3, 0), (), {}),),
    "MEAN": (("rows", ((0, 3),), (0,), ([1],), {}),),
    "PAD": (("frame", ((0, 2),), (3, 3), ([[1, 2], [0, 1]],), {}),),
    "REDUCE_MAX": (("all", ((0, 3),), (3,), ([0],), {}), ("rows", ((0, 3),), (0,), ([1],), {})),
    "RELU": (("batch", ((0, 2, 3),), (0, 2, 3), (), {}),),
    "RESHAPE": (("flat", ((2, 0, 3),), (0, 6), ([0, 6],), {"new_shape": [0, 6]}),),
    "SOFTMAX": (("columns", ((2, 0),), (2, 0), (), {"beta": 1.0}),),
    "SUM": (("all", ((0, 3),), (3,), ([0],), {}),),
    "TRANSPOSE": (("rows", ((0, 3),), (3, 0), ([1, 0],), {}),),
}


def after_nothing() -> Iterator[Case]:
    """A result without elements that is joined to others later, and a slice of nothing as a model's output."""
    net = Net("SLICE", "float32", "empty_joined")
    x, none, y = net.x((2, 3)), net.y((2, 0)), net.y((2, 3))
    net.op("SLICE", [x, net.const(np.array([0, 3], np.int32)), net.const(np.array([2, 0], np.int32))], [none])
    net.op("CONCATENATION", [none, x], [y], axis=1)
    yield replace(net.case, model=net.build([y, none]), oracle="litert")


# -- all of them -------------------------------------------------------------------------------------------------

_OPERATORS: dict[str, Callable[[str], Iterable[Case]]] = {
    **dict.fromkeys(_FUNCTIONS, functions16),
    "BROADCAST_ARGS": open_batch,
    "BROADCAST_TO": open_batch,
    "GATHER_ND": deep_indices,
    "SELECT_V2": selected,
    "SQRT": lambda op: (*functions16(op), *roots(op)),
    "ADD": off_centre_sum,
    "SUB": off_centre_sum,
    "PADV2": computed_pad,
    "RESIZE_BILINEAR": resize16,
    "TILE": lambda op: (*many_loops(op), *open_batch(op)),
    "LEAKY_RELU": off_centre,
    "RELU6": off_centre,
    "PAD": pad,
    "MEAN": means16,
    "SUM": lambda op: (*means16(op), *whole(op)),
    **dict.fromkeys(("REDUCE_MAX", "REDUCE_MIN"), whole),
    "REDUCE_PROD": lambda op: (*whole(op), *products(op)),
    "CUMSUM": cumsum,
    "TOPK_V2": top_k,
    "EQUAL": scaled,
    "NOT_EQUAL": scaled,
    **dict.fromkeys(("FLOOR_DIV", "FLOOR_MOD"), floor16),
    "PRELU": prelu,
    "SQUARED_DIFFERENCE": int16_pairs,
}


@cache
def all_cases() -> dict[str, list[Case]]:
    """Every case, by operator."""
    cases = {op: list(make(op)) for op, make in _OPERATORS.items()}
    for op in _NOTHING:
        cases.setdefault(op, []).extend(nothing(op))
    return cases | {"SLICE": list(after_nothing())}
