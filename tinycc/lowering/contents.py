# SPDX-License-Identifier: Apache-2.0
"""What a constant holds, by the role under which a kernel asks for it."""

from __future__ import annotations

from collections.abc import Mapping

from tinycc.program.types import Content

_BY_WORD: Mapping[str, Content] = {
    "multiplier": Content.REQUANT,
    "shift": Content.REQUANT,
    "scales": Content.REQUANT,
    "bias": Content.BIAS,
    "sums": Content.BIAS,
    "initial": Content.INITIAL,
    **dict.fromkeys(("table", "exp", "reciprocal", "sigmoid", "lines", "bands", "positions", "permutation"), Content.TABLE),
    **dict.fromkeys(("rows", "columns", "axes", "twiddles"), Content.TABLE),
}


def content_of(role: str) -> Content:
    """By the last word of the role (`input_bias` is a bias); weights, unless it is known to be something else."""
    return _BY_WORD.get(role.rpartition("_")[2].rstrip("0123456789"), Content.WEIGHTS)
