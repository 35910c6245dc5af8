# SPDX-License-Identifier: Apache-2.0
"""Public models against TensorFlow Lite Micro's recorded answers. The whole corpus: `python -m benchmarks corpus`."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from conftest import CORPUS

from benchmarks.arenas import arenas_of, read_arenas
from benchmarks.corpus import Entry, compare_with_golden, read_manifest
from tinycc.compiler import compile
from tinycc.errors import CompileError
from tinycc.execution.host import HostModel
from tinycc.ir import Array
from tinycc.kernels.choice import LITTLE

ENTRIES = {entry.name: entry for entry in read_manifest(CORPUS)} if (CORPUS / "manifest.json").is_file() else {}
ARENAS = read_arenas()
"""Network -> bytes of its arena by core. Those that are here are taken, and stay so."""
BASELINE = CORPUS.parent / "baseline" / "tflm.json"
BENCHMARKS = {
    "kws": "mlperf__kws_ref_model",
    "vww": "mlperf__vww_96_int8",
    "ic": "mlperf__pretrainedResnet_quant",
    "ad": "mlperf__model_ToyCar_quant_fullint_micro_intio",
    "hello_world": "tflm__hello_world_int8",
    "micro_speech": "tflm__micro_speech_quantized",
    "person_detect": "tflm__person_detect",
}
LARGE = 2_000_000
"""Bytes; larger files are left to the sweep."""


def networks() -> list[str]:
    return sorted(
        name for name, entry in ENTRIES.items() if entry.tier == "model" and entry.golden and entry.path.stat().st_size < LARGE
    )


@pytest.mark.usefixtures("corpus")
@pytest.mark.parametrize("name", networks() or ["none"])
def test_network_equals_golden(name: str, runtime_archive: Path) -> None:
    entry = ENTRIES[name]
    if name not in ARENAS:
        with pytest.raises(CompileError) as caught:
            compile(entry.path, name="model", match=entry.match)
        pytest.skip(f"not supported yet: {caught.value.problems[0].found}")
    compilation = compile(entry.path, name="model", match=entry.match)
    assert arenas_of(compilation) == ARENAS[name], "if that is meant: python -m benchmarks arenas"
    assert entry.golden is not None
    rows = compare_with_golden(compilation, entry.golden, entry.steps, archive=runtime_archive)
    assert all(row.passed for row in rows), [row.first for row in rows]


@pytest.mark.usefixtures("corpus")
@pytest.mark.parametrize("name", sorted(name for name, entry in ENTRIES.items() if entry.tier == "reject") or ["none"])
def test_rejects_are_refused_cleanly(name: str) -> None:
    with pytest.raises(CompileError) as caught:
        compile(ENTRIES[name].path)
    assert caught.value.problems


def baseline_bytes() -> Iterator[int]:
    """The baseline's input stream: a linear congruential generator's high bytes."""
    state = 0x12345678
    while True:
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        yield state >> 24


def baseline_inputs(shape: tuple[int, ...], zero_point: int) -> tuple[Array, Array]:
    """K0 (raw bytes) and K1 (bytes near the zero point) for one int8 input."""
    stream = baseline_bytes()
    raw = np.array([next(stream) for _ in range(int(np.prod(shape)))], np.int64)
    near = np.clip(zero_point + ((raw - 128) >> 4), -128, 127)
    return raw.astype(np.uint8).view(np.int8).reshape(shape), near.astype(np.int8).reshape(shape)


@pytest.mark.usefixtures("corpus")
@pytest.mark.parametrize("key", BENCHMARKS)
def test_baseline_checksums_and_arena(key: str, runtime_archive: Path) -> None:
    """The checksums of TFLM's outputs. No more RAM than TFLM's arena, but for the little that a fast kernel may take beyond the
    least, which is below it."""
    entry: Entry = ENTRIES[BENCHMARKS[key]]
    best = json.loads(BASELINE.read_text())["best"]
    for target in ("m4", "m55"):
        arena, theirs = compile(entry.path, target=target).report.arena_bytes, best[target][key]["arena_bytes"]
        if arena > theirs:
            least = compile(entry.path, target=target, optimize="ram", without=["stream"]).report.arena_bytes
            assert least <= theirs
            assert arena <= least + max(LITTLE, least // 8)
    compilation = compile(entry.path)
    assert compilation.report.arena_bytes <= best["m4"][key]["arena_bytes"]
    (x,) = compilation.graph.inputs
    with HostModel(compilation, archive=runtime_archive) as host:
        sums = [zlib.crc32(host.run([array]).outputs[0].tobytes()) for array in baseline_inputs(x.shape, x.zero_point)]
    expected = [best["m4"][key]["outputs"][name].split()[1] for name in ("out_K0", "out_K1")]
    assert [f"{value:08x}" for value in sums] == expected
