# SPDX-License-Identifier: Apache-2.0
"""The regression table: what the baseline's models take on the cores, and how that compares with TensorFlow Lite Micro."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinycc.compiler import load
from tinycc.device.bench import Bench, bench
from tinycc.errors import CompileError

FOLDER = Path(__file__).resolve().parent
PAGE, FIGURES = FOLDER / "RESULTS.md", FOLDER / "results.json"
BASELINE = FOLDER.parents[1] / "shared" / "baseline" / "tflm.json"
GROWTH = 1.02
"""A count may be this much larger than the table's before `--check` fails."""

MODELS: Mapping[str, str] = {
    "kws": "mlperf__kws_ref_model",
    "vww": "mlperf__vww_96_int8",
    "ic": "mlperf__pretrainedResnet_quant",
    "ad": "mlperf__model_ToyCar_quant_fullint_micro_intio",
    "sww": "mlperf__str_ww_ref_model",
    "hello_world": "tflm__hello_world_int8",
    "micro_speech": "tflm__micro_speech_quantized",
    "person_detect": "tflm__person_detect",
    "kw_svdf16": "tflm__keyword_scrambled",
    "kw_svdf8": "tflm__keyword_scrambled_8bit",
    "lstm8": "tflm__trained_lstm_int8",
}
"""The baseline's short names -> files of the corpus."""
EXAMPLES: Mapping[str, str] = {
    "digits": "digits/digits_int8",
    "anomaly": "anomaly/anomaly_int8",
    "wine": "wine/wine_int8",
    "digits_float": "digits/digits_float32",
}
"""Models of the repository itself -> files of examples/: what can be checked without the corpus."""
REFERENCE: Mapping[str, int] = {"kws": 43_000_000, "vww": 100_300_000, "ic": 107_400_000}
"""Instructions of TFLM's reference kernels on Cortex-M4 (shared/baseline/TFLM.md)."""
TARGETS = ("cortex-m4", "cortex-m55")
FAST = {"ic (speed)": "ic"}
"""Rows of models as `--optimize speed` compiles them, where that is another choice than the default one."""
KWS_TARGETS = ("cortex-m0", "cortex-m3", "cortex-m33", "rv32imc")
SHORT = (*((model, target) for model in EXAMPLES for target in TARGETS), ("kws", "cortex-m4"), ("kws", "cortex-m55"))
"""What `--check` measures: a minute at most. Models of the corpus only where it is."""
KEPT = ("compiler", "instructions", "cycles_estimate", "code_bytes", "weight_bytes", "arena_bytes", "ram_bytes", "stack_bytes")


@dataclass(frozen=True)
class Row:
    """A model on a target; `bench` is None where tinycc does not support the model, for the reason given."""

    model: str
    target: str
    bench: Bench | None
    reason: str = ""


def write_table(corpus: Path, baseline: Path) -> None:
    """Measure everything; write RESULTS.md and results.json."""
    best = json.loads(baseline.read_text(encoding="utf-8"))["best"]
    rows = [_measure(corpus, model, target) for model, target in _cases()]
    PAGE.write_text("\n".join(_page(rows, best)) + "\n", encoding="utf-8")
    figures: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows:
        if row.bench is not None:
            figures.setdefault(row.target, {})[row.model] = {key: getattr(row.bench, key) for key in KEPT}
    FIGURES.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def check_table(corpus: Path, *, everything: bool = False) -> list[str]:
    """What has grown by more than GROWTH since the table was written, by the compiler that it was written with."""
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    grown = []
    for model, target in _cases() if everything else SHORT:
        known = figures.get(target, {}).get(model)
        if known is None or not _path(corpus, model).exists():
            print(f"{model:14} {target:12} skipped: not in the table, or not on this machine")
            continue
        row = _measure(corpus, model, target)
        if row.bench is None:
            grown.append(f"{model} on {target}: {row.reason}")
        elif row.bench.compiler != known["compiler"]:
            print(f"{model:14} {target:12} skipped: the table is from {known['compiler']}, here is {row.bench.compiler}")
        else:
            grown += [f"{model} on {target}: {change}" for change in _growth(row.bench, known)]
    return grown


