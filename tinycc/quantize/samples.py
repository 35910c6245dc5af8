# SPDX-License-Identifier: Apache-2.0
"""The data that a quantization goes by: an .npz file with inputs, one sample a row, and perhaps labels."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tinycc.errors import CompileError, Problem, fail
from tinycc.execution.inputs import read_arrays
from tinycc.ir import Array, Value

LABELS = "labels"
FEWEST = 4
"""Samples below which a range means nothing."""
FEW = 100
"""Samples below which a note says that there are few."""
HELD_OUT = 4
"""Every fourth sample is held out where there are labels, in whatever order the file has them."""


@dataclass(frozen=True)
class Samples:
    """`inputs`: for every input of the model an array [samples, *shape] of its type. `labels`: [samples] or [samples, ...]."""

    inputs: tuple[Array, ...]
    labels: Array | None = None

    @property
    def count(self) -> int:
        return len(self.inputs[0])

    def __iter__(self) -> Iterator[tuple[Array, ...]]:
        return iter(zip(*self.inputs, strict=True))

    def taken(self, where: Array) -> Samples:
        """The samples at these positions."""
        return replace(
            self,
            inputs=tuple(array[where] for array in self.inputs),
            labels=None if self.labels is None else self.labels[where],
        )

    def split(self) -> tuple[Samples, Samples]:
        """Those to calibrate with, and those to judge by: others where there are labels, else some of the same."""
        positions = np.arange(self.count)
        held = positions % HELD_OUT == HELD_OUT - 1
        if self.labels is None:
            return self, self.taken(positions[held])
        return self.taken(positions[~held]), self.taken(positions[held])


def read_samples(path: str | os.PathLike[str], values: Sequence[Value]) -> Samples:
    """The samples of a file, for the inputs `values`. Raises CompileError with everything that is wrong with them."""
    arrays = read_arrays(path)
    problems: list[Problem] = []
    found: list[Array] = []
    for index, value in enumerate(values):
        try:
            found.append(_samples(str(path), arrays, index, value))
        except CompileError as error:
            problems += error.problems
    if problems:
        raise CompileError(problems)
    if not found:
        raise fail("model", "no inputs", "at least one", "There is nothing to calibrate.")
    counts = {value.name: len(array) for value, array in zip(values, found, strict=True)}
    labels = arrays.get(LABELS)
    if labels is not None:
        counts[LABELS] = len(labels) if labels.ndim else 0
    if len(set(counts.values())) > 1:
        told = ", ".join(f"{name} {count}" for name, count in counts.items())
        raise fail(str(path), f"samples: {told}", "as many of every array")
    _check_enough(str(path), len(found[0]))
    if labels is not None and labels.dtype.kind not in "iufb":
        raise fail(str(path), f"{LABELS} of {labels.dtype}", "numbers of classes, or values to come near to")
    return Samples(tuple(found), labels)


def _check_enough(path: str, count: int) -> None:
    if count < FEWEST:
        hint = f"Give some hundred that are like what the device will see; below {FEW} the ranges are a guess."
        raise fail(path, f"{count} samples", f"at least {FEWEST}", hint)


def _samples(path: str, arrays: Mapping[str, Array], index: int, value: Value) -> Array:
    """All samples of one input."""
    key = value.name if value.name in arrays else f"in{index}"
    if key not in arrays:
        known = ", ".join(sorted(arrays)) or "none"
        hint = f"Write it with numpy.savez(path, {value.name if value.name.isidentifier() else f'in{index}'}=...)."
        raise fail(path, f"arrays {known}", f"in{index} or {value.name}, for the input {value.type}", hint)
    array = arrays[key]
    shapes = {value.shape, value.shape[1:]} if value.shape[:1] == (1,) else {value.shape}
    if array.ndim == 0 or array.shape[1:] not in shapes:
        shown = " or ".join(str(["samples", *shape]).replace("'", "") for shape in sorted(shapes, key=len))
        hint = f"The model's input is {value.type}: one sample a row, along a new first axis."
        raise fail(path, f"{key}: {array.dtype}{list(array.shape)}", shown, hint)
    if not len(array):
        _check_enough(path, 0)
    return _converted(path, key, array, value).reshape(-1, *value.shape)


def _converted(path: str, key: str, array: Array, value: Value) -> Array:
    """Of the input's type, every number one that can be counted on."""
    wanted = np.dtype(value.dtype.numpy)
    kinds = "fiub" if wanted.kind == "f" else "iub" if wanted.kind in "iu" else wanted.kind
    if array.dtype.kind not in kinds:
        raise fail(path, f"{key} of {array.dtype}", f"{value.dtype.value}, the input's type")
    if array.dtype.kind == "f":
        where = ~np.isfinite(array.astype(np.float32)).reshape(len(array), -1)
        if where.any():
            sample = int(np.flatnonzero(where.any(axis=1))[0])
            found = f"{key}: {int(where.sum()):,} elements that are NaN or infinite, the first in sample {sample}"
            raise fail(path, found, "finite numbers", "Leave such samples out.")
    converted: Array = array.astype(wanted)
    if wanted.kind in "iu" and not np.array_equal(converted, array):
        raise fail(path, f"{key}: numbers from {array.min()} to {array.max()}", f"numbers that {value.dtype.value} holds")
    return converted
