# SPDX-License-Identifier: Apache-2.0
"""Convolutions over three dimensions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from tinycc.frontends.tflite.node import Node
from tinycc.frontends.tflite.rows.base import Row
from tinycc.frontends.tflite.rows.operands import MAX_REACH, MAX_STEPS, integers, same_padding
from tinycc.ops.base import clamp_range
from tinycc.ops.convolution.volume import Conv3D, TransposeConv3D, Triple, Volume

T = TypeVar("T")


def triple(read: Callable[[str], T]) -> tuple[T, T, T]:
    """What `read` gives for depth, height and width."""
    return read("d"), read("h"), read("w")


def read_volume(node: Node, size: Triple, over: Triple) -> Volume:
    """The window of an operator over `over` positions; SAME and VALID become padding."""
    stride = triple(lambda axis: int(node.option(f"stride_{axis}")))
    dilation = triple(lambda axis: int(node.options.get(f"dilation_{axis}_factor", 1)))
    scheme = node.option("padding")
    if min(*size, *stride, *dilation) < 1:
        raise node.error(f"window {size}, strides {stride}, dilations {dilation}", "all at least 1")
    reach = [(taps - 1) * step + 1 for taps, step in zip(size, dilation, strict=True)]
    if max(*reach, *stride) > MAX_REACH or max(over) > MAX_STEPS:
        found = f"window {size}, strides {stride}, dilations {dilation} over {over}"
        raise node.error(found, f"strides and dilated windows of at most {MAX_REACH}, at most {MAX_STEPS} positions")
    if scheme not in ("SAME", "VALID"):
        raise node.error(f"padding {scheme}", "SAME or VALID")
    same = [same_padding(*axis)[0] for axis in zip(over, reach, stride, strict=True)]
    before = (same[0], same[1], same[2]) if scheme == "SAME" else (0, 0, 0)
    return Volume(size, stride, dilation, before)


def _outputs(node: Node, window: Volume, over: Triple) -> Triple:
    """How many positions the window has over so many."""
    same = node.option("padding") == "SAME"
    sizes = []
    for size, taps, stride, dilation in zip(over, *window[:3], strict=True):
        reach = 1 if same else (taps - 1) * dilation + 1
        sizes.append((size - reach) // stride + 1)
    if min(sizes) < 1:
        raise node.error(f"window {window} over {over}", "a window that fits into the input")
    return sizes[0], sizes[1], sizes[2]


def conv_3d(node: Node) -> Conv3D:
    x, weights = node.input(0), node.input(1)
    if len(x.shape) != 5 or len(weights.shape) != 5:
        raise node.error(f"input {x.type} and weights {weights.type}", "input [N,D,H,W,C] and weights [kD,kH,kW,C,O]")
    over = x.shape[1], x.shape[2], x.shape[3]
    window = read_volume(node, (weights.shape[0], weights.shape[1], weights.shape[2]), over)
    return Conv3D(
        x=x,
        weights=weights,
        bias=node.optional(2),
        window=window,
        size=_outputs(node, window, over),
        range=clamp_range(node.activation, node.outputs[0].type),
        outputs=node.outputs,
        origin=node.origin,
    )


def conv_3d_transpose(node: Node) -> TransposeConv3D:
    weights, x, y = node.input(1), node.input(2), node.outputs[0]
    if not len(x.shape) == len(weights.shape) == 5:
        raise node.error(f"input {x.type} and weights {weights.type}", "input [N,D,H,W,C] and weights [kD,kH,kW,O,C]")
    # As TRANSPOSE_CONV: what the operand says, or, of one that is computed, what the file says of the output.
    shape = node.declared() if node.input(0).data is None else integers(node, 0)
    if node.input(0).data is None and min(shape[1:4], default=-1) < 0:
        node.constant(0)
    if len(shape) != 5 or min(shape[1:4]) < 1 or shape[0] not in (x.shape[0], -1) or shape[4] not in (weights.shape[3], -1):
        raise node.error(f"output shape {list(shape)} for {x.type} and {weights.shape[3]} channels", "[N,D',H',W',O]")
    size = shape[1], shape[2], shape[3]
    window = read_volume(node, (weights.shape[0], weights.shape[1], weights.shape[2]), size)
    if _outputs(node, window, size) != x.shape[1:4]:
        raise node.error(f"input {x.type} for an output of {list(shape)}", f"{_outputs(node, window, size)} positions")
    return TransposeConv3D(
        x=x,
        weights=weights,
        bias=node.optional(3),
        window=window,
        size=size,
        range=clamp_range(node.activation, y.type),
        outputs=node.outputs,
        origin=node.origin,
    )


ROWS = {
    "CONV_3D": Row(conv_3d, (Conv3D,)),
    "CONV_3D_TRANSPOSE": Row(conv_3d_transpose, (TransposeConv3D,)),
}
