# SPDX-License-Identifier: Apache-2.0
"""`tinycc check`: whether C in a folder is still what tinycc made."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from tinycc import __version__
from tinycc.cli.options import complete_files, complete_folders, json_option
from tinycc.cli.output import print_json

if TYPE_CHECKING:
    from tinycc.provenance.folder import Checked


@click.command()
@click.argument("folder", metavar="FOLDER", shell_complete=complete_folders)
@click.argument("models", metavar="[MODEL...]", nargs=-1, shell_complete=complete_files)
@json_option
def check(folder: str, models: tuple[str, ...], as_json: bool) -> int:
    """Check that the C in FOLDER is as tinycc wrote it; exit with 1 if a file was changed or is missing.

    With every MODEL that it was made of, they are compiled again with the options of then, and must give the same bytes.
    """
    from tinycc.provenance.folder import check_folder

    checked = check_folder(folder, models)
    if as_json:
        print_json({"folder": folder, "passed": checked.passed, **asdict(checked)})
    else:
        _tell(folder, checked)
    return 0 if checked.passed else 1


def _tell(folder: str, checked: Checked) -> None:
    for origin in checked.origins:
        other = "" if origin.tinycc == __version__ else f" (this is {__version__})"
        for model in origin.models:
            options = ", ".join(f"{key}={value}" for key, value in model.options.items())
            click.echo(f"{folder}: {model.file} by tinycc {origin.tinycc}{other}, {options}\n  sha256 {model.sha256}")
    for what, paths in (
        ("changed", checked.changed),
        ("missing", checked.missing),
        ("not the same when compiled again", checked.remade or ()),
    ):
        for path in paths:
            click.echo(f"  {path}: {what}")
    good = f"{checked.files} files as they were written" + (", the same when compiled again" if checked.remade == () else "")
    click.echo(f"  {good}" if checked.passed else "  FAIL")
