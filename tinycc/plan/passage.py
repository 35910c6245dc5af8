# SPDX-License-Identifier: Apache-2.0
"""Which bytes of a buffer are in use while a stream runs: from the moment in which they are written to the last one in which
they are read before they are written again. Line buffers, tensors that are used up or filled row by row, and rows that live for
a moment are this one rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import gcd

from tinycc.plan.trace import Use
from tinycc.program.types import Buffer


@dataclass(frozen=True)
class Access:
    """Bytes `low..high` that are read or written at a moment."""

    moment: int
    writes: bool
    low: int
    high: int


@dataclass
class Passage:
    """The moments `first..last` of a stream, and what it reads and writes of each buffer, in order of time; of what happens at
    one moment, reads come first."""

    first: int
    last: int = -1
    accesses: dict[Buffer, list[Access]] = field(default_factory=dict)

    def uses(self, buffer: Buffer, *, leaves: bool) -> list[Use]:
        """The buffer's bytes in use. `leaves`: all of them are wanted after the stream."""
        accesses = self.accesses[buffer]
        unit = max(gcd(buffer.bytes, *(edge for access in accesses for edge in (access.low, access.high))), 1)
        found: list[Use] = []
        for first, last, mask in self._masks(accesses, unit, (1 << buffer.bytes // unit) - 1 if leaves else 0):
            if not mask or first > last:
                continue
            bottom, top = (mask & -mask).bit_length() - 1, mask.bit_length()
            use = Use(first, last, bottom * unit, top * unit)
            if found and (use.last + 1, use.bottom, use.top) == (found[-1].first, found[-1].bottom, found[-1].top):
                found[-1] = Use(use.first, found[-1].last, use.bottom, use.top)
            else:
                found.append(use)
        return found[::-1]

    def _masks(self, accesses: list[Access], unit: int, live: int) -> Iterator[tuple[int, int, int]]:
        """(first moment, last moment, bits of the units in use), backwards in time."""
        after = self.last
        at = len(accesses)
        while at:
            moment = accesses[at - 1].moment
            yield moment + 1, after, live
            touched = live
            while at and accesses[at - 1].moment == moment:
                access = accesses[at - 1]
                bits = ((1 << access.high // unit) - 1) & -(1 << access.low // unit)
                live = live & ~bits if access.writes else live | bits
                touched |= bits
                at -= 1
            yield moment, moment, touched | live
            after = moment - 1
        yield self.first, after, live
