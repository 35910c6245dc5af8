# SPDX-License-Identifier: Apache-2.0
"""`tinycc inspect`: the graph, the choice of kernels, the program."""

from __future__ import annotations

import click

from tinycc.cli.options import ModelCommand, model_options, target_option
from tinycc.errors import fail


@click.command(cls=ModelCommand)
@model_options
@click.option("--after", metavar="PASS", help="Print the graph after this pass (default: after the last one; `load`: none).")
@click.option("--kernels", is_flag=True, help="Print which kernel is chosen for each operator, its cost, and why no other is.")
@click.option("--program", is_flag=True, help="Print what the model is lowered to: buffers with addresses, constants, calls.")
@target_option
def inspect(
    model: str,
    shapes: dict[str, tuple[int, ...]],
    match: str | None,
    fixes: tuple[str, ...],
    signature: str | None,
    without: tuple[str, ...],
    after: str | None,
    kernels: bool,
    program: bool,
    target: str,
) -> None:
    """Print the typed intermediate representation of MODEL."""
    from tinycc.compiler import load
    from tinycc.ir import print_graph
    from tinycc.kernels.base import Context
    from tinycc.lowering.lower import lower
    from tinycc.passes import LOAD, PIPELINE, stages
    from tinycc.plan.layout import lay_out
    from tinycc.program.show import show
    from tinycc.report.choices import choices_text

    names = [LOAD, *(step.name for step in PIPELINE)]
    after = after.replace("_", "-") if after is not None else None
    if after is not None and after not in names:
        raise fail("--after", repr(after), "one of " + ", ".join(names))
    asked = [flag for flag, given in (("--after", after), ("--kernels", kernels), ("--program", program)) if given]
    if len(asked) > 1:
        raise fail(", ".join(asked), "more than one", "one of them", "Kernels are chosen, then lowered, after the last pass.")
    loaded = load(model, shapes=shapes, match=match, fixes=fixes, signature=signature, without=without, target=target)
    for name, graph in stages(loaded.graph, loaded.options.without):
        if name == (after or names[-1]):
            context = Context(loaded.options.target)
            if program:
                placed = lay_out(lower(graph, context))
                click.echo(show(placed.program, placed.offsets))
            else:
                click.echo(choices_text(graph, context) if kernels else print_graph(graph))
