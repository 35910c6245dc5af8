# SPDX-License-Identifier: Apache-2.0
"""What of a model does not lie in its instance or in its C, but where the firmware puts it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Apart:
    """`io`: inputs and outputs are buffers of the caller's. `weights`: constants are one block that `init` is given, in a file
    beside the C. `arena`: the name of an arena that models which never run at the same time share; what lives from one
    inference to the next stays in the instance."""

    io: bool = False
    weights: bool = False
    arena: str | None = None


TOGETHER = Apart()
"""All of a model is in its instance and its C."""
