# SPDX-License-Identifier: Apache-2.0
"""What is said when something goes wrong that should not: one message that makes a good report."""

from __future__ import annotations

import hashlib
import os
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

from tinycc import __version__
from tinycc.errors import CompileError, fail

EXIT_STATUS = 70
"""EX_SOFTWARE of sysexits.h."""
DEBUG = "--debug"
MAX_BYTES = 2**27
"""Of a file whose hash goes into a report."""
DISTRIBUTIONS = {"elftools": "pyelftools", "google": "protobuf"}
"""Module -> the package that it is in, where they have different names."""


def lacking(error: BaseException) -> CompileError | None:
    """What to tell a user on whose machine a Python package is missing; None if that is not what happened."""
    if not isinstance(error, ModuleNotFoundError) or not error.name:
        return None
    module = error.name.partition(".")[0]
    if module == "tinycc":
        return None
    package = DISTRIBUTIONS.get(module, module)
    return fail("Python", f"no package {package}", "all that tinycc needs to be installed", f"pip install {package}")


def crash_message(error: BaseException, arguments: Sequence[str]) -> str:
    """Version, what happened and where, and the hashes of the model files among the command's arguments."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = "".join(f" at {_short(frame.filename)}:{frame.lineno}" for frame in last)
    models = "".join(f"\n  {name}: sha256 {digest}" for name, digest in _hashes(arguments))
    return (
        f"tinycc: internal error: {type(error).__name__}: {str(error)[:500]}{place}\n"
        f"  This is a defect of tinycc {__version__}, not of your model. Please report these lines, with the model if you may."
        f"{models}\n  {DEBUG} shows the traceback."
    )


def _short(path: str) -> str:
    """A path without what is the machine's own."""
    parts = Path(path).parts
    start = max((index for index, part in enumerate(parts) if part in ("tinycc", "site-packages")), default=len(parts) - 1)
    return "/".join(parts[start:])


def _hashes(arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    for argument in arguments:
        try:
            if os.path.isfile(argument) and os.path.getsize(argument) <= MAX_BYTES:
                yield os.path.basename(argument), hashlib.sha256(Path(argument).read_bytes()).hexdigest()
        except (OSError, ValueError):
            continue
