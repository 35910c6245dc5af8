# SPDX-License-Identifier: Apache-2.0
"""Runs a program over the owners of its bytes: every read must find, at the addresses given, the content that it wants.

An inference is followed along all its paths: both sides of a branch, a loop that ends at once, after one and after two turns,
every early end; every turn of a stream. What a step reads must also be safe from what the step itself writes, unless its kernel
promises that.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import replace

from tinycc.program.types import Alias, Branch, Buffer, Call, Loop, Program, Region, Role, Span, Step, StopUnless, Stream

Address = Callable[[Buffer], tuple[str, int]]
"""Memory and offset of a buffer."""


class ProgramError(AssertionError):
    """A program that breaks its own rules: a defect of tinycc, never of the model."""


class Owners:
    """Whose each byte of a memory is: intervals without a gap, each up to where the next begins. Nobody's at first."""

    def __init__(self) -> None:
        self._starts = [0]
        self._owners = [""]

    def copy(self) -> Owners:
        made = Owners()
        made._starts, made._owners = self._starts[:], self._owners[:]
        return made

    def give(self, low: int, high: int, owner: str) -> None:
        """Bytes low..high, not none of them, to `owner`."""
        first, last = bisect_left(self._starts, low), bisect_right(self._starts, high)
        after = self._owners[last - 1]
        starts, owners = [low], [owner]
        if last == 0 or self._starts[last - 1] != high:
            starts.append(high)
            owners.append(after)
        else:
            last -= 1
        self._starts[first:last], self._owners[first:last] = starts, owners

    def find(self, low: int, high: int) -> Iterator[tuple[int, str]]:
        """(first byte, owner) of the intervals in low..high."""
        for at in range(bisect_right(self._starts, low) - 1, bisect_left(self._starts, high)):
            yield max(self._starts[at], low), self._owners[at]

    def agree(self, other: Owners) -> Owners:
        """What is the same in both; nobody's where they differ."""
        made = Owners()
        edges = sorted({*self._starts, *other._starts})
        made._starts = edges
        made._owners = [self._at(edge) if self._at(edge) == other._at(edge) else "" for edge in edges]
        return made

    def _at(self, place: int) -> str:
        return self._owners[bisect_right(self._starts, place) - 1]


_Memories = dict[str, Owners]


def replay(program: Program, address: Address) -> None:
    """Raises ProgramError if a read finds anything but what it wants."""
    _Replay(program, address).run()


