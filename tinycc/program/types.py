# SPDX-License-Identifier: Apache-2.0
"""The lowered form: buffers, constants, and calls in regions. Nothing here knows a graph, an operator or C's syntax.

Everything is frozen. Memory is a set of buffers; a tensor is a span of one, so that views, results in the memory of an operand
and states are references to the same buffer. What the bytes of a span are has a name, its *content*: the check and the replay
follow contents through the program, and a read that finds another one is an error.

Long, as it is one language.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from tinycc.ir import Array, DType, Origin, TensorType
from tinycc.target import Target


class Role(Enum):
    """What a buffer is for."""

    INPUT = "input"
    OUTPUT = "output"
    STATE = "state"
    TEMP = "temp"
    SCRATCH = "scratch"
    LINES = "line buffer"


class Content(Enum):
    """What a constant holds. Flash is accounted by it."""

    WEIGHTS = "weights"
    BIAS = "bias"
    REQUANT = "requantization"
    TABLE = "table"
    INITIAL = "initial state"


LEARNT = frozenset({Content.WEIGHTS, Content.BIAS, Content.INITIAL})
"""What comes from the model; everything else the compiler derived."""

ARENA, STATES = "arena", "states"
"""The memory in which buffers lie unless something else is said; and that of what lives from one inference to the next, where
models share the first. Any other is a buffer of the caller's, called as the port that is in it: `input_0`, `output_1`."""
BANK = "memory_"
"""What begins the name of a memory of the model beside the arena, which has a name of its own: `memory_dtcm`."""


@dataclass(frozen=True)
class Buffer:
    """`bytes` of `memory`. `name` is unique; `shown` are the names that pointers to it have in the C; `tensor`: what the model
    calls its (first) content."""

    name: str
    bytes: int
    align: int
    role: Role
    shown: tuple[str, ...] = ()
    tensor: str = ""
    memory: str = ARENA

    @property
    def callers(self) -> bool:
        """Whether it is a buffer of the caller's, in no memory of the model."""
        return self.memory not in (ARENA, STATES) and not self.is_banked

    @property
    def is_banked(self) -> bool:
        return self.memory.startswith(BANK)


@dataclass(frozen=True, eq=False)
class Constant:
    """An array in flash: `data` as it is stored there (int4: two to a byte). `shape` and `dtype` are of the elements.

    Where it comes from, for people: `role` in the `step` that is the first to use it (0: before all), and the `tensor` of the
    model that it is, if it is one.
    """

    name: str
    data: Array
    dtype: DType
    shape: tuple[int, ...]
    content: Content
    role: str
    step: int = 0
    tensor: str = ""

    @cached_property
    def raw(self) -> bytes:
        """As it lies in flash: row-major, little-endian."""
        return self.data.astype(self.data.dtype.newbyteorder("<"), copy=False).tobytes()

    @property
    def bytes(self) -> int:
        return self.data.nbytes

    @property
    def crc(self) -> int:
        """CRC-32 (as zlib's) of `raw`."""
        return zlib.crc32(self.raw)

    @property
    def type(self) -> str:
        return f"{self.dtype.value}[{','.join(map(str, self.shape))}]"


@dataclass(frozen=True)
class Pace:
    """How a place moves with the turns of a stage: `bytes` further every turn; with a `cycle`, back again after so many."""

    bytes: int
    cycle: int = 0

    def at(self, turn: int) -> int:
        return self.bytes * (turn % self.cycle if self.cycle else turn)


STILL = Pace(0)


@dataclass(frozen=True)
class Ref:
    """A pointer to the element at byte `offset` of a buffer; `dtype` None: to void. `name`: of the one to the first element.

    In a stage, `offset` is where it points in turn 0. `bytes`: of working memory that moves, how much it is at a time."""

    buffer: Buffer
    dtype: DType | None
    name: str
    offset: int = 0
    pace: Pace = STILL
    bytes: int = 0


@dataclass(frozen=True)
class Typed:
    """A pointer to a constant as elements of another C type: int32_t where bytes must be aligned, say."""

    constant: Constant
    ctype: str


@dataclass(frozen=True)
class Struct:
    """A C struct with constant fields. An argument is passed by address, or by value if `by_value`; a field is nested."""

    ctype: str
    fields: tuple[tuple[str, Field], ...]
    by_value: bool = False


@dataclass(frozen=True)
class Ints:
    """An array member of a Struct, zero-filled by C beyond `items`."""

    items: tuple[int, ...]


@dataclass(frozen=True)
class Turned:
    """A number in a stage: `start`, and `step` times that of the turn."""

    step: int
    start: int = 0


@dataclass(frozen=True)
class Function:
    """A pointer to a kernel."""

    symbol: str


