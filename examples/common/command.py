# SPDX-License-Identifier: Apache-2.0
"""What the scripts of the examples have in common: their options, and C headers of data."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

LICENCE = "Apache-2.0"


def training(script: str, about: str | None) -> argparse.ArgumentParser:
    """A parser with `--seed`, and with `--out` for a folder, the script's own if none is given."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path(script).parent)
    return parser


def options(script: str, about: str | None, epochs: int) -> argparse.Namespace:
    """The options of a script that trains a network, `--epochs` among them."""
    parser = training(script, about)
    parser.add_argument("--epochs", type=int, default=epochs)
    return parser.parse_args()


def write_c_header(path: Path, about: str, lines: Iterable[str], licence: str = LICENCE) -> None:
    """`about`: what is in it, for the heading."""
    guard = f"{path.stem.upper()}_H"
    start = (f"/* SPDX-License-Identifier: {licence} */", f"/* {about} */", f"#ifndef {guard}", f"#define {guard}")
    path.write_text("\n".join([*start, "", "#include <stdint.h>", "", *lines, "#endif", ""]), encoding="ascii")
