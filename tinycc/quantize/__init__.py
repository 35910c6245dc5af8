# SPDX-License-Identifier: Apache-2.0
"""From a float model to one in integers, through the quantizers of others, and what that costs in accuracy."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tinycc.compiler import Compilation, Model, compile, load
from tinycc.errors import CompileError, fail
from tinycc.execution.host import HostModel
from tinycc.execution.inputs import InputSet
from tinycc.frontends.files import ModelFile
from tinycc.ir import Array, DType, Graph, Op, Value
from tinycc.options import Options
from tinycc.oracles import Oracle
from tinycc.quantize.accuracy import BEST_DB, Score, coded, mismatched, real, score, sqnr
from tinycc.quantize.library import Quantizer
from tinycc.quantize.recipe import Activations, Layer, Method, Plan, Recipe, Weights
from tinycc.quantize.samples import FEW, Samples, read_samples
from tinycc.verification.references import find_references

__all__ = ["Activations", "Loss", "Method", "Quantized", "Recipe", "Score", "Weights", "quantize"]

Advance = Callable[[int, int], None]
"""Called with (layers tried, layers in all)."""
TRIED = 32
"""Samples on which layers are tried one by one."""


@dataclass(frozen=True)
class Loss:
    """What a layer loses: signal over noise of the first output, when it alone is in integers. `form`: what it has in the
    quantized model: int8, int16 or float."""

    layer: str
    kind: str
    sqnr_db: float
    form: str


@dataclass(frozen=True)
class Quantized:
    """A quantized model, read again, and the C of it. `scores`: float, quantized and C, over the `judged` samples; `losses`:
    of the layers, the worst first."""

    data: bytes
    model: Model
    compilation: Compilation
    recipe: Recipe
    calibrated: int
    judged: int
    scores: tuple[Score, ...]
    losses: tuple[Loss, ...]
    notes: tuple[str, ...]


def quantize(
    model: Model,
    calibration: str | os.PathLike[str],
    recipe: Recipe,
    options: Options,
    *,
    measured: bool = True,
    advance: Advance | None = None,
) -> Quantized:
    """The float `model` in integers, with the ranges that the samples of the file `calibration` have.

    `measured`: also compare float, quantized and C, and find what every layer loses. `options` are those of compiling. Raises
    CompileError for models that are quantized already, data that does not fit, a library that is missing or that refuses.
    """
    try:
        _check_float(model)
        samples = read_samples(calibration, model.graph.inputs)
        _check_labels(str(calibration), model, samples)
        seen, judges = samples.split()
        quantizer = _quantizer(model, seen, recipe)
        losses = _losses(quantizer, judges, advance) if measured or recipe.mixed else ()
        worst = [loss.layer for loss in losses[: recipe.mixed]]
        data, loaded, compilation, plan, notes = _mixed(quantizer, model, worst, options)
    except CompileError as error:
        raise CompileError(error.problems, error.source or model.name) from error
    notes += [note for note in compilation.report.notes if note not in notes]
    if seen.count < FEW:
        notes.append(f"calibrated with {seen.count} samples: the ranges are a guess with less than {FEW}")
    formed = tuple(replace(loss, form=_form(loss, plan, recipe)) for loss in losses)
    scores = _scores(model, loaded, compilation, judges) if measured else ()
    return Quantized(data, loaded, compilation, recipe, seen.count, judges.count, scores, formed, tuple(notes))


_ONNX_QUANTIZED = ("QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "BitLinear", "Quant")


def _codes(graph: Graph) -> tuple[Value | None, list[Op]]:
    """A value in codes, and the ops that make or read some."""
    values = [*graph.inputs, *(value for op in graph.all_ops for value in (*op.inputs, *op.outputs))]
    nodes = [op for op in graph.all_ops if op.origin.kind.rpartition(".")[2] in _ONNX_QUANTIZED]
    return next((value for value in values if value.type.quantization is not None), None), nodes


def _check_float(model: Model) -> None:
    """Refuse what is in integers already, and what has no floats."""
    graph = model.graph
    coded_value, nodes = _codes(graph)
    if coded_value is not None or nodes:
        where = str(nodes[0].origin) if nodes else f"tensor {coded_value.name}" if coded_value is not None else ""
        found = "a quantization" if nodes or coded_value is None else str(coded_value.type)
        raise fail(where, found, "a model in floats", "It is quantized already: compile it as it is.")
    if not any(value.dtype is DType.FLOAT32 for op in graph.all_ops for value in op.inputs):
        raise fail("model", "no float32 tensor", "a model in floats")


def _check_labels(path: str, model: Model, samples: Samples) -> None:
    if samples.labels is None or not model.graph.outputs:
        return
    if wrong := mismatched(samples.labels, model.graph.outputs[0], samples):
        expected = f"labels of the model's first output, {model.graph.outputs[0].type}"
        raise fail(path, wrong, expected, "One class number a sample, or as many values as the output has.")


def _quantizer(model: Model, samples: Samples, recipe: Recipe) -> Quantizer:
    if model.source.format == "ONNX":
        from tinycc.quantize.onnx import OnnxQuantizer

        source: Any = model.source
        return OnnxQuantizer(source.model, model.graph.inputs, samples, recipe)
    from tinycc.quantize.tflite import TfliteQuantizer

    return TfliteQuantizer(model.source.file.data, samples, recipe)


def _losses(quantizer: Quantizer, judges: Samples, advance: Advance | None) -> tuple[Loss, ...]:
    """What each layer loses by itself, the worst first, without those that lose nothing or that the library leaves alone."""
    tried = [sample for sample, _ in zip(judges, range(TRIED), strict=False)]
    expected = _first(quantizer.run(quantizer.float_model, tried))
    found = []
    for count, layer in enumerate(quantizer.layers, 1):
        alone = _alone(quantizer, layer)
        noise = BEST_DB if alone is None else sqnr(expected, _first(quantizer.run(alone, tried)))
        if noise < BEST_DB:
            found.append(Loss(layer.name, layer.kind, noise, ""))
        if advance is not None:
            advance(count, len(quantizer.layers))
    return tuple(sorted(found, key=lambda loss: loss.sqnr_db))


def _alone(quantizer: Quantizer, layer: Layer) -> bytes | None:
    try:
        return quantizer.quantized(Plan(only=(layer.name,)))
    except CompileError:  # What the library does not take by itself it takes with the others, or says then why not.
        return None


def _first(outputs: Sequence[Sequence[Array]]) -> Array:
    return np.stack([sample[0] for sample in outputs])


def _mixed(
    quantizer: Quantizer, model: Model, worst: Sequence[str], options: Options
) -> tuple[bytes, Model, Compilation, Plan, list[str]]:
    """The quantized model and its C, with the worst layers in 16 bits, else in floats."""
    plan = Plan(wide=frozenset(worst))
    try:
        return (*_compiled(quantizer, model, plan, options), plan, [])
    except CompileError as error:
        if not worst:
            raise
        reason = error.problems[0]
    plan = Plan(floats=frozenset(worst))
    note = f"{', '.join(worst)}: in floats, as 16 bits cannot be ({reason.statement})"
    return (*_compiled(quantizer, model, plan, options), plan, [note])


def _compiled(quantizer: Quantizer, model: Model, plan: Plan, options: Options) -> tuple[bytes, Model, Compilation]:
    data = quantizer.quantized(plan)
    reading = replace(options, shapes={}, signature=None)
    loaded = load(ModelFile(data, model.name, model.source.file.folder), reading)
    if _codes(loaded.graph) == (None, []):
        kinds = ", ".join(dict.fromkeys(op.origin.kind for op in model.graph.ops))
        hint = "Trees, recurrent layers and the like stay in floats: compile the model as it is."
        raise fail("model", f"operators {kinds}", "one that the library quantizes", hint)
    return data, loaded, compile(loaded, options=reading)


def _form(loss: Loss, plan: Plan, recipe: Recipe) -> str:
    if loss.layer in plan.floats:
        return "float"
    return "int16" if loss.layer in plan.wide else recipe.activations.value


def _scores(model: Model, quantized: Model, compilation: Compilation, judges: Samples) -> tuple[Score, ...]:
    """Float and quantized in their runtimes, and the C on this machine."""
    floats, name = _reference(model, judges)
    codes, codes_name = _reference(quantized, judges)
    inputs, output = quantized.graph.inputs, quantized.graph.outputs[0]
    with HostModel(compilation) as host:
        runs = [host.run(coded(sample, inputs)).outputs[0] for sample in judges]
    emitted = [real(array, output) for array in runs]
    rows = (("float", name, floats), ("quantized", codes_name, codes), ("C", "this machine", emitted))
    return tuple(score(what, runtime, outputs, floats, judges.labels) for what, runtime, outputs in rows)


def _reference(model: Model, judges: Samples) -> tuple[list[Array], str]:
    """The first output of every sample in the runtime that says what is right, and its name."""
    graph: Graph = model.graph
    sets = [InputSet(f"sample {i}", coded(sample, graph.inputs)) for i, sample in enumerate(judges)]
    oracle: Oracle = find_references(model, model.options, sets[:1] * 2).deciding[0]
    return [real(oracle.run(item.arrays)[0], graph.outputs[0]) for item in sets], oracle.name
