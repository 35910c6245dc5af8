# SPDX-License-Identifier: Apache-2.0
"""Kernels of non_max_suppression."""

from __future__ import annotations

from tinycc.kernels.calls import Call, Scratch, Tensor
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.suppression import ITEM_BYTES
from tinycc.ops.base import Operator
from tinycc.ops.detection.non_max_suppression import NonMaxSuppression
from tinycc.target import Target


def lower(op: NonMaxSuppression, target: Target) -> tuple[Call, ...]:
    count = op.boxes.shape[0]
    numbers = (Tensor(op.iou_threshold), Tensor(op.score_threshold), Tensor(op.sigma) if op.sigma else None)
    scores = Tensor(op.outputs[1]) if op.sigma else None
    outputs = (Tensor(op.y), scores, Tensor(op.outputs[-1]))
    heap = Scratch("heap", ITEM_BYTES * count)
    return (Call("tk_non_max_suppression", (Tensor(op.boxes), Tensor(op.scores), *numbers, *outputs, count, op.limit, heap)),)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}
KERNELS[NonMaxSuppression] = (Kernel("tk_non_max_suppression", lower),)
