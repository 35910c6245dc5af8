# SPDX-License-Identifier: Apache-2.0
"""IF and WHILE: no call of their own, but those of the graphs that they run."""

from __future__ import annotations

from typing import Any

from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Call
from tinycc.ops.control import Control, If, While


def no_call(op: Control, context: Context) -> tuple[Call, ...]:
    return ()


def free(op: Control, context: Context) -> Cost:
    return Cost(0, 0)


VARIANTS: tuple[Variant[Any], ...] = (
    Variant("if", If, ("any",), no_call, free),
    Variant("while", While, ("any",), no_call, free),
)
