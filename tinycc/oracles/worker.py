# SPDX-License-Identifier: Apache-2.0
"""A process with one reference runtime in it: `python worker.py`. A script of its own that imports nothing of tinycc.

The runtimes are native code that aborts, divides by zero or reads astray on some models and loops on others.
process.py therefore keeps them out of the compiler's own process and talks to them through pipes: a request is a
pickled tuple (verb, arguments...), its answer ("ok", value) or ("error", text). What the runtime prints goes to the
standard error output, where process.py finds the reasons.
"""

from __future__ import annotations

import importlib
import os
import pickle
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
import tflite
from numpy.typing import NDArray

Array = NDArray[Any]

# Pages of the arena cost nothing until they are touched: one generous size spares the search for the smallest.
TFLM_ARENA_BYTES = 1 << 28


class Runtime(Protocol):
    """One interpreter in the state it was left in by its last invocation. `kernels` says what runs."""

    kernels: str

    def run(self, inputs: Sequence[Array]) -> list[Array]: ...
    def tensor(self, key: Any) -> Array | None: ...


class Tflm:
    """TensorFlow Lite Micro's reference kernels. Tensors share no memory, so all of them can be read afterwards."""

    kernels = "reference kernels"

    def __init__(self, model: bytes) -> None:
        runtime = importlib.import_module("tflite_micro").runtime
        graph = runtime.schema_fb.Model.GetRootAs(model, 0).Subgraphs(0)
        self._input_count, self._output_count = graph.InputsLength(), graph.OutputsLength()
        self._interpreter = runtime.Interpreter.from_bytes(
            model,
            arena_size=TFLM_ARENA_BYTES,
            intrepreter_config=runtime.InterpreterConfig.kPreserveAllTensors,
        )

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        for index, value in zip(range(self._input_count), inputs, strict=True):
            self._interpreter.set_input(value, index)
        self._interpreter.invoke()
        return [self._interpreter.get_output(index) for index in range(self._output_count)]

    def tensor(self, index: int) -> Array:
        value: Array = self._interpreter.GetTensor(index, 0)["tensor_data"]
        return value


def has_blocks(model: bytes) -> bool:
    """Whether a tensor of subgraph 0 is quantized in blocks: QuantizationDetails 2, BlockwiseQuantization."""
    graph = tflite.Model.GetRootAs(model, 0).Subgraphs(0)
    quantizations = (graph.Tensors(index).Quantization() for index in range(graph.TensorsLength()))
    return any(quantization is not None and quantization.DetailsType() == 2 for quantization in quantizations)


class Litert:
    """LiteRT on one of its sets of kernels."""

    kernels = ""
    """What ran, in words."""

    def __init__(self, model: bytes) -> None:
        self._litert = importlib.import_module("ai_edge_litert.interpreter")
        self._interpreter = self._load(model)
        self._interpreter.allocate_tensors()
        self._inputs = [detail["index"] for detail in self._interpreter.get_input_details()]
        self._outputs = [detail["index"] for detail in self._interpreter.get_output_details()]

    def _load(self, model: bytes) -> Any:
        raise NotImplementedError

    def _interpreter_of(self, model: bytes, resolver: str, *, preserve: bool = True) -> Any:
        return self._litert.Interpreter(
            model_content=model,
            experimental_op_resolver_type=getattr(self._litert.OpResolverType, resolver),
            experimental_preserve_all_tensors=preserve,
        )

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        for index, value in zip(self._inputs, inputs, strict=True):
            self._interpreter.set_tensor(index, value)
        self._interpreter.invoke()
        return [self.tensor(index) for index in self._outputs]

    def tensor(self, index: int) -> Array:
        value: Array = self._interpreter.get_tensor(index)
        return value


class LitertReference(Litert):
    """The reference kernels (BUILTIN_REF).

    A few operators (ROUND, ELU, TILE of version 3) have no entry there, and weights quantized in blocks are taken for a matrix
    with scale 0: a model with one of them runs on the optimised kernels as a whole.
    """

    def _load(self, model: bytes) -> Any:
        reason = "the reference kernels know no blocks" if has_blocks(model) else ""
        if not reason:
            try:
                interpreter = self._interpreter_of(model, "BUILTIN_REF")
                self.kernels = "reference kernels"
                return interpreter
            except ValueError as error:
                missing = re.search(r"Didn't find op for builtin opcode '(\w+)' version '(\d+)'", str(error))
                if missing is None:
                    raise
                reason = f"there is no reference kernel for {missing[1]} version {missing[2]}"
        self.kernels = f"optimised kernels, as {reason}"
        return self._interpreter_of(model, "BUILTIN_WITHOUT_DEFAULT_DELEGATES")


class LitertOptimised(Litert):
    """The optimised kernels, without XNNPACK."""

    kernels = "optimised kernels, XNNPACK off"

    def _load(self, model: bytes) -> Any:
        return self._interpreter_of(model, "BUILTIN_WITHOUT_DEFAULT_DELEGATES")


class LitertXnnpack(Litert):
    """As it runs by default: XNNPACK for what that takes, the optimised kernels for the rest. Only outputs can be read."""

    kernels = "XNNPACK on"

    def _load(self, model: bytes) -> Any:
        return self._interpreter_of(model, "BUILTIN", preserve=False)


