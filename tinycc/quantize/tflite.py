# SPDX-License-Identifier: Apache-2.0
"""TFLite models through ai-edge-quantizer: integer kernels from the inputs to the outputs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinycc.ir import Array
from tinycc.oracles.process import Remote
from tinycc.quantize.library import required, working
from tinycc.quantize.ranges import Ranges
from tinycc.quantize.recipe import Activations, Layer, Plan, Recipe, Weights
from tinycc.quantize.samples import Samples

LIBRARY = "ai-edge-quantizer"
PACKAGE = "ai_edge_quantizer"
RUNTIME = "litert-optimised"
"""The set of kernels that calibrates."""
BITS = {Activations.INT8: 8, Activations.INT16: 16, Weights.INT8: 8, Weights.INT4: 4}
NARROW = ("FULLY_CONNECTED", "CONV_2D", "DEPTHWISE_CONV_2D", "BATCH_MATMUL", "EMBEDDING_LOOKUP")
"""Operators that have 4-bit weights, where the library knows how."""
MOVES = frozenset(
    "CONCATENATION GATHER GATHER_ND MAX_POOL_2D PACK PAD PADV2 RESHAPE SLICE SPACE_TO_DEPTH SPLIT SQUEEZE STRIDED_SLICE "
    "TRANSPOSE UNPACK".split()
)
"""Operators that lose nothing: the results have the codes of the operands."""


class TfliteQuantizer:
    """See `tinycc.quantize.library.Quantizer`."""

    def __init__(self, model: bytes, samples: Samples, recipe: Recipe) -> None:
        self._quantizer = required(f"{PACKAGE}.quantizer", LIBRARY)
        self._operators = required(f"{PACKAGE}.qtyping", LIBRARY).TFLOperationName
        self._reader = required(f"{PACKAGE}.utils.tfl_flatbuffer_utils", LIBRARY)
        self.float_model, self._recipe = model, recipe
        with working(LIBRARY, "file"):
            self._graph = self._reader.read_model(model).subgraphs[0]
            self._codes = [code.builtinCode for code in self._reader.read_model(model).operatorCodes]
        self._scopes = dict(self._named())
        self.layers = tuple(self._scopes)
        self._calibration = self._calibrated(samples)

    def _named(self) -> Any:
        """The layers, and what the library calls the scope of each."""
        for op in self._graph.operators:
            kind = self._reader.TFL_OP_CODE_TO_NAME.get(self._codes[op.opcodeIndex])
            if kind is not None and kind.value not in MOVES and len(op.outputs):
                name = self._reader.get_tensor_name(self._graph.tensors[op.outputs[0]])
                yield Layer(name, kind.value), self._reader.get_op_scope(op, self._graph.tensors)

    def _scope(self, name: str) -> str:
        scope: str = next(scope for layer, scope in self._scopes.items() if layer.name == name)
        return f"^{re.escape(scope)}$"

    def quantized(self, plan: Plan) -> bytes:
        activations, weights = BITS[self._recipe.activations], BITS[self._recipe.weights]
        with working(LIBRARY, "quantization"):
            quantizer = self._quantizer.Quantizer(self.float_model)
            for scope in [".*"] if plan.only is None else [self._scope(name) for name in plan.only]:
                self._add(quantizer, scope, activations, weights)
            for name in sorted(plan.wide):
                self._add(quantizer, self._scope(name), 16, 8)
            for name in sorted(plan.floats):
                quantizer.update_quantization_recipe(
                    self._scope(name), self._operators.ALL_SUPPORTED, algorithm_key="no_quantize"
                )
            made = quantizer.quantize(self._calibration, enable_progress_bar=False, enable_progress_report=False)
            return bytes(made.quantized_model)

    def _add(self, quantizer: Any, scope: str, activations: int, weights: int) -> None:
        quantizer.add_static_config(scope, self._operators.ALL_SUPPORTED, activations, 8)
        for kind in NARROW if weights < 8 else ():
            try:
                quantizer.add_static_config(scope, self._operators(kind), activations, weights)
            except ValueError:  # The library has no such weights for this operator.
                continue

    def _calibrated(self, samples: Samples) -> dict[str, dict[str, Array]]:
        """Tensor -> the least and the largest that it is taken to be."""
        graph = self._graph
        made = {int(index) for op in graph.operators for index in op.outputs} | {int(index) for index in graph.inputs}
        floats = [index for index in sorted(made) if graph.tensors[index].type == 0]
        names = [self._reader.get_tensor_name(graph.tensors[index]) for index in floats]
        ranges = Ranges(self._recipe)
        remote = Remote(RUNTIME, self.float_model)
        for sample in samples:
            _, found = remote.run(sample, floats)
            ranges.add(dict(zip(names, found, strict=True)))
        shapes = {name: (1,) * len(graph.tensors[index].shape) for name, index in zip(names, floats, strict=True)}
        return {
            name: {"min": np.full(shapes[name], low, np.float32), "max": np.full(shapes[name], high, np.float32)}
            for name, (low, high) in ranges.found().items()
        }

    def run(self, model: bytes, inputs: Sequence[tuple[Array, ...]]) -> list[list[Array]]:
        remote = Remote(RUNTIME, model)
        with working(LIBRARY, "file"):
            graph = self._reader.read_model(model).subgraphs[0]
        given, made = ([_code(graph.tensors[index]) for index in ends] for ends in (graph.inputs, graph.outputs))
        found = []
        for sample in inputs:
            coded = [array if code is None else code.coded(array) for array, code in zip(sample, given, strict=True)]
            outputs = remote.run(coded)[0]
            found.append([array if code is None else code.real(array) for array, code in zip(outputs, made, strict=True)])
        return found


@dataclass(frozen=True)
class _Code:
    """How integers stand for numbers."""

    scale: np.float32
    zero_point: int
    dtype: Any

    def coded(self, array: Array) -> Array:
        limits = np.iinfo(self.dtype)
        codes: Array = np.clip(np.rint(array / self.scale) + self.zero_point, limits.min, limits.max).astype(self.dtype)
        return codes

    def real(self, array: Array) -> Array:
        numbers: Array = (array.astype(np.float32) - np.float32(self.zero_point)) * self.scale
        return numbers


CODES = {9: np.int8, 7: np.int16}
"""Element types of codes, by the number that the schema has for them."""


def _code(tensor: Any) -> _Code | None:
    """What the tensor's elements stand for; None: themselves."""
    q = tensor.quantization
    if tensor.type not in CODES or q is None or q.scale is None or not len(q.scale):
        return None
    return _Code(np.float32(q.scale[0]), int(q.zeroPoint[0]), CODES[tensor.type])
