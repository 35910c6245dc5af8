# SPDX-License-Identifier: Apache-2.0
"""Reductions, CUMSUM, TOPK_V2."""

from __future__ import annotations

from functools import partial

from tinycc.frontends.tflite.node import Node
from tinycc.frontends.tflite.rows.base import Row
from tinycc.frontends.tflite.rows.operands import dimension, integer, integers
from tinycc.ops.reduction.base import Reduction
from tinycc.ops.reduction.extremes import ArgExtreme, ArgMax, ArgMin, ReduceAll, ReduceAny, ReduceMax, ReduceMin, TopK
from tinycc.ops.reduction.mean import Mean
from tinycc.ops.reduction.sums import CumSum, ReduceProd, ReduceSum


def arg_extreme(cls: type[ArgExtreme], node: Node) -> ArgExtreme:
    x = node.input(0)
    axis = dimension(node, integer(node, 1), len(x.shape))
    return cls(x=x, axis=axis, outputs=node.outputs, origin=node.origin)


def top_k(node: Node) -> TopK:
    x, k = node.input(0), integer(node, 1)
    if not x.shape or not 0 < k <= x.shape[-1]:
        raise node.error(f"the largest {k} of {list(x.shape)}", "1 to the last dimension")
    return TopK(x=x, k=k, outputs=node.outputs, origin=node.origin)


def reduction(cls: type[Reduction], node: Node) -> Reduction:
    x = node.input(0)
    axes = {dimension(node, axis, len(x.shape)) for axis in integers(node, 1)}
    keep_dims = bool(node.options.get("keep_dims", False))
    return cls(x=x, axes=tuple(sorted(axes)), keep_dims=keep_dims, outputs=node.outputs, origin=node.origin)


def cum_sum(node: Node) -> CumSum:
    x = node.input(0)
    return CumSum(
        x=x,
        axis=dimension(node, integer(node, 1), len(x.shape)),
        exclusive=bool(node.options.get("exclusive", False)),
        reverse=bool(node.options.get("reverse", False)),
        outputs=node.outputs,
        origin=node.origin,
    )


ROWS = {
    "REDUCE_MAX": Row(partial(reduction, ReduceMax), (ReduceMax,)),
    "REDUCE_MIN": Row(partial(reduction, ReduceMin), (ReduceMin,)),
    "REDUCE_ANY": Row(partial(reduction, ReduceAny), (ReduceAny,)),
    "REDUCE_ALL": Row(partial(reduction, ReduceAll), (ReduceAll,)),
    "ARG_MAX": Row(partial(arg_extreme, ArgMax), (ArgMax,)),
    "ARG_MIN": Row(partial(arg_extreme, ArgMin), (ArgMin,)),
    "TOPK_V2": Row(top_k, (TopK,)),
    "MEAN": Row(partial(reduction, Mean), (Mean,)),
    "SUM": Row(partial(reduction, ReduceSum), (ReduceSum,)),
    "REDUCE_PROD": Row(partial(reduction, ReduceProd), (ReduceProd,)),
    "CUMSUM": Row(cum_sum, (CumSum,)),
}
