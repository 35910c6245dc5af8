# SPDX-License-Identifier: Apache-2.0
"""`tinycc compile`: C in a folder, or what it would take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from dataclasses import replace as dataclass_replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tinycc.cli.options import (
    ModelCommand,
    apart_options,
    complete_files,
    complete_folders,
    json_option,
    kernel_options,
    parse_bytes,
    parse_names,
    reading_options,
    section_option,
    target_option,
)
from tinycc.cli.output import described, print_json
from tinycc.errors import CompileError, fail

if TYPE_CHECKING:
    from tinycc.compiler import Compilation, Model
    from tinycc.footprint import Footprint
    from tinycc.frontends import ModelFile


@click.command(cls=ModelCommand)
@click.argument("models", metavar="MODEL...", nargs=-1, required=True, shell_complete=complete_files)
@reading_options
@click.option(
    "-o",
    "--out",
    metavar="FOLDER",
    shell_complete=complete_folders,
    help="Output folder; made if it is not there. Without it nothing is written.",
)
@click.option(
    "--quantize",
    "calibration",
    metavar="FILE.npz",
    shell_complete=complete_files,
    help="Quantize a model in floats first, with the ranges of these samples, as tinycc quantize does by default.",
)
@click.option("--replace", is_flag=True, help="Let it take the place of another model's C in FOLDER.")
@click.option("--name", help="Prefix of all C names. Default: from the file name.")
@target_option
@kernel_options
@click.option(
    "--package",
    "packages",
    metavar="KINDS",
    callback=parse_names,
    help="Lay the folder out for cmake, zephyr, arduino, esp-idf, platformio or cmsis-pack, e.g. zephyr,arduino.",
)
@section_option
@apart_options
@click.option(
    "--share-arena", is_flag=True, help="Several models, or signatures, that never run at the same time work in one arena."
)
@click.option("--package-name", help="The package's name. Default: the model's, or tinycc_models for several.")
@click.option("--package-version", default="1.0.0", show_default=True, help="The package's version.")
@click.option("--self-test", is_flag=True, help="Also emit a self-test for your board: seeded inputs, a CRC of every layer.")
@click.option("--profile", is_flag=True, help="Also emit what times every layer on your board, for `tinycc profile LOG MODEL`.")
@click.option(
    "--flash",
    metavar="BYTES",
    callback=parse_bytes,
    help="The same for flash, e.g. 256K.",
)
@click.option("--stack", metavar="BYTES", callback=parse_bytes, help="The same for the stack of an inference, e.g. 4K.")
@click.option("--print-ir", is_flag=True, help="Also print the graph before the passes and after each that changes it.")
@click.option("--layers", is_flag=True, help="Also print a table with one row per layer.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
@json_option
def compile(
    models: tuple[str, ...],
    shapes: dict[str, tuple[int, ...]],
    signature: str | None,
    out: str | None,
    calibration: str | None,
    replace: bool,
    name: str | None,
    packages: tuple[str, ...],
    share_arena: bool,
    package_name: str | None,
    package_version: str,
    ram: int | None,
    flash: int | None,
    stack: int | None,
    print_ir: bool,
    layers: bool,
    quiet: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Compile MODEL to C in FOLDER, or only print what it would take.

    Several models become one package, with one runtime and each its own prefix.
    """
    from tinycc.budget import Budget, check_budget, within_flash
    from tinycc.footprint import footprint

    budget = Budget(ram, flash, stack)
    entries = _entries(models, signature, name)
    if len(entries) > 1:
        budgets = {"--ram": ram, "--flash": flash, "--stack": stack}
        alone: dict[str, object] = {"--signature": signature} if len(models) > 1 else {}
        alone |= {"--name": name, "--input-shape": shapes, "--quantize": calibration}
        _check_alone({**alone, **budgets})
    shared = _shared(entries, package_name) if share_arena else None
    options |= {"shapes": shapes, "ram": ram, "flash": flash, "share_arena": shared}
    compiled = _compiled(entries, options, calibration, print_ir=print_ir and not quiet, as_json=as_json)
    compiled = [item if flash is None else within_flash(item, flash) for item in compiled]
    needs = [footprint(item) for item in compiled] if as_json or not quiet or not budget.empty else []
    notes = [*check_budget(compiled[0], budget, needs[0] if needs else None), *_said(calibration)]
    if out is not None and (packages or len(compiled) > 1):
        from tinycc.packages.layout import write_package

        write_package(compiled, packages or ("cmake",), out, name=package_name, version=package_version, replace=replace)
    elif out is not None:
        compiled[0].write(out, replace=replace)
    if as_json:
        rows = [_row(item, need) for item, need in zip(compiled, needs, strict=True)]
        print_json(rows[0] if len(rows) == 1 else {"models": rows, **_together(compiled, package_name)})
    elif not quiet:
        _tell_all(compiled, needs, out or "nothing written; give -o FOLDER", notes, layers=layers)
        if len(compiled) > 1:
            _tell_shared(compiled, package_name)


