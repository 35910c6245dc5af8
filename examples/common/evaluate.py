# SPDX-License-Identifier: Apache-2.0
"""What the reference runtimes answer on the test sets: writes expected.json.

Run from the repository root: python -m examples.common.evaluate
Needs ai-edge-litert and tflite-micro, not TensorFlow.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter, OpResolverType
from tflite_micro import runtime

from .testset import Float32, Samples

EXAMPLES = Path(__file__).resolve().parent.parent
NAMES = ("anomaly", "digits", "wine")
FIRST = 8  # rows that main.c prints one by one
TIE_MARGIN = 5e-5  # steps: more than float32 can be off by within the int8 range, whatever the order
FLOAT_MARGIN = 1e-5  # what the outputs of two float runtimes may differ by

Tensor = npt.NDArray[Any]
Invoke = Callable[[Tensor], Tensor]


def litert(model: bytes) -> Invoke:
    """LiteRT with its reference kernels."""
    interpreter = Interpreter(model_content=model, experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    interpreter.allocate_tensors()
    input_index = interpreter.get_input_details()[0]["index"]
    output_index = interpreter.get_output_details()[0]["index"]

    def invoke(x: Tensor) -> Tensor:
        interpreter.set_tensor(input_index, x)
        interpreter.invoke()
        return np.array(interpreter.get_tensor(output_index))

    return invoke


def tflite_micro(model: bytes) -> Invoke:
    """TensorFlow Lite Micro: its int8 answers are the ones tinycc reproduces bit by bit."""
    interpreter = runtime.Interpreter.from_bytes(model)

    def invoke(x: Tensor) -> Tensor:
        interpreter.set_input(x, 0)
        interpreter.invoke()
        return np.array(interpreter.get_output(0))

    return invoke


RUNTIMES: dict[str, Callable[[bytes], Invoke]] = {
    "ai_edge_litert": litert,
    "tflite_micro": tflite_micro,
}


def quantized(features: Float32, details: dict[str, Any]) -> Tensor:
    """Features as the model's input type.

    No value may lie between two steps: then every rounding rule gives the same integer.
    """
    if details["dtype"] is np.float32:
        return features
    scale, zero_point = details["quantization"]
    steps = features.astype(np.float64) / np.float32(scale) + zero_point
    inside = steps[(steps > -128) & (steps < 127)]
    to_tie = np.abs(inside - np.floor(inside) - 0.5).min()
    if to_tie < TIE_MARGIN:
        raise SystemExit(f"a test value is {to_tie:.1e} steps from a tie: choose another seed")
    integers: Tensor = np.clip(np.round(steps), -128, 127).astype(np.int8)
    return integers


def dequantized(values: Tensor, details: dict[str, Any]) -> Float32:
    if details["dtype"] is np.float32:
        return values
    scale, zero_point = details["quantization"]
    return (values.astype(np.float32) - np.float32(zero_point)) * np.float32(scale)


def reconstruction_errors(features: Float32, outputs: Float32) -> Float32:
    """Mean squared errors, [rows], summed in main.c's order."""
    errors = np.zeros(len(features), np.float32)
    for difference in (features - outputs).T:
        errors += difference * difference
    return errors / np.float32(features.shape[1])


def auc(scores: Float32, labels: Tensor) -> float:
    """Chance that an anomaly scores above a normal row; ties count half."""
    pairs = scores[labels == 1][:, np.newaxis] - scores[labels == 0]
    return float((pairs > 0).mean() + (pairs == 0).mean() / 2)


def top_two_gap(outputs: Float32) -> Float32:
    """How far the best class of each row is ahead, [rows]."""
    ordered = np.sort(outputs, axis=1)
    return ordered[:, -1] - ordered[:, -2]


def judge(test: Samples, outputs: Float32, exact: bool) -> dict[str, Any]:
    """Right answers; `exact`: the outputs are integers, so only sums in float can move a verdict."""
    if test.threshold:
        scores = reconstruction_errors(test.features(), outputs)
        predictions = (scores > test.threshold).astype(np.uint8)
        margin = np.abs(scores - test.threshold).min()
        extra = {"auc": round(auc(scores, test.labels), 4)}
    else:
        predictions = outputs.argmax(axis=1).astype(np.uint8)
        margin = np.float32(np.inf) if exact else top_two_gap(outputs).min()
        extra = {}
    if margin < FLOAT_MARGIN:
        raise SystemExit(f"a verdict hangs on a difference of {margin:.1e}: choose another seed")
    return {
        "correct": int((predictions == test.labels).sum()),
        "first_predictions": predictions[:FIRST].tolist(),
        **extra,
    }


def evaluate(path: Path, test: Samples) -> dict[str, Any]:
    model = path.read_bytes()
    description = Interpreter(model_content=model)
    input_details = description.get_input_details()[0]
    output_details = description.get_output_details()[0]
    inputs = quantized(test.features(), input_details).reshape(-1, *input_details["shape"])
    answers = {}
    for name, load in RUNTIMES.items():
        invoke = load(model)
        outputs = np.stack([invoke(x).reshape(-1) for x in inputs])
        exact = output_details["dtype"] is not np.float32
        answers[name] = judge(test, dequantized(outputs, output_details), exact)
    return {"sha256": hashlib.sha256(model).hexdigest(), "runtimes": answers}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"default: {' '.join(NAMES)}")
    for name in parser.parse_args().names or NAMES:
        folder = EXAMPLES / name
        test = Samples.load(folder / "testset.npz")
        models = {path.name: evaluate(path, test) for path in sorted(folder.glob("*.tflite"))}
        expected = {"rows": len(test.rows), "models": models}
        (folder / "expected.json").write_text(json.dumps(expected, indent=2) + "\n")
        for file, answer in models.items():
            for name_of_runtime, verdict in answer["runtimes"].items():
                print(f"{file:24} {name_of_runtime:16} {verdict} of {len(test.rows)}")


if __name__ == "__main__":
    main()
