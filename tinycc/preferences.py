# SPDX-License-Identifier: Apache-2.0
"""What a user may prefer among kernels that all compute the same bits, and along which frames a model goes step by step."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class Goal(Enum):
    """What the choice makes small first. Balanced: cycles, but not for much more memory than the least."""

    BALANCED = "balanced"
    SPEED = "speed"
    SIZE = "size"
    RAM = "ram"


class Policy(Enum):
    """Whose kernels are preferred. A variant that is not preferred is taken where there is no other."""

    AUTO = "auto"
    TINYCC = "tinycc"
    CMSIS_NN = "cmsis-nn"
    PORTABLE = "portable"


@dataclass(frozen=True)
class Streaming:
    """The frames of the input along `axis`, of which a step takes `hop`."""

    axis: int
    hop: int = 1

    def __str__(self) -> str:
        return f"axis={self.axis},hop={self.hop}"


def parse_streaming(text: str) -> Streaming | None:
    """`axis=1,hop=2`; None if it is something else."""
    found = re.fullmatch(r"axis=(\d{1,2})(?:,hop=([1-9]\d{0,5}))?", text)
    return Streaming(int(found[1]), int(found[2] or 1)) if found and int(found[1]) > 0 else None
