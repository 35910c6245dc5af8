# SPDX-License-Identifier: Apache-2.0
"""Single-operator models over streams of samples, as tables like those of opcases.py. TFLM's custom operators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from flatbuffers import flexbuffers
from opcases import Case, Net, Shape

_TYPES = {"int16": 7, "float32": 0}
"""As schema.fbs numbers them."""


def done(net: Net, name: str, x: int, outputs: Sequence[int], **options: Any) -> Case:
    net.custom(name, [x], outputs, bytes(flexbuffers.Dumps(options)))
    return replace(net.case, model=net.build(outputs))


_DELAYS: tuple[tuple[Shape, int], ...] = (
    ((5,), 3),
    ((5,), 5),
    ((5,), 13),
    ((5,), 0),
    ((1,), 1),
    ((1, 1), 2),
    ((3, 4), 2),
    ((2, 3, 4), 9),
    ((1, 160), 35),
)


def delays() -> Iterator[Case]:
    for shape, length in _DELAYS:
        net = Net("SignalDelay", "int16", f"{'x'.join(map(str, shape))}_by_{length}")
        yield done(net, "SignalDelay", net.x(shape), [net.y(shape)], delay_length=length)


_FRAMES: tuple[tuple[Shape, int, int], ...] = (
    ((4,), 4, 4),
    ((4,), 10, 4),
    ((4,), 3, 4),
    ((8,), 10, 2),
    ((8,), 4, 2),
    ((1,), 1, 1),
    ((1, 1), 3, 1),
    ((2, 6), 7, 3),
    ((2, 1, 9), 4, 3),
    ((1, 160), 400, 160),
)


def frames() -> Iterator[Case]:
    for shape, size, step in _FRAMES:
        for prefill in (False, True)[: 1 + (size >= step)]:
            name = f"{'x'.join(map(str, shape))}_size{size}_step{step}" + "_prefill" * prefill
            net = Net("SignalFramer", "int16", name)
            x = net.x(shape)
            outputs = [net.y((*shape[:-1], shape[-1] // step, size)), net.tensor((), "bool")]
            yield done(net, "SignalFramer", x, outputs, frame_size=size, frame_step=step, prefill=prefill)


_SUMS: tuple[tuple[Shape, int], ...] = (
    ((1, 4), 2),
    ((3, 4), 1),
    ((1, 4), 4),
    ((2, 5), 3),
    ((1, 1), 1),
    ((2, 3, 7), 2),
    ((2, 2, 1, 6), 5),
    ((1, 1, 400), 160),
)


def sums(dtype: str) -> Iterator[Case]:
    for shape, step in _SUMS:
        net = Net("SignalOverlapAdd", dtype, f"{'x'.join(map(str, shape))}_step{step}")
        x = net.x(shape)
        y = net.y((*shape[:-2], shape[-2] * step))
        yield done(net, "SignalOverlapAdd", x, [y], T=_TYPES[dtype], frame_step=step)


_STACKS: tuple[tuple[int, int, int, int], ...] = (
    (3, 1, 1, 1),
    (3, 0, 0, 1),
    (3, 2, 0, 1),
    (3, 0, 2, 1),
    (5, 1, 1, 3),
    (4, 2, 1, 2),
    (1, 3, 0, 4),
    (1, 1, 3, 2),
    (40, 7, 0, 3),
)


def stacks() -> Iterator[Case]:
    for channels, left, right, step in _STACKS:
        for more in (0, 2)[: 1 + (channels == 5)]:
            net = Net("SignalStacker", "int16", f"{channels + more}_left{left}_right{right}_step{step}")
            x = net.x((channels + more,))
            outputs = [net.y((channels * (left + right + 1),)), net.tensor((), "bool")]
            options = {"stacker_left_context": left, "stacker_right_context": right, "stacker_step": step}
            yield done(net, "SignalStacker", x, outputs, num_channels=channels, **options)


@cache
def all_cases() -> dict[str, list[Case]]:
    """Every case, by operator."""
    return {
        "SignalDelay": list(delays()),
        "SignalFramer": list(frames()),
        "SignalOverlapAdd": [case for dtype in _TYPES for case in sums(dtype)],
        "SignalStacker": list(stacks()),
    }
