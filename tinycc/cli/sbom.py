# SPDX-License-Identifier: Apache-2.0
"""`tinycc sbom`: bills of materials."""

from __future__ import annotations

import click

from tinycc.cli.options import complete_folders


@click.command()
@click.argument("folder", metavar="[FOLDER]", required=False, shell_complete=complete_folders)
def sbom(folder: str | None) -> None:
    """Print the software bill of materials (CycloneDX, JSON) of the C in FOLDER; without it, that of tinycc itself."""
    from tinycc.provenance.bom import bill_of_folder, bill_of_tinycc

    click.echo(bill_of_tinycc() if folder is None else bill_of_folder(folder), nl=False)
