# SPDX-License-Identifier: Apache-2.0
"""Constant arrays of a program: named after the layer that is the first to use them, one for equal content."""

from __future__ import annotations

import re

import numpy as np

from tinycc.ir import Array, DType, Op, packed
from tinycc.program.names import Symbols, identifier
from tinycc.program.types import Constant, Content


class Pool:
    """Hands out one Constant per distinct content, in order of first use; `apart`: not to several steps, unless it is one
    tensor of the model, as equal content of one training is no equal content of the next."""

    def __init__(self, *, apart: bool = False) -> None:
        self._symbols = Symbols()
        self._known: dict[tuple[str, bytes, str], Constant] = {}
        self._apart = apart

    @property
    def constants(self) -> tuple[Constant, ...]:
        return tuple(self._known.values())

    def add(self, layer: str, step: int, role: str, data: Array, dtype: DType, content: Content, tensor: str = "") -> Constant:
        """The constant that holds `data`, elements of `dtype`: called after `layer` and `role` unless equal bytes have a name,
        and a content, already."""
        stored = np.ascontiguousarray(packed(data, dtype.bits) if dtype.packed else data)
        key = (dtype.ctype, stored.tobytes(), (tensor or f"{layer} {role}") if self._apart else "")
        if key not in self._known:
            name = self._symbols.claim(f"{layer}_{identifier(role)}")
            self._known[key] = Constant(name, stored, dtype, data.shape, content, role, step, tensor)
        return self._known[key]


def layer_name(op: Op, step: int) -> str:
    """`conv2d_11` for the Conv2D of step 11."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])", "_", type(op).__name__)
    return f"{identifier(words).lower()}_{step}"
