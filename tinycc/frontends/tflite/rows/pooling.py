# SPDX-License-Identifier: Apache-2.0
"""Pools."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TypeVar

from tinycc.frontends.tflite.node import Node
from tinycc.frontends.tflite.rows.base import Row
from tinycc.frontends.tflite.rows.operands import read_window
from tinycc.ops.base import clamp_range
from tinycc.ops.pooling import AveragePool2D, L2Pool2D, MaxPool2D, Pool2D
from tinycc.ops.window import Pair

PoolT = TypeVar("PoolT", bound=Pool2D)


def pool(cls: type[PoolT], node: Node) -> PoolT:
    x = node.input(0)
    if len(x.shape) != 4:
        raise node.error(f"input {x.type}", "input [N,H,W,C]")
    size = Pair(node.option("filter_height"), node.option("filter_width"))
    return cls(
        x=x,
        window=read_window(node, x.shape[1], x.shape[2], size),
        range=clamp_range(node.activation, node.outputs[0].type),
        outputs=node.outputs,
        origin=node.origin,
    )


def average_pool(node: Node) -> AveragePool2D:
    return replace(pool(AveragePool2D, node), ties_up=node.numerics.unsigned)


ROWS = {
    "AVERAGE_POOL_2D": Row(average_pool, (AveragePool2D,)),
    "MAX_POOL_2D": Row(partial(pool, MaxPool2D), (MaxPool2D,)),
    "L2_POOL_2D": Row(partial(pool, L2Pool2D), (L2Pool2D,)),
}
