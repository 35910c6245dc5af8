# SPDX-License-Identifier: Apache-2.0
"""Kernels of streams."""

from __future__ import annotations

from tinycc.ir import DType
from tinycc.kernels.calls import Call, Tensor, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.ops.base import Operator
from tinycc.ops.signal.streams import Delay, Framer, OverlapAdd, Stacker
from tinycc.target import Target


def lower_delay(op: Delay, target: Target) -> tuple[Call, ...]:
    streams, length = op.history.shape
    size = op.x.shape[-1]
    params = struct("tk_framer_params", streams=streams, frames=1, step=size, size=size, history=length)
    return (Call("tk_framer_s16", (Tensor(op.x), Tensor(op.history), None, Tensor(op.y), None, params)),)


def lower_framer(op: Framer, target: Target) -> tuple[Call, ...]:
    streams, length = op.history.shape
    params = struct(
        "tk_framer_params",
        streams=streams,
        frames=op.frames,
        step=op.frame_step,
        size=op.frame_size,
        history=length,
    )
    tensors = map(Tensor, (op.x, op.history, op.missing, *op.outputs[:2]))
    return (Call("tk_framer_s16", (*tensors, params)),)


def lower_overlap_add(op: OverlapAdd, target: Target) -> tuple[Call, ...]:
    *_, frames, size = op.x.shape
    sizes = (op.tail.shape[0], frames, size, op.frame_step)
    return (Call(_overlap_add(op.x.dtype), (Tensor(op.x), Tensor(op.tail), Tensor(op.y), *sizes)),)


def _overlap_add(dtype: DType) -> str:
    return "tk_overlap_add_s16" if dtype is DType.INT16 else "tk_overlap_add_f32"


def _overlap_add_kernel(dtype: DType) -> Kernel:
    return Kernel(_overlap_add(dtype), lower_overlap_add, lambda op, target: op.x.dtype is dtype)


def lower_stacker(op: Stacker, target: Target) -> tuple[Call, ...]:
    params = struct("tk_stacker_params", channels=op.channels, history=op.history.shape[0], right=op.right, step=op.step)
    tensors = map(Tensor, (op.x, op.history, op.wait, *op.outputs[:2]))
    return (Call("tk_stacker_s16", (*tensors, params)),)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}
KERNELS[Delay] = (Kernel("tk_framer_s16", lower_delay),)
KERNELS[Framer] = (Kernel("tk_framer_s16", lower_framer),)
KERNELS[OverlapAdd] = tuple(map(_overlap_add_kernel, (DType.INT16, DType.FLOAT32)))
KERNELS[Stacker] = (Kernel("tk_stacker_s16", lower_stacker),)
