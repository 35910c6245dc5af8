# SPDX-License-Identifier: Apache-2.0
"""Does the C compute what the reference runtime computes? Built on this machine, compared value by value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

import numpy as np
from typing_extensions import Unpack

from tinycc.codegen.files import workspace
from tinycc.compiler import Compilation, Model, ModelLike, as_model, compile, stream_of
from tinycc.errors import CompileError, Problem
from tinycc.execution import BOARD_NAME
from tinycc.execution.comparison import Comparison
from tinycc.execution.host import HostModel, Run
from tinycc.execution.inputs import InputSet, edge_inputs, random_inputs, read_inputs, sequences
from tinycc.interpret import EndlessLoopError, Interpreter
from tinycc.ir import Array, Value
from tinycc.ops.control import While
from tinycc.ops.movement.sequence import DynamicSlice, DynamicUpdateSlice
from tinycc.ops.undefined import watching
from tinycc.options import Keywords, Options
from tinycc.oracles import Oracle, OracleUnavailable
from tinycc.verification.explain import explain
from tinycc.verification.gaps import Gaps
from tinycc.verification.references import References, find_references
from tinycc.verification.spread import allowed_spread
from tinycc.verification.stepped import newest, stepped
from tinycc.verification.verdict import Beside, Verdict

__all__ = ["Verdict", "verify"]

STEPS = 4
"""Inferences from one reset to the next, for models with state."""

MAX_BYTES = 2**28
"""Of all tensors of one inference together."""

Advance = Callable[[int, int], None]
"""Called with (runs done, runs in all)."""


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
    sets, notes = _sound(loaded, _input_sets(loaded, asked))
    stream = stream_of(loaded, asked)
    steps = stepped(sets, loaded.graph.inputs, stream, STEPS, asked.seed) if stream is not None else None
    sets, run = (list(steps.windows), list(steps.steps)) if steps is not None else (sets, sets)
    references = find_references(loaded, asked, (sets[-1], sets[0]))
    with ExitStack() as stack:
        if asked.on is None:
            compilation = compile(loaded, options=replace(asked, self_test=False, watched=asked.layers))
            host = stack.enter_context(HostModel(compilation))
            execution = _Execution(host.run_all(run))
        else:
            compilation = compile(loaded, options=replace(asked, target=asked.on, self_test=True, name=BOARD_NAME))
            execution = _run_on_board(compilation, run, asked)
        if steps is not None:
            execution = replace(execution, found=steps.runs(execution.found))
        verdict = _compared(loaded, compilation, sets, references, execution, asked.layers, advance)
        return replace(verdict, notes=(*verdict.notes, *notes))


def _run_on_board(compilation: Compilation, sets: Sequence[InputSet], options: Options) -> _Execution:
    from tinycc.device.build import build
    from tinycc.device.run import run

    with workspace() as folder:
        firmware = build(compilation, compilation.program.target, folder)
        ran = run(firmware, sets, seconds=options.seconds)
        return _Execution(ran.runs, f"{firmware.place}, {ran.emulator}", ran.self_test)


def _compared(
    loaded: Model,
    compilation: Compilation,
    sets: Sequence[InputSet],
    references: References,
    execution: _Execution,
    layers: bool,
    advance: Advance | None,
) -> Verdict:
    """The verdict on an execution, set by set, so that neither side need be held in full."""
    traced = _traced(compilation) if layers else []
    outputs = {oracle: [Comparison(value.name, str(value.type)) for value in loaded.graph.outputs] for oracle in references.all}
    rows = [Comparison(value.name, str(value.type), kind) for value, kind in traced]
    gaps = Gaps(loaded.graph)
    refused: dict[str, str] = {}
    for count, (item, found) in enumerate(zip(sets, execution.found, strict=True), 1):
        if item.fresh and loaded.graph.states:
            gaps.reset()
            for oracle in references.all:
                oracle.reset()
        written = {value.index: where for value, where in gaps.find(item.arrays, found.outputs).items()}
        where = [written.get(value.index) for value in loaded.graph.outputs]
        for oracle in references.all:
            try:
                if traced and oracle is references.deciding[0]:
                    expected, shown = oracle.trace(item.arrays, [value for value, _ in traced])
                    if compilation.stream is not None:
                        shown = dict(zip(shown, newest([*shown.values()], [*shown]), strict=True))
                    _compare_layers(rows, traced, found.layers, shown, item.label, written)
                else:
                    expected = oracle.run(item.arrays)
                if compilation.stream is not None:
                    expected = newest(expected, compilation.graph.outputs)
                _compare(outputs[oracle], found.outputs, expected, item.label, where)
            except OracleUnavailable as error:
                refused.setdefault(item.label, str(error))
        if advance is not None:
            advance(count, len(sets))
    decided = next((oracle for oracle in references.deciding if _equal(outputs[oracle])), references.deciding[0])
    others = [oracle for oracle in references.all if oracle is not decided]
    verdict = Verdict(
        model=loaded.name,
        oracle=references.name,
        runs=len(sets),
        outputs=tuple(outputs[decided]),
        layers=tuple(row for row in rows if row.values) if decided is references.deciding[0] else (),
        beside=tuple(Beside(oracle.name, oracle.kernels, tuple(outputs[oracle])) for oracle in others),
        notes=loaded.notes + references.notes + _refusals(refused),
        place=execution.place,
        self_test=execution.self_test,
        kernels=decided.kernels,
        instead=references.instead,
        unverified=references.unverified or _nothing_compared(outputs[decided]),
    )
    if not verdict.equal:
        verdict = _with_spread(loaded, verdict, decided, sets)
    if verdict.equal:
        return verdict
    explained = (note for oracle in references.deciding for note in explain(loaded, oracle, sets))
    return replace(verdict, notes=(*verdict.notes, *explained))


def _with_spread(loaded: Model, verdict: Verdict, decided: Oracle, sets: Sequence[InputSet]) -> Verdict:
    """The verdict where runtimes of floats do not agree among themselves either."""
    spreads, why = allowed_spread(loaded, decided, sets)
    outputs = tuple(replace(row, spread=spread) for row, spread in zip(verdict.outputs, spreads, strict=True))
    if not _equal(outputs):
        return verdict
    return replace(verdict, outputs=outputs, notes=(*verdict.notes, f"differences that are none: {why}"))


def _equal(rows: Iterable[Comparison]) -> bool:
    return all(row.passed for row in rows)


def _nothing_compared(rows: Sequence[Comparison]) -> str:
    """Why nothing is verified, if no run was compared."""
    return "the reference refuses all inputs" if rows and not any(row.compared for row in rows) else ""


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


_NOT_FOR_ALL = (While, DynamicSlice, DynamicUpdateSlice)
"""Operators that may ask, for some inputs, for what no runtime comes back from or defines."""


def _sound(model: Model, sets: list[InputSet]) -> tuple[list[InputSet], list[str]]:
    """The sets for which all loops end and every index lies inside, and notes on the others.

    A set goes with those that find the state it leaves. Raises CompileError if none is left.
    """
    if not any(isinstance(op, _NOT_FOR_ALL) for op in model.graph.all_ops):
        return sets, []
    interpreter = Interpreter(model.graph)
    kept: list[InputSet] = []
    endless: dict[str, EndlessLoopError] = {}
    beyond: dict[str, str] = {}
    for sequence in _sequences(sets):
        interpreter.reset()
        label = sequence[0].label
        try:
            with watching() as found:
                for item in sequence:
                    interpreter.run_all(item.arrays)
        except EndlessLoopError as error:
            endless[label] = error
            continue
        if found:
            beyond[label] = found[0]
        else:
            kept += sequence
    if endless and not kept:
        raise next(iter(endless.values()))
    if beyond and not kept:
        found_text = f"no inputs for which every index lies inside ({next(iter(beyond.values()))})"
        raise CompileError(Problem("verification", found_text, "some", "Give inputs with --inputs FILE.npz."), model.name)
    notes = [f"left out, as a WHILE does not end for them: {', '.join(endless)}"] if endless else []
    notes += [f"left out, as they index beyond a tensor ({next(iter(beyond.values()))}): {', '.join(beyond)}"] if beyond else []
    return kept, notes


def _sequences(sets: Sequence[InputSet]) -> list[list[InputSet]]:
    """Sets that follow each other without a fresh start, together."""
    found: list[list[InputSet]] = []
    for item in sets:
        if item.fresh or not found:
            found.append([])
        found[-1].append(item)
    return found


def _traced(compilation: Compilation) -> list[tuple[Value, str]]:
    """(value, operator) of every result that the C computes, in order."""
    made = {value.name: value for op in compilation.graph.ops for value in op.outputs}
    return [(made[result.name], str(step.origin)) for step, result in compilation.program.results]


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
            reference = expected[value] if value.kept is None else expected[value][..., list(value.kept.channels)]
            row.add(array, reference, label, written.get(value.index))
