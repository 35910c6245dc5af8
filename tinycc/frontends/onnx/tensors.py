# SPDX-License-Identifier: Apache-2.0
"""Tensors of the file as arrays and constants, and its element types as ours."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import onnx
import onnx.numpy_helper
from onnx import TensorProto

from tinycc.errors import fail
from tinycc.ir import Array, DType, TensorType, Value

MAX_RANK = 16
MAX_TEXTS = 4096
TEXT = TensorProto.STRING

TYPES: Mapping[int, DType] = {
    TensorProto.FLOAT: DType.FLOAT32,
    TensorProto.INT8: DType.INT8,
    TensorProto.UINT8: DType.UINT8,
    TensorProto.INT16: DType.INT16,
    TensorProto.UINT16: DType.UINT16,
    TensorProto.INT32: DType.INT32,
    TensorProto.INT64: DType.INT64,
    TensorProto.UINT32: DType.UINT32,
    TensorProto.UINT64: DType.UINT64,
    TensorProto.BOOL: DType.BOOL,
}
"""Element types that tensors computed at run time may have."""

_BY_NAME = {dtype.value: dtype for dtype in DType}


def type_name(number: int) -> str:
    """An element type as onnx calls it."""
    names = {value: name for name, value in TensorProto.DataType.items()}
    return str(names.get(number, f"type {number}")).lower()


ELEMENTS = frozenset(TensorProto.DataType.values())


def array_of(tensor: Any) -> Array:
    """The content of a tensor of the file. Raises CompileError."""
    where = f'tensor "{tensor.name}"'
    dims = tuple(tensor.dims)
    if min(dims, default=0) < 0 or len(dims) > MAX_RANK or math.prod(dims) > 2**31:
        raise fail(where, f"shape {list(dims[:MAX_RANK])}", f"at most {MAX_RANK} dimensions and 2**31 elements")
    if tensor.data_type in (TensorProto.STRING, TensorProto.UNDEFINED) or tensor.data_type not in ELEMENTS:
        raise fail(where, f"elements of {type_name(tensor.data_type)}", "numbers")
    try:
        array: Array = onnx.numpy_helper.to_array(tensor)
    except (ValueError, TypeError, KeyError, RuntimeError, NotImplementedError) as error:
        raise fail(where, str(error).split("\n")[0], "as many elements as the shape has") from error
    return array


def text_constant(tensor: Any) -> Value:
    """Texts of the file as their numbers, with the texts as labels. Raises CompileError."""
    if len(tensor.string_data) != math.prod(tensor.dims) or not 0 < len(tensor.string_data) <= MAX_TEXTS:
        raise fail(
            f'tensor "{tensor.name}"', f"{len(tensor.string_data)} texts", f"as many as the shape has, {MAX_TEXTS} at most"
        )
    labels = tuple(item.decode("utf-8", "replace") for item in tensor.string_data)
    value = constant(tensor.name, np.arange(len(labels), dtype=np.int64).reshape(tuple(tensor.dims)))
    return replace(value, labels=labels)


def constant(name: str, array: Array) -> Value:
    """An array as a constant; what the IR has no type for but can hold exactly enough, it gets in a type that it has."""
    if array.dtype.name in ("float16", "float64", "bfloat16"):
        array = array.astype(np.float32)
    if array.dtype.name == "int4":
        return Value(name, TensorType(array.shape, DType.INT4), np.asarray(array.astype(np.int8), order="C"))
    if array.dtype.name == "uint4":
        array = array.astype(np.uint8)
    dtype = _BY_NAME.get(array.dtype.name)
    if dtype is None:
        raise fail(f'tensor "{name}"', f"elements of {array.dtype.name}", f"one of {', '.join(sorted(_BY_NAME))}")
    return Value(name, TensorType(array.shape, dtype), np.asarray(array, order="C"))
