# SPDX-License-Identifier: Apache-2.0
"""A program as text, for people and for tests.

    program kws.tflite for cortex-m4 {
        buffer input_0: input 490 bytes
        buffer y1_im2col: scratch 160 bytes
        constant conv2d_1_weights: weights int8[64,10,4,1] crc 5f0c1a52
        step 1 op 0 CONV_2D "conv": int8[1,49,10,1] -> int8[1,25,5,64], 320,000 MAC
            arm_convolve_s8(&cmsis_nn_context{buf=y1_im2col, size=160}, ..., input_0, ..., y1)
                reads input_0[0:490] writes y1[0:8000]
    }

A span is `buffer[from:to]`, with `=content` where that is not the buffer's name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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
    Pace,
    Program,
    Ref,
    Region,
    Span,
    State,
    Step,
    StopUnless,
    Stream,
    Struct,
    Turned,
    Turns,
    Typed,
)

INDENT = "    "


def show(program: Program, offsets: Mapping[Buffer, int] | None = None) -> str:
    """The program as text; with `offsets`, a buffer's address."""
    lines = [f"program {program.name} for {program.target.name} {{"]
    lines += (f"{INDENT}{line}" for line in _declarations(program, offsets or {}))
    lines += (f"{INDENT}{line}" for region in program.body for line in _region(region))
    lines += [f"{INDENT}return {', '.join(_span(port.span) for port in program.outputs)}", "}"]
    return "\n".join(lines)


def _declarations(program: Program, offsets: Mapping[Buffer, int]) -> Iterator[str]:
    for buffer in program.buffers:
        place = f" at {buffer.memory} + {offsets[buffer]}" if buffer in offsets else ""
        align = f" align {buffer.align}" if buffer.align != 1 else ""
        yield f"buffer {buffer.name}: {buffer.role.value} {buffer.bytes} bytes{align}{place}"
    for constant in program.constants:
        yield f"constant {constant.name}: {constant.content.value} {constant.type} crc {constant.crc:08x}"
    yield from (f"state {_state(state)}" for state in program.states)
    yield from (f"input {port.name}: {port.type} = {_span(port.span)}" for port in program.inputs)


def _state(state: State) -> str:
    initial = state.initial.name if isinstance(state.initial, Constant) else f"bytes {state.initial}"
    return f"{state.name}: {state.type} {_span(state.before)} becomes {_span(state.after)}, at first {initial}"


def _region(region: Region) -> Iterator[str]:
    if isinstance(region, Call):
        yield from _call(region)
    elif isinstance(region, StopUnless):
        yield from _call(region.call, "stop unless ")
    elif isinstance(region, Alias):
        yield f"{_span(region.span)} is now {region.content}"
    elif isinstance(region, Step):
        yield _head(region)
        yield from _inner(region.body)
    elif isinstance(region, Branch):
        yield f"if {_span(region.reads)}"
        yield from _inner(region.then)
        if region.otherwise:
            yield "else"
            yield from _inner(region.otherwise)
    elif isinstance(region, Stream):
        yield from _stream(region)
    elif isinstance(region, Turns):
        yield f"turn {region.first}" if region.first == region.last else f"turns {region.first}..{region.last}"
        yield from _inner(region.body)
    else:
        assert isinstance(region, Loop)
        yield "loop"
        yield from _inner(region.test)
        yield f"while {_span(region.reads)}"
        yield from _inner(region.body)


def _stream(stream: Stream) -> Iterator[str]:
    yield f"stream of {stream.ticks} ticks"
    yield from (f"{INDENT}enters {_span(span)}" for span in stream.enters)
    for stage in stream.stages:
        yield f"{INDENT}at tick {stage.delay} + {stage.period} * turn, {stage.count} turns"
        yield from (f"{INDENT}{INDENT}{line}" for line in _region(stage.step))
    yield from (f"{INDENT}leaves {_span(span)}" for span in stream.leaves)


def _inner(body: tuple[Region, ...]) -> Iterator[str]:
    yield from (f"{INDENT}{line}" for region in body for line in _region(region))


def _head(step: Step) -> str:
    made = step.results[0].ref
    code = "" if step.kernel else f"; no code, {made.name} is in {made.buffer.name}"
    work = f", {step.macs:,} MAC" if step.macs and not step.is_control else ""
    pairs = (f" in place {written.name} on {read.name}" for written, read in step.in_place)
    return f"step {step.number} {step.origin}: {step.types}{work}{code}{''.join(pairs)}"


def _call(call: Call, prefix: str = "") -> Iterator[str]:
    checked = " checked" if call.checked else ""
    if call.every != ALWAYS:
        checked += f" if turn % {call.every[0]} == {call.every[1]}"
    yield f"{prefix}{call.symbol}({', '.join(map(_arg, call.args))}){checked}"
    ways = (("reads", call.reads), ("writes", call.writes))
    touched = [f"{way} {', '.join(map(_span, spans))}" for way, spans in ways if spans]
    if touched:
        yield f"{INDENT}{' '.join(touched)}"


def _arg(arg: Arg) -> str:
    return f"&{_field(arg)}" if isinstance(arg, Struct) and not arg.by_value else _field(arg)


def _field(arg: Field) -> str:
    if isinstance(arg, Struct):
        return f"{arg.ctype}{{{', '.join(f'{name}={_field(field)}' for name, field in arg.fields)}}}"
    if isinstance(arg, Ref):
        return f"{arg.buffer.name}+{_place(arg.offset, arg.pace)}" if arg.offset or arg.pace != STILL else arg.buffer.name
    if isinstance(arg, Constant):
        return arg.name
    if isinstance(arg, Turned):
        return f"{arg.start}+{arg.step}*turn" if arg.start else f"{arg.step}*turn"
    if isinstance(arg, Typed):
        return f"{arg.constant.name} as {arg.ctype}"
    if isinstance(arg, Function):
        return arg.symbol
    if isinstance(arg, Decisions):
        return f"<{len(arg.root)} trees of {len(arg.feature)} nodes>"
    if isinstance(arg, Ints):
        return f"[{', '.join(map(str, arg.items))}]"
    return "null" if arg is None else f"{arg!r}"


def _place(offset: int, pace: Pace) -> str:
    """`640+320*(turn%2)`."""
    if pace == STILL:
        return str(offset)
    turn = f"(turn%{pace.cycle})" if pace.cycle else "turn"
    return f"{offset}+{pace.bytes}*{turn}"


def _span(span: Span) -> str:
    content = f"={span.content}" if span.content != span.buffer.name else ""
    if span.rows is not None:
        turn = f"+{span.rows.step}*turn" if span.rows.step else ""
        content += f" rows {span.rows.first}{turn} and {span.rows.count - 1} more" if span.rows.count else " no rows"
    if span.pace != STILL:
        return f"{span.buffer.name}[{_place(span.offset, span.pace)}:+{span.bytes}]{content}"
    return f"{span.buffer.name}[{span.offset}:{span.offset + span.bytes}]{content}"
