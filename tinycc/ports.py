# SPDX-License-Identifier: Apache-2.0
"""Inputs and outputs of a model, as programs want them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tinycc.ir import Value


@dataclass(frozen=True)
class Port:
    """An input or an output. `scale` and `zero_point` are None where it is not quantized, or not by one of each."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    bytes: int
    scale: float | None
    zero_point: int | None


def ports(values: Iterable[Value]) -> tuple[Port, ...]:
    return tuple(_port(value) for value in values)


def _port(value: Value) -> Port:
    q = value.type.quantization
    single = q is not None and not q.per_channel
    return Port(
        name=value.name,
        dtype=value.dtype.value,
        shape=value.shape,
        bytes=value.type.bytes,
        scale=value.scale if single else None,
        zero_point=value.zero_point if single else None,
    )


def finite(value: Any) -> Any:
    """A JSON value without infinities and NaNs, for which JSON has no word: null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    return [finite(item) for item in value] if isinstance(value, (list, tuple)) else value
