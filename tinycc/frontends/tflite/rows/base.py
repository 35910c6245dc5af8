# SPDX-License-Identifier: Apache-2.0
"""A row: what an operator of a .tflite file becomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tinycc.frontends.tflite.node import Node
from tinycc.ops.base import Operator


@dataclass(frozen=True)
class Row:
    """`make` gives the op of a node, or raises a CompileError. `ops` are the classes that it makes, the usual one first.

    `declares_shapes`: whether the shapes that a file has for the outputs mean anything.
    """

    make: Callable[[Node], Operator]
    ops: tuple[type[Operator], ...]
    declares_shapes: bool = True
