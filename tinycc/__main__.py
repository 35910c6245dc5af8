# SPDX-License-Identifier: Apache-2.0
"""The `tinycc` command, and `python -m tinycc`."""

from __future__ import annotations

import sys

from tinycc.crash import lacking


def main() -> None:
    """Run the command line; it is loaded here, since packages that it needs may be missing."""
    try:
        from tinycc.cli import main as run
    except ModuleNotFoundError as error:
        if (missing := lacking(error)) is None:
            raise
        print(f"tinycc: error: {missing}", file=sys.stderr)
        sys.exit(missing.exit_status)
    run()


if __name__ == "__main__":
    main()
