# SPDX-License-Identifier: Apache-2.0
"""Single-operator models of TFLM's signal library, as tables like those of opcases.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from flatbuffers import flexbuffers
from opcases import Case, Net, Shape

T = {"float32": 0, "int32": 2, "int16": 7}
"""Option T of the transforms."""


class SignalNet(Net):
    """A builder of custom operators."""

    def signal(self, op: str, inputs: list[int], outputs: list[int], **options: Any) -> Case:
        self.custom(op, inputs, outputs, flexbuffers.Dumps(options))
        return replace(self.case, model=self.build(outputs))


def wide(net: SignalNet, shape: Shape) -> int:
    """An int32 operand over the whole range, which inputs do not have: an int16 input times 2**16 - 1."""
    x, y = net.tensor(shape, "int32"), net.tensor(shape, "int32")
    net.op("CAST", [net.input(shape, "int16")], [x])
    net.op("MUL", [x, net.const(np.int32(2**16 - 1))], [y])
    return y


# Frames, elements in a frame (of the spectrum for the inverse: beyond what is needed), fft_length.
_TRANSFORMS: tuple[tuple[Shape, int, int], ...] = (
    ((), 4, 4),
    ((), 6, 6),
    ((), 1, 8),
    ((), 10, 10),
    ((2,), 16, 16),
    ((), 9, 20),
    ((3, 2), 31, 32),
    ((), 30, 30),
    ((), 60, 64),
    ((), 90, 90),
    ((1, 1), 128, 128),
    ((2,), 200, 256),
    ((), 240, 240),
    ((), 400, 400),
    ((), 480, 512),
    ((1,), 1024, 1024),
    ((), 1500, 2048),
)


def transform(op: str, dtype: str) -> Iterator[Case]:
    for outer, size, length in _TRANSFORMS:
        net = SignalNet(op, dtype, "x".join(map(str, (*outer, size, length))))
        if op == "SignalRfft":
            shapes = (*outer, size), (*outer, length + 2)
        else:
            shapes = (*outer, length + 2 + (length - size) // 2 * 2), (*outer, length)
        x = wide(net, shapes[0]) if dtype == "int32" else net.input(shapes[0], dtype)
        y = net.tensor(shapes[1], dtype)
        yield net.signal(op, [x], [y], T=T[dtype], fft_length=length)


@cache
def all_cases() -> dict[str, list[Case]]:
    """Every case, by operator."""
    return {op: [case for dtype in T for case in transform(op, dtype)] for op in ("SignalRfft", "SignalIrfft")}