def _growth(found: Bench, known: Mapping[str, Any]) -> Iterator[str]:
    for key in KEPT[1:]:
        value = getattr(found, key)
        if value > known[key] * GROWTH:
            yield f"{key} {known[key]:,} -> {value:,}"


def _cases() -> Iterator[tuple[str, str]]:
    for model in (*MODELS, *EXAMPLES):
        for target in (*TARGETS, *(KWS_TARGETS if model == "kws" else ())):
            yield model, target
    yield from ((model, "cortex-m4") for model in FAST)


def _path(corpus: Path, model: str) -> Path:
    if model in EXAMPLES:
        return FOLDER.parent / "examples" / f"{EXAMPLES[model]}.tflite"
    return corpus / "models" / f"{MODELS[FAST.get(model, model)]}.tflite"


def _measure(corpus: Path, model: str, target: str) -> Row:
    try:
        found = bench(load(_path(corpus, model)), on=target, optimize="speed" if model in FAST else "balanced")
    except CompileError as error:
        return Row(model, target, None, error.problems[0].found)
    print(f"{model:14} {target:12} {found.instructions:>12,} instructions", flush=True)
    return Row(model, target, found)


def _page(rows: list[Row], best: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield "# What models take"
    yield ""
    yield "Made by `python -m benchmarks table`; do not edit. Instructions of one inference, counted in QEMU, and bytes of the"
    yield "linked program; `code` is all of flash but weights and biases (with requantization parameters and the C library),"
    yield "`RAM` is all static memory with the arena, without the stack. Cycles are an estimate (tinycc/target.py)."
    yield "In brackets: the ratio to TensorFlow Lite Micro with Arm's CMSIS-NN at its best, on the same core."
    made = next((row.bench for row in rows if row.bench is not None), None)
    if made is not None:
        yield f"Compiled by {made.compiler} with -O2, run in {made.emulator}; bundled CMSIS-NN provider."
    for target in dict.fromkeys(row.target for row in rows):
        theirs = best.get(target.replace("cortex-", ""), {})
        yield from _target_table(target, [row for row in rows if row.target == target], theirs)
    yield from _reference_table(rows)


def _target_table(target: str, rows: list[Row], best: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield f"## {target}"
    yield ""
    yield "| model | instructions | per MAC | cycles (est.) | code | weights | RAM | stack |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    for row in rows:
        if row.bench is None:
            yield f"| {row.model} | not supported yet: {row.reason} | | | | | | |"
            continue
        cells = [
            _cell(row.bench, key, best.get(row.model)) for key in ("instructions", "code_bytes", "ram_bytes", "stack_bytes")
        ]
        per_mac = "-" if row.bench.instructions_per_mac is None else f"{row.bench.instructions_per_mac:.2f}"
        middle = f"{cells[1]} | {row.bench.weight_bytes:,} | {cells[2]} | {cells[3]}"
        yield f"| {row.model} | {cells[0]} | {per_mac} | {row.bench.cycles_estimate:,} | {middle} |"


def _cell(found: Bench, key: str, theirs: Mapping[str, Any] | None) -> str:
    value = getattr(found, key)
    return f"{value:,}" + (f" ({value / theirs[key]:.2f})" if theirs and theirs.get(key) else "")


def _reference_table(rows: list[Row]) -> Iterator[str]:
    yield ""
    yield "## Against TensorFlow Lite Micro's reference kernels, cortex-m4"
    yield ""
    yield "| model | instructions | reference | ratio |"
    yield "|---|---:|---:|---:|"
    for row in rows:
        if row.target == "cortex-m4" and row.model in REFERENCE and row.bench is not None:
            reference = REFERENCE[row.model]
            yield f"| {row.model} | {row.bench.instructions:,} | {reference:,} | {row.bench.instructions / reference:.3f} |"
