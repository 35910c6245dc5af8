# SPDX-License-Identifier: Apache-2.0
"""What can be asked of a quantization."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from tinycc.errors import fail

MAX_MIXED = 1000


class Method(Enum):
    """How the range of a tensor follows from what calibration saw of it."""

    MINMAX = "minmax"
    ENTROPY = "entropy"
    PERCENTILE = "percentile"


class Activations(Enum):
    """Codes of activations. Those of 16 bits are symmetric, as kernels for them want it."""

    INT8 = "int8"
    INT16 = "int16"


class Weights(Enum):
    """Codes of weights, one scale a channel."""

    INT8 = "int8"
    INT4 = "int4"


@dataclass(frozen=True)
class Recipe:
    """`percentile` of the values lie inside the range, for the method of that name; `mixed` layers, those that lose most, keep
    16 bits, or floats where 16 bits cannot be."""

    method: Method = Method.MINMAX
    activations: Activations = Activations.INT8
    weights: Weights = Weights.INT8
    percentile: float = 99.999
    mixed: int = 0

    def __post_init__(self) -> None:
        if not 50 < self.percentile <= 100:
            raise fail("--percentile", f"{self.percentile:g}", "more than 50, at most 100")
        if not 0 <= self.mixed <= MAX_MIXED:
            raise fail("--mixed", f"{self.mixed}", f"0 to {MAX_MIXED} layers")
        if self.mixed and self.activations is Activations.INT16:
            raise fail("--mixed", "all activations in 16 bits", "--activations int8 with it")


E = TypeVar("E", bound=Enum)


def member(kind: type[E], flag: str, value: str) -> E:
    """The member that the command line calls so. Raises CompileError."""
    try:
        return kind(value)
    except ValueError as error:
        raise fail(flag, repr(value), " or ".join(item.value for item in kind)) from error


def recipe_of(method: str, activations: str, weights: str, percentile: float, mixed: int) -> Recipe:
    """The recipe in the words of the command line. Raises CompileError."""
    return Recipe(
        member(Method, "--method", method),
        member(Activations, "--activations", activations),
        member(Weights, "--weights", weights),
        percentile,
        mixed,
    )


@dataclass(frozen=True)
class Plan:
    """Which layers a quantized model has in which form. `only`: these in 8 bits, all others in floats; None: all. `wide`: in 16
    bits; `floats`: as they are."""

    only: Collection[str] | None = None
    wide: frozenset[str] = frozenset()
    floats: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Layer:
    """An operator of the float model that can be quantized, by the name of its result."""

    name: str
    kind: str
