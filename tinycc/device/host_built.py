# SPDX-License-Identifier: Apache-2.0
"""C programs that measure, built once on this machine: QEMU's counting plugin, and the board around simavr."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tinycc.errors import fail
from tinycc.execution.host import find_compiler

_HERE = Path(__file__).parent


def build_plugin(version: tuple[int, ...]) -> Path:
    """The counting plugin for a version of QEMU. Raises CompileError."""
    interface = 1 if version < (9, 0) else 2 if version < (9, 1) else 3
    flags = ("-fPIC", "-shared", f"-DPLUGIN_API={interface}")
    return _built(_HERE / "plugin" / "count.c", ".so", flags, (), "a host compiler that builds shared libraries")


def build_avr_board() -> Path:
    """The program that runs AVR's boards. Raises CompileError."""
    expected = "the headers of simavr (Debian: libsimavr-dev)"
    return _built(_HERE / "simavr" / "board.c", "", ("-std=gnu99",), ("-lsimavr",), expected)


def _built(source: Path, end: str, flags: Sequence[str], libraries: Sequence[str], expected: str) -> Path:
    """Kept in the user's cache under a name that says what it was made of."""
    sources = sorted(source.parent.glob("*.[ch]"))
    content = b"".join(path.read_bytes() for path in sources) + " ".join((*flags, *libraries)).encode()
    made = _cache_folder() / f"{source.stem}-{hashlib.sha256(content).hexdigest()[:16]}{end}"
    if not made.exists():
        handle, temporary = tempfile.mkstemp(suffix=end, dir=made.parent)
        os.close(handle)
        command = [*find_compiler(), "-O2", *flags, str(source), "-o", temporary, *libraries]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode:
            os.unlink(temporary)
            found = next((line for line in result.stderr.splitlines() if "error" in line), "no message")
            raise fail(f"{source.parent.name}/{source.name}", found, expected)
        os.replace(temporary, made)
    return made


def _cache_folder() -> Path:
    """The user's cache, or a temporary folder if that cannot be written."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tinycc"
    try:
        base.mkdir(parents=True, exist_ok=True)
        if os.access(base, os.W_OK):
            return base
    except (OSError, RuntimeError):
        pass
    return Path(tempfile.mkdtemp(prefix="tinycc-"))
