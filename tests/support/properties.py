# SPDX-License-Identifier: Apache-2.0
"""Drawn models (families.py), run the ways that must agree: numpy = numpy after the passes = C = TFLM, or else LiteRT.
The C is made for a core and a goal that are drawn, too.

`examine` compares all but the C at once, which hypothesis shrinks; the C of many models becomes one library afterwards.
"""

from __future__ import annotations

import itertools
import os
import random
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from drafts import Array, Sample
from families import Family
from harness import build_many, prefix_of
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import FlakyFailure

from tinycc.compiler import Compilation, compile, load
from tinycc.errors import CompileError
from tinycc.execution.host import HostModel
from tinycc.execution.inputs import InputSet, edge_inputs, random_array, sequences
from tinycc.frontends.tflite.oracle import FileOracle, litert_ref, tflm
from tinycc.interpret import Interpreter
from tinycc.ir import DType, Value
from tinycc.ops.base import operators, paragraphs
from tinycc.options import CONSTANT_CHANNELS
from tinycc.oracles import OracleUnavailable
from tinycc.passes import STREAM
from tinycc.preferences import Goal, Policy
from tinycc.verification import STEPS
from tinycc.verification.spread import LAST_BITS

ORACLES: dict[str, Callable[[bytes], FileOracle]] = {"tflm": tflm, "litert": litert_ref}
RUNS = 3
LOTS = 4
CORES = ("generic", "cortex-m0", "cortex-m3", "cortex-m4", "cortex-m55", "rv32imc", "avr")
_numbers = itertools.count()
"""For C names, which are unique in a library of many models."""

STATED = {f"that {paragraphs(condition)[0]}" for cls in operators() for condition in cls.conditions}
"""What the conditions of all operators require: who does not meet them is refused, whatever the runtimes do."""


@dataclass(frozen=True)
class Expected:
    """A model that compiles, and what a runtime makes of its inputs."""

    sample: Sample
    oracle: str
    options: dict[str, Any]
    compilation: Compilation
    sets: list[InputSet]
    outputs: list[list[Array]]
    slack: list[list[Array]]
    """By how much each of these may be something else."""


@dataclass
class Tally:
    """What became of the samples of a family."""

    outcomes: Counter[str] = field(default_factory=Counter)
    pending: list[Expected] = field(default_factory=list)
    wrong: list[tuple[Sample, str]] = field(default_factory=list)
    """What differs, in words."""

    @property
    def total(self) -> int:
        return sum(self.outcomes.values())

    @property
    def compared(self) -> int:
        return self.outcomes["tflm"] + self.outcomes["litert"]

    def add(self, sample: Sample) -> None:
        try:
            result = examine(sample)
        except Exception as error:
            what = str(error) if isinstance(error, AssertionError) else f"{type(error).__name__}: {error}"
            self.wrong = [(sample, what)]  # While hypothesis shrinks: the last is the smallest.
            raise AssertionError(what) from error
        if isinstance(result, Expected):
            self.pending.append(result)
            result = result.oracle
        self.outcomes[result] += 1

    def __str__(self) -> str:
        return ", ".join(f"{count} {outcome}" for outcome, count in sorted(self.outcomes.items()))


def examine(sample: Sample) -> Expected | str:
    """Compare numpy's results with those of the first runtime that takes the model.

    Without such a runtime: "condition" (refused for a stated reason), "refused" (by all), or "numpy", where nobody can tell.
    """
    options = drawn_options(sample.model)
    for name in sample.oracles:
        try:
            oracle = ORACLES[name](sample.model)
            compilation = compile(load(sample.model, match=name), name=f"m{next(_numbers)}", **options)
            stateful = bool(compilation.model.graph.states)
            sets = input_sets(sample, compilation.model.graph.inputs, stateful)
            outputs = run_oracle(oracle, sets, stateful)
        except OracleUnavailable:
            continue
        except CompileError as error:
            if all(problem.expected in STATED for problem in error.problems):
                return "condition"
            raise AssertionError(f"{name} takes what is refused: {error}") from error
        expected = Expected(sample, name, options, compilation, sets, outputs, slack_of(sample, oracle, sets, outputs))
        compare_numpy(expected)
        return expected
    try:
        compile(load(sample.model))
    except CompileError:
        return "refused"
    return "numpy"


