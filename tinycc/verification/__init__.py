# SPDX-License-Identifier: Apache-2.0
"""Does the C compute what the reference runtime computes? Built on this machine, compared value by value."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from typing_extensions import Unpack

from tinycc.compiler import Compilation, Model, ModelLike, as_model, compile
from tinycc.errors import CompileError, Problem, fail
from tinycc.interpret import EndlessLoopError, Interpreter
from tinycc.ir import Array, Value
from tinycc.ops.base import Operator
from tinycc.ops.control import While
from tinycc.options import Keywords, Options
from tinycc.oracles import Oracle, OracleUnavailable
from tinycc.verification.gaps import Gaps
from tinycc.verification.host import HostModel, Run
from tinycc.verification.inputs import InputSet, edge_inputs, random_inputs, read_inputs, sequences
from tinycc.verification.verdict import Comparison, Verdict

__all__ = ["Verdict", "verify"]

STEPS = 4
"""Inferences from one reset to the next, for models with state."""

BOARD_NAME = "network"
"""The model's C name on emulated boards."""

MAX_BYTES = 2**28
"""Of all tensors of one inference together."""

Advance = Callable[[int, int], None]
"""Called with (runs done, runs in all)."""


class _Numpy:
    """The operators' own numpy semantics, on the graph as it was loaded, as an oracle."""

    name = "numpy"

    def __init__(self, model: Model) -> None:
        self._interpreter, self._outputs = Interpreter(model.graph), model.graph.outputs

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        return self._interpreter.run(inputs)

    def trace(self, inputs: Sequence[Array], values: Sequence[Value]) -> tuple[list[Array], dict[Value, Array]]:
        known = self._interpreter.run_all(inputs)
        by_index = {value.index: array for value, array in known.items() if value.index is not None}
        shown = {value: by_index[value.index] for value in values if value.index in by_index}
        return [known[value] for value in self._outputs], shown

    def reset(self) -> None:
        self._interpreter.reset()


@dataclass(frozen=True)
class _References:
    """The oracle that decides, an oracle shown beside it, and why they were chosen."""

    oracle: Oracle
    beside: Oracle | None
    notes: tuple[str, ...]

    @property
    def all(self) -> tuple[Oracle, ...]:
        return (self.oracle,) if self.beside is None else (self.oracle, self.beside)


@dataclass(frozen=True)
class _Execution:
    """What the C made of all input sets, and on which machine. `self_test` is empty where none was run."""

    found: Iterable[Run]
    place: str = ""
    self_test: str = ""


def verify(
    model: ModelLike, options: Options | None = None, *, advance: Advance | None = None, **keywords: Unpack[Keywords]
) -> Verdict:
    """Compile `model`, run the C, compare with a reference runtime. The options may be given as keywords, too.

    The C runs on this machine, or with the option `on` on that target in an emulator, its self-test first; `target` is for this
    machine only. Raises CompileError for bad input.
    """
    loaded, asked = as_model(model, options, keywords)
    _check_size(loaded)
    sets, notes = _ending(loaded, _input_sets(loaded, asked))
    references = _references(loaded, _oracle_name(loaded, asked), sets[-1])
    with ExitStack() as stack:
        if asked.on is None:
            compilation = compile(loaded, options=replace(asked, self_test=False, watched=asked.layers))
            host = stack.enter_context(HostModel(compilation, provider=asked.provider))
            execution = _Execution(host.run_all(sets))
        else:
            compilation = compile(loaded, options=replace(asked, target=asked.on, self_test=True, name=BOARD_NAME))
            execution = _run_on_board(compilation, sets, asked)
        verdict = _compared(loaded, compilation, sets, references, execution, asked.layers, advance)
        return replace(verdict, notes=(*verdict.notes, *notes))


