# SPDX-License-Identifier: Apache-2.0
"""`tinycc weights`: a new block of weights for firmware that is in the field."""

from __future__ import annotations

from pathlib import Path

import click

from tinycc.cli.options import complete_files, complete_folders, json_option
from tinycc.cli.output import described, print_json


@click.command()
@click.argument("model", metavar="MODEL", shell_complete=complete_files)
@click.option(
    "--for",
    "firmware",
    metavar="FOLDER",
    required=True,
    shell_complete=complete_folders,
    help="What `tinycc MODEL -o FOLDER --external-weights` wrote for the firmware.",
)
@click.option("-o", "--out", metavar="FILE.bin", help="The file to write. Without it nothing is written.")
@click.option("--name", help="C prefix of the model in the firmware, where there are several.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
@json_option
def weights(model: str, firmware: str, out: str | None, name: str | None, quiet: bool, as_json: bool) -> None:
    """Make the weights of MODEL a file that fits the code in FOLDER, or say why it cannot be.

    MODEL is compiled as the firmware's was. The file fits if the same C comes of it, but for the constants.
    """
    import zlib

    from tinycc.codegen.files import write_files
    from tinycc.update import update

    made = update(model, firmware, name)
    if out is not None:
        write_files(Path(out).parent, {Path(out).name: made.weights})
    if as_json:
        head = described(made.compilation.model)
        found = {"firmware": made.firmware, "layout": made.layout.hex(), "crc": zlib.crc32(made.weights[16:])}
        print_json({**head, **found, "bytes": len(made.weights), "out": out})
    elif not quiet:
        text = f"{made.compilation.model.name}: {len(made.weights):,} bytes that fit {made.firmware} in {firmware}"
        click.echo(f"{text} -> {out or 'nothing written; give -o FILE.bin'}")
