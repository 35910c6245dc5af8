# SPDX-License-Identifier: Apache-2.0
"""Kernels as lists in order of preference, which become variants with facts and costs one after the other."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from tinycc.kernels.listed.base import Kernel
from tinycc.ops.base import Operator


@cache
def _lists() -> Mapping[type[Operator], tuple[Kernel, ...]]:
    found: dict[type[Operator], tuple[Kernel, ...]] = {}
    for info in pkgutil.iter_modules(__path__, f"{__name__}."):
        found |= getattr(importlib.import_module(info.name), "KERNELS", {})
    return found


def listed(cls: type[Operator]) -> tuple[Kernel, ...]:
    """The kernels of an operator: its own list, or that of the nearest class above it."""
    return next((_lists()[base] for base in cls.__mro__ if base in _lists()), ())