def _shared(entries: Sequence[_Entry], package_name: str | None) -> str:
    """The name of the arena that the models share."""
    from tinycc.packages import SEVERAL

    if len(entries) == 1:
        raise fail("--share-arena", "one model", "several, which never run at the same time")
    return package_name or SEVERAL


def _said(calibration: str | None) -> list[str]:
    """A note on a model that was quantized on the way."""
    return [] if calibration is None else [f"quantized with {calibration}; tinycc quantize writes that model, and measures it"]


ALL = "all"
MAX_NAME = 63
"""Characters of a C name that every compiler tells apart."""


@dataclass(frozen=True)
class _Entry:
    """A file, the entry point that is compiled, and what it is called."""

    model: str | ModelFile
    signature: str | None
    name: str | None


def _entries(models: Sequence[str], signature: str | None, name: str | None) -> list[_Entry]:
    """What is to be compiled: models, or several entry points of one, each under a name of its own."""
    if len(models) > 1 or signature is None or not (signature == ALL or "," in signature):
        return [_Entry(model, signature, name) for model in models]
    from tinycc.frontends import open_source
    from tinycc.program.names import identifier

    source = open_source(models[0])
    if signature in source.signatures:
        return [_Entry(source.file, signature, name)]
    if signature == ALL and not source.signatures:
        raise fail("--signature", "'all'", "none, as the file names no signatures")
    named = source.signatures if signature == ALL else tuple(filter(None, map(str.strip, signature.split(","))))
    stem = Path(source.file.name).stem
    return [
        _Entry(source.file, one, identifier(f"{stem}_{one}").lower()[:MAX_NAME].rstrip("_")) for one in dict.fromkeys(named)
    ]


def _check_alone(given: Mapping[str, object]) -> None:
    """Some options are about one model."""
    found = [option for option, value in given.items() if value]
    if found:
        raise fail(", ".join(found), "several models", "one model with it", "Compile that one by itself.")


def _compiled(
    entries: Sequence[_Entry], options: Mapping[str, Any], calibration: str | None, *, print_ir: bool, as_json: bool
) -> list[Compilation]:
    """All of them, or the problems of all of them."""
    from tinycc.compiler import compile as compile_model
    from tinycc.compiler import load

    compiled, problems = [], []
    for entry in entries:
        try:
            loaded = load(entry.model, **options, signature=entry.signature, name=entry.name)
            made = compile_model(loaded) if calibration is None else _quantized(loaded, calibration)
            if print_ir:
                _print_stages(made.model, err=as_json)
            compiled.append(made)
        except CompileError as error:
            if len(entries) == 1:
                raise
            problems += [dataclass_replace(problem, where=f"{error.source}: {problem.where}") for problem in error.problems]
    if problems:
        raise CompileError(problems)
    return compiled


def _quantized(model: Model, calibration: str) -> Compilation:
    """The C of the model in integers."""
    from tinycc.quantize import Recipe, quantize

    return quantize(model, calibration, Recipe(), model.options, measured=False).compilation


