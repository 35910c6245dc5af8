# SPDX-License-Identifier: Apache-2.0
"""Where the package data is: `templates/` and `runtime/`, installed with the package or at the top of a checkout."""

from __future__ import annotations

from pathlib import Path


def data_path(name: str) -> Path:
    """The folder `templates` or `runtime`."""
    package = Path(__file__).resolve().parent
    installed = package / "_data" / name
    return installed if installed.is_dir() else package.parent / name
