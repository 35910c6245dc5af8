# SPDX-License-Identifier: Apache-2.0
"""What is done for flash unasked must never cost flash, nor more than a fiftieth of the cycles: over the corpora by estimate,
and linked and counted on emulated cores.

Compared are the default and the same compiler without any of it: no kernel of stored constants (packed, sparse, coded), no
channel left out. Both once with rows as they are taken by default, once with whole tensors (`--no-stream`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.corpus import read_manifest
from benchmarks.onnx import read_exports, read_networks
from tinycc.arrange import arrange
from tinycc.compiler import Model, kernel_context, layout_of, load, wanted
from tinycc.device.bench import bench
from tinycc.errors import CompileError
from tinycc.kernels.choice import candidates
from tinycc.kernels.code import flash_estimate
from tinycc.ops.base import Operator
from tinycc.options import CONSTANT_CHANNELS, Options
from tinycc.passes import STREAM, run_passes
from tinycc.plan.layout import Layout
from tinycc.target import TARGETS

CORES = ("cortex-m4", "cortex-m0", "rv32imc", "cortex-m55")
SLOWER = 1.02
"""How many times the cycles may be taken."""


@dataclass(frozen=True)
class Taken:
    """Bytes of flash and RAM, cycles."""

    flash: int
    ram: int
    cycles: int

    def worse_than(self, other: Taken) -> Iterator[str]:
        """What the default may not cost beside what is taken without it."""
        if self.flash > other.flash:
            yield f"{self.flash - other.flash:,} bytes larger"
        if self.cycles > other.cycles * SLOWER:
            yield f"{100 * self.cycles / other.cycles - 100:.1f} % slower"


@dataclass(frozen=True)
class Pair:
    """The default, and the same compiler without what it does for flash; `rows` or whole tensors."""

    rows: bool
    default: Taken
    without: Taken

    def __str__(self) -> str:
        found, plain = self.default, self.without
        flash, ram, cycles = (
            f"{name} {before:,} -> {now:,} ({now / max(before, 1) - 1:+.1%})"
            for name, before, now in (
                ("flash", plain.flash, found.flash),
                ("RAM", plain.ram, found.ram),
                ("cycles", plain.cycles, found.cycles),
            )
        )
        worse = ", ".join(found.worse_than(plain))
        return f"{'rows ' if self.rows else 'whole'} {flash}  {cycles}  {ram}{'  WORSE: ' if worse else ''}{worse}"


def _layouts(model: Model, options: Options) -> tuple[Layout, Layout]:
    """(what the default gives, the same without what is done for flash)."""
    default = layout_of(run_passes(model.graph, options.left_out), options)
    graph = run_passes(model.graph, options.left_out | {CONSTANT_CHANNELS})
    stores = any(variant.thrifty for op in graph.all_ops if isinstance(op, Operator) for variant in candidates(op))
    return default, arrange(graph, replace(kernel_context(options, graph), fixed=not stores), wanted(options))


def _estimated(layout: Layout) -> Taken:
    cycles = sum(step.cycles for step in layout.program.all_steps)
    return Taken(flash_estimate(layout.program), layout.bytes, cycles)


def _counted(model: Model, options: Options) -> Taken:
    measured = bench(model, options)
    return Taken(measured.flash_bytes, measured.ram_bytes, measured.cycles_estimate)


def pairs(model: Model, core: str, *, count: bool) -> Iterator[Pair]:
    """With rows by default, and whole; `count`: linked and run, whole."""
    for rows in (True, False) if not count else (False,):
        options = replace(model.options, target=TARGETS[core], without=frozenset(() if rows else (STREAM,)))
        default, without = _layouts(model, options)
        if not count:
            yield Pair(rows, _estimated(default), _estimated(without))
            continue
        options = replace(options, on=TARGETS[core])
        pinned = tuple((step.number, step.kernel) for step in without.program.all_steps)
        plain = replace(options, without=options.without | {CONSTANT_CHANNELS}, pinned=pinned)
        yield Pair(rows, _counted(model, options), _counted(model, plain))


def _models(corpus: Path, exports: Path, only: str) -> Iterator[tuple[str, Path, dict[str, tuple[int, ...]], str | None]]:
    """(name, file, shapes, match) of the networks."""
    for tflite in read_manifest(corpus):
        if tflite.tier == "model" and only in tflite.name:
            yield tflite.name, tflite.path, {}, tflite.match
    for onnx in (*read_networks(corpus), *read_exports(exports)):
        if only in onnx.name:
            yield onnx.name, onnx.path, onnx.shapes, None


def check_unasked(corpus: Path, exports: Path, only: str, cores: Sequence[str], *, count: bool) -> int:
    """A line for each model, core and way; how many are worse for what was done unasked."""
    worse = 0
    for name, path, shapes, match in _models(corpus, exports, only):
        for core in cores:
            try:
                found = list(pairs(load(str(path), shapes=shapes, match=match), core, count=count))
            except CompileError as error:
                print(f"{name} {core}: {error.problems[0].found}", flush=True)
                continue
            for pair in found:
                worse += any(True for _ in pair.default.worse_than(pair.without))
                print(f"{name} {core} {pair}", flush=True)
    return worse
