# SPDX-License-Identifier: Apache-2.0
"""The long sweep: every file of a corpus against its golden outputs."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tinycc.compiler import Compilation, compile, load
from tinycc.errors import CompileError
from tinycc.execution.comparison import Comparison
from tinycc.execution.host import HostModel
from tinycc.execution.inputs import random_inputs
from tinycc.frontends.tflite.oracle import FileOracle, litert_ref, tflm
from tinycc.ir import Array
from tinycc.oracles import OracleUnavailable

DEFAULT_CORPUS = Path(os.environ.get("TINYCC_CORPUS", Path(__file__).resolve().parents[2] / "shared" / "corpus"))
SEEDS = (0, 1, 2)


@dataclass(frozen=True)
class Entry:
    """A model of the corpus. `golden`: the outputs by `out{index}_s{seed}_t{step}`, TFLM's or, where it does not run the model,
    LiteRT's; None if neither does. `match`: whose they are."""

    name: str
    path: Path
    tier: str
    kinds: frozenset[str]
    types: frozenset[str]
    steps: int
    golden: Path | None
    match: str


def read_manifest(corpus: Path) -> Iterator[Entry]:
    """The corpus' TFLite models."""
    for item in json.loads((corpus / "manifest.json").read_text())["models"]:
        if item["format"] != "tflite":
            continue
        match = next((name for name in ("tflm", "litert") if item["golden"].get(name)), "tflm")
        golden = item["golden"].get(match)
        yield Entry(
            name=item["name"],
            path=corpus / item["file"],
            tier=item["tier"],
            kinds=frozenset(item.get("ops", ())),
            types=frozenset(item.get("op_types", ())),
            steps=item["steps"],
            golden=corpus / golden if golden else None,
            match=match,
        )


def compare_with_golden(compilation: Compilation, golden: Path, steps: int, *, archive: Path | None = None) -> list[Comparison]:
    """Run the C on the corpus' inputs (made again from their seeds) and compare every output."""
    rows = [Comparison(value.name, str(value.type)) for value in compilation.graph.outputs]
    with np.load(golden) as expected, HostModel(compilation, archive=archive) as host:
        for seed in SEEDS:
            host.reset()
            for step in range(steps):
                found = host.run(random_inputs(compilation.graph.inputs, seed, step).arrays).outputs
                for index, (row, array) in enumerate(zip(rows, found, strict=True)):
                    if (key := f"out{index}_s{seed}_t{step}") in expected:  # Large answers are there for one seed only.
                        row.add(array, expected[key], f"seed {seed}")
    return rows


def sweep_models(corpus: Path, only: str, goal: str) -> int:
    """Print one line a model, compiled with `--optimize goal`; return how many are wrong."""
    counts: Counter[str] = Counter()
    for entry in read_manifest(corpus):
        if only in entry.name:
            outcome, detail = _try_model(entry, goal)
            counts[outcome] += 1
            print(f"{outcome:8} {entry.tier:6} {entry.name} {detail}", flush=True)
    print(dict(counts))
    return counts["WRONG"] + counts["CRASH"]


def _try_model(entry: Entry, goal: str) -> tuple[str, str]:
    try:
        compilation = compile(entry.path, name="model", match=entry.match, optimize=goal)
        if entry.golden is None:
            return "compiled", "(no answer to compare with)"
        rows = compare_with_golden(compilation, entry.golden, entry.steps)
    except CompileError as error:
        return "refused", "; ".join(f"{problem.where.split(chr(34))[0]}: {problem.found}" for problem in error.problems[:2])
    except Exception as error:
        return "CRASH", f"{type(error).__name__}: {error}"
    return _judge(rows)


def _judge(rows: list[Comparison]) -> tuple[str, str]:
    wrong = [row for row in rows if not row.passed]
    if wrong:
        return "WRONG", f"{wrong[0].name}: {wrong[0].outside} of {wrong[0].values}, worst {wrong[0].worst:g}"
    return "ok", "" if all(not row.different for row in rows) else f"worst {max(row.worst for row in rows):.3g}"


def sweep_operators(corpus: Path, only: str, goal: str) -> int:
    """The same for the single operators, with answers from the TFLM or LiteRT oracle."""
    counts: Counter[str] = Counter()
    for item in json.loads((corpus / "ops.json").read_text()):
        if only in f"{item['op']} {item['sig']} {item['id']}":
            outcome, detail = _try_operator(corpus / item["file"], item, goal)
            counts[f"{outcome} {item['op']}"] += 1
            if outcome != "ok":
                print(f"{outcome:8} {item['id']} {item['op']} {item['sig']} {detail}", flush=True)
    for key, count in sorted(counts.items()):
        print(f"{count:5} {key}")
    return sum(count for key, count in counts.items() if key.startswith(("WRONG", "CRASH")))


def _oracle(model: bytes) -> FileOracle:
    """TFLM, or LiteRT where that does not run the model, which it may not tell before it does."""
    values = load(model).graph.inputs
    try:
        oracle = tflm(model)
        oracle.run(random_inputs(values, 0).arrays)
        oracle.reset()
        return oracle
    except OracleUnavailable:
        return litert_ref(model)


def _try_operator(path: Path, item: dict[str, Any], goal: str) -> tuple[str, str]:
    try:
        oracle = _oracle(path.read_bytes())
        compilation = compile(path, name="model", match=oracle.name, optimize=goal)
        rows = [Comparison(value.name, str(value.type)) for value in compilation.graph.outputs]
        with HostModel(compilation) as host:
            for seed in SEEDS:
                arrays: tuple[Array, ...] = random_inputs(compilation.graph.inputs, seed).arrays
                for row, found, expected in zip(rows, host.run(arrays).outputs, oracle.run(arrays), strict=True):
                    row.add(found, expected, f"seed {seed}")
    except CompileError as error:
        return "refused", error.problems[0].found
    except OracleUnavailable as error:
        return "no oracle", str(error)
    except Exception as error:
        return "CRASH", f"{type(error).__name__}: {error}"
    return _judge(rows)
