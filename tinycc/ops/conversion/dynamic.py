# SPDX-License-Identifier: Apache-2.0
"""Numbers quantized by the range that they happen to have: DynamicQuantizeLinear of ONNX."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature

LEVELS = 255


@dataclass(frozen=True, eq=False, kw_only=True)
class DynamicQuantize(Operator):
    """(y, scale, zero): y = clamp(round(x / scale) + zero, 0, 255) - 128, scale = (max - min) / 255 of all elements and 0 (1 if
    that is 0), zero = round(-min / scale), 128 less in the output; all in float32, ties to even.

    Source: ONNX DynamicQuantizeLinear; ONNX Runtime's `GetQuantizationParameter`.
    """

    x: Value

    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature("float32", {"x": DType.FLOAT32}, (DType.INT8, DType.FLOAT32, DType.INT8)),
    )

    def infer(self) -> tuple[TensorType, ...]:
        return TensorType(self.x.shape, DType.INT8), TensorType((), DType.FLOAT32), TensorType((), DType.INT8)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x)
        low, high = np.float32(min(x.min(initial=0), 0)), np.float32(max(x.max(initial=0), 0))
        scale = np.float32(1) if high == low else (high - low) / np.float32(LEVELS)
        zero = np.clip(np.rint(-low / scale), 0, LEVELS)
        codes = np.clip(np.rint(x / scale) + zero, 0, LEVELS)
        return (codes - 128).astype(np.int8), np.asarray(scale, np.float32), np.asarray(zero - 128, np.int8)


def not_empty(op: DynamicQuantize) -> str | None:
    """there is an element"""
    return None if op.x.type.elements else f"{op.x.type}"


DynamicQuantize.conditions = (not_empty,)