class _Replay:
    def __init__(self, program: Program, address: Address) -> None:
        self._program = program
        self._address = address
        self._memories: _Memories = {}

    def run(self) -> None:
        for port in (port for port in self._program.inputs if not port.by_rows):
            self._give(port.span, port.span.content)
        for state in self._program.states:
            self._give(state.before, state.before.content)
        self._regions(self._program.body, "the program")
        for port in (port for port in self._program.outputs if not port.by_rows):
            self._expect(port.span, "the caller, in the end,")
        for state in self._program.states:
            self._expect(state.after, "the next inference")

    def _regions(self, body: tuple[Region, ...], reader: str) -> None:
        for region in body:
            if isinstance(region, Step):
                self._step(region)
            elif isinstance(region, Alias):
                self._expect(region.span, reader)
                self._give(region.span, region.content)
            elif isinstance(region, Branch):
                self._branch(region, reader)
            elif isinstance(region, Loop):
                self._loop(region, reader)
            elif isinstance(region, StopUnless):
                self._stop()
            elif isinstance(region, Stream):
                self._stream(region)

    def _branch(self, region: Branch, reader: str) -> None:
        self._expect(region.reads, reader)
        before = _copied(self._memories)
        self._regions(region.then, reader)
        then, self._memories = self._memories, before
        self._regions(region.otherwise, reader)
        self._memories = _agreed(then, self._memories)

    def _loop(self, region: Loop, reader: str) -> None:
        left: _Memories | None = None
        for turn in range(3):
            self._regions(region.test, reader)
            self._expect(region.reads, reader)
            left = _copied(self._memories) if left is None else _agreed(left, self._memories)
            if turn < 2:
                self._regions(region.body, reader)
        assert left is not None
        self._memories = left

    def _stream(self, region: Stream) -> None:
        """Every turn of every stage. A tensor that is read or made by rows counts as these, each a content of its own."""
        for span in region.enters:
            self._expect(replace(span, rows=None), "a stream")
            for piece in span.pieces:
                self._give(piece, piece.content)
        for stage, turn in region.turns:
            for call in stage.body(turn):
                self._turn(call, turn, stage.step)
        for span in region.leaves:
            for piece in span.pieces:
                self._expect(piece, "what follows a stream")
            self._give(span, span.content)

    def _turn(self, call: Call, turn: int, step: Step) -> None:
        reads, writes = ([piece for span in spans for piece in span.at(turn).pieces] for spans in (call.reads, call.writes))
        for span in reads:
            self._expect(span, f"turn {turn} of step {step.number}")
        working = [span.at(turn) for span in call.working]
        if not call.moves:
            self._check_apart(step, reads, writes, working)
        for span in working:
            self._give(span, "")
        for span in writes:
            self._give(span, span.content)

    def _step(self, step: Step) -> None:
        calls = step.calls
        reader = f"step {step.number}"
        reads, writes = _spans(calls, "reads"), _spans(calls, "writes")
        for span in reads:
            self._expect(span, reader)
        working = [Span(buffer, 0, buffer.bytes, "") for buffer in step.scratches]
        self._check_apart(step, reads, writes, working)
        for span in working:
            self._give(span, "")
        for span in writes:
            self._give(span, span.content)
        self._regions(step.body, reader)

    def _check_apart(self, step: Step, reads: list[Span], writes: list[Span], working: list[Span]) -> None:
        """What a step writes lies apart from the rest that it writes, from what it reads and from its working memory, but where
        its kernel may work in place."""
        scratches = [replace(span, content=f"{span.buffer.name} (scratch)") for span in working]
        written = [*writes, *scratches]
        for first, second in self._meeting([*written, *reads], len(written)):
            span, other = (second, first) if second in written and first in written else (first, second)
            if span.content == other.content:
                continue
            same = self._place(span) == self._place(other) and span.bytes == other.bytes
            if not (same and (span.buffer, other.buffer) in step.in_place and other in reads):
                raise ProgramError(f"step {step.number} writes {_text(span)} over {_text(other)}")

    def _meeting(self, spans: list[Span], written: int) -> Iterator[tuple[Span, Span]]:
        """Pairs of spans that overlap, the first `written` of them with each other and with the rest, in the order of the list:
        from the lowest address up, each with those that have not ended yet."""
        placed = sorted((*self._place(span), number) for number, span in enumerate(spans) if span.bytes)
        open_ones: list[tuple[int, int]] = []
        memory = ""
        for name, low, number in placed:
            open_ones = [] if name != memory else [item for item in open_ones if item[0] > low]
            memory = name
            for _, other in open_ones:
                if min(number, other) < written:
                    yield spans[min(number, other)], spans[max(number, other)]
            open_ones.append((low + spans[number].bytes, number))

    def _stop(self) -> None:
        """The inference may end here: every state is what it was or what it becomes; an output is a state or there already."""
        for state in self._program.states:
            found = {owner for _, owner in self._owners(state.before)}
            if found - {state.before.content, state.after.content}:
                raise ProgramError(f"an inference that ends early leaves {sorted(found)} in the state {state.name}")
        for port in self._program.outputs:
            found = {owner for _, owner in self._owners(port.span)}
            if port.span.buffer.role is not Role.STATE and found - {port.span.content}:
                raise ProgramError(f"an inference that ends early leaves the output {port.name} to chance")

    def _expect(self, span: Span, reader: str) -> None:
        for place, owner in self._owners(span):
            if owner != span.content:
                found = owner or "nothing that is known"
                raise ProgramError(f"{reader} wants {_text(span)} and finds {found} at {self._place(span)[0]} + {place}")

    def _owners(self, span: Span) -> Iterator[tuple[int, str]]:
        if not span.bytes:
            return iter(())
        memory, low = self._place(span)
        return self._memories.setdefault(memory, Owners()).find(low, low + span.bytes)

    def _give(self, span: Span, owner: str) -> None:
        if span.bytes:
            memory, low = self._place(span)
            self._memories.setdefault(memory, Owners()).give(low, low + span.bytes, owner)

    def _place(self, span: Span) -> tuple[str, int]:
        memory, offset = self._address(span.buffer)
        return memory, offset + span.offset


def _spans(calls: tuple[Call, ...], way: str) -> list[Span]:
    """Of all calls, once each."""
    return list(dict.fromkeys(span for call in calls for span in getattr(call, way)))


def _copied(memories: _Memories) -> _Memories:
    return {name: owners.copy() for name, owners in memories.items()}


def _agreed(one: _Memories, other: _Memories) -> _Memories:
    return {name: owners.agree(other.get(name, Owners())) for name, owners in one.items()}


def _text(span: Span) -> str:
    return f"{span.content}, bytes {span.offset}..{span.offset + span.bytes} of {span.buffer.name}"