@dataclass(frozen=True, eq=False)
class Decisions:
    """A pointer to a function of the program itself, trees of branches: of a row of int32 it puts the number of the leaf that
    the row falls into for each tree.

    Node i looks at the row's number `feature`: is that at most `largest`, node i + 1 is next, and so it is for INT32_MAX where
    `other` says so; else node `next`. Of a leaf, `feature` is negative and `next` its number. `root`: of each tree; `shown`:
    what `largest` stands for, as people read it.
    """

    feature: Array
    largest: Array
    next: Array
    root: Array
    other: Array
    shown: Array

    @property
    def code_bytes(self) -> int:
        """About that many for a Cortex-M4: counted on ensembles of 1, 10 and 100 trees."""
        branches = int((self.feature >= 0).sum())
        return 14 * branches + 5 * (len(self.feature) - branches) + 70 * len(self.root)


Arg = Ref | Constant | Typed | Struct | Turned | int | float | None
Field = Arg | Ints | Function | Decisions


@dataclass(frozen=True)
class Rows:
    """Rows `first + step * turn` and the next ones of a tensor, `count` in all, of equal size and one behind the other."""

    first: int
    step: int
    count: int

    def at(self, turn: int) -> range:
        first = self.first + self.step * turn
        return range(first, first + self.count)


@dataclass(frozen=True)
class Span:
    """Bytes `offset..offset+bytes` of a buffer, and what they are: a tensor as a whole, or `rows` of it.

    In a stage, `offset` is that of turn 0."""

    buffer: Buffer
    offset: int
    bytes: int
    content: str
    rows: Rows | None = None
    pace: Pace = STILL

    def at(self, turn: int) -> Span:
        """The span in a turn."""
        offset = self.offset + self.pace.at(turn)
        rows = None if self.rows is None else Rows(self.rows.at(turn).start, 0, self.rows.count)
        return Span(self.buffer, offset, self.bytes, self.content, rows)

    @property
    def pieces(self) -> tuple[Span, ...]:
        """The span row by row, each a content of its own, as of turn 0; itself if it is of no rows."""
        if self.rows is None or not self.rows.count:
            return (self,)
        size = self.bytes // self.rows.count
        return tuple(
            Span(self.buffer, self.offset + index * size, size, f"{self.content}, row {row}")
            for index, row in enumerate(self.rows.at(0))
        )


ALWAYS = (1, 0)
"""In every turn."""


@dataclass(frozen=True)
class Call:
    """One kernel call. `checked`: the function returns a status, which the model looks at. All that is read must be there
    before the step of the call; what is written is there after it. `moves`: it writes what it reads, somewhere else, and copes
    with places that overlap. Without a symbol it is the caller who does it, between calls of the model's functions. `every`: in
    a stage it is made in the turns whose number leaves the second one as the rest of a division by the first."""

    symbol: str
    args: tuple[Arg, ...]
    reads: tuple[Span, ...] = ()
    writes: tuple[Span, ...] = ()
    checked: bool = False
    moves: bool = False
    every: tuple[int, int] = ALWAYS

    @property
    def leaves(self) -> Iterator[Field]:
        """Every argument and struct field, structs opened, constants as such."""

        def walk(item: Field) -> Iterator[Field]:
            if isinstance(item, Struct):
                for _, field in item.fields:
                    yield from walk(field)
            else:
                yield item.constant if isinstance(item, Typed) else item

        for arg in self.args:
            yield from walk(arg)

    @property
    def symbols(self) -> set[str]:
        """The function, and those that it is handed."""
        return {self.symbol, *(leaf.symbol for leaf in self.leaves if isinstance(leaf, Function))}

    @cached_property
    def working(self) -> tuple[Span, ...]:
        """Its working memory, once each."""
        refs = (leaf for leaf in self.leaves if isinstance(leaf, Ref) and leaf.buffer.role is Role.SCRATCH)
        spans = (Span(ref.buffer, ref.offset, ref.bytes or ref.buffer.bytes, "", pace=ref.pace) for ref in refs)
        return tuple(dict.fromkeys(spans))

    @property
    def scratches(self) -> tuple[Buffer, ...]:
        """The buffers of its working memory."""
        return tuple(dict.fromkeys(span.buffer for span in self.working))

    @property
    def scratch_bytes(self) -> int:
        return sum(buffer.bytes for buffer in self.scratches)


@dataclass(frozen=True)
class StopUnless:
    """The inference ends here unless the call returns true."""

    call: Call


@dataclass(frozen=True)
class Alias:
    """From here on the bytes of `span` count as `content`, too late to be read as what they were. No code."""

    span: Span
    content: str


