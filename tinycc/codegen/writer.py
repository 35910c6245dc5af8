# SPDX-License-Identifier: Apache-2.0
"""Regions of a program -> C statements, with the constant structs that they name: one recursive walk.

A pointer is declared where it is first used; it has the number of the step that makes what it points to.

Long, as it is one walk: its state is what is declared where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from tinycc.codegen.block import (
    STATE_BYTE,
    UNKNOWN,
    Declared,
    Numbers,
    declared_member,
    declared_parameters,
    number_text,
)
from tinycc.codegen.constants import shown
from tinycc.codegen.ctext import INDENT, LINE, comment, definition, paragraph, wrapped
from tinycc.codegen.decisions import functions
from tinycc.codegen.memories import OWN_ARENA, WEIGHTS, CMemory, callers, parameters, passed, read_only, used
from tinycc.codegen.profile import timed
from tinycc.program.names import Symbols
from tinycc.program.types import (
    ALWAYS,
    STILL,
    Alias,
    Arg,
    Branch,
    Buffer,
    Call,
    Constant,
    Decisions,
    Field,
    Function,
    Ints,
    Loop,
    Program,
    Ref,
    Region,
    Role,
    Stage,
    State,
    Step,
    StopUnless,
    Stream,
    Struct,
    Turned,
    Turns,
    Typed,
)

UNCONST = {
    "cmsis_nn_context": ("buf",),
    "cmsis_nn_per_channel_quant_params": ("multiplier", "shift"),
}
"""CMSIS-NN's structs, and their members that point without const to what is only read."""


@dataclass(frozen=True)
class Ticking:
    """The function of a stream: its name, how many ticks it has, the memories that it points into, whether it can fail."""

    name: str
    ticks: int
    memories: set[str]
    fails: bool