def drawn_options(model: bytes) -> dict[str, Any]:
    """What a model is compiled with, always the same for the same file; for half of them nothing is asked for."""
    rng = random.Random(zlib.crc32(model))
    if rng.random() < 0.5:
        return {}
    without = [name for name in (STREAM, CONSTANT_CHANNELS) if rng.random() < 0.2]
    goal, policy = (rng.choice(list(kind)) for kind in (Goal, Policy))
    return {"target": rng.choice(CORES), "optimize": goal, "kernels": policy, "without": without}


def input_sets(sample: Sample, values: Sequence[Value], stateful: bool) -> list[InputSet]:
    sets = edge_inputs(values)
    for number in range(RUNS):
        arrays = tuple(drawn(sample, value, np.random.default_rng([number, i])) for i, value in enumerate(values))
        sets.append(InputSet(f"random {number}", arrays))
    return sequences(sets, values, STEPS) if stateful else sets


def drawn(sample: Sample, value: Value, rng: np.random.Generator) -> Array:
    if value.dtype in (DType.INT32, DType.INT64):
        return rng.integers(*sample.span, value.shape, value.dtype.numpy.type, endpoint=True)
    array = random_array(value.type, rng)
    return array * np.float32(sample.magnitude) if value.dtype is DType.FLOAT32 else array


def run_oracle(oracle: FileOracle, sets: Sequence[InputSet], stateful: bool) -> list[list[Array]]:
    outputs = []
    for item in sets:
        if item.fresh and stateful:
            oracle.reset()
        outputs.append(oracle.run(item.arrays))
    return outputs


def slack_of(sample: Sample, oracle: FileOracle, sets: Sequence[InputSet], outputs: list[list[Array]]) -> list[list[Array]]:
    """Of sums of floats, eight times what the last bits of the inputs change at most, up or down by lot; elsewhere none."""
    slack = [[np.zeros(array.shape) for array in arrays] for arrays in outputs]
    rng = np.random.default_rng(0)
    stateless = all(item.fresh for item in sets)
    for _ in range(LOTS if stateless and sample.ulps is None else 0):
        for item, arrays, known in zip(sets, outputs, slack, strict=True):
            changed = oracle.run([nudged(array, rng) for array in item.arrays])
            for number, (other, array) in enumerate(zip(changed, arrays, strict=True)):
                if array.dtype.kind == "f":
                    with np.errstate(invalid="ignore"):
                        known[number] = np.fmax(known[number], 8 * np.abs(other.astype(np.float64) - array))
    return slack


def nudged(array: Array, rng: np.random.Generator) -> Array:
    """Floats changed by their last two bits."""
    if array.dtype != np.float32:
        return array
    with np.errstate(over="ignore"):
        return array * (1 + LAST_BITS * rng.choice([-1, 1], array.shape)).astype(np.float32)


def compare_numpy(item: Expected) -> None:
    for way, graph in (("numpy", item.compilation.model.graph), ("numpy after the passes", item.compilation.graph)):
        interpreter = Interpreter(graph)
        for number, inputs in enumerate(item.sets):
            if inputs.fresh:
                interpreter.reset()
            if found := difference(item, number, interpreter.run(inputs.arrays)):
                raise AssertionError(f"{way}, {inputs.label}: {found}")


def spans(runs: Sequence[Sequence[Array]]) -> list[float]:
    """The range of each output's finite values in all runs, 0 included; 0 for integers."""

    def span(values: Array) -> float:
        finite = values[np.isfinite(values)]
        return float(max(finite.max(initial=0), 0) - min(finite.min(initial=0), 0))

    return [
        span(np.concatenate([array.ravel() for array in arrays]).astype(np.float64)) if arrays[0].dtype.kind == "f" else 0.0
        for arrays in zip(*runs, strict=True)
    ]


