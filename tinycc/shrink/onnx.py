# SPDX-License-Identifier: Apache-2.0
"""The weights of an ONNX file: initializers that convolutions, matrix products and recurrent layers read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.external_data_helper import load_external_data_for_model

from tinycc.ir import Array
from tinycc.shrink.file import Weights

OPERANDS: Mapping[str, tuple[int, ...]] = {
    "Conv": (1,),
    "ConvTranspose": (1,),
    "Gemm": (0, 1),
    "MatMul": (0, 1),
    "QLinearConv": (3,),
    "QLinearMatMul": (3,),
    "QGemm": (3,),
    "ConvInteger": (1,),
    "MatMulInteger": (1,),
    "RNN": (1, 2),
    "GRU": (1, 2),
    "LSTM": (1, 2),
}
"""Which operands of an operator are weights."""
ZERO_POINTS = {"QLinearConv": 5, "QLinearMatMul": 5, "QGemm": 5, "ConvInteger": 3, "MatMulInteger": 3}
SCALES = {"QLinearConv": 4, "QLinearMatMul": 4, "QGemm": 4}
THROUGH = ("DequantizeLinear", "Transpose", "Identity", "Cast")
"""What may lie between an initializer and the operator."""
NAMES = ("float32", "float16", "int8", "uint8")


class OnnxWeights:
    """See `tinycc.shrink.file.WeightsFile`."""

    def __init__(self, data: bytes, folder: Path | None) -> None:
        self._model = onnx.load_model_from_string(data)
        if folder is not None:
            load_external_data_for_model(self._model, str(folder))
        self._made: dict[str, Any] = {}
        self._read: dict[str, Any] = {}
        for graph in _graphs(self._model.graph):
            self._made |= {name: node for node in graph.node for name in node.output}
            self._read |= {item.name: item for item in graph.initializer}
            constants = (node for node in graph.node if node.op_type == "Constant")
            self._read |= {node.output[0]: item.t for node in constants for item in node.attribute if item.name == "value"}

    @cached_property
    def weights(self) -> tuple[Weights, ...]:
        found: dict[str, Weights] = {}
        for graph in _graphs(self._model.graph):
            for node in graph.node:
                for position in OPERANDS.get(node.op_type, ()):
                    if position < len(node.input) and (item := self._weights(node, position)) is not None:
                        found.setdefault(item.name, item)
        return tuple(found.values())

    def replaced(self, arrays: Mapping[str, Array]) -> bytes:
        made = onnx.ModelProto()
        made.CopyFrom(self._model)
        for graph in _graphs(made.graph):
            tensors = [(item.name, item) for item in graph.initializer]
            constants = (node for node in graph.node if node.op_type == "Constant")
            tensors += [(node.output[0], item.t) for node in constants for item in node.attribute if item.name == "value"]
            for name, tensor in tensors:
                if name in arrays:
                    fresh = numpy_helper.from_array(arrays[name], tensor.name)
                    tensor.CopyFrom(fresh)
        return bytes(made.SerializeToString())

    def _weights(self, node: Any, position: int) -> Weights | None:
        name, quantized = node.input[position], None
        while name not in self._read and name in self._made and self._made[name].op_type in THROUGH:
            quantized = self._made[name] if self._made[name].op_type == "DequantizeLinear" else quantized
            name = self._made[name].input[0]
        if name not in self._read:
            return None
        array = numpy_helper.to_array(self._read[name])
        if array.dtype.name not in NAMES or array.ndim < 2:
            return None
        if quantized is not None:
            axis = next((item.i for item in quantized.attribute if item.name == "axis"), 1)
            return self._coded(name, node.op_type, array, quantized, 1, 2, axis)
        axis = 0 if node.op_type == "QLinearConv" else array.ndim - 1
        return self._coded(
            name, node.op_type, array, node, SCALES.get(node.op_type, -1), ZERO_POINTS.get(node.op_type, -1), axis
        )

    def _coded(self, name: str, kind: str, array: Array, node: Any, scale: int, zero: int, axis: int) -> Weights:
        scales, zeros = self._operand(node, scale), self._operand(node, zero)
        first = 0 if zeros is None or not zeros.size else int(zeros.ravel()[0])
        if scales is None or scales.size < 2 or scales.size != array.shape[axis % array.ndim]:
            return Weights(name, kind, array, first)
        along = [1] * array.ndim
        along[axis % array.ndim] = scales.size
        return Weights(name, kind, array, first, scales.astype(np.float64).reshape(along))

    def _operand(self, node: Any, position: int) -> Array | None:
        known = 0 <= position < len(node.input) and node.input[position] in self._read
        return numpy_helper.to_array(self._read[node.input[position]]) if known else None


def _graphs(graph: Any) -> Iterator[Any]:
    """A graph and those inside it."""
    yield graph
    for node in graph.node:
        for item in node.attribute:
            if item.type == onnx.AttributeProto.GRAPH:
                yield from _graphs(item.g)
