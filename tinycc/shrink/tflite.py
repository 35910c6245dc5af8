# SPDX-License-Identifier: Apache-2.0
"""The weights of a .tflite file, which are exchanged in place: whatever else the file holds stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import tflite

from tinycc.frontends.tflite.file import builtin_code
from tinycc.ir import Array
from tinycc.shrink.file import Weights

OPERANDS: Mapping[str, tuple[int, ...]] = {
    "CONV_2D": (1,),
    "CONV_3D": (1,),
    "TRANSPOSE_CONV": (1,),
    "FULLY_CONNECTED": (1,),
    "BATCH_MATMUL": (0, 1),
    "SVDF": (1,),
    "UNIDIRECTIONAL_SEQUENCE_LSTM": tuple(range(1, 9)),
}
"""Which operands of an operator are weights. Those of depthwise convolutions are few, and every one matters."""
TYPES: Mapping[int, np.dtype[Any]] = {
    tflite.TensorType.INT8: np.dtype("i1"),
    tflite.TensorType.UINT8: np.dtype("u1"),
    tflite.TensorType.FLOAT32: np.dtype("<f4"),
    tflite.TensorType.FLOAT16: np.dtype("<f2"),
}
_DATA = 4
"""The slot of a buffer's data."""
_KINDS = {getattr(tflite.BuiltinOperator, kind): kind for kind in OPERANDS}


class TfliteWeights:
    """See `tinycc.shrink.file.WeightsFile`. The file must have been read without problems."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._root = tflite.Model.GetRootAs(data, 0)
        self._places: dict[str, int] = {}

    @cached_property
    def weights(self) -> tuple[Weights, ...]:
        return tuple(self._all())

    def replaced(self, arrays: Mapping[str, Array]) -> bytes:
        made = bytearray(self._data)
        for item in self.weights:
            if item.name in arrays:
                raw = arrays[item.name].astype(item.array.dtype).tobytes()
                made[self._places[item.name] : self._places[item.name] + len(raw)] = raw
        return bytes(made)

    def _all(self) -> Iterator[Weights]:
        codes = [self._root.OperatorCodes(index) for index in range(self._root.OperatorCodesLength())]
        seen: set[int] = set()
        for graph in map(self._root.Subgraphs, range(self._root.SubgraphsLength())):
            operators = [graph.Operators(index) for index in range(graph.OperatorsLength())]
            wide = {
                int(operator.Outputs(0)): int(operator.Inputs(0))
                for operator in operators
                if builtin_code(codes[operator.OpcodeIndex()]) == tflite.BuiltinOperator.DEQUANTIZE
            }
            for operator in operators:
                kind = _KINDS.get(builtin_code(codes[operator.OpcodeIndex()]))
                for position in OPERANDS.get(kind or "", ()):
                    index = int(operator.Inputs(position)) if position < operator.InputsLength() else -1
                    tensor = graph.Tensors(wide.get(index, index)) if index >= 0 else None
                    if tensor is not None and tensor.Buffer() not in seen and self._is_array(tensor):
                        seen.add(tensor.Buffer())
                        yield self._weights(tensor, kind or "")

    def _is_array(self, tensor: tflite.Tensor) -> bool:
        """Whether it is a constant of a type that is known here."""
        size = int(np.prod([tensor.Shape(i) for i in range(tensor.ShapeLength())], dtype=np.int64))
        type = TYPES.get(tensor.Type())
        return type is not None and size > 0 and self._root.Buffers(tensor.Buffer()).DataLength() == size * type.itemsize

    def _weights(self, tensor: tflite.Tensor, kind: str) -> Weights:
        buffer, shape = self._root.Buffers(tensor.Buffer()), tuple(tensor.Shape(i) for i in range(tensor.ShapeLength()))
        table = buffer._tab
        place = table.Vector(table.Offset(_DATA))
        name = (tensor.Name() or b"").decode("utf-8", "replace") or f"buffer {tensor.Buffer()}"
        name = name if name not in self._places else f"{name} (buffer {tensor.Buffer()})"
        self._places[name] = place
        type = TYPES[tensor.Type()]
        array = np.frombuffer(self._data, type, int(np.prod(shape)), place).reshape(shape)
        quantization = tensor.Quantization()
        scales = quantization.ScaleAsNumpy() if quantization is not None and quantization.ScaleLength() else np.ones(1)
        zero = int(quantization.ZeroPoint(0)) if quantization is not None and quantization.ZeroPointLength() else 0
        if len(scales) > 1:
            along = [1] * len(shape)
            along[quantization.QuantizedDimension()] = len(scales)
            return Weights(name, kind, array, zero, np.asarray(scales, np.float64).reshape(along))
        return Weights(name, kind, array, zero)
