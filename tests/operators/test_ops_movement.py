# SPDX-License-Identifier: Apache-2.0
"""Data movement and indices, what opcases_movement.py leaves out: folding, choice of kernels, refusals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from model_builder import ModelBuilder

from tinycc.compiler import compile, load
from tinycc.errors import CompileError
from tinycc.execution.host import HostModel
from tinycc.ops.movement.base import Movement
from tinycc.ops.movement.reshape import Reshape


def ints(m: ModelBuilder, *values: int) -> int:
    return m.const(np.asarray(values, np.int32))


def one(op: str, shape: tuple[int, ...], operands: list[np.ndarray], out: tuple[int, ...], **options: int) -> bytes:
    """A float32 operator whose first operand is the input."""
    m = ModelBuilder()
    inputs = [m.input(shape), *map(m.const, operands)]
    y = m.tensor(out)
    m.op(op, inputs, [y], **options)
    return m.build([y])


def test_shape_computations_fold_away() -> None:
    """reshape(x, [shape(x)[0] * 1, -1 as the product of the others]) leaves one view."""
    m = ModelBuilder()
    x = m.input((2, 3, 4))
    shape, first, rest, folded, wide, narrow = (m.tensor(s, t) for s, t in (
        ((3,), "int32"), ((), "int32"), ((2,), "int32"), ((), "int32"), ((2,), "int64"), ((2,), "int32"),
    ))  # fmt: skip
    packed, y = m.tensor((2,), "int32"), m.tensor((2, 12))
    m.op("SHAPE", [x], [shape], out_type="INT32")
    m.op("STRIDED_SLICE", [shape, ints(m, 0), ints(m, 1), ints(m, 1)], [first], shrink_axis_mask=1)
    m.op("GATHER", [shape, ints(m, 1, 2)], [rest])
    m.op("REDUCE_PROD", [rest, ints(m, 0)], [folded])
    m.op("PACK", [first, folded], [packed], axis=0, values_count=2)
    m.op("CAST", [packed], [wide])
    m.op("CAST", [wide], [narrow])
    m.op("RESHAPE", [x, narrow], [y])
    (op,) = load(m.build([y])).graph.ops
    assert isinstance(op, Reshape)
    assert op.shape == (2, 12)


@pytest.mark.parametrize(
    "data",
    [
        one("TRANSPOSE", (1, 5, 1), [np.asarray([2, 1, 0], np.int32)], (1, 5, 1)),
        one("PACK", (4, 2), [], (1, 4, 2), axis=0, values_count=1),
        one("UNPACK", (1, 7), [], (7,), axis=0, num=1),
        one("SLICE", (3, 2), [np.asarray([0, 0], np.int32), np.asarray([-1, 2], np.int32)], (3, 2)),
        one("SPACE_TO_DEPTH", (1, 2, 1, 3), [], (1, 2, 1, 3), block_size=1),
    ],
)
def test_what_moves_nothing_has_no_code(data: bytes) -> None:
    assert all(not isinstance(op, Movement) for op in compile(load(data), name="model").graph.ops)


@pytest.mark.parametrize(
    ("data", "kernels"),
    [
        (one("SLICE", (3, 4), [np.asarray([1, 1], np.int32), np.asarray([2, 2], np.int32)], (2, 2)), ["tk_copy_rows"]),
        (one("SLICE", (3, 4), [np.asarray([1, 0], np.int32), np.asarray([2, 4], np.int32)], (2, 4)), ["tk_copy_rows"]),
        (one("REVERSE_V2", (3, 4), [np.asarray([0], np.int32)], (3, 4)), ["tk_copy_strided"]),
        (one("TILE", (4,), [np.asarray([3], np.int32)], (12,)), ["tk_copy_rows"]),
        (one("TILE", (4, 1), [np.asarray([1, 3], np.int32)], (4, 3)), ["tk_copy_strided"]),
        (one("MIRROR_PAD", (4, 3), [np.asarray([[1, 1], [0, 0]], np.int32)], (6, 3)), ["tk_copy_rows"] * 3),
    ],
)
def test_kernels(data: bytes, kernels: list[str]) -> None:
    compilation = compile(load(data), name="model")
    assert [call.symbol for step in compilation.program.steps for call in step.calls] == kernels


@pytest.mark.parametrize(
    ("shape", "permutation", "kernel"),
    [
        ((2, 3, 4, 5), (0, 3, 1, 2), "arm_transpose_s8"),  # three dimensions: 2, 12, 5
        ((2, 3, 4, 5), (3, 2, 1, 0), "arm_transpose_s8"),
        ((1, 5, 1, 7), (0, 3, 2, 1), "arm_transpose_s8"),  # a matrix
        ((4, 3, 5), (1, 0, 2), "tk_copy_strided"),  # bytes in rows of 5
        ((2, 3, 4, 5), (0, 2, 1, 3), "tk_copy_strided"),
        ((2, 2, 2, 2, 2), (4, 3, 2, 1, 0), "tk_copy_strided"),  # five dimensions
        ((2, 9362), (1, 0), "arm_transpose_s8"),
        ((2, 9363), (1, 0), "tk_copy_strided"),
        ((65535, 2), (1, 0), "arm_transpose_s8"),
        ((65536, 2), (1, 0), "tk_copy_strided"),
    ],
)
def test_transpose_kernels(shape: tuple[int, ...], permutation: tuple[int, ...], kernel: str, runtime_archive: Path) -> None:
    """CMSIS-NN's function where it counts far enough, whole rows by memcpy."""
    m = ModelBuilder()
    x = m.input(shape, "int8", scale=0.1, zero_point=3)
    y = m.tensor(tuple(shape[axis] for axis in permutation), "int8", scale=0.1, zero_point=3)
    m.op("TRANSPOSE", [x, ints(m, *permutation)], [y])
    compilation = compile(load(m.build([y])), name="model")
    assert [call.symbol for step in compilation.program.steps for call in step.calls] == [kernel]
    codes = np.random.default_rng(0).integers(-128, 128, shape).astype(np.int8)
    with HostModel(compilation, archive=runtime_archive) as host:
        np.testing.assert_array_equal(host.run([codes]).outputs[0], codes.transpose(permutation))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (one("SLICE", (3,), [np.asarray([2], np.int32), np.asarray([2], np.int32)], (2,)), "a part of the operand"),
        (one("TILE", (2, 2), [np.asarray([2**30, 2**30], np.int32)], (4, 4)), "less than 2"),
        (one("BROADCAST_TO", (3,), [np.asarray([4], np.int32)], (4,)), "a shape that fits"),
        (one("GATHER", (3,), [np.asarray([0], np.int32)], (1,), axis=1), "axis 1 of 1 dimensions"),
        (one("TOPK_V2", (3,), [np.asarray([4], np.int32)], (4,)), "the largest 4 of"),
        (one("STRIDED_SLICE", (3,), [np.asarray([s], np.int32) for s in (0, 3, 0)], (3,)), "strides other than 0"),
        (one("STRIDED_SLICE", (3,), [np.asarray([s], np.int32) for s in (5, 6, 1)], (), shrink_axis_mask=1), "index 5"),
    ],
)
def test_refusals(data: bytes, message: str) -> None:
    with pytest.raises(CompileError, match=message):
        load(data)
