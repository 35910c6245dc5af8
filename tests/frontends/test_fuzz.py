# SPDX-License-Identifier: Apache-2.0
"""Damaged models by the thousand: each compiles, or is refused with a CompileError, and soon. Seeded: a failure stays."""

from __future__ import annotations

import importlib
import os
import random
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from onnx_cases import FAMILIES
from opcases import all_cases

from benchmarks.fuzz import Known, Mutant, attempt, mutant, outcomes
from benchmarks.mutators import MATCHES, is_tflite
from tinycc.compiler import compile, load
from tinycc.errors import CompileError
from tinycc.execution.inputs import read_inputs

SECONDS = 60.0
"""For one case; what is slow on purpose takes hours."""
TELLING = (
    *(0, 1, 2, 3, 5, 127, 128, 255, 32767, 65535, 65536, 2**20, 2**24, 2**30, 2**31 - 1, 2**31, 2**32 - 1, 2**32 - 2),
    *struct.unpack("<8I", struct.pack("<8f", 1e-40, 1e-30, 1e30, 3e38, -1.0, float("inf"), float("-inf"), float("nan"))),
)
"""Words that break something: sizes, indices, and (as bits) float32 numbers at the ends of the range."""


def flip(data: bytearray, rng: random.Random) -> None:
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def overwrite_byte(data: bytearray, rng: random.Random) -> None:
    data[rng.randrange(len(data))] = rng.randrange(256)


def overwrite_word(data: bytearray, rng: random.Random) -> None:
    word = rng.choice(TELLING) if rng.random() < 0.8 else rng.getrandbits(32)
    struct.pack_into("<I", data, rng.randrange(len(data) // 4) * 4, word)


def nudge_word(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data) // 4) * 4
    (word,) = struct.unpack_from("<I", data, at)
    struct.pack_into("<I", data, at, (word + rng.choice((-8, -4, -1, 1, 4, 8))) % 2**32)


def copy_word(data: bytearray, rng: random.Random) -> None:
    source, target = (rng.randrange(len(data) // 4) * 4 for _ in range(2))
    data[target : target + 4] = data[source : source + 4]


def insert(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data))
    data[at:at] = bytes(rng.randrange(1, 9))


MUTATIONS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    *(flip, flip, overwrite_byte, overwrite_word, overwrite_word, overwrite_word, nudge_word, copy_word, insert),
)


def mutants(data: bytes, count: int, seed: str) -> Iterator[bytes]:
    rng = random.Random(seed)
    for _ in range(count):
        mutant = bytearray(data)
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            rng.choice(MUTATIONS)(mutant, rng)
        yield bytes(mutant)


def survive(data: bytes, label: str, *, match: str | None = "tflm") -> bool:
    """Whether a model compiles. If not, it must be refused; anything else fails the test."""
    start = time.monotonic()
    try:
        compile(load(data, match=match), name="model")
        compiled = True
    except CompileError:
        compiled = False
    except Exception as error:
        raise AssertionError(f"{label} ends in {type(error).__name__}: {error}") from error
    assert time.monotonic() - start < SECONDS, label
    return compiled


TABLES = sorted(path.stem for path in (ROOT / "tests" / "cases").glob("opcases*.py"))
CASES = [case for table in TABLES for cases in importlib.import_module(table).all_cases().values() for case in cases]
KINDS = sorted({f"{case.op}-{case.dtype}" for case in CASES})
COUNT = 8000 // len(KINDS)
"""Mutants of each."""


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", KINDS)
def test_every_operator(kind: str) -> None:
    cases = [case for case in CASES if f"{case.op}-{case.dtype}" == kind]
    rng = random.Random(kind)
    for number in range(COUNT):
        case = rng.choice(cases)
        (mutant,) = mutants(case.model, 1, f"{kind} {number}")
        survive(mutant, f"mutant {number}, of {case.id}", match=("tflm", "litert")[number % 2])


def examples() -> list[Path]:
    return sorted(path for path in (ROOT / "examples").rglob("*.tflite") if path.stat().st_size < 20_000)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("path", examples(), ids=lambda path: path.stem)
def test_networks(path: Path) -> None:
    """Whole networks: bits that flip (some in weights, where nothing can be wrong), and the file cut anywhere."""
    data = path.read_bytes()
    compiled = [survive(mutant, f"mutant {i} of {path.name}") for i, mutant in enumerate(mutants(data, 100, path.name))]
    assert any(compiled)
    assert not all(compiled)
    for end in range(0, len(data), max(1, len(data) // 100)):
        assert not survive(data[:end], f"{path.name} cut at {end}")


def test_inputs_files(tmp_path: Path) -> None:
    case = all_cases()["ADD"][0]
    values = load(case.model).graph.inputs
    path = tmp_path / "in.npz"
    for save in (np.savez, np.savez_compressed):
        save(path, **{f"in{i}": array for i, array in enumerate(case.inputs(0))})
        for number, damaged in enumerate(mutants(path.read_bytes(), 500, save.__name__)):
            path.write_bytes(damaged)
            try:
                read_inputs(path, values)
            except CompileError:
                continue
            except Exception as error:
                raise AssertionError(f"mutant {number} ends in {type(error).__name__}: {error}") from error


FAILURES = sorted(path for path in (ROOT / "tests" / "fuzz").iterdir() if path.suffix in (".tflite", ".onnx"))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("path", FAILURES, ids=lambda path: path.stem)
def test_earlier_failures(path: Path) -> None:
    """Files at which tinycc failed: `python -m benchmarks fuzz --keep tests/fuzz` puts new ones there."""
    data = path.read_bytes()
    for match in MATCHES[is_tflite(data)]:
        survive(data, path.name, match=match)


SEEDS = {
    "TFLite": [case.model for case in CASES[:: len(CASES) // 50]],
    "ONNX": [case.data for family in FAMILIES.values() for case in family()],
}


@pytest.mark.parametrize("name", SEEDS)
def test_the_mutator_gets_past_the_reader(name: str) -> None:
    """It changes what tables hold: some mutants compile to something else, some are refused, none does anything else."""
    mutants = [mutant(SEEDS[name], f"{name} {number}") for number in range(300)]
    outcomes = [attempt(item.data, item.match) for item in mutants]
    assert set(outcomes) == {"compiled", "refused"}
    assert outcomes.count("compiled") > 30
    assert all(item.data == mutant(SEEDS[name], f"{name} {number}").data for number, item in enumerate(mutants[:20]))


def test_a_process_that_dies_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the next file is tried by another process."""
    monkeypatch.setattr("benchmarks.fuzz.BATCH", 3)
    monkeypatch.setattr("benchmarks.fuzz.attempt", lambda data, match, wanted: os._exit(9) if data == b"1" else "refused")
    monkeypatch.setattr("benchmarks.fuzz.mutant", lambda seeds, key: Mutant(key[-1:].encode(), None))
    assert list(outcomes([], "batch", Known())) == [(0, "refused"), (1, "the process died with status 9"), (2, "refused")]


def test_a_graph_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that reads as a graph that was compiled is not compiled again, nor by the processes that follow."""
    monkeypatch.setattr("benchmarks.fuzz.BATCH", 4)
    monkeypatch.setattr("benchmarks.fuzz.mutant", lambda seeds, key: Mutant(seeds[key.endswith("2")], None))
    known = Known()
    assert [outcome for _, outcome in outcomes(SEEDS["ONNX"], "batch", known)] == ["compiled", "read", "compiled", "read"]
    assert [outcome for _, outcome in outcomes(SEEDS["ONNX"], "again", known)] == ["compiled", "read", "read", "read"]
