# SPDX-License-Identifier: Apache-2.0
"""Kernels of spectrum."""

from __future__ import annotations

from tinycc.kernels.calls import Call, Tensor
from tinycc.kernels.listed.base import Kernel
from tinycc.ops.base import Operator
from tinycc.ops.signal.spectrum import Energy, FftAutoScale, Window
from tinycc.target import Target


def lower_window(op: Window, target: Target) -> tuple[Call, ...]:
    size = op.weights.type.elements
    args = (Tensor(op.x), Tensor(op.weights), Tensor(op.y), op.x.type.elements // size, size, op.shift)
    return (Call("tk_apply_window_s16", args),)


def lower_auto_scale(op: FftAutoScale, target: Target) -> tuple[Call, ...]:
    args = (Tensor(op.x), Tensor(op.y), Tensor(op.outputs[1]), op.x.type.elements)
    return (Call("tk_auto_scale_s16", args),)


def lower_energy(op: Energy, target: Target) -> tuple[Call, ...]:
    start = min(op.start, op.points)
    return (Call("tk_energy_s16", (Tensor(op.x), Tensor(op.y), start, max(op.end, start), op.points)),)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}
KERNELS[Window] = (Kernel("tk_apply_window_s16", lower_window, in_place=("x",)),)
KERNELS[FftAutoScale] = (Kernel("tk_auto_scale_s16", lower_auto_scale, in_place=("x",)),)
KERNELS[Energy] = (Kernel("tk_energy_s16", lower_energy),)