def _print_stages(loaded: Model, *, err: bool) -> None:
    """The graph as it is and after each pass that changes it."""
    from tinycc.ir import print_graph
    from tinycc.passes import stages

    before = ""
    for stage, graph in stages(loaded.graph, loaded.options.left_out):
        text = print_graph(graph)
        if text != before:
            click.echo(f"// after {stage}\n{text}\n", err=err)
        before = text


def _row(compilation: Compilation, need: Footprint) -> dict[str, Any]:
    weights = compilation.emission.weights
    outside = {"callers_bytes": compilation.layout.callers_bytes, "weights_bytes": None if weights is None else len(weights)}
    rows = {**outside, "footprint": asdict(need), "replaced": [asdict(row) for row in compilation.replaced]}
    return compilation.report.to_json() | described(compilation.model) | rows


def _tell(compilation: Compilation, need: Footprint, out: str, notes: Sequence[str], *, layers: bool) -> None:
    from tinycc.report.terminal import make_console, say
    from tinycc.report.text import print_layers, print_summary

    console = make_console()
    print_summary(console, compilation.report, need, out)
    for row in compilation.replaced:
        text = f"  {row.operator}: {row.kernel}, as {compilation.options.provider.name} lacks {row.function}"
        say(console, text, 4)
    for note in notes:
        say(console, f"  {note}", 9)
    for line in _outside(compilation):
        say(console, f"  {line}", 9)
    if layers:
        print_layers(console, compilation.report)


def _outside(compilation: Compilation) -> list[str]:
    """What the firmware has to provide beside the instance."""
    from tinycc.codegen.manifest import FOLDER

    ports = (*compilation.program.inputs, *compilation.program.outputs)
    sizes = [f"{port.span.buffer.memory} {port.type.bytes:,}" for port in ports if port.span.buffer.callers]
    found = [f"yours   {', '.join(sizes)} bytes, not counted in RAM"] if sizes else []
    if (weights := compilation.emission.weights) is not None:
        found.append(f"file    {FOLDER}/{compilation.name}.bin, {len(weights):,} bytes: the constants with their header")
    return found


def _shared_bytes(compiled: Sequence[Compilation]) -> int | None:
    """Of the arena that the models share, if they do."""
    from tinycc.codegen.emit import arena_bytes

    shared = [arena_bytes(item.layout) for item in compiled if item.options.share_arena is not None]
    return max(shared, default=None)


def _together(compiled: Sequence[Compilation], package_name: str | None) -> dict[str, int | None]:
    """Bytes of what the models of a package have in common: of their arena, if they share one, and of their constants."""
    from tinycc.packages.layout import shared_constants

    common = shared_constants(compiled, package_name)
    constants = {"shared_constant_bytes": common.bytes, "saved_constant_bytes": common.saved} if common is not None else {}
    return {"shared_arena_bytes": _shared_bytes(compiled), "shared_constant_bytes": 0, "saved_constant_bytes": 0} | constants


def _tell_shared(compiled: Sequence[Compilation], package_name: str | None) -> None:
    from tinycc.packages.layout import shared_constants
    from tinycc.report.terminal import make_console, say

    if (common := shared_constants(compiled, package_name)) is not None:
        say(make_console(), f"{common.name}: {common.bytes:,} bytes, once for all; flash holds {common.saved:,} less", 9)


def _tell_all(
    compiled: Sequence[Compilation], needs: Sequence[Footprint], out: str, notes: Sequence[str], *, layers: bool
) -> None:
    from tinycc.codegen.emit import arena_bytes
    from tinycc.report.terminal import make_console, say

    for item, need in zip(compiled, needs, strict=True):
        _tell(item, need, out, notes, layers=layers)
    shared = compiled[0].options.share_arena
    if shared is None:
        return
    apart = sum(arena_bytes(item.layout) for item in compiled)
    say(make_console(), f"{shared}_arena: {_shared_bytes(compiled):,} bytes for all of them, in place of {apart:,}", 9)
