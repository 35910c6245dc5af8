# SPDX-License-Identifier: Apache-2.0
"""Fuse padding: a PAD in front of a window becomes the window's own padding, where both mean the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, TypeAlias

from tinycc.ir import Graph, Op, Value
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.movement.pad import Pad
from tinycc.ops.pooling import MaxPool2D
from tinycc.ops.window import Padding
from tinycc.passes.base import Pass

Windowed: TypeAlias = Conv2D | DepthwiseConv2D | MaxPool2D


def _neutral(op: Windowed, value: Value) -> float | None:
    """What `op`'s own padding stands for: the zero point in convolutions, the minimum in an integer maximum."""
    if isinstance(op, MaxPool2D):
        return value.dtype.limits[0] if value.dtype.is_integer else None
    return value.zero_point if value.dtype.is_integer else 0.0


def _fits(pad: Pad, user: Op) -> bool:
    """Whether `user` can pad as `pad` does: height and width only, with the neutral value, the quantization unchanged.

    No position of the window may see padding alone: CMSIS-NN's maximum leaves such outputs unwritten.
    """
    return (
        isinstance(user, Windowed)
        and user.x is pad.y
        and len(pad.x.shape) == 4
        and not any((pad.before[0], pad.before[3], pad.after[0], pad.after[3]))
        and pad.x.type.quantization == pad.y.type.quantization
        and pad.fill is None
        and pad.value == _neutral(user, pad.y)
        and _padded(user, pad).window.touches(*pad.x.shape[1:3])
    )


def _padded(user: Windowed, pad: Pad) -> Windowed:
    top, bottom, left, right = user.window.padding
    padding = Padding(top + pad.before[1], bottom + pad.after[1], left + pad.before[2], right + pad.after[2])
    return replace(user, x=pad.x, window=user.window._replace(padding=padding))


@dataclass(frozen=True)
class FusePad(Pass):
    """`%p = Pad(%x) before=(0,1,1,0); %y = Conv2D(%p) pad 0,0,0,0` -> `%y = Conv2D(%x) pad 1,..`; all readers of %p or none."""

    optional: ClassVar[bool] = True

    def rewrite(self, graph: Graph) -> Graph:
        users = graph.users
        pads: dict[Value, Pad] = {}
        ops: list[Op] = []
        for op in graph.ops:
            if isinstance(op, Pad) and op.y not in graph.results and _all_fit(op, users.get(op.y, ())):
                pads[op.y] = op
            elif isinstance(op, Windowed) and op.x in pads:
                ops.append(_padded(op, pads[op.x]))
            else:
                ops.append(op)
        return replace(graph, ops=tuple(ops))


def _all_fit(pad: Pad, users: Sequence[Op]) -> bool:
    return all(_fits(pad, user) for user in users)
