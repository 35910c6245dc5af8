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
import sys
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import tflite
from numpy.typing import NDArray

Array = NDArray[Any]

# Pages of the arena cost nothing until they are touched: one generous size spares the search for the smallest.
TFLM_ARENA_BYTES = 1 << 28


class Runtime(Protocol):
    """One interpreter in the state it was left in by its last invocation."""

    def run(self, inputs: Sequence[Array]) -> list[Array]: ...
    def tensor(self, index: int) -> Array: ...


class Tflm:
    """TensorFlow Lite Micro's reference kernels. Tensors share no memory, so all of them can be read afterwards."""

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
    """LiteRT's reference kernels (BUILTIN_REF: neither XNNPACK nor optimised kernels).

    A few operators (ROUND, ELU) have no entry there, and weights quantized in blocks are taken for a matrix with scale 0: a
    model with one of them runs on the optimised kernels as a whole.
    """

    def __init__(self, model: bytes) -> None:
        litert = importlib.import_module("ai_edge_litert.interpreter")
        resolvers = litert.OpResolverType
        first = resolvers.BUILTIN_WITHOUT_DEFAULT_DELEGATES if has_blocks(model) else resolvers.BUILTIN_REF
        try:
            self._interpreter = self._load(litert, model, first)
        except ValueError as error:
            if "Didn't find op" not in str(error):
                raise
            self._interpreter = self._load(litert, model, resolvers.BUILTIN_WITHOUT_DEFAULT_DELEGATES)
        self._interpreter.allocate_tensors()
        self._inputs = [detail["index"] for detail in self._interpreter.get_input_details()]
        self._outputs = [detail["index"] for detail in self._interpreter.get_output_details()]

    @staticmethod
    def _load(litert: Any, model: bytes, resolver: Any) -> Any:
        return litert.Interpreter(
            model_content=model, experimental_op_resolver_type=resolver, experimental_preserve_all_tensors=True
        )

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        for index, value in zip(self._inputs, inputs, strict=True):
            self._interpreter.set_tensor(index, value)
        self._interpreter.invoke()
        return [self.tensor(index) for index in self._outputs]

    def tensor(self, index: int) -> Array:
        value: Array = self._interpreter.get_tensor(index)
        return value


# What the runtimes raise themselves, with whole sentences.
_SPEAKING = (RuntimeError, ValueError, ImportError)

RUNTIMES: dict[str, Callable[[bytes], Runtime]] = {"tflm": Tflm, "litert": Litert}


class Worker:
    """The verbs: one public method each."""

    def __init__(self) -> None:
        self._runtime: Runtime | None = None

    def load(self, name: str, model: bytes) -> None:
        self._runtime = None
        self._runtime = RUNTIMES[name](model)

    def run(self, inputs: Sequence[Array], indices: Sequence[int]) -> tuple[list[Array], list[Array]]:
        """One invocation: the outputs, and the tensors `indices`."""
        assert self._runtime is not None
        outputs = self._runtime.run(inputs)
        return outputs, [self._runtime.tensor(index) for index in indices]

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