@dataclass(frozen=True, eq=False)
class Branch:
    """`then` runs if the boolean `condition` is true, else `otherwise`. `reads`: the condition's bytes."""

    condition: Ref
    reads: Span
    then: tuple[Region, ...]
    otherwise: tuple[Region, ...]


@dataclass(frozen=True, eq=False)
class Loop:
    """`test` runs, and while the boolean `condition` that it makes is true, `body` and `test` again."""

    test: tuple[Region, ...]
    condition: Ref
    reads: Span
    body: tuple[Region, ...]


@dataclass(frozen=True)
class Result:
    """A tensor that a step makes, for who watches: its name in the graph, and where it is."""

    name: str
    type: TensorType
    ref: Ref


@dataclass(frozen=True, eq=False)
class Step:
    """What became of one operator of the model: the numbered unit in which people read the program.

    `types`: of what it reads and makes, as text. `kernel`: what was chosen to compute it, "" for a view, which has no code;
    `cycles`: an estimate of its cost; `reason`: why it, in a line; `rejected`: the others, each with the reason. `macs`:
    multiply-accumulates of one run. `in_place`: pairs of a buffer that is written and one that is read, of the same size, to
    which its kernel may be given the same memory: each element is read before it is written.
    """

    number: int
    origin: Origin
    types: str
    kernel: str = ""
    cycles: int = 0
    reason: str = ""
    rejected: tuple[tuple[str, str], ...] = ()
    macs: int = 0
    body: tuple[Region, ...] = ()
    results: tuple[Result, ...] = ()
    in_place: tuple[tuple[Buffer, Buffer], ...] = ()

    @property
    def calls(self) -> tuple[Call, ...]:
        """Its own calls, not those of steps inside it."""
        opened = (inner for region in self.body for inner in (region.body if isinstance(region, Turns) else (region,)))
        found = (region.call if isinstance(region, StopUnless) else region for region in opened)
        return tuple(region for region in found if isinstance(region, Call))

    @property
    def is_control(self) -> bool:
        """Whether it runs other steps."""
        return any(isinstance(region, Branch | Loop) for region in self.body)

    @property
    def constants(self) -> tuple[Constant, ...]:
        """What its own calls read from flash, once each."""
        leaves = (leaf for call in self.calls for leaf in call.leaves)
        return tuple(dict.fromkeys(leaf for leaf in leaves if isinstance(leaf, Constant)))

    @property
    def scratches(self) -> tuple[Buffer, ...]:
        """Its working memory, once each."""
        return tuple(dict.fromkeys(buffer for call in self.calls for buffer in call.scratches))

    @property
    def scratch_bytes(self) -> int:
        return sum(buffer.bytes for buffer in self.scratches)


@dataclass(frozen=True, eq=False)
class Turns:
    """What a stage does in its turns `first..last`, both inclusive. `made`: what is there after each, of the step's result."""

    first: int
    last: int
    body: tuple[Call, ...]
    made: tuple[Span, ...] = ()


@dataclass(frozen=True, eq=False)
class Stage:
    """A step that makes its result in parts: turn n of `count`, from 0 on, at tick `delay + period * n`. The step's body are
    Turns, one after the other."""

    step: Step
    delay: int
    period: int
    count: int

    def turn(self, tick: int) -> int | None:
        """The turn that is due at a tick."""
        number, rest = divmod(tick - self.delay, self.period)
        return number if not rest and 0 <= number < self.count else None

    @property
    def cases(self) -> tuple[Turns, ...]:
        return tuple(region for region in self.step.body if isinstance(region, Turns))

    def body(self, turn: int) -> tuple[Call, ...]:
        """The calls of a turn."""
        body = next((case.body for case in self.cases if case.first <= turn <= case.last), ())
        return tuple(call for call in body if turn % call.every[0] == call.every[1])


@dataclass(frozen=True, eq=False)
class Stream:
    """Steps that run row by row: at every tick all that is due, in the order of the stages.

    `enters`: tensors that are there before it as a whole and are read by rows; `leaves`: those that are whole after it."""

    stages: tuple[Stage, ...]
    enters: tuple[Span, ...]
    leaves: tuple[Span, ...]

    @property
    def ticks(self) -> int:
        return 1 + max(stage.delay + stage.period * (stage.count - 1) for stage in self.stages)

    @property
    def turns(self) -> Iterator[tuple[Stage, int]]:
        """Every turn of every stage, as they run."""
        for tick in range(self.ticks):
            for stage in self.stages:
                if (turn := stage.turn(tick)) is not None:
                    yield stage, turn


Region = Call | StopUnless | Alias | Step | Branch | Loop | Stream | Turns


