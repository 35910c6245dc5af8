# SPDX-License-Identifier: Apache-2.0
"""What a user may prefer among kernels that all compute the same bits."""

from __future__ import annotations

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
