# SPDX-License-Identifier: Apache-2.0
"""`tinycc inspect`: the graph, the choice of kernels, the program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from tinycc.cli.options import (
    ModelCommand,
    json_option,
    model_options,
    optimize_option,
    provider_option,
    row_options,
    target_option,
)
from tinycc.cli.output import described, print_json
from tinycc.errors import fail
from tinycc.preferences import Policy

if TYPE_CHECKING:
    from tinycc.program.types import Program

SHOWN = "shown"
"""What `--kernels` without a word after it means."""


class InspectCommand(ModelCommand):
    """`--kernels` may stand alone, or with the kernels to prefer behind it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        policies = {policy.value for policy in Policy}
        followed = zip(args, [*args[1:], ""], strict=True)
        alone = (arg == "--kernels" and word not in policies for arg, word in followed)
        return super().parse_args(ctx, [f"{arg}={SHOWN}" if bare else arg for arg, bare in zip(args, alone, strict=True)])


def _calls(program: Program) -> Iterator[str]:
    """What each row brings about that is pushed or pulled."""
    from tinycc.program.pushes import pushes
    from tinycc.summary import row_calls

    for item in row_calls(pushes(program)):
        beside = f", {item.beside:,} of them for turns and rows that move up" if item.beside else ""
        yield f"{item.call} {item.row}: {item.macs:,} MAC, about {item.cycles:,} cycles{beside}"


@click.command(cls=InspectCommand)
@model_options
@click.option("--after", metavar="PASS", help="Print the graph after this pass (default: after the last one; `load`: none).")
@click.option(
    "--kernels",
    metavar="[WHOSE]",
    help="Print which kernel is chosen for each operator, its cost, and why no other is; WHOSE as for compile.",
)
@click.option("--program", is_flag=True, help="Print what the model is lowered to: buffers with addresses, constants, calls.")
@target_option
@provider_option
@optimize_option
@row_options
@json_option
def inspect(
    model: str,
    after: str | None,
    kernels: str | None,
    program: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Print the typed intermediate representation of MODEL.

    What runs row by row, in which memory, and what each row takes that is pushed or pulled, is told with --program.
    """
    from tinycc.compiler import kernel_context, layout_of, load, passed
    from tinycc.ir import print_graph
    from tinycc.passes import LOAD, PIPELINE, STEPS, stages
    from tinycc.program.show import show
    from tinycc.report.choices import choices_text
    from tinycc.report.graph import floats_text, graph_json

    policy = kernels if kernels not in (None, SHOWN) else Policy.AUTO.value
    loaded = load(model, kernels=policy, **options)
    names = [LOAD, *(step.name for step in PIPELINE), *([STEPS] if loaded.options.streaming is not None else [])]
    after = after.replace("_", "-") if after is not None else None
    if after is not None and after not in names:
        raise fail("--after", repr(after), "one of " + ", ".join(names))
    chosen = kernels is not None and not (program and kernels != SHOWN)
    asked = [flag for flag, given in (("--after", after), ("--kernels", chosen), ("--program", program)) if given]
    if len(asked) > 1:
        raise fail(", ".join(asked), "more than one", "one of them", "Kernels are chosen, then lowered, after the last pass.")
    loaded.options.provider.check(loaded.options.target)
    graph = (
        passed(loaded, loaded.options)
        if after in (None, STEPS)
        else next(graph for name, graph in stages(loaded.graph, loaded.options.left_out) if name == after)
    )
    if program:
        placed = layout_of(graph, loaded.options)
        text = "\n".join((show(placed.program, placed.offsets), *_calls(placed.program)))
    else:
        shown = choices_text(graph, kernel_context(loaded.options, graph)) if chosen else print_graph(graph)
        text = shown + floats_text(graph)
    if as_json:
        print_json({**described(loaded), "after": after or names[-1], "operators": graph_json(graph), "text": text})
    else:
        click.echo(text)
