# SPDX-License-Identifier: Apache-2.0
"""The runtimes of .tflite files: TensorFlow Lite Micro's own kernels (`tflm`), and LiteRT's three sets of kernels.

`litert-ref` are its reference kernels, `litert-optimised` what runs with XNNPACK off, `litert-xnnpack` what runs by default.
They round differently, and each has defects that the others have not (see `tinycc.defects`).

All take the file as it is, save for the edits of patch.py. A model that TFLM accepts need not be valid: it checks far less
than LiteRT (a stride of 0 runs and gives nonsense).
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from tinycc.frontends.tflite.load import changed_shapes
from tinycc.frontends.tflite.patch import UNREADABLE, PatchError, patch_model, readable_tensors
from tinycc.frontends.tflite.unsigned import shifted
from tinycc.ir import Array, DType, Graph, Value
from tinycc.numerics.rules import Numerics
from tinycc.oracles import OracleMissing, OracleUnavailable
from tinycc.oracles.process import Remote

_NO_SHAPES: Mapping[int, tuple[int, ...]] = MappingProxyType({})


class FileOracle:
    """A file in a runtime. Inputs, outputs and tensors are those of subgraph 0, in its order, shapes and dtypes.

    `shapes`: new static shapes by tensor index, for every tensor that changes if the runtime does not propagate shapes. This is
    how a model runs with another batch size. `kernels` says which ones run, in words.
    """

    def __init__(self, name: str, model: bytes, shapes: Mapping[int, tuple[int, ...]]) -> None:
        self.name = name
        package, pip = _PACKAGES[name.partition("-")[0]]
        if importlib.util.find_spec(package) is None:
            raise OracleMissing(f"the package {pip} is not installed", f"pip install '{pip}'")
        try:
            patched = patch_model(model, shapes, propagates=name != "tflm")
            self._readable = readable_tensors(patched)
        except PatchError as error:
            raise OracleUnavailable(str(error)) from error
        except UNREADABLE as error:
            raise OracleUnavailable(f"not a readable .tflite file ({error})") from error
        self._remote = Remote(name, patched)
        self.kernels = self._remote.kernels

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        """One invocation; the outputs."""
        return self._remote.run(inputs)[0]

    def tensors(self, inputs: Sequence[Array], indices: Sequence[int]) -> dict[int, Array]:
        """One invocation; the tensors with these indices (inputs, constants, results), by index."""
        return self.run_all(inputs, indices)[1]

    def run_all(self, inputs: Sequence[Array], indices: Sequence[int]) -> tuple[list[Array], dict[int, Array]]:
        """One invocation; the outputs, and the tensors with these indices."""
        without_value = sorted(set(indices) - self._readable)
        if without_value:
            raise ValueError(f"tensors {without_value} of subgraph 0 are never computed")
        outputs, found = self._remote.run(inputs, indices)
        return outputs, dict(zip(indices, found, strict=True))

    def reset(self) -> None:
        """Back to the state of a freshly loaded model."""
        self._remote.reset()


def tflm(model: bytes, shapes: Mapping[int, tuple[int, ...]] = _NO_SHAPES) -> FileOracle:
    """TensorFlow Lite Micro's reference kernels, from the package tflite-micro. It propagates no shapes."""
    return FileOracle("tflm", model, shapes)


def litert_ref(model: bytes, shapes: Mapping[int, tuple[int, ...]] = _NO_SHAPES) -> FileOracle:
    """LiteRT's reference kernels, from the package ai-edge-litert."""
    return FileOracle("litert-ref", model, shapes)


def litert_optimised(model: bytes, shapes: Mapping[int, tuple[int, ...]] = _NO_SHAPES) -> FileOracle:
    """LiteRT's optimised kernels, as they run with XNNPACK off."""
    return FileOracle("litert-optimised", model, shapes)


def litert_xnnpack(model: bytes, shapes: Mapping[int, tuple[int, ...]] = _NO_SHAPES) -> FileOracle:
    """LiteRT as it runs by default, XNNPACK on. It shows no tensors but the outputs."""
    return FileOracle("litert-xnnpack", model, shapes)


RUNTIMES: Mapping[str, Callable[..., FileOracle]] = {
    "tflm": tflm,
    "litert-ref": litert_ref,
    "litert-optimised": litert_optimised,
    "litert-xnnpack": litert_xnnpack,
}
_PACKAGES = {"tflm": ("tflite_micro", "tflite-micro"), "litert": ("ai_edge_litert", "ai-edge-litert")}
"""First word of the runtime's name -> module and package."""


class TfliteOracle:
    """A graph of a file in a runtime: its values are found by tensor number, its changed shapes given to the runtime."""

    def __init__(self, name: str, data: bytes, graph: Graph, match: Numerics) -> None:
        self.name = name
        inputs = {value.index: value.shape for value in graph.inputs if value.index is not None}
        self._oracle = RUNTIMES[name](data, changed_shapes(data, inputs, match))
        self.kernels = self._oracle.kernels

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        return self._oracle.run(inputs)

    def trace(self, inputs: Sequence[Array], values: Sequence[Value]) -> tuple[list[Array], dict[Value, Array]]:
        shown = [] if self.name == "litert-xnnpack" else [value for value in values if value.index is not None]
        outputs, found = self._oracle.run_all(inputs, sorted({value.index for value in shown if value.index is not None}))
        return outputs, {value: _as_in_graph(value, found[value.index]) for value in shown if value.index is not None}

    def reset(self) -> None:
        self._oracle.reset()


def _as_in_graph(value: Value, array: Array) -> Array:
    """What the runtime has for a tensor, in the graph's element type: int8 stands for uint8 there."""
    return shifted(array) if array.dtype == np.uint8 and value.dtype is DType.INT8 else array
