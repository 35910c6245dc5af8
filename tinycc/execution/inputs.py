# SPDX-License-Identifier: Apache-2.0
"""What a model is tried on: edge values, seeded random values, the user's own."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.lib.npyio import NpzFile

from tinycc.errors import fail
from tinycc.ir import Array, DType, TensorType, Value


@dataclass(frozen=True)
class InputSet:
    """Arrays for all inputs of a model, under a name for messages. `fresh`: the model starts from its initial state."""

    label: str
    arrays: tuple[Array, ...]
    fresh: bool = True


def random_array(type: TensorType, generator: np.random.Generator) -> Array:
    """Integers over their whole range, but int32 and int64 from 0..3; floats from the standard normal; bool."""
    if type.dtype in (DType.FLOAT32, DType.FLOAT16):
        return generator.standard_normal(type.shape).astype(type.dtype.numpy)
    if type.dtype is DType.COMPLEX64:
        return (generator.standard_normal((*type.shape, 2)).astype(np.float32)).view(np.complex64)[..., 0]
    if type.dtype is DType.BOOL:
        return generator.integers(0, 2, type.shape).astype(np.bool_)
    low, high = (0, 3) if type.dtype in (DType.INT32, DType.INT64) else type.dtype.limits
    return generator.integers(low, high, type.shape, type.dtype.numpy.type, endpoint=True)


def random_inputs(values: Sequence[Value], seed: int, step: int = 0) -> InputSet:
    """One seeded set; every input has its own generator."""
    arrays = (random_array(value.type, np.random.default_rng([seed, step, i])) for i, value in enumerate(values))
    return InputSet(f"random, seed {seed}" + (f", step {step}" if step else ""), tuple(arrays), fresh=step == 0)


def edge_inputs(values: Sequence[Value]) -> list[InputSet]:
    """All elements minimal, all maximal, all zero (the zero point of quantized inputs); -1, 1 and 0 for floats."""
    fills: dict[str, Callable[[Value], float]] = {"minimum": _minimum, "maximum": _maximum, "zero": _zero}
    return [
        InputSet(f"all {name}", tuple(np.full(value.shape, fill(value), value.dtype.numpy) for value in values))
        for name, fill in fills.items()
    ]


def sequences(sets: Sequence[InputSet], values: Sequence[Value], steps: int) -> list[InputSet]:
    """Each set followed by `steps` - 1 random ones that find the state that it left."""
    later = [random_inputs(values, seed, step) for seed in range(len(sets)) for step in range(1, steps)]
    rest = steps - 1
    return [item for i, start in enumerate(sets) for item in (start, *later[i * rest : (i + 1) * rest])]


def _minimum(value: Value) -> float:
    if value.dtype in (DType.INT32, DType.INT64, DType.BOOL):
        return 0
    return value.dtype.limits[0] if value.dtype.is_integer else -1.0


def _maximum(value: Value) -> float:
    if value.dtype in (DType.INT32, DType.INT64):
        return 3
    return value.dtype.limits[1] if value.dtype.is_integer else 1.0


def _zero(value: Value) -> float:
    quantized = value.dtype.is_integer and value.type.quantization is not None
    return value.quantization.zero_points[0] if quantized else 0


def read_inputs(path: str | os.PathLike[str], values: Sequence[Value]) -> list[InputSet]:
    """Sets out of an .npz file with arrays `in0`, `in1`, ... or named as the inputs.

    An array has its input's shape and dtype, or one more leading dimension: then it holds one set per entry. The same where the
    shape begins with 1 and the array with another number.
    """
    with _reading(path) as file:
        stacks = [_stack(str(path), file, index, value) for index, value in enumerate(values)]
    counts = {len(stack) for stack in stacks}
    if len(counts) > 1:
        raise fail(str(path), f"{' and '.join(map(str, sorted(counts)))} entries", "as many for every input")
    if 0 in counts:
        raise fail(str(path), "0 entries", "at least one")
    return [InputSet(f"{path}[{i}]", tuple(stack[i] for stack in stacks)) for i in range(counts.pop() if counts else 0)]


EXPECTED = "an .npz file of arrays, one per model input"
_UNREADABLE = (
    *(OSError, EOFError, MemoryError, ValueError),
    *(NotImplementedError, RuntimeError, zipfile.BadZipFile, zlib.error),
)
"""What numpy, zipfile and zlib raise on files that are no .npz files, or damaged, encrypted, pickled ones."""


def read_arrays(path: str | os.PathLike[str]) -> dict[str, Array]:
    """All arrays of an .npz file, by name. Raises CompileError for what is none."""
    with _reading(path) as file:
        return {name: _array(str(path), file, name) for name in file.files}


@contextmanager
def _reading(path: str | os.PathLike[str]) -> Iterator[NpzFile]:
    """The file, while it is read; what is wrong with it becomes a CompileError."""
    try:
        with _open(path) as file:
            yield file
    except _UNREADABLE as error:
        found = str(error).split("\n")[0] or type(error).__name__
        if found.startswith("Object arrays"):
            hint = "Lists of different lengths make object arrays."
            raise fail(str(path), "Python objects", "arrays of numbers", hint) from error
        if "allow_pickle" in found:
            found = "no archive"
        raise fail(str(path), found, EXPECTED, "Write it with numpy.savez.") from error


def _array(path: str, file: NpzFile, key: str) -> Array:
    array = file[key]
    if not isinstance(array, np.ndarray):
        raise fail(path, f"{key}, which is no array", EXPECTED, "Write it with numpy.savez.")
    return array


def _open(path: str | os.PathLike[str]) -> NpzFile:
    file = np.load(path, allow_pickle=False)
    if not isinstance(file, NpzFile):
        raise fail(str(path), "a single array", EXPECTED, "Write it with numpy.savez.")
    return file


def _stack(path: str, file: NpzFile, index: int, value: Value) -> Array:
    """The arrays of one input, stacked along a new first axis."""
    key = value.name if value.name in file.files else f"in{index}"
    if key not in file.files:
        raise fail(path, f"arrays {', '.join(sorted(file.files)) or 'none'}", f"in{index} or {value.name}")
    array = _array(path, file, key)
    alone = value.shape[1:] if value.shape[:1] == (1,) else value.shape
    if (
        not (value.shape in (array.shape, array.shape[1:]) or (array.ndim and array.shape[1:] == alone))
        or array.dtype.newbyteorder("=") != value.dtype.numpy
    ):
        expected = f"{value.dtype.value}{list(value.shape)}"
        raise fail(path, f"{key}: {array.dtype}{list(array.shape)}", f"{expected}, or several of them along a new first axis")
    return array.astype(value.dtype.numpy, copy=False).reshape(-1, *value.shape)
