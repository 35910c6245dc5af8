# SPDX-License-Identifier: Apache-2.0
"""CIRCULAR_BUFFER alone and in front of other operators, as tables like those of opcases.py.

Its output is a variable tensor, as in the models that it was made for; TFLM's outputs stay as they are while it holds back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from flatbuffers import flexbuffers
from opcases import Case, Net, Q

CIRCULAR = "CIRCULAR_BUFFER"


@dataclass(frozen=True)
class Buffer:
    """A row. `cycles` None: no option in the file; `then`: how many RELUs follow; `more`: rows of a second buffer."""

    name: str
    rows: int = 4
    width: int = 1
    depth: int = 3
    cycles: int | None = 2
    zero_point: int = 5
    variable: bool = True
    then: int = 1
    more: int = 0


_BUFFERS = (
    Buffer("every_second"),
    Buffer("every_time", cycles=1),
    Buffer("every_third", cycles=3),
    Buffer("alone", then=0),
    Buffer("no_option", cycles=None),
    Buffer("no_option_13_rows", rows=13, cycles=None),
    Buffer("zero_cycles_25_rows", rows=25, cycles=0),
    Buffer("one_row", rows=1),
    Buffer("one_by_one", rows=1, depth=1, cycles=1),
    Buffer("wide", width=5, depth=7),
    Buffer("zero_point_low", zero_point=-128),
    Buffer("not_variable", variable=False, zero_point=0),
    Buffer("two_relus", then=2),
    Buffer("two_buffers", more=3),
    Buffer("two_buffers_one_every_time", more=3, cycles=1),
)


def buffers() -> Iterator[Case]:
    for row in _BUFFERS:
        net = Net(CIRCULAR, "int8", row.name)
        q = Q(0.1, row.zero_point)

        def held(x: int, width: int, rows: int, cycles: int | None, net: Net = net, row: Buffer = row, q: Q = q) -> int:
            shape = (1, rows, width, row.depth)
            y = net.tensor(shape, "int8", variable=row.variable, **net.quantization(q))
            options = b"" if cycles is None else bytes(flexbuffers.Dumps({"cycles_max": cycles}))
            net.custom(CIRCULAR, [x], [y], options)
            return y

        values = [held(net.x((1, 1, row.width, row.depth), q), row.width, row.rows, row.cycles)]
        for _ in range(row.then):
            values.append(net.y((1, row.rows, row.width, row.depth), q))
            net.op("RELU6", [values[-2]], [values[-1]])
        if row.more:
            width = row.rows * row.width
            flat = net.y((1, 1, width, row.depth), q)
            net.op("RESHAPE", [values[-1], net.const(np.array([1, 1, width, row.depth], np.int32))], [flat])
            values.append(held(flat, width, row.more, 2))
            values.append(net.y((1, row.more, width, row.depth), q))
            net.op("RELU", [values[-2]], [values[-1]])
        yield replace(net.case, model=net.build(values[::-1]))


@cache
def all_cases() -> dict[str, list[Case]]:
    """Every case, by operator."""
    return {CIRCULAR: list(buffers())}
