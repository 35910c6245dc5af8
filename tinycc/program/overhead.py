# SPDX-License-Identifier: Apache-2.0
"""What turns take beside their kernels, in cycles, by estimate."""

from __future__ import annotations

from tinycc.target import Feature, Target

TURN = 60
"""Cycles of a turn beside its kernel, on Cortex-M3."""
MOVED_IN_VECTORS, MOVED, MOVED_ALONE = 0.3, 1.0, 4.5
"""Cycles for a byte that moves up in a line buffer: in sixteen, in a word, and by itself."""


def overhead(target: Target, turns: int, moved: int) -> int:
    """Of so many turns, in which so many bytes move up."""
    each = MOVED_IN_VECTORS if Feature.MVE in target.features else MOVED if target.loads_anywhere else MOVED_ALONE
    return round(turns * TURN * target.instructions + moved * each)
