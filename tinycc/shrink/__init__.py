# SPDX-License-Identifier: Apache-2.0
"""A trained model with fewer or fewer different weights: what it takes then, and how good it still is.

Pruning by magnitude and clustering by k-means, an array of weights at a time, after training. Whoever wants the accuracy back
trains on with the zeros in place, which is the training framework's work.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from tinycc.compiler import Compilation, Model, compile, load
from tinycc.errors import CompileError, fail
from tinycc.execution.host import HostModel
from tinycc.execution.inputs import read_arrays
from tinycc.footprint import footprint
from tinycc.frontends.files import ModelFile
from tinycc.ir import Array
from tinycc.options import Options
from tinycc.quantize.accuracy import Score, coded, mismatched, real, score
from tinycc.quantize.samples import LABELS, Samples, read_samples
from tinycc.shrink.arrays import clustered, pruned
from tinycc.shrink.file import Weights, WeightsFile

__all__ = ["Shrunk", "Step", "Tried", "shrink"]

SMALLEST = 256
"""Weights of an array below which it stays as it is: there is little to gain, and much to lose."""
Advance = Callable[[int, int], None]


@dataclass(frozen=True)
class Step:
    """What is done to every array of weights: `prune`, the share that becomes zero; `cluster`, how many values are left (0: as
    many as there are)."""

    prune: float = 0.0
    cluster: int = 0

    def __str__(self) -> str:
        parts = [f"{self.prune:.0%} pruned"] * (self.prune > 0) + [f"{self.cluster} values"] * (self.cluster > 0)
        return ", ".join(parts) or "as it is"

    def __call__(self, weights: Weights) -> Array:
        array = pruned(weights.array, self.prune, weights.zero, weights.scales) if self.prune else weights.array
        return clustered(array, self.cluster, weights.zero) if self.cluster else array


@dataclass(frozen=True)
class Tried:
    """A model with shrunk weights and the C of it: bytes of flash and RAM (`how` they are known), cycles by the estimates that
    kernels are chosen by; `zeros` of all weights that were looked at. `score`: None without data."""

    step: Step
    zeros: float
    flash: int
    ram: int
    cycles: int
    how: str
    score: Score | None


@dataclass(frozen=True)
class Shrunk:
    """`rows`: the model as it is, then every step; `data`: the file of the last one. `layers`: the arrays that were shrunk, the
    operators that read them, and their sizes; `kept` stayed as they were."""

    model: Model
    data: bytes
    rows: tuple[Tried, ...]
    layers: tuple[tuple[str, str, int], ...]
    kept: tuple[str, ...]
    samples: int


def steps_of(prune: Sequence[float], cluster: Sequence[int]) -> tuple[Step, ...]:
    """Every share with every number of values. Raises CompileError for what is none."""
    for share in prune:
        if not 0 < share < 1:
            raise fail("--prune", f"{share:g}", "a share between 0 and 1, such as 0.7")
    for count in cluster:
        if not 2 <= count <= 256:
            raise fail("--cluster", str(count), "2 to 256 values")
    if not prune and not cluster:
        raise fail("--prune, --cluster", "neither", "one of them, or both", "--prune 0.7 --cluster 16, say.")
    return tuple(Step(*pair) for pair in product(prune or (0.0,), cluster or (0,)))


def shrink(
    model: Model,
    steps: Sequence[Step],
    options: Options,
    *,
    data: str | os.PathLike[str] | None = None,
    labels: str | os.PathLike[str] | None = None,
    keep: Sequence[str] = (),
    advance: Advance | None = None,
) -> Shrunk:
    """The model after each of `steps`, with the C of each beside that of the model as it is. `data`: samples as of `quantize`;
    `labels`: a file of them, where `data` has none. `keep`: names of arrays, or parts of names, that stay as they are.

    Raises CompileError for data that does not fit, a model without weights, names in `keep` that nothing has.
    """
    try:
        file = weights_file(model)
        chosen, kept = _chosen(file, keep)
        samples = None if data is None else _samples(data, labels, model)
        compilation = compile(model, options=options)
        outputs = None if samples is None else _outputs(compilation, samples)
        rows, content = [_tried(Step(), compilation, chosen, samples, outputs)], model.source.file.data
        for number, step in enumerate(steps, 1):
            arrays = {item.name: step(item) for item in chosen}
            content = file.replaced(arrays)
            made = compile(_reloaded(model, content), options=options)
            rows.append(_tried(step, made, [replace(item, array=arrays[item.name]) for item in chosen], samples, outputs))
            if advance is not None:
                advance(number, len(steps))
    except CompileError as error:
        raise CompileError(error.problems, error.source or model.name) from error
    layers = tuple((item.name, item.kind, item.array.size) for item in chosen)
    return Shrunk(model, content, tuple(rows), layers, kept, 0 if samples is None else samples.count)


def weights_file(model: Model) -> WeightsFile:
    source: Any = model.source
    if source.format == "ONNX":
        from tinycc.shrink.onnx import OnnxWeights

        return OnnxWeights(source.file.data, source.file.folder)
    from tinycc.shrink.tflite import TfliteWeights

    return TfliteWeights(source.file.data)


def _chosen(file: WeightsFile, keep: Sequence[str]) -> tuple[list[Weights], tuple[str, ...]]:
    """The arrays that are shrunk, and the names of those that are not."""
    for part in keep:
        if not any(part in item.name for item in file.weights):
            known = ", ".join(item.name for item in file.weights[:8])
            raise fail("--keep", repr(part), f"a part of a name of weights: {known}, ...")
    chosen = [item for item in file.weights if item.array.size >= SMALLEST and not any(part in item.name for part in keep)]
    if not chosen:
        expected = f"an array of at least {SMALLEST} weights of int8, uint8 or floats"
        raise fail("model", "nothing to shrink", expected, "Convolutions, matrix products and recurrent layers have weights.")
    names = {item.name for item in chosen}
    return chosen, tuple(item.name for item in file.weights if item.name not in names)


def _reloaded(model: Model, content: bytes) -> Model:
    return load(ModelFile(content, model.name, model.source.file.folder), model.options)


def _samples(data: str | os.PathLike[str], labels: str | os.PathLike[str] | None, model: Model) -> Samples:
    samples = read_samples(data, model.graph.inputs)
    if labels is not None:
        arrays = read_arrays(labels)
        name = LABELS if LABELS in arrays else next(iter(arrays), LABELS)
        if name not in arrays or (len(arrays) > 1 and name != LABELS) or len(arrays[name]) != samples.count:
            counts = ", ".join(f"{key} {len(array) if array.ndim else 0}" for key, array in arrays.items()) or "no array"
            raise fail(str(labels), counts, f"{LABELS}: {samples.count}, one for each sample")
        samples = replace(samples, labels=arrays[name])
    if samples.labels is not None and (wrong := mismatched(samples.labels, model.graph.outputs[0], samples)):
        raise fail(str(labels or data), wrong, f"labels of the model's first output, {model.graph.outputs[0].type}")
    return samples


def _outputs(compilation: Compilation, samples: Samples) -> list[Array]:
    """The first output of every sample, as numbers."""
    inputs, output = compilation.model.graph.inputs, compilation.model.graph.outputs[0]
    with HostModel(compilation) as host:
        return [real(host.run(coded(sample, inputs)).outputs[0], output) for sample in samples]


def _tried(
    step: Step, compilation: Compilation, weights: Sequence[Weights], samples: Samples | None, before: list[Array] | None
) -> Tried:
    need = footprint(compilation)
    zeros = sum(int(np.count_nonzero(item.array == item.zero)) for item in weights)
    found = None
    if samples is not None and before is not None:
        outputs = before if step == Step() else _outputs(compilation, samples)
        found = score(str(step), "this machine", outputs, before, samples.labels)
    cycles = sum(item.cycles for item in compilation.program.all_steps)
    return Tried(step, zeros / sum(item.array.size for item in weights), need.flash, need.ram, cycles, need.how, found)


def written(made: Shrunk, out: str | os.PathLike[str]) -> None:
    """Write the file of the last step."""
    from tinycc.codegen.files import write_file

    write_file(Path(out), made.data, "a file such as model.shrunk.tflite")
