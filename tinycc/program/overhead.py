# SPDX-License-Identifier: Apache-2.0
"""What turns take beside their kernels, in cycles, by estimate."""

from __future__ import annotations

from tinycc.target import Target

TURN = 60
"""Cycles of a turn beside its kernel, on Cortex-M3."""
MOVED, MOVED_ALONE = 1.0, 4.5
"""Cycles for a byte that moves up in a line buffer: in a word, and by itself."""


def overhead(target: Target, turns: int, moved: int) -> int:
    """Of so many turns, in which so many bytes move up."""
    return round(turns * TURN * target.instructions + moved * (MOVED if target.loads_anywhere else MOVED_ALONE))
