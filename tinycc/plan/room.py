# SPDX-License-Identifier: Apache-2.0
"""How much of an arena nobody uses while a step runs: what its working memory may be without making the arena larger."""

from __future__ import annotations

from collections.abc import Mapping

from tinycc.plan.layout import Arena
from tinycc.program.types import Role


def rooms(arena: Arena, size: int) -> Mapping[int, tuple[int, ...]]:
    """Step -> bytes in each of its turns: of an arena, were it of `size` bytes, less what else is in use in the turn's fullest
    moment."""
    changes: dict[int, int] = {}
    own: dict[int, int] = {}
    for buffer, tenant in zip(arena.buffers, arena.trace.tenants, strict=True):
        for use in tenant.uses:
            held = use.top - use.bottom
            changes[use.first] = changes.get(use.first, 0) + held
            changes[use.last + 1] = changes.get(use.last + 1, 0) - held
            if buffer.role is Role.SCRATCH:
                for moment in range(use.first, use.last + 1):
                    own[moment] = own.get(moment, 0) + held
    found: dict[int, dict[int, int]] = {}
    used = 0
    for moment, (step, turn) in enumerate(zip(arena.trace.steps, arena.trace.turns, strict=True)):
        used += changes.get(moment, 0)
        free = size - used + own.get(moment, 0)
        turns = found.setdefault(step, {})
        turns[turn] = min(turns.get(turn, free), free)
    return {step: tuple(turns[turn] for turn in sorted(turns)) for step, turns in found.items()}
