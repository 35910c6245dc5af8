# SPDX-License-Identifier: Apache-2.0
"""Names for the linker that clash with nobody's.

A package carries its own kernels. In the C they have the names that a reader knows; a header turns these, for the linker, into
names with a hash of the function's source and of all that it includes and calls. So packages that were made apart go into one
firmware: equal kernels have equal names and the linker keeps one (they come out of archives), different versions live side by
side, and Arm's own library may be there, too.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from tinycc.runtime import SOURCES, closure, has_kernel

HEADER = "tinycc_symbols.h"
_LICENCE = re.compile(r"\A/\* SPDX-License-Identifier: [^\n]*\*/\n")
DIGITS = 8


def symbols(names: Iterable[str], *, optional: bool) -> dict[str, list[tuple[str, str]]]:
    """What the header renames: (name in C, name for the linker) of the kernels in files of these names; `always`, and, if Arm's
    functions may be those of another library (`optional`), only where they are not (`bundled`)."""
    found: dict[str, list[tuple[str, str]]] = {"always": [], "bundled": []}
    for symbol in sorted({name.rpartition(".")[0] for name in names if name.endswith(SOURCES)}):
        if has_kernel(symbol):
            text = "".join(file.text for file in closure([symbol]))
            digest = hashlib.sha256(text.encode()).hexdigest()[:DIGITS]
            kind = "bundled" if optional and symbol.startswith("arm_") else "always"
            found[kind].append((symbol, f"tinycc_{digest}_{symbol}"))
    return found


def with_symbols(text: str) -> str:
    """A source or private header that includes the header first."""
    licence = _LICENCE.match(text)
    start = licence.end() if licence else 0
    return f'{text[:start]}#include "{HEADER}"\n{text[start:]}'
