# SPDX-License-Identifier: Apache-2.0
"""`tinycc shrink`: pruned and clustered weights, and what a model takes and is worth with them."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tinycc.cli.options import ModelCommand, complete_files, json_option, kernel_options, model_options, no_nan, target_option
from tinycc.cli.output import described, print_json

if TYPE_CHECKING:
    from tinycc.shrink import Shrunk

FORMATS = (".tflite", ".onnx")


@click.command(cls=ModelCommand)
@model_options
@click.option(
    "--prune",
    metavar="SHARE",
    type=float,
    multiple=True,
    callback=lambda context, option, values: tuple(no_nan(context, option, value) for value in values),
    help="The share of every layer's weights that becomes zero, the smallest first. Several times: each is tried.",
)
@click.option(
    "--cluster",
    metavar="N",
    type=int,
    multiple=True,
    help="How many different weights a layer keeps, by k-means. Several times: each is tried.",
)
@click.option(
    "--data",
    metavar="FILE.npz",
    shell_complete=complete_files,
    help="Samples: an array per input, by its name or in0, in1, ..., one sample a row; labels, if there are any.",
)
@click.option(
    "--labels",
    metavar="FILE.npz",
    shell_complete=complete_files,
    help="Labels of the samples, where --data has none.",
)
@click.option("--keep", metavar="NAME", multiple=True, help="Weights that stay as they are, by (a part of) their name.")
@click.option(
    "-o",
    "--out",
    metavar="FILE",
    shell_complete=complete_files,
    help="The model with the shrunk weights, of one --prune and one --cluster. Without it nothing is written.",
)
@target_option
@kernel_options
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
@json_option
def shrink(
    model: str,
    prune: tuple[float, ...],
    cluster: tuple[int, ...],
    data: str | None,
    labels: str | None,
    keep: tuple[str, ...],
    out: str | None,
    quiet: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Prune and cluster the weights of MODEL after training, and compare accuracy, flash, RAM and cycles of the C.

    What accuracy is lost comes back by training on with the zeros in place, in the framework that trained the model.
    """
    from tinycc.compiler import load
    from tinycc.errors import fail
    from tinycc.report.shrunk import print_shrunk
    from tinycc.report.terminal import make_console
    from tinycc.report.text import progress
    from tinycc.shrink import shrink as shrink_model
    from tinycc.shrink import steps_of, written

    steps = steps_of(prune, cluster)
    if out is not None and len(steps) > 1:
        raise fail("-o", f"{len(steps)} models", "one --prune and one --cluster, whose model is written")
    if out is not None:
        _check_place(out, model)
    if labels is not None and data is None:
        raise fail("--labels", "no samples", "--data, which they belong to")
    loaded = load(model, **options)
    with progress(hidden=quiet or as_json, what="shrinking") as advance:
        made = shrink_model(loaded, steps, loaded.options, data=data, labels=labels, keep=keep, advance=advance)
    if out is not None:
        written(made, out)
    if as_json:
        print_json(_content(made))
    elif not quiet:
        print_shrunk(make_console(), made, out)


def _check_place(out: str, model: str) -> None:
    """Raises CompileError where the file would take the place of the model, or be of another format by its name."""
    from tinycc.errors import fail

    kind = Path(model).suffix
    if os.path.exists(out) and os.path.samefile(out, model):
        raise fail("-o", f"{out}, the model itself", "another file", f"{Path(model).stem}.shrunk{kind}, say.")
    if Path(out).suffix in FORMATS and Path(out).suffix != kind:
        raise fail("-o", f"{out} for {Path(model).name}", f"a name that ends with {kind}", "The format stays what it is.")


def _content(made: Shrunk) -> dict[str, Any]:
    return {
        **described(made.model),
        "samples": made.samples,
        "rows": [asdict(row) for row in made.rows],
        "layers": [{"name": name, "kind": kind, "weights": size} for name, kind, size in made.layers],
        "kept": list(made.kept),
    }
