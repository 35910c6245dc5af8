# SPDX-License-Identifier: Apache-2.0
"""Single-operator models for data movement, indices, casts, resizing and reductions; see opcases.py.

TFLM takes fewer element types than tinycc: a case whose type it lacks is settled by LiteRT.

Long: tables.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from opcases import Q_HIGH, Q_LOW, Q_MID, Q_OUT, Case, Net, Q, Shape

BOTH = ("int8", "float32")
MOVED = ("int8", "float32", "uint8", "int16", "int32", "int64", "bool")


@dataclass(frozen=True)
class Kind:
    """An operator's cases for an element type; `tflm` are the types that TFLM takes. int8 and float32 go through all cases,
    the others, where elements are only moved, through a few."""

    cases: Callable[[str], Iterator[Case]]
    types: tuple[str, ...] = MOVED
    tflm: tuple[str, ...] = BOTH
    few: int | None = 4

    def all(self) -> Iterator[Case]:
        for dtype in self.types:
            for case in itertools.islice(self.cases(dtype), None if dtype in BOTH else self.few):
                yield case if dtype in self.tflm else replace(case, oracle="litert")


def ints(net: Net, values: ArrayLike, dtype: str = "int32") -> int:
    """A constant operand of integers."""
    return net.const(np.asarray(values, dtype))


def many(net: Net, op: str, inputs: Sequence[int], outputs: Sequence[int], **options: Any) -> Case:
    """The case of an operator with several outputs."""
    net.op(op, inputs, outputs, **options)
    return replace(net.case, model=net.build(outputs))


# -- slices ------------------------------------------------------------------------------------------------------

_SLICES: tuple[tuple[Shape, Shape, Shape], ...] = (
    ((7,), (2,), (3,)),
    ((3, 5), (1, 0), (2, 5)),
    ((3, 5), (0, 2), (3, -1)),
    ((2, 3, 4), (1, 1, 1), (1, 2, 3)),
    ((1, 4, 5, 3), (0, 1, 2, 0), (1, 2, 3, 3)),
    ((2, 4, 5, 3), (0, 0, 0, 1), (-1, -1, -1, 2)),
    ((2, 2, 3, 2, 3), (0, 1, 1, 0, 1), (2, 1, 2, 2, 2)),
    ((1, 4, 5, 3), (0, 0, 0, 0), (1, 4, 5, 3)),
    ((3, 5), (0, 2), (3, 0)),
    ((2, 3, 4), (1, 0, 0), (0, 3, 4)),
)


def slice_(dtype: str) -> Iterator[Case]:
    for number, (shape, begin, size) in enumerate(_SLICES):
        for index in ("int32", "int64") if number == 3 else ("int32",):
            net = Net("SLICE", dtype, f"{number}_rank{len(shape)}_{index}")
            out = np.empty(shape)[tuple(slice(b, None if s == -1 else b + s) for b, s in zip(begin, size, strict=True))].shape
            case = net.done("SLICE", [net.x(shape), ints(net, begin, index), ints(net, size, index)], net.y(out))
            yield case if 0 not in out else replace(case, oracle="litert")  # TFLM takes such a result for a dynamic one


@dataclass(frozen=True)
class Strided:
    """A row of STRIDED_SLICE; `out` is the expected shape."""

    name: str
    shape: Shape
    begin: Shape
    end: Shape
    strides: Shape
    out: Shape
    begin_mask: int = 0
    end_mask: int = 0
    shrink_axis_mask: int = 0
    ellipsis_mask: int = 0
    new_axis_mask: int = 0
    litert: bool = False

    @property
    def masks(self) -> dict[str, int]:
        names = ("begin_mask", "end_mask", "shrink_axis_mask", "ellipsis_mask", "new_axis_mask")
        return {name: getattr(self, name) for name in names}


_STRIDED = (
    Strided("plain", (7,), (1,), (6,), (2,), (3,)),
    Strided("whole", (3, 4), (0, 0), (3, 4), (1, 1), (3, 4)),
    Strided("negative_stride", (7,), (5,), (1,), (-2,), (2,)),
    Strided("reversed", (2, 7), (0, 0), (0, 0), (1, -1), (2, 7), begin_mask=3, end_mask=3),
    Strided("to_the_front", (7,), (-1,), (-9,), (-1,), (7,)),
    Strided("negative_indices", (2, 5), (-1, -4), (2, -1), (1, 1), (1, 3)),
    Strided("out_of_range", (2, 5), (-9, 1), (9, 99), (1, 2), (2, 2)),
    Strided("masks", (2, 4, 5, 3), (1, 1, 1, 1), (1, 3, 1, 1), (1, 1, 2, 1), (2, 2, 3, 3), begin_mask=13, end_mask=13),
    Strided("shrink", (2, 4, 5, 3), (1, 0, 2, 0), (2, 4, 3, 3), (1, 1, 1, 1), (4, 3), shrink_axis_mask=5),
    Strided("shrink_negative", (2, 4), (-1, 0), (0, 4), (1, 1), (4,), shrink_axis_mask=1),
    Strided("shrink_all", (4,), (2,), (3,), (1,), (), shrink_axis_mask=1),
    Strided("strided_rows", (1, 9, 2, 3), (0, 1, 0, 0), (1, 9, 2, 3), (1, 3, 1, 1), (1, 3, 2, 3)),
    Strided("all_strided", (3, 5, 4, 5), (0, 4, 3, 1), (3, 0, 0, 5), (2, -3, -2, 2), (2, 2, 2, 2)),
    Strided("fewer_ranges", (3, 4, 5), (1,), (3,), (1,), (2, 4, 5), litert=True),
    Strided(
        "ellipsis",
        (2, 3, 4),
        (0, 0, 1),
        (0, 0, 3),
        (1, 1, 1),
        (2, 3, 2),
        ellipsis_mask=1,
        begin_mask=2,
        end_mask=2,
        litert=True,
    ),
    Strided("ellipsis_first", (2, 3, 4), (0, 1), (0, 3), (1, 1), (2, 3, 2), ellipsis_mask=1, litert=True),
    Strided("ellipsis_last", (2, 3, 4), (1, 0), (2, 0), (1, 1), (3, 4), ellipsis_mask=2, shrink_axis_mask=1, litert=True),
    Strided("new_axis", (3, 4), (0, 0, 1), (0, 3, 3), (1, 1, 1), (1, 3, 2), new_axis_mask=1, litert=True),
    Strided("new_axis_last", (3, 4), (1, 0, 0), (3, 4, 0), (1, 1, 1), (2, 4, 1), new_axis_mask=4, litert=True),
    Strided("rank5", (2, 2, 3, 2, 2), (0, 1, 0, 0, 0), (2, 2, 3, 2, 2), (1, 1, 2, 1, 1), (2, 1, 2, 2, 2), litert=True),
)


def strided_slice(dtype: str) -> Iterator[Case]:
    for row in _STRIDED:
        net = Net("STRIDED_SLICE", dtype, row.name)
        operands = [net.x(row.shape), *(ints(net, part) for part in (row.begin, row.end, row.strides))]
        case = net.done("STRIDED_SLICE", operands, net.y(row.out), **row.masks)
        yield replace(case, oracle="litert") if row.litert else case


def reverse_v2(dtype: str) -> Iterator[Case]:
    for shape, axes in (
        ((7,), (0,)),
        ((3, 4), (1,)),
        ((3, 4), (-2,)),
        ((2, 3, 4), (1, 2)),
        ((2, 3, 4, 2), (1,)),
        ((2, 3), (1, 0)),
    ):
        net = Net("REVERSE_V2", dtype, f"rank{len(shape)}_axes{'_'.join(map(str, axes))}")
        yield net.done("REVERSE_V2", [net.x(shape), ints(net, axes)], net.y(shape))


_SPLITS: tuple[tuple[Shape, int, Shape], ...] = (
    ((6,), 0, (2, 2, 2)),
    ((2, 6), 1, (3, 3)),
    ((2, 6), -1, (1, 2, 3)),
    ((4, 3), 0, (1, 3)),
    ((1, 5, 4, 6), 3, (2, 4)),
    ((2, 4, 3, 2), 1, (2, 2)),
    ((2, 5, 3), -2, (5,)),
    ((1, 11, 1, 8), 1, (1, 10)),
)


def split(op: str, dtype: str) -> Iterator[Case]:
    for shape, axis, sizes in _SPLITS:
        if op == "SPLIT" and len(set(sizes)) > 1:
            continue
        for rest in (False, True) if op == "SPLIT_V" else (False,):
            net = Net(op, dtype, f"rank{len(shape)}_axis{axis}_of{'_'.join(map(str, sizes))}" + ("_rest" if rest else ""))
            x, at = net.x(shape), ints(net, axis)
            given = ints(net, (*sizes[:-1], -1) if rest else sizes)
            d = axis % len(shape)
            ys = [net.y((*shape[:d], size, *shape[d + 1 :])) for size in sizes]
            yield many(net, op, [at, x] if op == "SPLIT" else [x, given, at], ys, num_splits=len(sizes))


def unpack(dtype: str) -> Iterator[Case]:
    for shape, axis in (((3,), 0), ((2, 5), 0), ((2, 5), 1), ((2, 3, 4), -1), ((2, 3, 4), -2), ((1, 7), 0), ((2, 2, 3, 2), 2)):
        net = Net("UNPACK", dtype, f"rank{len(shape)}_axis{axis}_of{shape[axis]}")
        part = tuple(np.delete(shape, axis))
        yield many(net, "UNPACK", [net.x(shape)], [net.y(part) for _ in range(shape[axis])], axis=axis, num=shape[axis])


def pack(dtype: str) -> Iterator[Case]:
    for shape, axis, count in (
        ((), 0, 3),
        ((5,), 0, 2),
        ((5,), 1, 2),
        ((2, 3), -1, 3),
        ((2, 3), 1, 2),
        ((2, 3, 4), -2, 2),
        ((1, 4), 0, 1),
    ):
        net = Net("PACK", dtype, f"rank{len(shape)}_axis{axis}_of{count}")
        at = axis % (len(shape) + 1)
        y = net.y((*shape[:at], count, *shape[at:]))
        yield net.done("PACK", [net.x(shape) for _ in range(count)], y, axis=axis, values_count=count)


# -- repeated elements -------------------------------------------------------------------------------------------


def tile(dtype: str) -> Iterator[Case]:
    for shape, multiples in (
        ((3,), (2,)),
        ((2, 3), (1, 3)),
        ((2, 3), (3, 1)),
        ((2, 1, 3), (2, 4, 2)),
        ((1, 2, 3, 2), (2, 1, 2, 3)),
    ):
        for index in ("int32", "int64") if len(shape) == 3 else ("int32",):
            net = Net("TILE", dtype, f"rank{len(shape)}_{'x'.join(map(str, multiples))}_{index}")
            y = net.y(np.multiply(shape, multiples).tolist())
            yield net.done("TILE", [net.x(shape), ints(net, multiples, index)], y)


def broadcast_to(dtype: str) -> Iterator[Case]:
    rows: tuple[tuple[Shape, Shape], ...] = (
        ((1,), (5,)),
        ((3,), (2, 3)),
        ((3, 1), (3, 4)),
        ((1, 2, 1), (3, 2, 4)),
        ((2, 1, 3, 1), (2, 4, 3, 5)),
        ((1, 1, 1, 2, 1), (1, 2, 1, 2, 2)),
        ((2, 3), (2, 3)),
    )
    for shape, wanted in rows:
        net = Net("BROADCAST_TO", dtype, f"{'x'.join(map(str, shape))}_to_{'x'.join(map(str, wanted))}")
        yield net.done("BROADCAST_TO", [net.x(shape), ints(net, wanted)], net.y(wanted))


def fill(dtype: str) -> Iterator[Case]:
    for shape in ((4,), (2, 3), (1, 2, 3, 4)):
        for const in (False, True):
            net = Net("FILL", dtype, "x".join(map(str, shape)) + ("_const" if const else ""))
            value = net.random(()) if const else net.x(())
            yield net.done("FILL", [ints(net, shape), value], net.y(shape))


_MIRRORS: tuple[tuple[Shape, tuple[tuple[int, int], ...]], ...] = (
    ((5,), ((2, 3),)),
    ((3, 4), ((1, 2), (0, 3))),
    ((2, 3, 4), ((1, 1), (2, 2), (3, 0))),
    ((1, 4, 5, 3), ((0, 0), (1, 1), (2, 1), (0, 0))),
    ((2, 2, 3, 2), ((1, 0), (0, 1), (2, 2), (1, 1))),
    ((1, 3, 3, 1), ((0, 0), (0, 0), (0, 0), (0, 0))),
)


def mirror_pad(dtype: str) -> Iterator[Case]:
    for (shape, paddings), mode in product(_MIRRORS, ("REFLECT", "SYMMETRIC")):
        net = Net("MIRROR_PAD", dtype, f"rank{len(shape)}_{mode.lower()}_{np.sum(paddings)}")
        y = net.y([d + sum(p) for d, p in zip(shape, paddings, strict=True)])
        yield net.done("MIRROR_PAD", [net.x(shape), ints(net, paddings)], y, mode=mode)


# -- blocks ------------------------------------------------------------------------------------------------------


def space_to_depth(dtype: str) -> Iterator[Case]:
    for (n, h, w, c), block in (((1, 4, 6, 3), 2), ((2, 3, 3, 1), 3), ((1, 2, 4, 5), 1), ((1, 8, 8, 3), 4)):
        net = Net("SPACE_TO_DEPTH", dtype, f"{h}x{w}x{c}_block{block}")
        y = net.y((n, h // block, w // block, c * block * block))
        yield net.done("SPACE_TO_DEPTH", [net.x((n, h, w, c))], y, block_size=block)


def depth_to_space(dtype: str) -> Iterator[Case]:
    for (n, h, w, c), block in (((1, 2, 3, 12), 2), ((2, 1, 2, 9), 3), ((1, 2, 4, 5), 1), ((1, 2, 2, 16), 4)):
        net = Net("DEPTH_TO_SPACE", dtype, f"{h}x{w}x{c}_block{block}")
        y = net.y((n, h * block, w * block, c // block**2))
        yield net.done("DEPTH_TO_SPACE", [net.x((n, h, w, c))], y, block_size=block)


_BLOCKS: tuple[tuple[str, Shape, Shape, tuple[tuple[int, int], ...]], ...] = (
    ("even", (1, 4, 6, 3), (2, 2), ((0, 0), (0, 0))),
    ("framed", (2, 3, 4, 2), (2, 3), ((1, 0), (0, 2))),
    ("wide_frame", (1, 2, 2, 3), (3, 2), ((4, 3), (2, 2))),
    ("one_way", (1, 4, 5, 2), (2, 1), ((0, 0), (1, 0))),
    ("rank3", (2, 5, 3), (3,), ((1, 0),)),
)


def space_to_batch(dtype: str) -> Iterator[Case]:
    for (name, shape, blocks, margins), q in product(_BLOCKS, (Q(0.1, 0), Q_LOW) if dtype == "int8" else (Q_MID,)):
        net = Net("SPACE_TO_BATCH_ND", dtype, f"{name}_zp{q.zero_point}")
        spatial = [(size + sum(m)) // b for size, m, b in zip(shape[1:], margins, blocks, strict=False)]
        y = net.y((shape[0] * int(np.prod(blocks)), *spatial, shape[-1]), q)
        case = net.done("SPACE_TO_BATCH_ND", [net.x(shape, q), ints(net, blocks), ints(net, margins)], y)
        yield case
        if q.zero_point and dtype == "int8":  # The runtimes pad with different codes.
            yield replace(case, name=f"{case.name}_litert", oracle="litert")


def batch_to_space(dtype: str) -> Iterator[Case]:
    for name, shape, blocks, margins in _BLOCKS:
        net = Net("BATCH_TO_SPACE_ND", dtype, name)
        spatial = [(size + sum(m)) // b for size, m, b in zip(shape[1:], margins, blocks, strict=False)]
        x = net.x((shape[0] * int(np.prod(blocks)), *spatial, shape[-1]))
        yield net.done("BATCH_TO_SPACE_ND", [x, ints(net, blocks), ints(net, margins)], net.y(shape))


# -- indices -----------------------------------------------------------------------------------------------------

_GATHERS: tuple[tuple[Shape, Shape, int, int], ...] = (
    ((6,), (3,), 0, 0),
    ((5, 3), (4,), 0, 0),
    ((5, 3), (2, 2), 0, 0),
    ((2, 4, 3), (5,), 1, 0),
    ((2, 4, 5), (3,), -1, 0),
    ((4, 2), (), 0, 0),
    ((2, 4, 3), (2, 3), 1, 1),
    ((2, 3, 4, 2), (2, 3), 2, 1),
    ((2, 3, 4, 2), (2, 3, 2), -2, 2),
)


def gather(dtype: str) -> Iterator[Case]:
    for (shape, coords, axis, batch), source in product(_GATHERS, ("const", "int32", "int64")):
        net = Net(
            "GATHER", dtype, f"{'x'.join(map(str, shape))}_by_{'x'.join(map(str, coords))}_axis{axis}_batch{batch}_{source}"
        )
        at, batches = axis % len(shape), shape[:batch]
        x = net.x(shape)
        indices = ints(net, net.rng.integers(0, shape[at], coords)) if source == "const" else net.input(coords, source)
        y = net.y((*batches, *shape[batch:at], *coords[batch:], *shape[at + 1 :]))
        case = net.done("GATHER", [x, indices], y, axis=axis, batch_dims=batch)
        yield replace(case, oracle="litert") if source == "int64" else case


def gather_nd(dtype: str) -> Iterator[Case]:
    rows: tuple[tuple[Shape, Shape], ...] = (
        ((5,), (3, 1)),
        ((4, 5), (3, 2)),
        ((4, 5), (2, 1)),
        ((4, 4, 3), (2, 3, 2)),
        ((4, 4, 4), (3,)),
        ((4, 4, 4, 2), (1, 3)),
    )
    for (shape, coords), source in product(rows, ("const", "int32", "int64")):
        net = Net("GATHER_ND", dtype, f"{'x'.join(map(str, shape))}_by_{'x'.join(map(str, coords))}_{source}")
        x = net.x(shape)
        limits = shape[: coords[-1]]
        indices = ints(net, net.rng.integers(0, limits, coords)) if source == "const" else net.input(coords, source)
        case = net.done("GATHER_ND", [x, indices], net.y((*coords[:-1], *shape[coords[-1] :])))
        yield replace(case, oracle="litert") if source == "int64" else case


def embedding_lookup(dtype: str) -> Iterator[Case]:
    for shape, count in (((5, 3), 4), ((4, 2, 3), 2), ((7, 1), 1)):
        for table in ("const", "input"):
            net = Net("EMBEDDING_LOOKUP", dtype, f"{'x'.join(map(str, shape))}_of{count}_{table}")
            indices, x = net.input((count,), "int32"), net.random(shape) if table == "const" else net.x(shape)
            yield net.done("EMBEDDING_LOOKUP", [indices, x], net.y((count, *shape[1:])))
        if dtype == "int8":
            net = Net("EMBEDDING_LOOKUP", dtype, f"{'x'.join(map(str, shape))}_of{count}_to_float")
            indices, x = net.input((count,), "int32"), net.random(shape, Q(0.07))
            yield net.done("EMBEDDING_LOOKUP", [indices, x], net.tensor((count, *shape[1:])))


def scatter_nd(dtype: str) -> Iterator[Case]:
    for shape, coords in (((5,), (3, 1)), ((4, 4), (3, 2)), ((4, 3), (4, 1)), ((4, 4, 2), (2, 2, 2))):
        net = Net("SCATTER_ND", dtype, f"{'x'.join(map(str, shape))}_by_{'x'.join(map(str, coords))}")
        indices, updates = net.input(coords, "int32"), net.x((*coords[:-1], *shape[coords[-1] :]))
        yield net.done("SCATTER_ND", [indices, updates, ints(net, shape)], net.y(shape))


def one_hot(dtype: str) -> Iterator[Case]:
    for shape, axis, index in (
        ((5,), -1, "int32"),
        ((2, 3), 0, "int32"),
        ((2, 3), 1, "int64"),
        ((2, 3), -1, "int32"),
        ((), 0, "int32"),
    ):
        net = Net("ONE_HOT", dtype, f"rank{len(shape)}_axis{axis}_{index}")
        at = axis % (len(shape) + 1)
        operands = [net.input(shape, index), ints(net, 3), net.random(()), net.random(())]
        yield net.done("ONE_HOT", operands, net.y((*shape[:at], 3, *shape[at:])), axis=axis)


def dynamic_update_slice(dtype: str) -> Iterator[Case]:
    for shape, block in (
        ((6,), (3,)),
        ((4, 5), (2, 3)),
        ((4, 5), (4, 5)),
        ((1, 6, 3), (1, 1, 3)),
        ((2, 4, 3, 5), (1, 2, 2, 4)),
    ):
        for index in ("int32", "int64"):
            net = Net("DYNAMIC_UPDATE_SLICE", dtype, f"{'x'.join(map(str, shape))}_by_{'x'.join(map(str, block))}_{index}")
            operands = [net.x(shape), net.x(block), net.input((len(shape),), index)]
            yield net.done("DYNAMIC_UPDATE_SLICE", operands, net.y(shape))


def reverse_sequence(dtype: str) -> Iterator[Case]:
    for shape, seq, batch in (((4, 8), 1, 0), ((8, 4), 0, 1), ((2, 3, 4, 2), 2, 1), ((2, 5, 3, 2), 1, 3), ((3, 4, 2), 0, 2)):
        net = Net("REVERSE_SEQUENCE", dtype, f"{'x'.join(map(str, shape))}_seq{seq}_batch{batch}")
        lengths = net.input((shape[batch],), "int32" if len(shape) < 4 else "int64")
        yield net.done("REVERSE_SEQUENCE", [net.x(shape), lengths], net.y(shape), seq_dim=seq, batch_dim=batch)


# -- values known beforehand -------------------------------------------------------------------------------------


def shape_of(dtype: str) -> Iterator[Case]:
    for shape in ((3,), (2, 3, 4), (1, 1, 1, 7)):
        net = Net("SHAPE", dtype, "x".join(map(str, shape)))
        yield net.done("SHAPE", [net.x(shape)], net.tensor((len(shape),), "int32"), out_type="INT32")


def zeros_like(dtype: str) -> Iterator[Case]:
    for shape in ((3,), (2, 3, 4)):
        net = Net("ZEROS_LIKE", dtype, "x".join(map(str, shape)))
        yield net.done("ZEROS_LIKE", [net.x(shape)], net.y(shape))


def range_(dtype: str) -> Iterator[Case]:
    for start, limit, delta in ((0, 5, 1), (2, 11, 3), (5, -6, -2), (3, 3, 1)):
        half = 0.1 if dtype == "float32" else 0
        values = [np.asarray(part, dtype) for part in (start + half, limit, delta + half)]
        net = Net("RANGE", dtype, f"{start}_{limit}_{delta}")
        count = int(np.ceil((values[1] - values[0]) / values[2]))
        if count > 0:
            yield net.done("RANGE", [net.const(part) for part in values], net.y((count,)))


def broadcast_args(dtype: str) -> Iterator[Case]:
    for a, b in (((3, 1), (1, 4)), ((5,), (2, 3, 1)), ((1,), (1,))):
        net = Net("BROADCAST_ARGS", dtype, f"{'x'.join(map(str, a))}_{'x'.join(map(str, b))}")
        y = net.y((max(len(a), len(b)),))
        yield net.done("BROADCAST_ARGS", [ints(net, a, dtype), ints(net, b, dtype)], y)


# -- casts -------------------------------------------------------------------------------------------------------

_CAST = (*MOVED, "uint32")
_TFLM_CASTS = (("int8", "int16", "int32", "uint32", "float32", "bool"), ("int8", "int16", "int32", "uint32", "float32"))


def cast(dtype: str) -> Iterator[Case]:
    for target in _CAST:
        if (dtype, target) in (("float32", "uint8"), ("float32", "bool")):
            continue  # C leaves negative floats as uint8 open, and LiteRT float as bool.
        net = Net("CAST", dtype, f"to_{target}")
        case = net.done("CAST", [net.input((3, 40), dtype)], net.tensor((3, 40), target))
        yield case if dtype in _TFLM_CASTS[0] and target in _TFLM_CASTS[1] else replace(case, oracle="litert")


# -- resizing ----------------------------------------------------------------------------------------------------

_RESIZES: tuple[tuple[Shape, tuple[int, int]], ...] = (
    ((1, 3, 4, 2), (6, 8)),
    ((2, 6, 6, 3), (3, 2)),
    ((1, 5, 7, 1), (8, 11)),
    ((1, 4, 4, 5), (4, 4)),
    ((1, 1, 1, 3), (5, 4)),
    ((1, 7, 3, 2), (1, 1)),
    ((1, 2, 3, 1), (31, 45)),
)


def resize(op: str, dtype: str) -> Iterator[Case]:
    for (shape, size), mode in product(_RESIZES, ("plain", "align_corners", "half_pixel_centers")):
        net = Net(op, dtype, f"{'x'.join(map(str, shape))}_to_{size[0]}x{size[1]}_{mode}")
        options = {} if mode == "plain" else {mode: True}
        yield net.done(op, [net.x(shape), ints(net, size)], net.y((shape[0], *size, shape[3])), **options)


# -- reductions --------------------------------------------------------------------------------------------------

_REDUCTIONS: tuple[tuple[Shape, tuple[int, ...], bool], ...] = (
    ((7,), (0,), True),
    ((3, 5), (1,), False),
    ((3, 5), (-2,), True),
    ((2, 3, 4), (1,), False),
    ((1, 4, 5, 3), (1, 2), True),
    ((2, 3, 4, 5), (0, 2), False),
    ((2, 3, 4, 5), (3, 1), True),
    ((2, 3, 2, 2), (0, 1, 2, 3), False),
)


def reduction(op: str, dtype: str, qs: tuple[tuple[Q, Q], ...] = ((Q_MID, Q_MID),)) -> Iterator[Case]:
    for (shape, axes, keep_dims), (q_x, q_y) in product(_REDUCTIONS, qs if dtype == "int8" else qs[:1]):
        net = Net(op, dtype, f"rank{len(shape)}_axes{'_'.join(map(str, axes))}_zp{q_x.zero_point}_{q_y.zero_point}")
        out = np.empty(shape).sum(axes, keepdims=keep_dims).shape
        operands = [net.x(shape, q_x), ints(net, axes)]
        yield net.done(op, operands, net.y(out, q_y), keep_dims=keep_dims)


def sum_(dtype: str) -> Iterator[Case]:
    return reduction("SUM", dtype, ((Q_MID, Q_OUT), (Q_LOW, Q(0.2, 5)), (Q_HIGH, Q(0.001, -128)), (Q(1e-5, 3), Q(1.0, -4))))


def arg(op: str, dtype: str) -> Iterator[Case]:
    for (shape, axis), result in product(
        (((9,), 0), ((3, 5), 1), ((3, 5), 0), ((2, 4, 3), -2), ((1, 1), -1)), ("int32", "int64")
    ):
        net = Net(op, dtype, f"rank{len(shape)}_axis{axis}_{result}")
        y = net.tensor(np.delete(shape, axis).tolist(), result)
        case = net.done(op, [net.x(shape), ints(net, axis)], y, output_type=result.upper())
        yield replace(case, oracle="litert") if result == "int64" else case


def topk(dtype: str) -> Iterator[Case]:
    for shape, k in (((9,), 1), ((3, 7), 3), ((2, 3, 5), 5)):
        net = Net("TOPK_V2", dtype, f"rank{len(shape)}_k{k}")
        ys = [net.y((*shape[:-1], k)), net.tensor((*shape[:-1], k), "int32")]
        yield many(net, "TOPK_V2", [net.x(shape), ints(net, k)], ys)


def cumsum(dtype: str) -> Iterator[Case]:
    rows: tuple[tuple[Shape, int], ...] = (((7,), 0), ((3, 5), 1), ((3, 5), -2), ((2, 4, 3), 1), ((2, 40), 1))
    for (shape, axis), exclusive, reverse in product(rows, (False, True), (False, True)):
        for q in (Q(0.5, -3), Q(5.0, 127)) if dtype == "int8" else (Q_MID,):
            flags = ("_exclusive" if exclusive else "") + ("_reverse" if reverse else "")
            net = Net("CUMSUM", dtype, f"{'x'.join(map(str, shape))}_axis{axis}{flags}_zp{q.zero_point}")
            operands = [net.x(shape), ints(net, axis)]
            yield net.done("CUMSUM", operands, net.y(shape, q), exclusive=exclusive, reverse=reverse)


# -- all of them -------------------------------------------------------------------------------------------------

_COMPARED = ("int8", "float32", "uint8", "int32")

_KINDS: dict[str, Kind] = {
    "SLICE": Kind(slice_, tflm=("int8", "float32", "int16", "int32", "bool")),
    "STRIDED_SLICE": Kind(strided_slice, tflm=("int8", "float32", "int16", "int32", "bool")),
    "REVERSE_V2": Kind(reverse_v2, tflm=MOVED),
    "SPLIT": Kind(lambda dtype: split("SPLIT", dtype), MOVED[:6], tflm=("int8", "float32", "int16", "int32")),
    "SPLIT_V": Kind(lambda dtype: split("SPLIT_V", dtype), MOVED[:6], tflm=("int8", "float32", "int16", "int32")),
    "UNPACK": Kind(unpack, ("int8", "float32", "uint8", "int16", "int32", "bool"), tflm=("int8", "float32", "int16", "int32")),
    "PACK": Kind(pack, MOVED[:6], tflm=("int8", "float32", "int16", "int32", "int64")),
    "TILE": Kind(tile, tflm=()),
    "BROADCAST_TO": Kind(broadcast_to, tflm=MOVED),
    "FILL": Kind(fill, tflm=("int8", "float32", "int32")),
    "MIRROR_PAD": Kind(mirror_pad, MOVED[:6]),
    "SPACE_TO_DEPTH": Kind(space_to_depth, ("int8", "float32", "uint8", "int32", "int64")),
    "DEPTH_TO_SPACE": Kind(depth_to_space, ("int8", "float32", "uint8", "int32", "int64")),
    "SPACE_TO_BATCH_ND": Kind(space_to_batch, ("int8", "float32", "int32", "int64")),
    "BATCH_TO_SPACE_ND": Kind(batch_to_space, ("int8", "float32", "uint8", "int32", "int64")),
    "GATHER": Kind(gather),
    "GATHER_ND": Kind(gather_nd),
    "EMBEDDING_LOOKUP": Kind(embedding_lookup, BOTH),
    "SCATTER_ND": Kind(scatter_nd, ("int8", "float32", "uint8", "int32", "int64", "bool"), tflm=(), few=None),
    "ONE_HOT": Kind(one_hot, ("int8", "float32", "uint8", "int32", "int64", "bool"), tflm=()),
    "DYNAMIC_UPDATE_SLICE": Kind(dynamic_update_slice, ("int8", "float32", "int16", "int32"), tflm=MOVED),
    "REVERSE_SEQUENCE": Kind(reverse_sequence, ("float32", "uint8", "int16", "int32", "int64"), tflm=()),
    "SHAPE": Kind(shape_of, tflm=MOVED),
    "ZEROS_LIKE": Kind(zeros_like, ("int8", "float32", "int32", "int64"), tflm=MOVED),
    "RANGE": Kind(range_, ("int32", "int64", "float32"), tflm=(), few=None),
    "BROADCAST_ARGS": Kind(broadcast_args, ("int32", "int64"), tflm=MOVED),
    "CAST": Kind(cast, _CAST, tflm=_CAST, few=None),
    "RESIZE_NEAREST_NEIGHBOR": Kind(
        lambda dtype: resize("RESIZE_NEAREST_NEIGHBOR", dtype),
        ("int8", "float32", "uint8", "int16"),
        tflm=("int8", "float32", "int16"),
    ),
    "RESIZE_BILINEAR": Kind(lambda dtype: resize("RESIZE_BILINEAR", dtype), (*BOTH, "uint8"), few=None),
    "REDUCE_MAX": Kind(lambda dtype: reduction("REDUCE_MAX", dtype), _COMPARED, few=None),
    "REDUCE_MIN": Kind(lambda dtype: reduction("REDUCE_MIN", dtype), _COMPARED, few=None),
    "REDUCE_ANY": Kind(lambda dtype: reduction("REDUCE_ANY", dtype), ("bool",), few=None),
    "REDUCE_ALL": Kind(lambda dtype: reduction("REDUCE_ALL", dtype), ("bool",), tflm=MOVED, few=None),
    "REDUCE_PROD": Kind(lambda dtype: reduction("REDUCE_PROD", dtype), ("float32", "int32"), tflm=(), few=None),
    "SUM": Kind(sum_, ("int8", "float32", "int32"), few=None),
    "ARG_MAX": Kind(lambda dtype: arg("ARG_MAX", dtype), (*_COMPARED, "bool"), few=None),
    "ARG_MIN": Kind(lambda dtype: arg("ARG_MIN", dtype), (*_COMPARED, "bool"), few=None),
    "TOPK_V2": Kind(topk, _COMPARED, tflm=(), few=None),
    "CUMSUM": Kind(cumsum, ("int8", "float32", "int32"), few=None),
}


@cache
def all_cases() -> dict[str, list[Case]]:
    """Every case, by operator."""
    return {op: list(kind.all()) for op, kind in _KINDS.items()}
