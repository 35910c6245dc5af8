# SPDX-License-Identifier: Apache-2.0
"""What rows share: operands and options that must have a certain form."""

from __future__ import annotations

from tinycc.frontends.tflite.node import Node
from tinycc.ops.window import Padding, Pair, Window

MAX_INTEGERS = 1000
"""Of a list that says how an operator works (axes, a shape, the sizes of parts): far beyond any real one."""


def integers(node: Node, position: int) -> tuple[int, ...]:
    """The constant operand `position`, which must hold integers."""
    data = node.constant(position)
    if data.dtype.kind not in "iu" or data.size > MAX_INTEGERS:
        raise node.error(f"operand {position} of {node.input(position).type}", f"at most {MAX_INTEGERS} integers")
    return tuple(int(item) for item in data.ravel())


def integer(node: Node, position: int) -> int:
    """The constant operand `position`, which must be one integer."""
    items = integers(node, position)
    if len(items) != 1:
        raise node.error(f"operand {position} of {node.input(position).type}", "one integer")
    return items[0]


def dimension(node: Node, axis: int, rank: int) -> int:
    """`axis` counted from the front, which may be given from the end."""
    if not -rank <= axis < rank:
        raise node.error(f"axis {axis} of {rank} dimensions", f"{-rank} to {rank - 1}" if rank else "no scalars")
    return axis % rank


MAX_STEPS = 2**16 - 1
"""Rows or columns: CMSIS-NN holds them in 16 bits."""
MAX_REACH = 2**15 - 1
"""Of a window, its stride and its padding: TFLM holds them in 16 bits with a sign."""


def same_padding(size: int, reach: int, stride: int) -> tuple[int, int]:
    """What SAME puts before and behind `size` elements; the smaller half comes first."""
    total = max(((size + stride - 1) // stride - 1) * stride + reach - size, 0)
    return total // 2, total - total // 2


def read_window(node: Node, h: int, w: int, size: Pair) -> Window:
    """The window of a TFLite operator over an h x w input; SAME and VALID become explicit padding.

    Source: TFLite padding.h `ComputePaddingHeightWidth` (the smaller half goes to the top and the left).
    """
    stride = Pair(node.option("stride_h"), node.option("stride_w"))
    dilation = Pair(node.options.get("dilation_h_factor", 1), node.options.get("dilation_w_factor", 1))
    if min(*size, *stride, *dilation) < 1:
        raise node.error(f"window {size}, stride {stride}, dilation {dilation}", "all at least 1")
    window = Window(size, stride, dilation, Padding(0, 0, 0, 0))
    scheme = node.option("padding")
    if scheme not in ("SAME", "VALID"):
        raise node.error(f"padding {scheme}", "SAME or VALID")
    if scheme == "SAME":
        padding = Padding(*same_padding(h, window.reach.h, stride.h), *same_padding(w, window.reach.w, stride.w))
        window = window._replace(padding=padding)
    if max(*window.reach, *stride) > MAX_REACH:
        raise node.error(f"window {window}", f"strides and dilated windows of at most {MAX_REACH}")
    if max(h, w) > MAX_STEPS:
        raise node.error(f"a {h}x{w} input", f"at most {MAX_STEPS} rows and columns")
    out = window.output(h, w)
    if min(out) < 1:
        raise node.error(f"window {window} over a {h}x{w} input", "a window that fits into the input")
    return window
