# SPDX-License-Identifier: Apache-2.0
"""`tinycc compile`: C in a folder, or what it would take."""

from __future__ import annotations

from dataclasses import asdict

import click

from tinycc.cli.options import (
    ModelCommand,
    json_option,
    kernel_options,
    model_options,
    parse_bytes,
    parse_names,
    section_option,
    target_option,
)
from tinycc.cli.output import described, print_json


@click.command(cls=ModelCommand)
@model_options
@click.option("-o", "--out", metavar="FOLDER", help="Output folder; made if it is not there. Without it nothing is written.")
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
@click.option("--package-version", default="1.0.0", show_default=True, help="The package's version.")
@click.option("--self-test", is_flag=True, help="Also emit a self-test for your board: seeded inputs, a CRC of every layer.")
@click.option("--ram", metavar="BYTES", callback=parse_bytes, help="Exit with 3 if the model needs more RAM, e.g. 64K.")
@click.option("--flash", metavar="BYTES", callback=parse_bytes, help="The same for flash, e.g. 256K.")
@click.option("--stack", metavar="BYTES", callback=parse_bytes, help="The same for the stack of an inference, e.g. 4K.")
@click.option("--print-ir", is_flag=True, help="Also print the graph before the passes and after each that changes it.")
@click.option("--layers", is_flag=True, help="Also print a table with one row per layer.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
@json_option
def compile(
    model: str,
    shapes: dict[str, tuple[int, ...]],
    match: str | None,
    fixes: tuple[str, ...],
    signature: str | None,
    without: tuple[str, ...],
    out: str | None,
    replace: bool,
    name: str | None,
    target: str,
    provider: str,
    optimize: str,
    kernels: str,
    packages: tuple[str, ...],
    sections: dict[str, str],
    package_version: str,
    self_test: bool,
    ram: int | None,
    flash: int | None,
    stack: int | None,
    print_ir: bool,
    layers: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Compile MODEL to C in FOLDER, or only print what it would take."""
    from tinycc.budget import Budget, check_budget
    from tinycc.compiler import compile as compile_model
    from tinycc.compiler import load
    from tinycc.footprint import footprint
    from tinycc.ir import print_graph
    from tinycc.passes import stages

    loaded = load(model, shapes=shapes, match=match, fixes=fixes, signature=signature, without=without)
    if print_ir and not quiet:
        before = ""
        for stage, graph in stages(loaded.graph, loaded.options.without):
            text = print_graph(graph)
            if text != before:
                click.echo(f"// after {stage}\n{text}\n", err=as_json)
            before = text
    compilation = compile_model(
        loaded,
        name=name,
        target=target,
        provider=provider,
        optimize=optimize,
        kernels=kernels,
        sections=sections,
        self_test=self_test,
    )
    budget = Budget(ram, flash, stack)
    need = footprint(compilation) if as_json or not quiet or not budget.empty else None
    notes = check_budget(compilation, budget, need)
    if out is not None and packages:
        from tinycc.packages.layout import write_package

        write_package([compilation], packages, out, version=package_version, replace=replace)
    elif out is not None:
        compilation.write(out, replace=replace)
    if as_json and need is not None:
        rows = {"footprint": asdict(need), "replaced": [asdict(row) for row in compilation.replaced]}
        print_json(compilation.report.to_json() | described(compilation.model) | rows)
    elif need is not None and not quiet:
        from tinycc.report.text import layer_table, make_console, print_summary

        console = make_console()
        print_summary(console, compilation.report, need, out or "nothing written; give -o FOLDER")
        for row in compilation.replaced:
            text = f"  {row.operator}: {row.kernel}, as {compilation.options.provider.name} lacks {row.function}"
            console.print(text, highlight=False, markup=False)
        for note in notes:
            console.print(f"  {note}", highlight=False, markup=False)
        if layers:
            console.print(layer_table(compilation.report))
