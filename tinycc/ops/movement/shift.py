# SPDX-License-Identifier: Apache-2.0
"""Shift: a window over what comes in, inference by inference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature


@dataclass(frozen=True, eq=False, kw_only=True)
class Shift(Operator):
    """y = `last` without its first rows along `axis`, and x behind it, which has as many; all dimensions before are 1.

    Made by tinycc of what models do to states and of models that are compiled to steps, never read from a file. It takes over
    the memory of `last`.
    """

    x: Value
    last: Value
    axis: int

    updates: ClassVar[tuple[tuple[str, int], ...]] = (("last", 0),)
    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        Signature(dtype.value, {"x": dtype, "last": dtype}, (dtype,)) for dtype in DType if dtype.bits >= 8
    )

    @property
    def kept(self) -> int:
        """Bytes that move."""
        return self.last.type.bytes - self.x.type.bytes

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.last.shape, self.x.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        _, rest = np.split(read(self.last), [self.x.shape[self.axis]], self.axis)
        return (np.concatenate([rest, read(self.x)], self.axis),)
