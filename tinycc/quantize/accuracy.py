# SPDX-License-Identifier: Apache-2.0
"""How good a quantization is: right answers where there are labels, and how far its outputs are from those of the floats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinycc.ir import Array, Value
from tinycc.quantize.samples import Samples

BEST_DB = 200.0
"""What stands for no noise at all."""


@dataclass(frozen=True)
class Score:
    """What one execution made of the samples that judge. `what`: float, quantized or C, run by `runtime`. Of `samples`, `right`
    are right (None: there are no labels of classes); `error` is the mean absolute error (None: there are no labels of values).
    `agree`: have the largest output where the float model has it. `sqnr_db`: signal of the float model's outputs over the
    difference from them, in decibels."""

    what: str
    runtime: str
    samples: int
    right: int | None
    error: float | None
    agree: int
    sqnr_db: float


def score(what: str, runtime: str, outputs: Sequence[Array], floats: Sequence[Array], labels: Array | None) -> Score:
    """`outputs`, `floats`: the first output for every sample, of this execution and of the float model."""
    found, expected = np.stack(outputs).astype(np.float64), np.stack(floats).astype(np.float64)
    count = len(found)
    classes = labels is not None and labels.dtype.kind in "iub" and labels.size == count
    values = labels is not None and not classes
    return Score(
        what,
        runtime,
        count,
        int((chosen(found) == np.asarray(labels).reshape(-1)).sum()) if classes else None,
        float(np.abs(found.reshape(count, -1) - np.asarray(labels).reshape(count, -1)).mean()) if values else None,
        int((chosen(found) == chosen(expected)).sum()),
        sqnr(expected, found),
    )


def chosen(outputs: Array) -> Array:
    """The class of every sample: the largest of several numbers; one alone is a class if whole, else more than half or not."""
    rows = outputs.reshape(len(outputs), -1)
    if rows.shape[1] > 1:
        return np.asarray(rows.argmax(axis=1))
    alone = rows[:, 0]
    whole = bool((alone == np.rint(alone)).all())
    return np.asarray(alone.astype(np.int64) if whole else (alone > 0.5).astype(np.int64))


def sqnr(expected: Array, found: Array) -> float:
    """Signal over noise in decibels."""
    signal = float(np.square(expected, dtype=np.float64).sum())
    noise = float(np.square(expected.astype(np.float64) - found).sum())
    if noise == 0:
        return BEST_DB
    return float(np.clip(10 * np.log10(signal / noise), -BEST_DB, BEST_DB)) if signal else -BEST_DB


def coded(sample: Sequence[Array], inputs: Sequence[Value]) -> tuple[Array, ...]:
    """Real numbers in the codes of a model's inputs."""
    return tuple(_codes(array, value) for array, value in zip(sample, inputs, strict=True))


def _codes(array: Array, value: Value) -> Array:
    q = value.type.quantization
    if q is None or not value.dtype.is_integer or array.dtype.kind != "f":
        return array.astype(value.dtype.numpy, copy=False)
    codes = np.rint(array / np.float32(q.scale)) + q.zero_point
    result: Array = np.clip(codes, *value.dtype.limits).astype(value.dtype.numpy)
    return result


def real(array: Array, value: Value) -> Array:
    """What codes of an output stand for."""
    q = value.type.quantization
    if q is None or not value.dtype.is_integer:
        return array
    result: Array = (array.astype(np.float32) - np.float32(q.zero_point)) * np.float32(q.scale)
    return result


def mismatched(labels: Array, output: Value, samples: Samples) -> str:
    """Why labels cannot be those of a model's output; empty: they can."""
    size = labels.size // max(samples.count, 1)
    if labels.dtype.kind in "iub" and size == 1:
        classes = output.type.elements
        if classes > 1 and not 0 <= int(labels.min()) <= int(labels.max()) < classes:
            return f"labels from {labels.min()} to {labels.max()} for {classes} classes"
        return ""
    if size != output.type.elements:
        return f"labels of {size} numbers a sample for an output of {output.type.elements}"
    return ""
