# SPDX-License-Identifier: Apache-2.0
"""The weights of a model's file, and the file with others in their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from tinycc.ir import Array


@dataclass(frozen=True, eq=False)
class Weights:
    """An array of weights as the file has it: `array` of codes or of floats. `zero`: what stands for 0. `scales`: of the codes,
    in a shape that goes with the array; None: one for all. `kind`: the operator that reads it, the first of several."""

    name: str
    kind: str
    array: Array
    zero: int = 0
    scales: Array | None = None


class WeightsFile(Protocol):
    """A file whose weights can be exchanged. Names are unique."""

    @property
    def weights(self) -> tuple[Weights, ...]: ...

    def replaced(self, arrays: Mapping[str, Array]) -> bytes:
        """The file with other weights; those that are not named stay."""
        ...
