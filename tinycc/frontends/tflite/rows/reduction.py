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
from tinycc.ops.reduction.window import FUNCTIONS, ReduceWindow


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


def reduce_window(node: Node) -> ReduceWindow:
    x, function = node.input(0), str(node.option("reduce_function"))
    if function not in FUNCTIONS:
        raise node.error(f"reduce_function {function}", f"one of {', '.join(FUNCTIONS)}")
    window, strides, dilations = (integers(node, position) for position in (2, 3, 4))
    if {len(window), len(strides), len(dilations)} != {len(x.shape)} or min((*window, *strides, *dilations), default=0) < 1:
        found = f"window {list(window)}, strides {list(strides)}, dilations {list(dilations)} of {x.type}"
        raise node.error(found, "a positive number for each dimension")
    return ReduceWindow(
        x=x,
        initial=node.input(1),
        window=window,
        strides=strides,
        dilations=dilations,
        function=function,
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
    "REDUCE_WINDOW": Row(reduce_window, (ReduceWindow,)),
    "CUMSUM": Row(cum_sum, (CumSum,)),
}
