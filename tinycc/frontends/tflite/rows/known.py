# SPDX-License-Identifier: Apache-2.0
"""Operators whose results are known when the model is compiled."""

from __future__ import annotations

import math

from tinycc.frontends.tflite.node import Node
from tinycc.frontends.tflite.rows.base import Row
from tinycc.frontends.tflite.rows.operands import integers
from tinycc.ops.known import BroadcastArgs, Range, Rank, ShapeOf, Where, ZerosLike
from tinycc.ops.strides import broadcast


def shape_of(node: Node) -> ShapeOf:
    return ShapeOf(x=node.input(0), outputs=node.outputs, origin=node.origin)


def rank(node: Node) -> Rank:
    return Rank(x=node.input(0), outputs=node.outputs, origin=node.origin)


def zeros_like(node: Node) -> ZerosLike:
    return ZerosLike(x=node.input(0), outputs=node.outputs, origin=node.origin)


def number_range(node: Node) -> Range:
    data = [node.constant(position) for position in range(3)]
    if any(part.size != 1 or part.dtype != node.outputs[0].dtype.numpy for part in data):
        raise node.error(f"start, limit, delta of {', '.join(str(part.dtype) for part in data)}", "one of y's type each")
    start, limit, delta = (part.ravel()[0].item() for part in data)
    if not all(map(math.isfinite, (start, limit, delta))) or not delta or (limit - start) / delta < 0:
        raise node.error(f"steps of {delta} from {start} to {limit}", "steps that lead there")
    return Range(start=start, limit=limit, delta=delta, outputs=node.outputs, origin=node.origin)


def broadcast_args(node: Node) -> BroadcastArgs:
    a, b = integers(node, 0), integers(node, 1)
    shape = broadcast(a, b)
    if shape is None:
        raise node.error(f"shapes {list(a)} and {list(b)}", "shapes that stretch to each other")
    return BroadcastArgs(x1=node.input(0), x2=node.input(1), shape=shape, outputs=node.outputs, origin=node.origin)


def where(node: Node) -> Where:
    node.constant(0)
    return Where(x=node.input(0), outputs=node.outputs, origin=node.origin)


ROWS = {
    "SHAPE": Row(shape_of, (ShapeOf,)),
    "RANK": Row(rank, (Rank,)),
    "ZEROS_LIKE": Row(zeros_like, (ZerosLike,)),
    "RANGE": Row(number_range, (Range,)),
    "BROADCAST_ARGS": Row(broadcast_args, (BroadcastArgs,)),
    "WHERE": Row(where, (Where,)),
}
