# SPDX-License-Identifier: Apache-2.0
"""RESHAPE, SQUEEZE, EXPAND_DIMS."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from tinycc.frontends.tflite.node import Node
from tinycc.ir import Array, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature
from tinycc.ops.shapes import EVERY_TYPE, Shape, integers


@dataclass(frozen=True, eq=False, kw_only=True)
class Reshape(Operator):
    """y = x, read with another shape: element i in row-major order stays element i.

    No code: y lies where x lies.
    """

    x: Value
    shape: Shape

    view = True
    tflite: ClassVar[tuple[str, ...]] = ("RESHAPE", "SQUEEZE", "EXPAND_DIMS")
    signatures: ClassVar[tuple[Signature, ...]] = EVERY_TYPE

    @classmethod
    def from_tflite(cls, node: Node) -> Reshape:
        x, shape = node.input(0), _SHAPES[node.origin.kind](node)
        if math.prod(shape) != x.type.elements:
            raise node.error(
                f"{list(shape)} requested for {list(x.shape)}",
                f"{x.type.elements} elements",
                "If the input shape was changed: the model fixes this one.",
            )
        return cls(x=x, shape=shape, outputs=node.outputs, origin=node.origin)

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.shape, self.x.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        return (read(self.x).reshape(self.shape),)


def _reshaped(node: Node) -> Shape:
    """The constant operand 1 if there is one, else the option, else what the output declares (all that TFLM looks at)."""
    requested = node.optional(1)
    if requested is not None and requested.data is not None:
        shape = integers(node, 1)
    elif requested is None and node.options.get("new_shape"):
        shape = tuple(node.option("new_shape"))
    else:
        declared = node.outputs[0].shape
        if requested is not None and math.prod(declared) != node.input(0).type.elements:
            node.constant(1)  # which it is not
        return declared
    elements = node.input(0).type.elements
    if shape == (0,) and elements == 1:
        return ()  # how old converters wrote a scalar
    known = math.prod(size for size in shape if size != -1)
    if shape.count(-1) == 1 and known > 0 and elements % known == 0:
        return tuple(elements // known if size == -1 else size for size in shape)
    if min(shape, default=0) < 0:
        raise node.error(
            f"shape {list(shape)} for {elements} elements", "non-negative sizes, one -1 that divides evenly at most"
        )
    return shape


def _squeezed(node: Node) -> Shape:
    shape = node.input(0).shape
    rank = len(shape)
    axes = tuple(node.options.get("squeeze_dims") or ())
    for axis in axes:
        if not -rank <= axis < rank or shape[axis] != 1:
            raise node.error(f"axis {axis} squeezed out of {list(shape)}", "an axis of size 1")
    gone = {axis % rank for axis in axes} if axes else {axis for axis in range(rank) if shape[axis] == 1}
    return tuple(size for axis, size in enumerate(shape) if axis not in gone)


def _expanded(node: Node) -> Shape:
    shape = node.input(0).shape
    where = node.constant(1)
    if where.size != 1 or where.dtype.kind != "i":
        raise node.error(f"axis operand {node.input(1).type}", "one integer")
    axis, rank = int(where.ravel()[0]), len(shape) + 1
    if not -rank <= axis < rank:
        raise node.error(f"axis {axis} for {list(shape)}", f"{-rank} to {rank - 1}")
    axis %= rank
    return (*shape[:axis], 1, *shape[axis:])


_SHAPES: dict[str, Callable[[Node], Shape]] = {"RESHAPE": _reshaped, "SQUEEZE": _squeezed, "EXPAND_DIMS": _expanded}
