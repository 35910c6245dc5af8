# SPDX-License-Identifier: Apache-2.0
"""Every analyser over models and all kernels, as one command."""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from benchmarks.analyse.deviations import excess, write_deviations
from benchmarks.analyse.findings import MODEL, Finding
from benchmarks.analyse.reading import READERS
from benchmarks.analyse.watching import WATCHERS
from tinycc.compiler import Compilation, compile
from tinycc.errors import CompileError
from tinycc.runtime import library

ROOT = Path(__file__).resolve().parents[2]
SUFFIXES = (".tflite", ".onnx")
TOOLS = (*READERS, *WATCHERS)


def sample(corpus: Path) -> list[Path]:
    """The examples, and one model for each operator of the corpus: of int8, if there is one."""
    chosen: dict[str, tuple[bool, Path]] = {}
    if (corpus / "ops.json").is_file():
        for item in json.loads((corpus / "ops.json").read_text()):
            quantized = item["sig"].startswith("INT8")
            if item["op"] not in chosen or (quantized and not chosen[item["op"]][0]):
                chosen[item["op"]] = (quantized, corpus / item["file"])
    return [*_models([ROOT / "examples"]), *(path for _, path in (chosen[name] for name in sorted(chosen)))]


def _models(paths: Sequence[Path]) -> list[Path]:
    """Models, and those below folders."""
    found = [sorted(p for p in path.rglob("*") if p.suffix in SUFFIXES) if path.is_dir() else [path] for path in paths]
    return [path for some in found for path in some]


def analyse(models: Sequence[Path], tools: Sequence[str], corpus: Path, target: str, *, every: bool, write: bool) -> int:
    """Print what is found and not listed; the number of such lines. `every`: all models of the corpus."""
    used = [name for name in tools or TOOLS if (READERS | WATCHERS)[name].is_here]
    for name in sorted(set(tools or TOOLS) - set(used)):
        click.echo(f"{name} is not installed: left out")
    standard = not models and not every
    chosen = sample(corpus) if standard else _models([corpus / "models", corpus / "ops"] if every else models)
    found = set(_kernels([name for name in used if name in READERS])) if not models else set()
    for path in chosen:
        found |= set(_model(path, used, target, kernels=bool(models)))
    depends = [finding for finding in found if finding.rule.startswith(("branch ", "address "))]
    _print_depends(depends)
    rest = sorted(found - set(depends))
    if write:
        unexplained = write_deviations(rest, used)
        for line in unexplained:
            click.echo(f"no reason: {line}")
        return len(unexplained)
    said = excess(rest, sample=standard)
    for line in said:
        click.echo(line)
    click.echo(f"{len(chosen)} models, {', '.join(used)}: {len(rest)} deviations, {len(said)} lines about what is not listed")
    return len(said)


def _print_depends(found: Sequence[Finding]) -> None:
    """Which kernels have branches and addresses that depend on inputs, as valgrind saw them."""
    for rule, count in sorted(Counter(finding.rule for finding in found).items()):
        what, _, kernel = rule.partition(" ")
        places = sorted({f"{one.file}:{one.line}" for one in found if one.rule == rule})
        click.echo(f"depends on inputs: {what:7} {kernel}: {count} places, {', '.join(places[:4])}")


def _kernels(readers: Sequence[str]) -> Iterator[Finding]:
    """What is read in all kernels, laid out as in an emitted folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [file for file in library().values() if file.name.endswith((".c", ".h"))]
        for file in files:
            place = folder / file.path
            place.parent.mkdir(exist_ok=True)
            place.write_text(file.text, encoding="utf-8")
        sources = sorted(file.path for file in files if file.name.endswith(".c"))
        for reader in readers:
            start = time.monotonic()
            found = READERS[reader].read(folder, sources)
            click.echo(f"kernels: {reader}, {len(found)} places, {time.monotonic() - start:.0f} s")
            yield from found


def _model(path: Path, tools: Sequence[str], target: str, *, kernels: bool) -> Iterator[Finding]:
    """What is found in the C of a model; `kernels`: in its kernels, too, by those who read."""
    counts = []
    for name in tools:
        try:
            compilation = compile(path, name="model", target=target, watched=name in WATCHERS and WATCHERS[name].marked)
            with tempfile.TemporaryDirectory() as place:
                compilation.write(place)
                found = _found(compilation, Path(place), name, kernels=kernels)
        except CompileError as error:
            click.echo(f"{path.name}: not compiled: {error.problems[0].found}")
            return
        counts.append(f"{name} {len(found)}")
        yield from found
    click.echo(f"{path.name}: {', '.join(counts)}")


def _found(compilation: Compilation, folder: Path, tool: str, *, kernels: bool) -> list[Finding]:
    if tool in WATCHERS:
        return WATCHERS[tool].watch(compilation, folder)
    sources = [path for path in compilation.sources if path.endswith(".c") and (kernels or "/" not in path)]
    found = READERS[tool].read(folder, sources)
    return found if kernels else [finding for finding in found if finding.part == MODEL]
