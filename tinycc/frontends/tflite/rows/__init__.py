# SPDX-License-Identifier: Apache-2.0
"""What each operator of a .tflite file becomes, by the name that the file has for it.

A module of this package declares a mapping `ROWS`, and is found by itself.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from tinycc.frontends.tflite.rows.base import Row


@cache
def rows() -> Mapping[str, Row]:
    """The file's name of an operator -> its row."""
    found: dict[str, Row] = {}
    for info in pkgutil.iter_modules(__path__, f"{__name__}."):
        declared: Mapping[str, Row] = getattr(importlib.import_module(info.name), "ROWS", {})
        assert found.keys().isdisjoint(declared), f"{info.name}: {found.keys() & declared.keys()} are elsewhere, too"
        found |= declared
    return found
