# SPDX-License-Identifier: Apache-2.0
"""CIRCULAR_BUFFER."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature


@dataclass(frozen=True, eq=False, kw_only=True)
class CircularBuffer(Operator):
    """y = the last inputs x as rows, the newest last. Only every `cycles` inferences the operators behind it run.

    x: [1,1,w,c]; y: [1,rows,w,c], which the file declares: its zero point at first if it is a variable there, else 0;
    wait: [], inferences until the next that goes on. Source: TFLM circular_buffer.cc, circular_buffer_common.cc.
    """

    x: Value
    last: Value
    wait: Value
    cycles: int

    updates: ClassVar[tuple[tuple[str, int], ...]] = (("last", 0), ("wait", 1))
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature("int8", {"x": DType.INT8, "last": DType.INT8, "wait": DType.INT32}, (DType.INT8, DType.INT32)),
    )

    @property
    def period(self) -> int:
        return self.cycles

    def stops(self, outputs: tuple[Array, ...]) -> bool:
        return bool(outputs[1] != self.cycles)

    def infer(self) -> tuple[TensorType, ...]:
        return TensorType(self.last.shape, self.x.dtype), self.wait.type

    def eval(self, read: Reader) -> tuple[Array, ...]:
        left = int(read(self.wait)) - 1
        return np.concatenate([read(self.last)[:, 1:], read(self.x)], 1), np.array(left or self.cycles, np.int32)
