# SPDX-License-Identifier: Apache-2.0
"""What the baseline's models take with pruned and clustered weights, beside TensorFlow Lite Micro's tables for weights.

The weights are changed after training, by magnitude and k-means (tinycc/shrink): right for sizes and cycles, no statement about
accuracy.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.table import MODELS
from tinycc.compiler import load
from tinycc.frontends.files import ModelFile
from tinycc.ir import Array
from tinycc.model_cost import ModelCost, cost_of
from tinycc.shrink import SMALLEST, Step, weights_file
from tinycc.shrink.file import Weights
from tinycc.target import TARGETS

PAGE = Path(__file__).resolve().parent / "FLASH.md"
SHOWN = ("kws", "vww", "ic", "ad", "person_detect")
CORES = ("cortex-m4", "cortex-m3")
STEPS = (Step(), *(Step(share) for share in (0.5, 0.6, 0.7, 0.8, 0.9)), Step(0.0, 16), Step(0.7, 16))
ASKED = 75
"""Percent of the flash of the model as it is, where the study has no figure."""
STUDY: Mapping[str, tuple[float, Mapping[Step, tuple[int, float]]]] = {
    "kws": (
        15.48,
        {
            Step(0.5): (83, 1.005),
            Step(0.7): (74, 1.003),
            Step(0.8): (69, 1.002),
            Step(0.9): (64, 1.001),
            Step(0.0, 16): (78, 1.013),
            Step(0.7, 16): (74, 1.003),
        },
    ),
    "ad": (
        1.32,
        {
            Step(): (75, 1.90),
            Step(0.5): (64, 2.13),
            Step(0.7): (62, 0.51),
            Step(0.8): (43, 0.38),
            Step(0.9): (23, 0.25),
            Step(0.0, 16): (52, 1.76),
        },
    ),
    "person_detect": (
        43.0,
        {
            Step(0.5): (71, 1.022),
            Step(0.7): (55, 1.014),
            Step(0.8): (47, 1.010),
            Step(0.9): (39, 1.006),
            Step(0.0, 16): (61, 1.014),
            Step(0.7, 16): (55, 1.014),
        },
    ),
}
"""The study behind these kernels, on a Cortex-M4 with the C kernels of the first version: million cycles of the model as it is,
and for each step percent of its flash and the ratio to its cycles."""
NEAR = 5
"""Percent of the flash of the model as it is, by which a figure may be missed."""
HEADER, WIDEST = 16, 7
"""Of a tensor that TFLM_DECODE unpacks by a table: bytes before the table; bits of an index at most."""
HEAD = """# What zeros and equal weights are worth

Made by `python -m benchmarks flash`; do not edit. Flash (constants and code) and cycles by the estimates that kernels are
chosen by, `--optimize balanced`; in brackets: the ratio to the model as it is. `asked`: the same with `--flash`, which asks
for the study's figure, or for three quarters of the flash of the model as it is where it has none; what comes nearest, if that
cannot be. `study`: what prototypes reached with the C kernels of the first version, before there were faster ones, on a
Cortex-M4: the ratio of flash, and cycles; `missed` where `asked` takes more, by over 5 % of the model as it is. `weights of
TFLM` are the bytes of the same arrays as its compression tool makes them, by look-up tables (a table for each channel where
there is a scale for each, raw where that is smaller): the tests run it, and compile what it makes. TFLM unpacks a whole array
into RAM before a layer runs; for Huffman codes and pruning its tool has no compressors yet. The weights were changed after
training: no statement about accuracy.
"""


@dataclass(frozen=True)
class Row:
    step: Step
    weights: int
    tables: int
    cost: ModelCost
    asked: ModelCost
    study: tuple[int, float] | None
    """Percent of flash, million cycles."""


def channel_rows(item: Weights) -> tuple[int, Array]:
    """(the axis of the channels, a row of weights for each that has a scale)."""
    channels = 1 if item.scales is None else item.scales.size
    axis = 0 if item.scales is None else int(np.argmax(item.scales.shape))
    return axis, np.moveaxis(item.array, axis, 0).reshape(channels, -1)


def _most(rows: Array) -> int:
    """Different values of a row at most."""
    return max(len(np.unique(row)) for row in rows)


def index_width(rows: Array) -> int:
    """Bits of an index into TFLM's tables."""
    return max(1, math.ceil(math.log2(_most(rows))))


def table_bytes(item: Weights) -> int:
    """Of an array of codes as TFLM's tool makes it, which tests/shrink/test_tflm_tables.py asks; raw if that is smaller."""
    _, rows = channel_rows(item)
    width = index_width(rows)
    coded = math.ceil(item.array.size * width / 8) + len(rows) * _most(rows) * item.array.itemsize + HEADER
    return item.array.nbytes if width > WIDEST else min(coded, item.array.nbytes)


def rows_of(path: Path, core: str, name: str) -> Iterator[Row]:
    model = load(str(path))
    before, known = STUDY.get(name, (0.0, {}))
    file = weights_file(model)
    chosen = [item for item in file.weights if item.array.size >= SMALLEST]
    whole = cost_of(model, replace(model.options, target=TARGETS[core]))
    for step in STEPS:
        items = [replace(item, array=step(item)) for item in chosen]
        content = file.replaced({item.name: item.array for item in items})
        loaded = load(ModelFile(content, model.name, model.source.file.folder), model.options)
        options = replace(model.options, target=TARGETS[core])
        percent, ratio = known.get(step, (ASKED, 0.0))
        cost, asked = cost_of(loaded, options), cost_of(loaded, replace(options, flash=whole.flash * percent // 100))
        study = (percent, before * ratio) if step in known else None
        yield Row(step, sum(item.array.nbytes for item in items), sum(map(table_bytes, items)), cost, asked, study)


def page(corpus: Path, names: Sequence[str]) -> str:
    parts = [HEAD]
    for core in CORES:
        parts.append(f"## {core}\n")
        for name in names:
            parts.append(f"### {name}\n")
            heading = "| weights | flash | cycles (est.) | RAM | asked: flash | cycles | RAM | study | weights of TFLM |"
            parts.append(f"{heading}\n|---|---:|---:|---:|---:|---:|---:|---|---:|")
            rows = list(rows_of(corpus / "models" / f"{MODELS[name]}.tflite", core, name))
            parts += [_line(row, rows[0]) for row in rows]
            parts.append("")
            print(f"{core} {name}", flush=True)
    return "\n".join(parts)


def _line(row: Row, first: Row) -> str:
    ways = (row.cost, row.asked)
    whole = first.cost.flash, first.cost.cycles, first.cost.ram
    pairs = [pair for way in ways for pair in zip((way.flash, way.cycles, way.ram), whole, strict=True)]
    *cells, tables = (f"{found:,} ({found / of:.2f})" for found, of in (*pairs, (row.tables, row.weights)))
    return f"| {row.step} | {' | '.join(cells)} | {_told(row, first)} | {tables} |"


def _told(row: Row, first: Row) -> str:
    if row.study is None:
        return ""
    percent, cycles = row.study
    missed = row.asked.flash * 100 > first.cost.flash * (percent + NEAR)
    return f"{percent / 100:.2f}, {cycles:.2f} M{', missed' if missed else ''}"


def write_flash(corpus: Path, names: Sequence[str]) -> None:
    PAGE.write_text(page(corpus, names or SHOWN), encoding="utf-8")
