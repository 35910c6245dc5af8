# SPDX-License-Identifier: Apache-2.0
"""Conditions and predicates that operators of several families share."""

from __future__ import annotations

import numpy as np

from tinycc.ir import Array, DType, Op
from tinycc.ops.base import Operator


def is_int8(op: Operator) -> bool:
    return op.inputs[0].dtype is DType.INT8


def is_int16(op: Operator) -> bool:
    return op.inputs[0].dtype is DType.INT16


def is_float(op: Operator) -> bool:
    return op.inputs[0].dtype is DType.FLOAT32


def activations_quantized(op: Op) -> str | None:
    """every integer tensor has a scale and a zero point

    Convert with a representative dataset so that the converter calibrates all tensors.
    """
    for name, value in (*op.operands, *((f"output {i}", v) for i, v in enumerate(op.outputs))):
        if name == "bias" or value.dtype not in (DType.INT8, DType.UINT8, DType.INT16, DType.INT4, DType.INT2):
            continue
        q = value.type.quantization
        if q is None:
            return f"{name} %{value.name} without quantization"
        if name != "weights" and q.per_channel:
            return f"{name} %{value.name} quantized per channel"
        if name != "weights" and not value.dtype.limits[0] <= q.zero_point <= value.dtype.limits[1]:
            return f"{name} %{value.name} with zero point {q.zero_point}"
    return None


def centred_int16(op: Op) -> str | None:
    """int16 tensors have zero point 0

    Convert with the option for 16x8 quantization, which writes them so.
    """
    for value in (*op.inputs, *op.outputs):
        if value.dtype is DType.INT16 and value.type.quantization is not None and any(value.quantization.zero_points):
            return f"%{value.name} with zero point {value.quantization.zero_points[0]}"
    return None


def not_empty(op: Op) -> str | None:
    """no tensor is empty"""
    if op.known:
        return None
    return next((f"%{value.name} of shape {list(value.shape)}" for value in op.inputs if 0 in value.shape), None)


def heavy_row(*tables: tuple[str, Array | None]) -> str | None:
    """(name, int8 weights [..., N]): the first with a row whose products with N inputs of 8 bits could leave 32 bits together.

    The inputs may still have their zero point: each counts for 255.
    """
    for name, weights in tables:
        if weights is None or weights.dtype != np.int8 or not weights.ndim:
            continue
        most = int(np.abs(weights.astype(np.int64)).sum(-1).max(initial=0))
        if most * 255 > DType.INT32.limits[1]:
            return f"%{name} with a row whose magnitudes are {most:,} together"
    return None