class Writer:
    """Renders the steps of a program, collecting what they name. `pointers`: what the C calls each constant; `names`: tensors
    as people read them. `watched`: every result is shown to the self-test. `checked`: kernels may be another library's; their
    status is looked at, and the steps return the number of the one that failed. `address`: where a buffer is, if not at its
    place in its memory. `memories`: what the functions may be handed. `numbers`: where the weights are one block, those that it
    has of the code's. `profiled`: every step that computes is timed."""

    def __init__(
        self,
        program: Program,
        prefix: str,
        pointers: Mapping[Constant, str],
        names: Mapping[str, str],
        *,
        watched: bool,
        checked: bool = True,
        address: Callable[[Buffer], str] | None = None,
        profiled: bool = False,
        memories: tuple[CMemory, ...] = (OWN_ARENA,),
        numbers: Numbers | None = None,
    ) -> None:
        self._program = program
        self._macro = prefix.upper()
        self._constants = pointers
        self._names = names
        self._watched = watched
        self._where = address or in_memory
        self._checked = checked
        self._rows = {step.number: row for row, step in enumerate(timed(program))} if profiled else {}
        self._known = memories
        self._numbers = numbers
        self._symbols = Symbols()
        for buffer in program.buffers:
            for pointer in buffer.shown:
                self._symbols.claim(pointer)
        self._declared: set[str] = set()
        self._before: list[str] = []
        self._depth = 1
        self._step = 0
        self._layer = 0
        self._structs: dict[tuple[str, str], str] = {}
        self.structs: list[str] = []
        """Definitions of all constant structs, in order of first use."""
        self.decisions: list[list[str]] = []
        """The functions of trees of branches."""
        self.streams: list[list[str]] = []
        """The function of each stream."""
        self.arrival: list[str] = []
        """Of a model whose input is pushed: the statements that return where the row of turn `turn` lies."""
        self.departure: list[str] = []
        """The same of a model whose output is pulled."""
        self.leaving: list[str] = []
        """And what moves when that row has been taken."""
        self.ends: dict[int, Ticking] = {}
        """The streams that bring rows in or out, by the number of their function: the program does not run them by itself."""
        self.memories: set[str] = set()
        """Those that the steps point into."""

    def body(self) -> list[str]:
        """The lines of the function that runs the program, steps set apart by empty lines."""
        return self._apart(self._program.body)

    def _apart(self, body: Iterable[Region]) -> list[str]:
        """The lines of regions, an empty one between those that are steps."""
        lines: list[str] = []
        for region in body:
            made = self._region(region)
            lines += ["", *made] if lines and made and isinstance(region, Step) else made
        return lines

    def _region(self, region: Region) -> list[str]:
        if isinstance(region, Step):
            return self._whole_step(region)
        if isinstance(region, Call):
            return self._call(region)
        if isinstance(region, StopUnless):
            return self._stop(region.call)
        if isinstance(region, Branch):
            return self._branch(region)
        if isinstance(region, Loop):
            return self._loop(region)
        if isinstance(region, Stream):
            return self._stream(region)
        assert isinstance(region, Alias)
        return []

    def _whole_step(self, step: Step) -> list[str]:
        lines = self._head(step)
        outermost = self._depth == 1
        if step.is_control:
            lines += self._pointers(result.ref for result in step.results)
        lines += self._timed(step, [line for region in step.body for line in self._region(region)])
        if self._watched and outermost and step.kernel:
            lines += self._watch(step)
        return lines

    def _timed(self, step: Step, lines: list[str]) -> list[str]:
        """What a step does, between the readings of the profile's clock."""
        if step.number not in self._rows:
            return lines
        end = f"{self._macro}_PROFILE_END({self._rows[step.number]});"
        return [*self._lines([f"{self._macro}_PROFILE_BEGIN();"]), *lines, *self._lines([end])]

    def _head(self, step: Step, pace: str = "") -> list[str]:
        """The comment above a step."""
        self._step = step.number
        text = f"Step {step.number}, {shown(step, self._names)}: {step.types}"
        work = f", {step.macs:,} MAC" if step.macs and not step.is_control else ""
        made = step.results[0].ref
        code = "" if step.kernel else f"; no code: {made.name} is in the memory of {made.buffer.name}"
        lines = self._lines(paragraph(f"{text}{work}{code}{pace}", LINE - self._room_lost).split("\n"))
        if step.reason:
            why = f"{step.kernel}: {'a turn ' if pace else ''}about {step.reason}"
            lines += self._lines(paragraph(why, LINE - self._room_lost).split("\n"))
        return lines

    def _watch(self, step: Step) -> list[str]:
        lines = self._pointers(result.ref for result in step.results if result.type.bytes)
        for result in step.results:
            pointer = result.ref.name if result.type.bytes else "NULL"
            lines += self._lines([f"{self._macro}_LAYER({self._layer}, {pointer}, {result.type.bytes});"])
            self._layer += 1
        return lines

    # Row by row.

    def _stream(self, region: Stream) -> list[str]:
        """The loop over the ticks; what happens at one is a function."""
        steps = [stage.step.number for stage in region.stages if stage.step.kernel]
        name = f"stream_{len(self.streams) + 1}"
        with self._function():
            self.memories = set()
            body = self._ticking(region)
            inside = self.memories
        handed = used(self._known, inside)
        head = f"Steps {steps[0]} to {steps[-1]}" if len(steps) > 1 else f"Step {steps[0]}"
        fails = self._checked and any(call.checked for stage in region.stages for call in stage.step.calls)
        about = f"{head}, row by row: what is due at a tick."
        about += " The number of the step that failed, 0 if none did." if fails else ""
        start = f"static {'uint32_t' if fails else 'void'} {name}({parameters(handed)}, int32_t tick)"
        end = ["", f"{INDENT}return 0;", "}"] if fails else ["}"]
        self.streams.append([*paragraph(about, LINE).split("\n"), start, "{", *body, *end])
        arrival, departure = self._program.arrival, self._program.departure
        if arrival in region.stages or departure in region.stages:
            self.ends[len(self.streams)] = Ticking(name, region.ticks, inside, fails)
            if arrival is not None and arrival in region.stages:
                self.arrival = self._place_of(arrival)
            if departure is not None and departure in region.stages:
                self.departure = self._place_of(departure)
                self.leaving = self._moves_of(departure)
            return []
        self.memories |= inside
        loop = f"for (int32_t tick = 0; tick < {region.ticks}; ++tick) {{"
        run = [f"{INDENT}{name}({passed(handed)}, tick);"]
        if fails:
            run = [
                f"const uint32_t failed = {name}({passed(handed)}, tick);",
                "if (failed != 0) {",
                f"{INDENT}return failed;",
                "}",
            ]
            run = [f"{INDENT}{line}" for line in run]
        return self._lines([f"/* {head}, row by row. */", loop, *run, "}"])

    def _place_of(self, stage: Stage) -> list[str]:
        """The statements that return where a row of the caller's lies."""
        ref = stage.step.results[0].ref
        with self._function():
            lines = self._pointers([ref])
            for case in stage.cases[:-1]:
                place = self._reference(replace(ref, offset=case.made[0].offset, pace=case.made[0].pace))
                lines += self._lines([f"if (turn <= {case.last}) {{", f"{INDENT}return {place};", "}"])
            made = stage.cases[-1].made[0]
            lines += self._lines([f"return {self._reference(replace(ref, offset=made.offset, pace=made.pace))};"])
        return lines

    def _turned(self, call: Call) -> list[str]:
        """A call of a stage."""
        if call.every == ALWAYS:
            return self._call(call)
        cycle, rest = call.every
        with self._scope():
            lines = self._call(call)
        return [*self._lines([f"if (turn % {cycle} == {rest}) {{"]), *lines, *self._lines(["}"])]

    def _moves_of(self, stage: Stage) -> list[str]:
        """What moves when the caller has taken a row."""
        calls = [call for case in stage.cases for call in case.body if call.symbol]
        refs = [leaf for call in calls for leaf in call.leaves if isinstance(leaf, Ref)]
        with self._function():
            return [*self._pointers(refs), *self._cases(stage)] if calls else []

    def _ticking(self, region: Stream) -> list[str]:
        stages = [stage for stage in region.stages if stage.step.kernel]
        cases = [case for stage in stages for case in stage.cases]
        refs = [leaf for case in cases for call in case.body for leaf in call.leaves if isinstance(leaf, Ref)]
        lines = [*self._pointers(refs), *self._lines(["int32_t turn;"])]
        for stage in stages:
            when = f"{stage.delay} + {stage.period} * turn" if stage.period > 1 else f"{stage.delay} + turn"
            lines += ["", *self._head(stage.step, f"; {stage.count} turns, at tick {when}")]
            lines += self._lines([f"if (due(tick, {stage.delay}, {stage.period}, {stage.count}, &turn)) {{"])
            with self._scope():
                lines += self._timed(stage.step, self._cases(stage))
            lines += self._lines(["}"])
            self._layer += len(stage.step.results)
        return lines

    def _cases(self, stage: Stage) -> list[str]:
        """What a stage does, by the number of the turn."""
        if len(stage.cases) == 1:
            return self._turns(stage, stage.cases[0])
        lines = []
        for index, case in enumerate(stage.cases):
            condition = f"turn == {case.first}" if case.first == case.last else f"turn <= {case.last}"
            last = index == len(stage.cases) - 1
            lines += self._lines(["} else {" if last else f"}} else if ({condition}) {{" if index else f"if ({condition}) {{"])
            with self._scope():
                lines += self._turns(stage, case)
        return [*lines, *self._lines(["}"])]

    def _turns(self, stage: Stage, case: Turns) -> list[str]:
        lines = [line for call in case.body if call.symbol for line in self._turned(call)]
        ref = stage.step.results[0].ref
        for span in case.made if self._watched and stage.step.kernel else ():
            pointer = self._reference(replace(ref, offset=span.offset, pace=span.pace))
            lines += self._lines([f"{self._macro}_LAYER({self._layer}, {pointer}, {span.bytes});"])
        return lines

    @contextmanager
    def _function(self) -> Iterator[None]:
        """Another function's scope."""
        declared, depth, memories = self._declared, self._depth, set(self.memories)
        self._declared, self._depth = set(), 1
        yield
        self._declared, self._depth, self.memories = declared, depth, memories

    # Control flow.

    def _branch(self, region: Branch) -> list[str]:
        lines = self._pointers([region.condition])
        then, otherwise = self._block(region.then), self._block(region.otherwise)
        condition = f"*{region.condition.name}"
        if not then:
            return [*lines, *self._lines([f"if (!{condition}) {{"]), *otherwise, *self._lines(["}"])]
        lines += [*self._lines([f"if ({condition}) {{"]), *then]
        lines += [*self._lines(["} else {"]), *otherwise] if otherwise else []
        return [*lines, *self._lines(["}"])]

    def _loop(self, region: Loop) -> list[str]:
        with self._scope():
            inner = self._apart(region.test)
            inner += self._pointers([region.condition])
            inner += self._lines([f"if (!*{region.condition.name}) {{", f"{INDENT}break;", "}"])
            body = self._apart(region.body)
            inner += ["", *body] if body else []
        return [*self._lines(["while (1) {"]), *inner, *self._lines(["}"])]

    def _block(self, body: tuple[Region, ...]) -> list[str]:
        with self._scope():
            return self._apart(body)

    @contextmanager
    def _scope(self) -> Iterator[None]:
        """A block of C: what is declared is so to its end."""
        declared = set(self._declared)
        self._depth += 1
        yield
        self._depth -= 1
        self._declared = declared

    # Calls.

    def _call(self, call: Call) -> list[str]:
        pointers = self._pointers(leaf for leaf in call.leaves if isinstance(leaf, Ref))
        if not (self._checked and call.checked):
            unused = "(void)" if call.checked else ""
            lines = self._arguments(f"{unused}{call.symbol}(", call, ");", 1)
            return [*pointers, *self._with_structs(lines)]
        lines = self._arguments(f"if ({call.symbol}(", call, ") != ARM_CMSIS_NN_SUCCESS) {", 2)
        return [*pointers, *self._with_structs([*lines, *self._lines([f"{INDENT}return {self._step};", "}"])])]

    def _stop(self, call: Call) -> list[str]:
        pointers = self._pointers(leaf for leaf in call.leaves if isinstance(leaf, Ref))
        lines = self._arguments(f"if (!{call.symbol}(", call, ")) {", 2)
        ends = self._lines([f"{INDENT}return{' 0' if self._checked else ''};", "}"])
        return [*pointers, *self._with_structs([*lines, *ends])]

    def _with_structs(self, lines: list[str]) -> list[str]:
        """A call with its structs that are no constants, in a block: compilers give the stack that one takes to the next."""
        if not self._before:
            return lines
        block = [f"{INDENT}{line}" for line in (*self._before, *lines)]
        self._before = []
        return [*self._lines(["{"]), *block, *self._lines(["}"])]

    def _arguments(self, start: str, call: Call, end: str, depth: int) -> list[str]:
        """A call in a line, or in several if it is too long for one."""
        declared = declared_parameters(call.symbol) if self._numbers is not None else ()
        known = (*declared, *[UNKNOWN] * len(call.args))[: len(call.args)]
        args = [self._argument(arg, parameter) for arg, parameter in zip(call.args, known, strict=True)]
        line = f"{start}{', '.join(args)}{end}"
        if len(line) + self._room_lost <= LINE:
            return self._lines([line])
        lines = wrapped(args, INDENT * depth, LINE - self._room_lost - len(end) + 1).removesuffix(",")
        return self._lines([start, *f"{lines}{end}".split("\n")])

    def _argument(self, arg: Arg, parameter: Declared) -> str:
        if not isinstance(arg, Struct):
            return self._field(arg, parameter)
        fields = self._fields(arg)
        body = f"{{{', '.join(fields)}}}"
        if arg.by_value:
            return f"({arg.ctype}){body}"
        if any(word in body for word in self._run_time):
            symbol = self._symbols.claim(self._struct_symbol(arg))
            self._before += self._lines(definition(f"const {arg.ctype} {symbol} = ", fields, LINE - self._room_lost))
            return f"&{symbol}"
        if any(isinstance(field, Ref) for _, field in arg.fields):
            return f"&({arg.ctype}){body}"
        key = (arg.ctype, body)
        if key not in self._structs:
            self._structs[key] = symbol = self._symbols.claim(self._struct_symbol(arg))
            self.structs.append("\n".join(definition(f"static const {arg.ctype} {symbol} = ", fields, LINE)))
        return f"&{self._structs[key]}"

    def _struct_symbol(self, item: Struct) -> str:
        """Dimensions are named after their content, all else after its type and its step."""
        if item.ctype == "cmsis_nn_dims":
            return "dims_" + "x".join(str(field) for _, field in item.fields)
        if item.ctype == "cmsis_nn_context" and dict(item.fields)["buf"] is None:
            return "no_scratch"
        kind = item.ctype.removeprefix("cmsis_nn_").removeprefix("tk_").removeprefix("per_channel_")
        return f"{kind}_{self._step}"

    def _fields(self, item: Struct) -> list[str]:
        plain = UNCONST.get(item.ctype, ())
        memory = dict(item.fields).get("buf")
        made = []
        for name, field in item.fields:
            text = self._field(field, declared_member(item.ctype, name) if self._numbers is not None else UNKNOWN)
            if name == "size" and isinstance(memory, Ref) and field == memory.buffer.bytes:
                text = size(memory.buffer)
            if isinstance(field, Constant) and name in plain:
                text = f"UNCONST({'void' if name == 'buf' else field.dtype.ctype}, {text})"
            made.append(f".{name} = {text}")
        return made

    def _field(self, field: Field, declared: Declared = UNKNOWN) -> str:
        if isinstance(field, Constant):
            return self._constant(field)
        if isinstance(field, Typed):
            through = "" if self._numbers is None else "(const void *)"
            return f"(const {field.ctype} *){through}{self._constant(field.constant)}"
        if isinstance(field, Ref):
            return self._reference(field)
        if isinstance(field, Function):
            return field.symbol
        if isinstance(field, Decisions):
            symbol = self._symbols.claim(f"leaves_{self._step}")
            self.decisions.append(functions(field, symbol))
            return symbol
        if isinstance(field, Ints):
            return f"{{{', '.join(self._number(item, declared) for item in field.items)}}}"
        if isinstance(field, Struct):
            return f"{{{', '.join(self._fields(field))}}}"
        if isinstance(field, Turned):
            return moving(field.start, field.step, 0)
        if field is None:
            return "NULL"
        return self._number(field, declared)

    def _constant(self, constant: Constant) -> str:
        if self._numbers is not None:
            self.memories.add(WEIGHTS)
        return self._constants[constant]

    def _number(self, value: float, declared: Declared) -> str:
        """In the code, or where the weights are one block and a kernel's name for it says that it is learnt, in that."""
        text = self._numbers.text(declared, value) if self._numbers is not None else None
        if text is None:
            return number_text(value)
        self.memories.add(WEIGHTS)
        return text

    @property
    def _run_time(self) -> tuple[str, ...]:
        """What makes an initializer none of a static object: it is read from the block of weights."""
        return () if self._numbers is None else ("(weights + ", "NUMBERS[", "REALS[")

    # Memory.

    def _reference(self, ref: Ref) -> str:
        if ref.dtype is None:
            further = f" + {moving(ref.offset, ref.pace.bytes, ref.pace.cycle)}" if ref.pace != STILL else ""
            return f"(void *)({self._address(ref.buffer)}{further})"
        elements = ref.offset * ref.dtype.parts // ref.dtype.bytes
        if ref.pace != STILL:
            return f"{ref.name} + {moving(elements, ref.pace.bytes * ref.dtype.parts // ref.dtype.bytes, ref.pace.cycle)}"
        return f"{ref.name} + {elements}" if elements else ref.name

    def _pointers(self, refs: Iterable[Ref]) -> list[str]:
        """Declarations of pointers that are used for the first time."""
        lines = []
        for ref in refs:
            if ref.dtype is not None and ref.name not in self._declared:
                self._declared.add(ref.name)
                const = "const " if read_only(ref.buffer) else ""
                through = "" if ref.dtype.bytes == 1 else f"({const}void *)"
                place = f"({const}{ref.dtype.ctype} *){through}({self._address(ref.buffer)})"
                lines.append(f"{const}{ref.dtype.ctype} *const {ref.name} = {place};")
        return self._lines(lines)

    def _address(self, buffer: Buffer) -> str:
        self.memories.add(buffer.memory)
        return self._where(buffer)

    def restore(self, state: State) -> list[str]:
        """The statements that give a state its initial content, under a comment that names it."""
        span = state.before
        shape = f"{state.type.dtype.value}[{','.join(map(str, state.type.shape))}]"
        lines = [f"/* {comment(state.name)}: {shape} */"]
        if isinstance(state.initial, Constant):
            lines.append(f"memcpy({self._where(span.buffer)}, {self._constant(state.initial)}, {span.bytes});")
        else:
            byte = self._number(state.initial, STATE_BYTE) if span.bytes else str(state.initial)
            lines.append(f"memset({self._where(span.buffer)}, {byte}, {span.bytes});")
        return self._lines(lines)

    # Layout of the text.

    @property
    def _room_lost(self) -> int:
        return len(INDENT) * self._depth

    def _lines(self, texts: Iterable[str]) -> list[str]:
        return [f"{INDENT * self._depth}{text}" for text in texts]


def moving(start: int, step: int, cycle: int) -> str:
    """An index that goes on with the turns: `(20 * turn - 40)`."""
    turn = f"turn % {cycle}" if cycle else "turn"
    product = (f"{step} * ({turn})" if cycle else f"{step} * {turn}") if step != 1 else turn
    if not start:
        return f"({product})" if cycle and step == 1 else product
    return f"({product} {'+' if start > 0 else '-'} {abs(start)})"


def place(buffer: Buffer) -> str:
    """The name of a buffer's offset."""
    return f"AT_{buffer.name.upper()}"


def size(buffer: Buffer) -> str:
    """The name of the size of working memory."""
    assert buffer.role is Role.SCRATCH
    return f"{buffer.name.upper()}_BYTES"


def in_memory(buffer: Buffer) -> str:
    return callers(buffer) if buffer.callers else f"{buffer.memory} + {place(buffer)}"