def regions(body: tuple[Region, ...]) -> Iterator[Region]:
    """Every region of `body`, and behind each those inside it."""
    for region in body:
        yield region
        for inner in parts(region):
            yield from regions(inner)


def parts(region: Region) -> tuple[tuple[Region, ...], ...]:
    """What a region runs, in the order of the text."""
    if isinstance(region, Step | Turns):
        return (region.body,)
    if isinstance(region, Stream):
        return tuple((stage.step,) for stage in region.stages)
    if isinstance(region, Branch):
        return region.then, region.otherwise
    if isinstance(region, Loop):
        return region.test, region.body
    return ()


@dataclass(frozen=True)
class Port:
    """An input or an output of the model: its span is what the caller writes before the first step, or reads after the last.

    `labels`: the texts that its numbers stand for, if there are any. `by_rows`: the caller writes it, or reads it, row by row,
    in a line buffer, which is its span.
    """

    name: str
    type: TensorType
    ref: Ref
    span: Span
    labels: tuple[str, ...] = ()
    by_rows: bool = False


@dataclass(frozen=True)
class State:
    """Memory that lives from one inference to the next, which finds it as `before` and leaves it as `after`.

    The first inference finds `initial`: a constant, or one byte everywhere.
    """

    name: str
    type: TensorType
    before: Span
    after: Span
    initial: Constant | int


@dataclass(frozen=True, eq=False)
class Program:
    """What will run on `target`. `period`: every how many inferences it runs to its end."""

    name: str
    target: Target
    buffers: tuple[Buffer, ...]
    constants: tuple[Constant, ...]
    body: tuple[Step | Stream, ...]
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    states: tuple[State, ...] = ()
    period: int = 1

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The outermost steps that have code, in order; those of a stream as well."""
        return tuple(step for step in self._outermost if step.kernel)

    @property
    def _outermost(self) -> Iterator[Step]:
        for region in self.body:
            yield from (stage.step for stage in region.stages) if isinstance(region, Stream) else (region,)

    @property
    def streams(self) -> tuple[Stream, ...]:
        return tuple(region for region in self.body if isinstance(region, Stream))

    @cached_property
    def all_steps(self) -> tuple[Step, ...]:
        """The steps that have code, and behind each those inside it."""
        return tuple(region for region in regions(self.body) if isinstance(region, Step) and region.kernel)

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        return tuple(call for step in self.all_steps for call in step.calls)

    @property
    def symbols(self) -> set[str]:
        """The functions that are called."""
        return set().union(*(call.symbols for call in self.calls if call.symbol))

    @property
    def entry(self) -> str:
        """What of the model's functions begins an inference, without the prefix: `invoke`, or what takes a row of the input."""
        return "invoke" if self.arrival is None else "push_row"

    @property
    def entries(self) -> tuple[str, ...]:
        """All of the model's functions that run steps, without the prefix."""
        return (self.entry, *(("pull_row",) if self.departure is not None else ()))

    @property
    def arrival(self) -> Stage | None:
        """The stage that stands for the caller, who brings the rows of the input."""
        first = self.body[0] if self.body else None
        return first.stages[0] if isinstance(first, Stream) and not first.stages[0].step.kernel else None

    @property
    def departure(self) -> Stage | None:
        """The stage that stands for the caller, who takes the rows of the output."""
        last = self.body[-1] if self.body else None
        return (
            last.stages[-1]
            if isinstance(last, Stream) and last.stages[-1].step.number and not last.stages[-1].step.kernel
            else None
        )

    @property
    def macs(self) -> int:
        """Multiply-accumulates of one inference."""
        return sum(step.macs for step in self._outermost)

    @property
    def results(self) -> tuple[tuple[Step, Result], ...]:
        """What the outermost steps make, in order: the layers that a watcher sees."""
        return tuple((step, result) for step in self.steps for result in step.results)

    @property
    def shown(self) -> Iterator[tuple[int, int]]:
        """(layer, bytes) of what a watcher is shown of an inference, in order: a layer as a whole, or so many rows of it."""
        layer = 0
        for region in self.body:
            if isinstance(region, Stream):
                layers = {stage: layer + index for index, stage in enumerate(s for s in region.stages if s.step.kernel)}
                for stage, turn in region.turns:
                    made = next((case.made for case in stage.cases if case.first <= turn <= case.last), ())
                    yield from ((layers[stage], span.bytes) for span in made if stage in layers)
                layer += len(layers)
            elif region.kernel:
                yield from ((layer + index, result.type.bytes) for index, result in enumerate(region.results))
                layer += len(region.results)

    def flash(self, *contents: Content) -> int:
        """Bytes of the constants with these contents; of all of them if none is named."""
        return sum(constant.bytes for constant in self.constants if not contents or constant.content in contents)
