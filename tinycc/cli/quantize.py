# SPDX-License-Identifier: Apache-2.0
"""`tinycc quantize`: a float model in integers, and what that costs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from tinycc.cli.options import ModelCommand, complete_files, json_option, kernel_options, model_options, no_nan, target_option
from tinycc.cli.output import described, print_json

if TYPE_CHECKING:
    from tinycc.quantize import Quantized


@click.command(cls=ModelCommand)
@model_options
@click.option(
    "--calibration",
    metavar="FILE.npz",
    required=True,
    shell_complete=complete_files,
    help="Samples: an array per input, by its name or in0, in1, ..., one sample a row; labels, if there are any.",
)
@click.option(
    "-o",
    "--out",
    metavar="FILE",
    shell_complete=complete_files,
    help="The quantized model. Without it nothing is written.",
)
@click.option(
    "--method",
    default="minmax",
    show_default=True,
    metavar="HOW",
    help="How ranges follow from the samples: minmax, entropy or percentile.",
)
@click.option(
    "--percentile",
    default=99.999,
    show_default=True,
    type=float,
    callback=no_nan,
    metavar="PERCENT",
    help="With --method percentile: how many of the values lie inside the range.",
)
@click.option("--activations", default="int8", show_default=True, metavar="TYPE", help="int8 or int16.")
@click.option("--weights", default="int8", show_default=True, metavar="TYPE", help="int8 or int4, one scale a channel.")
@click.option(
    "--mixed",
    default=0,
    show_default=True,
    type=int,
    metavar="N",
    help="Keep the N layers that lose most in 16 bits, or in floats where 16 bits cannot be.",
)
@target_option
@kernel_options
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
@json_option
def quantize(
    model: str,
    calibration: str,
    out: str | None,
    method: str,
    percentile: float,
    activations: str,
    weights: str,
    mixed: int,
    quiet: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Quantize the float MODEL, and compare float, quantized and C.

    ONNX models go through onnxruntime's quantizer, TFLite models through ai-edge-quantizer: pip install 'tinycc-ml[quantize]'.
    """
    from tinycc.codegen.files import write_file
    from tinycc.compiler import load
    from tinycc.quantize import quantize as quantize_model
    from tinycc.quantize.recipe import recipe_of
    from tinycc.report.quantized import print_quantized
    from tinycc.report.terminal import make_console
    from tinycc.report.text import progress

    recipe = recipe_of(method, activations, weights, percentile, mixed)
    loaded = load(model, **options)
    with progress(hidden=quiet or as_json, what="trying layers") as advance:
        made = quantize_model(loaded, calibration, recipe, loaded.options, measured=as_json or not quiet, advance=advance)
    if out is not None:
        write_file(out, made.data, "a file such as model.int8.onnx")
    if as_json:
        print_json(_content(made))
    elif not quiet:
        print_quantized(make_console(), made, out or "nothing written; give -o FILE")


def _content(made: Quantized) -> dict[str, Any]:
    recipe = {key: getattr(value, "value", value) for key, value in asdict(made.recipe).items()}
    return {
        **described(made.model),
        "recipe": recipe,
        "calibrated": made.calibrated,
        "judged": made.judged,
        "scores": [asdict(row) for row in made.scores],
        "losses": [asdict(row) for row in made.losses],
        "notes": list(made.notes),
    }
