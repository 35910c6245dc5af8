# SPDX-License-Identifier: Apache-2.0
"""Which runtime says what is right: the one asked for, or the first that runs the model and is not known to be wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinycc.compiler import Model
from tinycc.defects import DEFECTS, places
from tinycc.errors import fail
from tinycc.execution.inputs import InputSet
from tinycc.interpret import Interpreter
from tinycc.ir import Array, Value
from tinycc.options import Options
from tinycc.oracles import Oracle, OracleMissing, OracleUnavailable

NUMPY = "numpy"


class Numpy:
    """The operators' own numpy semantics, on the graph as it was loaded, as an oracle."""

    name = NUMPY
    kernels = "tinycc's own"

    def __init__(self, model: Model) -> None:
        self._interpreter, self._outputs = Interpreter(model.graph), model.graph.outputs

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        return self._interpreter.run(inputs)

    def trace(self, inputs: Sequence[Array], values: Sequence[Value]) -> tuple[list[Array], dict[Value, Array]]:
        known = self._interpreter.run_all(inputs)
        by_index = {value.index: array for value, array in known.items() if value.index is not None}
        shown = {value: value.lying(by_index[value.index]) for value in values if value.index in by_index}
        return [known[value] for value in self._outputs], shown

    def reset(self) -> None:
        self._interpreter.reset()


@dataclass(frozen=True)
class References:
    """`deciding`: oracles of which the C must equal one; `beside`: one that is shown for information. `name` is what they are
    called together.

    `instead`: why it is not the runtime that comes first. `unverified`: why what decides is no runtime although there are some;
    the C is not verified then, whatever the outcome. `notes` have the whole story.
    """

    name: str
    deciding: tuple[Oracle, ...]
    beside: tuple[Oracle, ...] = ()
    instead: str = ""
    unverified: str = ""
    notes: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[Oracle, ...]:
        return (*self.deciding, *self.beside)


def find_references(model: Model, options: Options, trials: Sequence[InputSet]) -> References:
    """The references of a verification. Some operators refuse their types, or
    indices, only when they run: one of `trials` has to go through.

    Raises CompileError for a runtime that was asked for by name and is not installed.
    """
    names = (*model.source.oracles, NUMPY)
    for flag, asked in (("--oracle", options.oracle), ("--require", options.require)):
        if asked is not None and asked not in names:
            raise fail(flag, repr(asked), " or ".join(names))
    if options.require not in (None, NUMPY):
        _check_installed(model, str(options.require), trials)
    if options.oracle == NUMPY:
        return References(NUMPY, (Numpy(model),))
    return _asked(model, options.oracle, trials) if options.oracle else _first(model, trials)


def _check_installed(model: Model, name: str, trials: Sequence[InputSet]) -> None:
    try:
        _start(model, name, trials)
    except OracleMissing as error:
        raise _missing("--require", name, error) from error
    except OracleUnavailable:  # It is there; the model is another matter.
        pass


def _missing(flag: str, name: str, error: OracleMissing) -> Exception:
    return fail(f"{flag} {name}", str(error), "a runtime to compare with", f"{error.command} (Linux; tflm on x86-64 alone).")


def _asked(model: Model, name: str, trials: Sequence[InputSet]) -> References:
    """The oracle that was asked for, whatever defects it has. If it refuses the model, nothing is verified."""
    try:
        return References(name, _start(model, name, trials))
    except OracleMissing as error:
        raise _missing("--oracle", name, error) from error
    except OracleUnavailable as error:
        return References(NUMPY, (Numpy(model),), unverified=f"{name} does not run the model", notes=(f"{name}: {error}",))


def _first(model: Model, trials: Sequence[InputSet]) -> References:
    """The first judge that can, and is not known to be wrong. Numpy stands in for one that is not installed: the next one
    rounds otherwise."""
    reasons: list[str] = []
    notes: list[str] = []
    missing = ""
    for name in model.source.judges(model.match):
        try:
            found = _start(model, name, trials)
        except OracleMissing as error:
            missing = missing or f"{error} ({error.command})"
            continue
        except OracleUnavailable as error:
            reasons.append(f"{name} does not run the model")
            notes.append(f"{name}: {error}")
            continue
        sound = tuple(oracle for oracle in found if not departures(model, oracle.name))
        if sound and missing and not reasons:
            return References(NUMPY, (Numpy(model),), sound, missing, notes=tuple(notes))
        if sound:
            return References(name, sound, (Numpy(model),) if reasons else (), "; ".join(reasons), notes=tuple(notes))
        defects = departures(model, found[0].name)
        reasons.append(f"{name} is known to be wrong here ({', '.join(defects)})")
        notes += [f"{name}: {text}" for text in defects.values()]
    if not notes and not missing and not reasons:
        return References(NUMPY, (Numpy(model),), instead=f"no runtime of {model.source.format} models computes so")
    refused = "; ".join(reasons)
    return References(NUMPY, (Numpy(model),), (), missing, refused, tuple(notes))


def departures(model: Model, kernels: str) -> dict[str, str]:
    """The defects of a set of kernels that the C of a model does not have: there it is meant to differ. name -> a sentence."""
    found: dict[str, str] = {}
    for defect in DEFECTS:
        mended = model.match not in defect.match or defect.name in model.options.fixes
        if kernels not in defect.sets or not mended:
            continue
        graph = model.graph if not defect.match else model.as_read(match=defect.match[0], fixes=frozenset())
        if ops := defect.found_in(graph):
            found[defect.name] = f"{places(ops)}: known defect {defect.name}: it {defect.effect}; the C {defect.right}"
    return found


def _start(model: Model, name: str, trials: Sequence[InputSet]) -> tuple[Oracle, ...]:
    """The sets of kernels of an oracle that run the model; at least one. Raises OracleUnavailable."""
    found: list[Oracle] = []
    reason = OracleUnavailable("no kernels")
    for kernels in model.source.kernel_sets(name):
        try:
            oracle = model.oracle(kernels)
            _try(oracle, trials)
            oracle.reset()
            found.append(oracle)
        except OracleUnavailable as error:
            reason = error
    if not found:
        raise reason
    return tuple(found)


def _try(oracle: Oracle, trials: Sequence[InputSet]) -> None:
    """Run the first of `trials` that goes through. Raises OracleUnavailable if none does."""
    *others, last = trials
    for trial in others:
        try:
            oracle.run(trial.arrays)
        except OracleUnavailable:
            continue
        return
    oracle.run(last.arrays)
