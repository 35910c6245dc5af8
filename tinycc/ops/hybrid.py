# SPDX-License-Identifier: Apache-2.0
"""Hybrid operators: float32 activations and int8, int4 or int2 weights, as dynamic-range quantization writes them.

The inputs of each image (of FULLY_CONNECTED: of each row) are quantized at run time by their own range; sums are integers.
TFLM has no such kernels: the arithmetic is LiteRT's.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tinycc.ir import Array, DType
from tinycc.ops.base import Signature, signature

HYBRID: Signature = signature("hybrid", DType.FLOAT32, x=DType.FLOAT32, weights=DType.INT8, bias=DType.FLOAT32)


HYBRID_INT4: Signature = signature("hybrid int4", DType.FLOAT32, x=DType.FLOAT32, weights=DType.INT4, bias=DType.FLOAT32)
HYBRID_INT2: Signature = signature("hybrid int2", DType.FLOAT32, x=DType.FLOAT32, weights=DType.INT2, bias=DType.FLOAT32)


class Dynamic(NamedTuple):
    """x = scale * (codes - zero_point). codes: int64[N,...]; scale: float32[N]; zero_point: int64[N]."""

    codes: Array
    scale: Array
    zero_point: Array


def quantize_symmetric(x: Array) -> Dynamic:
    """To -127..127, by the largest magnitude; NaN is left out there, and becomes 0.

    Source: TFLite portable_tensor_utils.cc `PortableSymmetricQuantizeFloats`.
    """
    flat = x.reshape(len(x), -1)
    largest = np.fmax.reduce(np.abs(flat), axis=1, initial=0)
    zero = largest == 0
    with np.errstate(all="ignore"):
        inverse = np.where(zero, 0, np.float32(127) / largest).astype(np.float32)
        codes = _rounded(flat * inverse[:, None], -127)
    scale = np.where(zero, 1, largest / np.float32(127)).astype(np.float32)
    return Dynamic(codes.reshape(x.shape), scale, np.zeros(len(x), np.int64))


def quantize_asymmetric(x: Array) -> Dynamic:
    """To -128..127, by the range with 0 in it; scale and zero point in double.

    Source: TFLite portable_tensor_utils.cc `PortableAsymmetricQuantizeFloats`.
    """
    flat = x.reshape(len(x), -1)
    least, most = (part.reduce(flat, axis=1, initial=0).astype(np.float64) for part in (np.fmin, np.fmax))
    zero = least == most
    with np.errstate(all="ignore"):
        exact = np.where(zero, 1, (most - least) / 255)
        below, above = least / exact, most / exact
        wanted = np.where(128 + np.abs(below) < 127 + np.abs(above), -128 - below, 127 - above)
        nudged = np.clip(np.copysign(np.floor(np.abs(wanted) + 0.5), wanted), -128, 127)
        zero_point = np.where(zero, 0, nudged).astype(np.int64)
        scale = exact.astype(np.float32)
        inverse = np.where(zero, 0, np.float32(1) / scale).astype(np.float32)
        codes = _rounded(zero_point.astype(np.float32)[:, None] + flat * inverse[:, None], -128)
    return Dynamic(codes.reshape(x.shape), scale, zero_point)


def _rounded(x: Array, lowest: int) -> Array:
    """float32 to codes: to nearest, ties away from zero; NaN is 0."""
    near = np.clip(np.nan_to_num(x.astype(np.float64), nan=0.0), lowest, 127)
    codes: Array = np.copysign(np.floor(np.abs(near) + 0.5), near).astype(np.int64)
    return codes


def products(x: Array, weights: Array, scales: Array, asymmetric: bool) -> Array:
    """What recurrent layers add up: rows of x, each quantized by its own range, times int8 rows of weights.

    x: float32[B,N]; weights: int8[...,N]; scales: float32, broadcast against [...]; the result: float32[B,...].
    Source: TFLite portable_tensor_utils.cc `PortableMatrixBatchVectorMultiplyAccumulate`.
    """
    q = (quantize_asymmetric if asymmetric else quantize_symmetric)(x)
    sums = np.tensordot(q.codes - q.zero_point[:, None], weights.astype(np.int64), (-1, -1))
    row_scale = q.scale.reshape(len(x), *(1,) * (weights.ndim - 1))
    result: Array = sums.astype(np.float32) * (scales * row_scale)
    return result
