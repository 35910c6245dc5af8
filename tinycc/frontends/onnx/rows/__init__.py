# SPDX-License-Identifier: Apache-2.0
"""A row for every operator of ONNX: what its node becomes, in operators of `tinycc.ops`.

A row is a function of a node and a builder; those that differ in a class alone are made from tables. The modules of this
package are found by themselves.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import TypeAlias

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.ir import Value

Row: TypeAlias = Callable[[Node, Builder], "Value | tuple[Value, ...]"]
"""Returns the node's results, in order; of those at the end that the node leaves out there may be none."""

_ROWS: dict[tuple[str, str], Row] = {}


def row(*kinds: str, domain: str = "") -> Callable[[Row], Row]:
    """Declares a function the row of these operators."""

    def declare(function: Row) -> Row:
        for kind in kinds:
            assert (domain, kind) not in _ROWS, kind
            _ROWS[domain, kind] = function
        return function

    return declare


@cache
def rows() -> dict[tuple[str, str], Row]:
    """(domain, operator) -> row."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return _ROWS