def _run_on_board(compilation: Compilation, sets: Sequence[InputSet], options: Options) -> _Execution:
    from tinycc.device.build import build
    from tinycc.device.run import run

    with tempfile.TemporaryDirectory(prefix="tinycc-") as folder:
        firmware = build(compilation, compilation.program.target, Path(folder), provider=options.provider)
        ran = run(firmware, sets, seconds=options.seconds)
        return _Execution(ran.runs, f"{firmware.place}, {ran.emulator}", ran.self_test)


def _compared(
    loaded: Model,
    compilation: Compilation,
    sets: Sequence[InputSet],
    references: _References,
    execution: _Execution,
    layers: bool,
    advance: Advance | None,
) -> Verdict:
    """The verdict on an execution, set by set, so that neither side need be held in full."""
    traced = _traced(compilation) if layers else []
    outputs = [Comparison(value.name, str(value.type)) for value in loaded.graph.outputs]
    beside = [Comparison(value.name, str(value.type)) for value in loaded.graph.outputs]
    rows = [Comparison(value.name, str(value.type), kind) for value, kind in traced]
    gaps = Gaps(loaded.graph)
    refused: dict[str, str] = {}
    for count, (item, found) in enumerate(zip(sets, execution.found, strict=True), 1):
        if item.fresh and loaded.graph.states:
            gaps.reset()
            for reference in references.all:
                reference.reset()
        written = {value.index: where for value, where in gaps.find(item.arrays, found.outputs).items()}
        where = [written.get(value.index) for value in loaded.graph.outputs]
        try:
            if traced:
                expected, shown = references.oracle.trace(item.arrays, [value for value, _ in traced])
                _compare(outputs, found.outputs, expected, item.label, where)
                _compare_layers(rows, traced, found.layers, shown, item.label, written)
            else:
                _compare(outputs, found.outputs, references.oracle.run(item.arrays), item.label, where)
            if references.beside is not None:
                _compare(beside, found.outputs, references.beside.run(item.arrays), item.label, where)
        except OracleUnavailable as error:
            refused[item.label] = str(error)
        if advance is not None:
            advance(count, len(sets))
    verdict = Verdict(
        model=loaded.name,
        oracle=references.oracle.name,
        runs=len(sets),
        outputs=tuple(outputs),
        layers=tuple(row for row in rows if row.values),
        beside=tuple(beside) if references.beside is not None else (),
        notes=references.notes + _refusals(refused),
        place=execution.place,
        self_test=execution.self_test,
    )
    return _explained(verdict, loaded)


def _check_size(model: Model) -> None:
    """Refuse what would take the machine's memory: the references keep every tensor of an inference."""
    graph = model.graph
    size = sum(value.type.bytes for value in (*graph.sources, *(value for op in graph.all_ops for value in op.outputs)))
    if size > MAX_BYTES:
        hint = "It can be compiled; to verify, make its input smaller with --input-shape."
        problem = Problem("verification", f"tensors of {size:,} bytes in all", f"at most {MAX_BYTES:,}", hint)
        raise CompileError(problem, model.name)


def _input_sets(model: Model, options: Options) -> list[InputSet]:
    values = model.graph.inputs
    if options.inputs is not None:
        return read_inputs(options.inputs, values)
    sets = edge_inputs(values) + [random_inputs(values, options.seed + run) for run in range(options.runs)]
    return sequences(sets, values, STEPS) if model.graph.states else sets


def _ending(model: Model, sets: list[InputSet]) -> tuple[list[InputSet], list[str]]:
    """The sets for which all loops end, and a note on the others: neither the C nor a reference runtime would come back.

    A set goes with those that find the state it leaves. Raises CompileError if none is left.
    """
    if not any(isinstance(op, While) for op in model.graph.all_ops):
        return sets, []
    interpreter = Interpreter(model.graph)
    kept: list[list[InputSet]] = []
    endless: dict[str, EndlessLoopError] = {}
    for sequence in _sequences(sets):
        interpreter.reset()
        try:
            for item in sequence:
                interpreter.run_all(item.arrays)
            kept.append(sequence)
        except EndlessLoopError as error:
            endless[sequence[0].label] = error
    if endless and not kept:
        raise next(iter(endless.values()))
    note = f"left out, as a WHILE does not end for them: {', '.join(endless)}"
    return [item for sequence in kept for item in sequence], [note] if endless else []


