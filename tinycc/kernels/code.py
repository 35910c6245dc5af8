# SPDX-License-Identifier: Apache-2.0
"""How much flash the code of a runtime file takes, for the choice among kernels.

Measured with GCC at -O2 for a Cortex-M4, or the core that a kernel is for (`python -m benchmarks code` writes the file). What
was not measured yet is reckoned from the length of its text: right in the order of magnitude.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tinycc.runtime import RuntimeFile, closure

PATH = Path(__file__).with_name("code.json")
BYTES_PER_CHARACTER = {".c": 0.4, ".S": 4.0}
"""Of the text without comments, by the kind of source."""
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


@cache
def measured() -> Mapping[str, int]:
    """File name -> bytes of code and of constant data."""
    loaded: Mapping[str, int] = json.loads(PATH.read_text(encoding="utf-8"))
    return loaded


def reckoned(file: RuntimeFile) -> int:
    """Bytes by the length of the text."""
    text = re.sub(r"\s+", " ", _COMMENT.sub("", file.text))
    return round(BYTES_PER_CHARACTER[file.source.suffix] * len(text))


@cache
def code_of(symbols: frozenset[str]) -> Mapping[str, int]:
    """The source files that functions need, with the bytes of each."""
    known = measured()
    sources = (file for file in closure(symbols) if file.is_source)
    return {file.name: known[file.name] if file.name in known else reckoned(file) for file in sources}