def difference(item: Expected, run: int, found: Sequence[Array]) -> str:
    """The first element of a run that is out of tolerance, in words."""
    ranges = spans(item.outputs)
    for number, (actual, reference, slack) in enumerate(zip(found, item.outputs[run], item.slack[run], strict=True)):
        if actual.shape != reference.shape or actual.dtype != reference.dtype:
            return f"output {number}: {actual.dtype}{list(actual.shape)} for {reference.dtype}{list(reference.shape)}"
        wrong = actual != reference
        if reference.dtype.kind == "f":
            a, b = actual.astype(np.float64), reference.astype(np.float64)
            with np.errstate(invalid="ignore"):
                tolerance = np.fmax(item.sample.tolerance(reference, ranges[number]), slack)
                wrong &= ~(np.isnan(a) & np.isnan(b)) & ~(np.abs(a - b) <= tolerance)
        if wrong.any():
            at = int(wrong.ravel().argmax())
            count = f"{int(wrong.sum())} of {wrong.size} elements"
            return (
                f"output {number}: {count} differ; element {at} is {actual.ravel()[at]!r}, expected {reference.ravel()[at]!r}"
            )
    return ""


# -- C -----------------------------------------------------------------------------------------------------------


def check_c(pending: Sequence[Expected], archive: Path, flags: Sequence[str] = ()) -> list[tuple[Sample, str]]:
    """Build the C of all of them into one library and run it; what differs, in words."""
    wrong: list[tuple[Sample, str]] = []
    if not pending:
        return wrong
    with tempfile.TemporaryDirectory(prefix="tinycc-") as folder:
        library = build_many([item.compilation for item in pending], Path(folder), archive, flags)
        for item in pending:
            with (
                HostModel(item.compilation, library=library, prefix=prefix_of(item.compilation)) as host,
                stderr_text() as said,
            ):
                for number, inputs in enumerate(item.sets):
                    if inputs.fresh:
                        host.reset()
                    if found := difference(item, number, host.run(inputs.arrays).outputs):
                        wrong.append((item.sample, f"C, {inputs.label} ({item.oracle}), {item.options}: {found}"))
                        break
            if said:
                wrong.append((item.sample, f"C, {item.options}: {said[0]}"))
    return wrong


@contextmanager
def stderr_text() -> Iterator[list[str]]:
    """What is written to the process's stderr meanwhile, where sanitizers complain; complete after the block."""
    lines: list[str] = []
    saved = os.dup(2)
    with tempfile.TemporaryFile("w+b") as file:
        os.dup2(file.fileno(), 2)
        try:
            yield lines
        finally:
            os.dup2(saved, 2)
            os.close(saved)
            file.seek(0)
            lines += file.read().decode(errors="replace").splitlines()


# -- families ----------------------------------------------------------------------------------------------------


def explore(family: Family, examples: int, archive: Path, *, number: int | None = None, flags: Sequence[str] = ()) -> Tally:
    """Draw and examine models of a family; `number` is the seed, None means the same ones in every run.

    If one disagrees, `wrong` has the smallest that does; if none, those whose C does. `flags`: more of them for the C compiler.
    """
    tally = Tally()

    @settings(
        max_examples=examples,
        derandomize=number is None,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(family.samples)
    def all_agree(sample: Sample) -> None:
        tally.add(sample)

    try:
        (all_agree if number is None else seed(number)(all_agree))()
    except AssertionError:
        return tally
    except FlakyFailure:  # As where a runtime gives what happens to be in memory.
        tally.wrong = [(sample, f"{what}; but not when it is tried again") for sample, what in tally.wrong]
        return tally
    tally.wrong = check_c(tally.pending, archive, flags)
    return tally
