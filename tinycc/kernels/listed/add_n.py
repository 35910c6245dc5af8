# SPDX-License-Identifier: Apache-2.0
"""Kernels of add_n."""

from __future__ import annotations

from tinycc.ir import DType
from tinycc.kernels.calls import Arg, Call, Scratch, Struct, Tensor, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.broadcast import SUFFIXES
from tinycc.kernels.listed.quantized import int_list, range_f32
from tinycc.ops.base import FLOAT_RANGE, Operator
from tinycc.ops.elementwise.add_n import FRACTION, AddN
from tinycc.target import Target


def _run(elements: int) -> Struct:
    return struct("tk_broadcast", rank=1, dims=int_list((elements,)), stride1=int_list((1,)), stride2=int_list((1,)))


def lower_sums(op: AddN, target: Target) -> tuple[Call, ...]:
    """y = x1 + x2, then y = y + x3, ..."""
    bounds: tuple[Arg, ...] = (range_f32(FLOAT_RANGE),) if op.y.dtype is DType.FLOAT32 else ()
    first, *others = map(Tensor, op.xs)
    y, run = Tensor(op.y), _run(op.y.type.elements)
    left = (first, *[y] * (len(others) - 1))
    symbol = f"tk_add_{SUFFIXES[op.y.dtype]}"
    return tuple(Call(symbol, (a, b, y, run, *bounds)) for a, b in zip(left, others, strict=True))


def lower_s8(op: AddN, target: Target) -> tuple[Call, ...]:
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


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}

KERNELS[AddN] = (
    Kernel("tk_rescale_s32_s8", lower_s8, lambda op, target: op.y.dtype is DType.INT8, types=("int8",)),
    Kernel("tk_add_f32", lower_sums, lambda op, target: op.y.dtype is DType.FLOAT32),
    Kernel("tk_add_s32", lower_sums, lambda op, target: op.y.dtype is DType.INT32),
)
