# SPDX-License-Identifier: Apache-2.0
"""The long sweep of ONNX: every file of the corpora against its golden outputs."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.corpus import DEFAULT_CORPUS
from tinycc.compiler import Compilation, compile
from tinycc.errors import CompileError
from tinycc.execution.comparison import FLOAT_TOLERANCE
from tinycc.execution.host import HostModel
from tinycc.execution.inputs import random_inputs
from tinycc.ir import Array, Value

ONNX_CORPUS = Path(os.environ.get("TINYCC_ONNX_CORPUS", DEFAULT_CORPUS.parent / "corpus-onnx"))
SEEDS = (0, 1, 2)
LARGEST_SPREAD = 2e-2
"""Beyond, the reference evaluator does not round otherwise, but is wrong."""


@dataclass(frozen=True)
class Entry:
    """A model of a corpus. `spread`: by how far correct executions lie apart, relative to an output's largest value; 0 where
    they agree but for the rounding of floats. `stored`: whether the inputs lie beside the answers."""

    name: str
    path: Path
    golden: Path | None
    shapes: dict[str, tuple[int, ...]]
    spread: float
    core: bool
    stored: bool
    suffix: str = ""


def read_exports(corpus: Path) -> Iterator[Entry]:
    """The corpus of what exporters write."""
    for item in json.loads((corpus / "manifest.json").read_text(encoding="utf-8"))["models"]:
        shapes = {given["name"]: tuple(given["shape"]) for given in item["inputs"]}
        spread = item["spread_of_correct"] or 0.0
        yield Entry(item["name"], corpus / item["file"], corpus / item["golden"], shapes, spread, item["core"], True)


def read_networks(corpus: Path) -> Iterator[Entry]:
    """The ONNX files of the corpus of public models; inputs are made again from their seeds."""
    for item in json.loads((corpus / "manifest.json").read_text(encoding="utf-8"))["models"]:
        if item["format"] == "onnx":
            golden = item["golden"].get("onnxruntime")
            yield Entry(item["name"], corpus / item["file"], corpus / golden if golden else None, {}, 0.0, False, False, "_t0")


def sweep_onnx(exports: Path, networks: Path, only: str, goal: str, *, core: bool) -> int:
    """Print one line a model, compiled with `--optimize goal`; return how many are wrong."""
    counts: Counter[str] = Counter()
    entries = [*read_exports(exports), *(() if core else read_networks(networks))]
    for entry in entries:
        if only in entry.name and (entry.core or not core):
            outcome, detail = try_entry(entry, goal=goal)
            counts[outcome] += 1
            print(f"{outcome:8} {entry.name} {detail}", flush=True)
    print(dict(counts))
    return counts["WRONG"] + counts["CRASH"]


def try_entry(entry: Entry, archive: Path | None = None, goal: str = "balanced") -> tuple[str, str]:
    """(ok, refused, WRONG, CRASH or compiled; more about it)."""
    try:
        compilation = compile(entry.path, name="model", shapes=entry.shapes, optimize=goal)
        if entry.golden is None:
            return "compiled", "(no answer to compare with)"
        worst = compare(entry, compilation, archive)
        if worst > 1 and entry.stored and (spread := measured_spread(entry, compilation)) > entry.spread:
            worst = compare(replace(entry, spread=spread), compilation, archive)
    except CompileError as error:
        return "refused", "; ".join(f"{problem.where}: {problem.found}" for problem in error.problems[:2])
    except Exception as error:
        return "CRASH", f"{type(error).__name__}: {error}"
    return ("WRONG" if worst > 1 else "ok"), f"{worst:.3g} of what is allowed"


def measured_spread(entry: Entry, compilation: Compilation) -> float:
    """By how far onnx's reference evaluator, in floats on this machine and in doubles, lies from the golden outputs, relative
    to an output's largest value. What the corpus says is how far executions in floats lay apart on one machine, whose library
    of matrix products adds up in another order."""
    assert entry.golden is not None
    found, oracles = 0.0, [compilation.model.oracle(name) for name in ("reference", "reference-doubles")]
    with np.load(entry.golden) as golden:
        for seed, oracle in product(SEEDS, oracles):
            given = tuple(golden[f"in{i}_s{seed}"].astype(item.dtype.numpy) for i, item in enumerate(compilation.graph.inputs))
            for index, output in enumerate(oracle.run(given)):
                expected = golden[f"out{index}_s{seed}"]
                if expected.dtype.kind in "fiu" and expected.shape == output.shape:
                    apart = np.abs(output.astype(np.float64) - expected.astype(np.float64)).max(initial=0)
                    found = max(found, float(apart) / max(float(np.abs(expected).max(initial=0)), 1e-30))
    return found if found < LARGEST_SPREAD else 0.0


def compare(entry: Entry, compilation: Compilation, archive: Path | None = None) -> float:
    """Run the C on the corpus' inputs; the largest difference, in units of what is allowed."""
    assert entry.golden is not None
    worst, graph = 0.0, compilation.graph
    with np.load(entry.golden) as golden, HostModel(compilation, archive=archive) as host:
        for seed in SEEDS:
            if entry.stored:
                given = tuple(golden[f"in{i}_s{seed}"].astype(value.dtype.numpy) for i, value in enumerate(graph.inputs))
            else:
                given = random_inputs(graph.inputs, seed).arrays
            outputs = host.run(given).outputs
            for index, (value, found) in enumerate(zip(graph.outputs, outputs, strict=True)):
                key = f"out{index}_s{seed}{entry.suffix}"
                if key in golden:
                    worst = max(worst, _distance(value, found, golden[key], entry.spread))
    return worst


def _distance(value: Value, found: Array, expected: Array, spread: float) -> float:
    """The largest difference in units of what is allowed; infinite for another shape."""
    if value.labels is not None:
        found = np.array(value.labels)[found]
        return 0.0 if np.array_equal(found, expected.astype(str)) else float("inf")
    if found.shape != expected.shape:
        return float("inf")
    reference: Any = expected.astype(np.float64)
    finite = reference[np.isfinite(reference)]
    size = max(float(np.abs(finite).max(initial=0)), float(np.ptp(finite)) if finite.size else 0.0)
    allowed = 1.005 * spread * size  # it is written down with three digits
    if expected.dtype.kind == "f":
        allowed = max(allowed, FLOAT_TOLERANCE * size)
    with np.errstate(invalid="ignore"):
        distance = np.abs(found.astype(np.float64) - reference)
    same = (found == expected) | (np.isnan(found.astype(np.float64)) & np.isnan(reference))
    largest = float(np.where(same, 0.0, np.where(np.isnan(distance), np.inf, distance)).max(initial=0))
    return 0.0 if largest == 0 else largest / allowed if allowed else float("inf")