def _sequences(sets: Sequence[InputSet]) -> list[list[InputSet]]:
    """Sets that follow each other without a fresh start, together."""
    found: list[list[InputSet]] = []
    for item in sets:
        if item.fresh or not found:
            found.append([])
        found[-1].append(item)
    return found


def _oracle_name(model: Model, options: Options) -> str:
    name, known = options.oracle or model.match, (*model.source.oracles, _Numpy.name)
    if name not in known:
        raise fail("--oracle", repr(name), " or ".join(known))
    return name


def _references(model: Model, name: str, trial: InputSet) -> _References:
    """The named oracle; where it cannot run the model, numpy with LiteRT beside it, and a note that says so.

    Some operators refuse their types only when they run: `trial` is run to see.
    """
    if name == _Numpy.name:
        return _References(_Numpy(model), None, ())
    try:
        defects = [op.tflm_defect for op in model.graph.ops if isinstance(op, Operator) and op.tflm_defect]
        if defects and name == "tflm":
            raise OracleUnavailable(defects[0])
        made = model.oracle(name)
        made.run(trial.arrays)
        made.reset()
        return _References(made, None, ())
    except OracleUnavailable as error:
        notes = [f"{name} is not available: {error}. Compared with tinycc's own numpy semantics."]
    beside: Oracle | None = None
    if name != "litert" and "litert" in model.source.oracles:
        try:
            beside = model.oracle("litert")
            beside.run(trial.arrays)
            beside.reset()
            notes.append("LiteRT is shown beside it; it may differ by named rounding rules.")
        except OracleUnavailable as error:
            notes.append(f"litert is not available either: {error}.")
    return _References(_Numpy(model), beside, tuple(notes))


def _traced(compilation: Compilation) -> list[tuple[Value, str]]:
    """(value, operator) of every result that the C computes, in order."""
    return [(value, str(step.op.origin)) for step in compilation.program.steps for value in step.op.outputs]


def _refusals(refused: Mapping[str, str]) -> tuple[str, ...]:
    """A note on the input sets that the oracle did not run."""
    if not refused:
        return ()
    return (f"not compared, since the reference refuses them: {', '.join(refused)} ({next(iter(refused.values()))}).",)


def _compare(
    rows: Sequence[Comparison],
    found: Sequence[Array],
    expected: Sequence[Array],
    label: str,
    written: Sequence[Array | None],
) -> None:
    for row, actual, reference, where in zip(rows, found, expected, written, strict=True):
        row.add(actual, reference, label, where)


def _compare_layers(
    rows: Sequence[Comparison],
    traced: Sequence[tuple[Value, str]],
    found: Sequence[bytes],
    expected: Mapping[Value, Array],
    label: str,
    written: Mapping[int | None, Array],
) -> None:
    for row, (value, _), content in zip(rows, traced, found, strict=False):  # an inference may be stopped
        if value in expected:
            array = np.frombuffer(content, value.dtype.numpy).reshape(value.shape)
            row.add(array, expected[value], label, written.get(value.index))


def _explained(verdict: Verdict, model: Model) -> Verdict:
    """Add what explains a difference: the rounding rules of the operators in which LiteRT is known to differ."""
    if verdict.passed or verdict.oracle != "litert" or model.match == "litert":
        return verdict
    difference = verdict.first_difference
    ops = [op for op in model.graph.ops if difference is None or str(op.origin) == difference.operator]
    rules = dict.fromkeys((op.origin.kind, op.litert_rule) for op in ops if isinstance(op, Operator) and op.litert_rule)
    notes = [f"{kind}: {rule}. `--match litert` reproduces LiteRT." for kind, rule in rules]
    return replace(verdict, notes=verdict.notes + tuple(notes))
