# SPDX-License-Identifier: Apache-2.0
"""The runtimes of .onnx files: `ort` is ONNX Runtime with its graph optimisations off, `reference` is onnx's own evaluator."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

import numpy as np
from google.protobuf.message import EncodeError

from tinycc.frontends.onnx.file import Model
from tinycc.frontends.onnx.load import tensor_names
from tinycc.ir import Array, Graph, Value
from tinycc.oracles import OracleMissing, OracleUnavailable
from tinycc.oracles.process import Remote


class OnnxOracle:
    """A graph of a file in a runtime: its values are found by the names of the file's tensors."""

    def __init__(self, name: str, model: Model, graph: Graph) -> None:
        self.name = name
        if name == "ort" and find_spec("onnxruntime") is None:
            raise OracleMissing("the package onnxruntime is not installed", "pip install onnxruntime")
        self._names, self._inputs, self._outputs = tensor_names(model), graph.inputs, graph.outputs
        try:
            self._remote = Remote(name, model.SerializeToString())
        except (EncodeError, ValueError) as error:
            raise OracleUnavailable(f"the model cannot be written again: {error}") from error

    @property
    def kernels(self) -> str:
        return self._remote.kernels

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        return self.trace(inputs, ())[0]

    def trace(self, inputs: Sequence[Array], values: Sequence[Value]) -> tuple[list[Array], dict[Value, Array]]:
        named = {value: self._names[value.index] for value in values if value.index is not None}
        given = [_filed(array, value) for array, value in zip(inputs, self._inputs, strict=True)]
        outputs, found = self._remote.run(given, list(named.values()))
        shown = {value: array for value, array in zip(named, found, strict=True) if array is not None}
        expected = [_coded(array, value) for array, value in zip(outputs, self._outputs, strict=True)]
        return expected, {value: value.lying(array) for value, array in shown.items()}

    def reset(self) -> None:
        """ONNX models have no state."""


def _coded(array: Array, value: Value) -> Array:
    """An output as `value` has it: texts as the numbers of their labels."""
    if value.labels is not None:
        array = np.array([value.labels.index(text) for text in array.ravel().tolist()]).reshape(array.shape)
    return value.lying(array.astype(value.dtype.numpy, copy=False))


def _filed(array: Array, value: Value) -> Array:
    """An input in the order of dimensions that the file has."""
    return array if value.order is None else np.asarray(array.transpose(np.argsort(value.order)), order="C")
