# SPDX-License-Identifier: Apache-2.0
"""What commands print for programs."""

from __future__ import annotations

import json
from typing import Any

import click

from tinycc import __version__


def print_json(content: dict[str, Any]) -> None:
    """With the version of tinycc. JSON knows no infinities."""
    from tinycc.ports import finite

    click.echo(json.dumps(finite({"tinycc": __version__, **content}), indent=2, allow_nan=False))