class Ort:
    """ONNX Runtime without graph optimisations, on one thread. Tensors inside come from a second session, made when one is
    asked for, in which all of them are outputs."""

    kernels = "ONNX Runtime, graph optimisations off"

    def __init__(self, model: bytes) -> None:
        self._model = model
        self._session = self._load(model)
        self._feeds: dict[str, Array] = {}
        self._inside: dict[str, Array] | None = None

    @staticmethod
    def _load(model: bytes) -> Any:
        runtime = importlib.import_module("onnxruntime")
        options = runtime.SessionOptions()
        options.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        return runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        given = {item.name for item in self._session.get_overridable_initializers()}
        names = [item.name for item in self._session.get_inputs() if item.name not in given]
        self._feeds, self._inside = dict(zip(names, inputs, strict=True)), None
        return [_plain(output) for output in self._session.run(None, self._feeds)]

    def tensor(self, name: str) -> Array | None:
        if self._inside is None:
            onnx = importlib.import_module("onnx")
            model = onnx.load_from_string(self._model)
            known = {item.name for item in model.graph.output}
            inside = {name: None for node in model.graph.node for name in node.output if name and name not in known}
            model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in inside)
            session = self._load(model.SerializeToString())
            self._inside = dict(zip((item.name for item in session.get_outputs()), session.run(None, self._feeds), strict=True))
        return self._inside.get(name)


def _plain(output: Any) -> Array:
    """An output as an array: texts as such, and the maps that ZipMap makes of rows as rows."""
    if isinstance(output, list) and all(isinstance(item, dict) for item in output):
        return np.array([list(item.values()) for item in output], np.float32)
    array = np.asarray(output)
    return array.astype(str) if array.dtype == object else array


class Reference:
    """The evaluator of the package onnx: every operator in numpy."""

    kernels = "the reference evaluator of onnx"

    def __init__(self, model: bytes) -> None:
        onnx = importlib.import_module("onnx")
        self._evaluator = importlib.import_module("onnx.reference").ReferenceEvaluator(onnx.load_from_string(model))
        self._found: dict[str, Array] = {}

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        feeds = dict(zip(self._evaluator.input_names, inputs, strict=False))
        self._found = self._evaluator.run(None, feeds, intermediate=True)
        return [self._found[name] for name in self._evaluator.output_names]

    def tensor(self, name: str) -> Array | None:
        return self._found.get(name)


class ReferenceDoubles(Reference):
    """The same with all floats in double precision: what a model says, all but without rounding."""

    kernels = "the reference evaluator of onnx, in double precision"

    def __init__(self, model: bytes) -> None:
        onnx = importlib.import_module("onnx")
        doubled = onnx.load_from_string(model)
        attributes = [item for node in doubled.graph.node for item in node.attribute]
        constants = [item.t for item in attributes if item.type == onnx.AttributeProto.TENSOR]
        for tensor in (*doubled.graph.initializer, *constants):
            if tensor.data_type == onnx.TensorProto.FLOAT:
                wide = onnx.numpy_helper.to_array(tensor).astype(np.float64)
                tensor.CopyFrom(onnx.numpy_helper.from_array(wide, tensor.name))
        for item in attributes:
            if item.name in ("to", "dtype") and item.i == onnx.TensorProto.FLOAT:
                item.i = onnx.TensorProto.DOUBLE
        super().__init__(doubled.SerializeToString())

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        wide = [array.astype(np.float64) if array.dtype == np.float32 else array for array in inputs]
        return [array.astype(np.float32) if array.dtype == np.float64 else array for array in super().run(wide)]


# What the runtimes raise themselves, with whole sentences.
_SPEAKING = (RuntimeError, ValueError, ImportError)

RUNTIMES: dict[str, Callable[[bytes], Runtime]] = {
    "tflm": Tflm,
    "litert-ref": LitertReference,
    "litert-optimised": LitertOptimised,
    "litert-xnnpack": LitertXnnpack,
    "ort": Ort,
    "reference": Reference,
    "reference-doubles": ReferenceDoubles,
}


class Worker:
    """The verbs: one public method each."""

    def __init__(self) -> None:
        self._runtime: Runtime | None = None

    def load(self, name: str, model: bytes) -> str:
        """The kernels that will run, in words."""
        self._runtime = None
        self._runtime = RUNTIMES[name](model)
        return self._runtime.kernels

    def run(self, inputs: Sequence[Array], keys: Sequence[Any]) -> tuple[list[Array], list[Array | None]]:
        """One invocation: the outputs, and the tensors `keys` (None: it does not show this one)."""
        assert self._runtime is not None
        outputs = self._runtime.run(inputs)
        return outputs, [self._runtime.tensor(key) for key in keys]

    def unload(self) -> None:
        self._runtime = None


def main() -> None:
    """Serves requests until the other side closes the pipe."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    worker = Worker()
    while True:
        try:
            verb, *arguments = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        answer: tuple[str, Any]
        try:
            answer = "ok", getattr(worker, verb)(*arguments)
        except Exception as error:
            answer = "error", str(error) if isinstance(error, _SPEAKING) else f"{type(error).__name__}: {error}"
        pickle.dump(answer, answers, protocol=pickle.HIGHEST_PROTOCOL)
        answers.flush()


if __name__ == "__main__":
    main()
