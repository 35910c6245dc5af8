# SPDX-License-Identifier: Apache-2.0
"""Program and layout -> files. Everything is decided here as plain strings; the templates only lay out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from tinycc import __version__
from tinycc.apart import TOGETHER, Apart
from tinycc.codegen import block as blocks
from tinycc.codegen.constants import CConstant, c_constants, headers, tensor_names, types
from tinycc.codegen.ctext import comment, float_literal, standard_headers, text_literal
from tinycc.codegen.memories import CMemory, arguments, bank_name, banks, memories, parameters, used, where
from tinycc.codegen.profile import build_id, timed
from tinycc.codegen.rows import by_rows
from tinycc.codegen.selftest import SelfTest, template_variables
from tinycc.codegen.shared import Shared
from tinycc.codegen.templates import arena_header, render
from tinycc.codegen.writer import Writer, place, size
from tinycc.data import data_path
from tinycc.passes.steps import Stepwise
from tinycc.plan.layout import Layout
from tinycc.plan.picture import picture
from tinycc.program.names import Symbols, identifier
from tinycc.program.types import ARENA, STATES, Buffer, Constant, Content, Port, Program, Role
from tinycc.provider import BUNDLED, VERSIONS, Kind, Provider
from tinycc.runtime import FOLDERS, RuntimeFile, closure, header_of
from tinycc.sections import NO_SECTIONS, Sections

PICTURE = 84
"""Characters for the arena in its picture, so that a line has about 116."""


@dataclass(frozen=True)
class CTensor:
    """A model input or output, as the templates show it."""

    index: int
    direction: str
    name: str
    ctype: str
    type_text: str
    offset: int
    shape: tuple[int, ...]
    elements: int
    bytes: int
    scale: str | None
    zero_point: int | None
    minimum: int
    maximum: int
    labels: tuple[tuple[str, str], ...]
    """(C name, literal) of each text that the numbers stand for."""
    callers: bool = False
    """Whether it is a buffer of the caller's, which lies at a multiple of `align`. Else it is at `offset` in `memory`, an
    expression; `kept`: that is where states are."""
    align: int = 1
    memory: str = "self->arena.bytes"
    kept: bool = False
    bank: str = ""


@dataclass(frozen=True)
class CBuffer:
    """A buffer among the named offsets: the name, the value, and for working memory the name of its size."""

    place: str
    offset: str
    bytes: str
    align: int
    size: str = ""
    kept: bool = False
    within: str = ""
    """The name of how large the memory is that it lies in."""


@dataclass(frozen=True)
class Bank:
    """A memory of the model beside the instance."""

    name: str
    bytes: int


@dataclass(frozen=True)
class Emission:
    """The files of a compile, path -> text, and the symbols of the constants that they put into flash. `weights`: the block of
    constants that is not in them, and which code it is for."""

    files: Mapping[str, str]
    symbols: Mapping[Constant, str]
    weights: bytes | None = None
    layout: bytes = b""

    def symbols_of(self, *contents: Content) -> list[str]:
        return [symbol for constant, symbol in self.symbols.items() if constant.content in contents]


def emit(
    layout: Layout,
    name: str,
    source: bytes,
    *,
    options: str = "",
    provider: Provider = BUNDLED,
    sections: Sections = NO_SECTIONS,
    test: SelfTest | None = None,
    profiled: bool = False,
    apart: Apart = TOGETHER,
    shared: Shared | None = None,
    stream: Stepwise | None = None,
) -> Emission:
    """Render all files. `name` is the C prefix, `source` the model file (hashed into the header comment), `shared` what is in
    files of the package. With `test` the self-test is emitted too, `profiled` what times every layer; without, no trace.
    """
    program = layout.program
    names = tensor_names(program)
    constants = blocks.in_block(program, names) if apart.weights else _constants(program, name, names, shared, sections)
    numbers = blocks.Numbers() if apart.weights else None
    pointers = {constant: made.pointer for constant, made in constants.items()}
    watched, known = test is not None, memories(program, apart)
    checked = watched or provider.kind is not Kind.BUNDLED
    more: dict[str, Any] = {"memories": known, "numbers": numbers}
    writer = Writer(program, name, pointers, names, watched=watched, checked=checked, profiled=profiled, **more)
    code = _code(program, writer, known)
    block = blocks.block(constants, numbers) if numbers is not None else None
    variables: dict[str, object] = {
        **{"version": __version__, "name": name, "NAME": name.upper()},
        "model": comment(program.name),
        "sha256": hashlib.sha256(source).hexdigest(),
        "options": comment(options),
        "target": program.target,
        "self_test": watched,
        "profiled": profiled,
        "macs": program.macs,
        "stream": stream,
        "period": program.period,
        "constant_bytes": program.flash(),
        "can_fail": checked,
        **by_rows(program, writer, known),
        "last_step": max((step.number for step in program.all_steps), default=0),
        **_weights(constants, sections if block is None else None, shared),
        "sections": sections,
        **code,
        **_apart(program, apart, block),
        **_placed(layout, name, names, apart),
        **_kernels(program, provider),
    }
    runtime = _runtime(program, provider)
    files, layout_bytes = _model_files(name, variables, runtime, block)
    files |= {path: render(f"{path}.j2", **variables) for path in ("CMakeLists.txt", "example_main.c")}
    files |= _self_test(program, name, variables, test) if test is not None else {}
    files |= _profile(program, name, variables) if profiled else {}
    files |= {file.path: file.text for file in runtime} | _versions(provider, variables)
    files |= arena_header(apart.arena, [(name, arena_bytes(layout))]) if apart.arena is not None else {}
    if block is None:
        return Emission(files, {constant: made.symbol for constant, made in constants.items()})
    return Emission(files, {}, blocks.file(block, layout_bytes, hashlib.sha256(source).digest()), layout_bytes)


def _versions(provider: Provider, variables: Mapping[str, object]) -> dict[str, str]:
    """The header that adapts calls to an older library."""
    if not provider.older or not variables["cmsis_header"]:
        return {}
    return {VERSIONS: (data_path("runtime") / VERSIONS).read_text(encoding="utf-8")}


def _constants(
    program: Program, name: str, names: Mapping[str, str], shared: Shared | None, sections: Sections
) -> dict[Constant, CConstant]:
    """In place of those that models share, the shared ones."""
    own = c_constants(program, name, names)
    return own if shared is None else {c: shared.of(c, sections) or made for c, made in own.items()}


def _weights(constants: Mapping[Constant, CConstant], sections: Sections | None, shared: Shared | None) -> dict[str, object]:
    """What the files of constants hold: nothing where there are no `sections`, as the constants are in a block."""
    common = {made.symbol for made in shared.constants.values()} if shared is not None else set()
    own = {constant: made for constant, made in constants.items() if made.symbol not in common}
    theirs = {made.symbol: made.bytes for made in constants.values() if made.symbol in common}
    return {
        "constants": [(made, sections.of(constant.name)) for constant, made in own.items()] if sections is not None else [],
        "own_bytes": sum(made.bytes for made in own.values()),
        "shared": shared.name if shared is not None and theirs else None,
        "shared_bytes": sum(theirs.values()),
        "types": types(own.values()),
        "weights_headers": headers(own.values()),
    }


def _code(program: Program, writer: Writer, known: tuple[CMemory, ...]) -> dict[str, object]:
    """The statements of a program, and what memory the functions that hold them are handed."""
    steps = writer.body()
    run = set(writer.memories)
    writer.memories.clear()
    resets = [line for state in program.states for line in writer.restore(state)]
    kept = {state.before.buffer.memory for state in program.states}
    restored = used(known, writer.memories | ({STATES} & kept))
    return {
        "steps": steps,
        "streams": writer.streams,
        "decisions": writer.decisions,
        "resets": resets,
        "structs": writer.structs,
        "code_headers": standard_headers([*resets, *writer.structs, *steps, *chain.from_iterable(writer.streams)]),
        "uses_arena": ARENA in run,
        "run_parameters": parameters(used(known, run)),
        "run_arguments": arguments(used(known, run)),
        "restore_parameters": parameters(restored),
        "restore_arguments": arguments(restored),
        "restore_ignores_arena": ARENA not in kept,
    }


def _self_test(program: Program, name: str, variables: Mapping[str, object], test: SelfTest) -> dict[str, str]:
    shown = {**variables, **template_variables(test, program)}
    return {f"{name}_selftest.{end}": render(f"selftest.{end}.j2", **shown) for end in "ch"}


def _profile(program: Program, name: str, variables: Mapping[str, object]) -> dict[str, str]:
    """What times the steps, and an example that does."""
    steps = {"rows": [step.number for step in timed(program)], "build": build_id(program), "entry": program.entry}
    shown = {**variables, **steps}
    files = {f"{name}_profile.{end}": render(f"profile.{end}.j2", **shown) for end in "ch"}
    return {**files, "example_main.c": render("example_profile.c.j2", **shown)}


_TEMPLATES = {".h": "model.h.j2", ".c": "model.c.j2", "_weights.h": "weights.h.j2", "_weights.c": "weights.c.j2"}
_BLOCK_TEMPLATES = {".h": "model.h.j2", ".c": "model.c.j2", "_weights.h": "weights_block.h.j2"}


def _model_files(
    name: str, variables: Mapping[str, object], runtime: Iterable[RuntimeFile], block: blocks.Block | None
) -> tuple[dict[str, str], bytes]:
    """The model's own files, and, where its weights are one block, which of these it takes: a hash of all of its C, in which
    that hash is zeros."""
    templates = _TEMPLATES if block is None else _BLOCK_TEMPLATES

    def rendered(layout: bytes) -> dict[str, str]:
        seal = str(variables["sha256"]) if block is None else layout.hex()
        known = {**variables, "seal": seal, "layout_bytes": layout, "layout_list": blocks.byte_list(layout)}
        return {f"{name}{end}": render(template, **known) for end, template in templates.items()}

    files = rendered(bytes(blocks.LAYOUT))
    if block is None:
        return files, b""
    layout = blocks.layout_of([*files.items(), *((file.path, file.text) for file in runtime)])
    return rendered(layout), layout


def arena_bytes(layout: Layout) -> int:
    """Of the memory that a model works in: as an array, so that it is never none."""
    return max(layout.arenas[ARENA].plan.size if ARENA in layout.arenas else 0, 1)


def _apart(program: Program, apart: Apart, block: blocks.Block | None) -> dict[str, object]:
    """What templates know of memory that is not in the instance."""
    arena = f"{apart.arena}_arena" if apart.arena is not None else None
    return {
        "external_io": any(port.span.buffer.callers for port in (*program.inputs, *program.outputs)),
        "arena_type": arena,
        "arena": "self->arena.bytes" if arena is None else "self->arena->memory.bytes",
        "block": block,
        "weights_align": blocks.ALIGN,
        "header_bytes": blocks.HEADER.size,
        "format_bytes": blocks.byte_list(blocks.FORMAT),
    }


def _placed(layout: Layout, name: str, names: Mapping[str, str], apart: Apart) -> dict[str, object]:
    """What templates show of memory."""
    inputs, outputs = tensors(layout, "input", apart), tensors(layout, "output", apart)
    return {
        "needs_buffers": waited_for(inputs, outputs, banks_of(layout)),
        "state_bytes": layout.arenas[STATES].plan.size if STATES in layout.arenas else 0,
        "arena_bytes": arena_bytes(layout),
        "inputs": inputs,
        "outputs": outputs,
        "buffers": list(_buffers(layout, name)),
        "banks": banks_of(layout),
        "picture": list(_picture(layout, names)),
    }


def banks_of(layout: Layout) -> list[Bank]:
    return [Bank(bank_name(memory), layout.arenas[memory].plan.size) for memory in banks(layout.program)]


def waited_for(inputs: Iterable[CTensor], outputs: Iterable[CTensor], found: Iterable[Bank]) -> list[str]:
    """What of an instance the caller has to set before it runs."""
    ports = [f"self->{t.direction}_{t.index}" for t in (*inputs, *outputs) if t.callers]
    return [*ports, *(f"self->{bank.name}" for bank in found)]


def _buffers(layout: Layout, name: str) -> Iterator[CBuffer]:
    """All of the model's memory. An input's and an output's offset is a constant of the header."""
    ports = {
        port.span.buffer: f"{name.upper()}_{direction}_{index}_OFFSET"
        for direction, found in (("OUTPUT", layout.program.outputs), ("INPUT", layout.program.inputs))
        for index, port in enumerate(found)
    }
    for buffer in (buffer for buffer in layout.program.buffers if not buffer.callers):
        offset = ports.get(buffer, str(layout.offsets[buffer]))
        named = size(buffer) if buffer.role is Role.SCRATCH else ""
        kept = buffer.memory == STATES
        memory = "STATE" if kept else bank_name(buffer.memory).upper()
        yield CBuffer(place(buffer), offset, str(buffer.bytes), buffer.align, named, kept, f"{name.upper()}_{memory}_BYTES")


def _picture(layout: Layout, names: Mapping[str, str]) -> Iterator[str]:
    for arena in layout.own:
        labels = [comment(_label(buffer, names)) for buffer in arena.buffers]
        yield from (comment(line) for line in picture(arena.trace, arena.plan, PICTURE, labels).splitlines())


def _label(buffer: Buffer, names: Mapping[str, str]) -> str:
    return f"{', '.join(buffer.shown)} {names[buffer.tensor]}" if buffer.shown else buffer.name


def _runtime(program: Program, provider: Provider) -> tuple[RuntimeFile, ...]:
    """The runtime files that the program needs: without CMSIS-NN's where Arm's library is linked."""
    files = closure(program.symbols)
    return tuple(file for file in files if not (provider.kind is Kind.CMSIS_NN and file.folder == "cmsis_nn"))


def _kernels(program: Program, provider: Provider) -> dict[str, object]:
    """What the C and the build have to know of the runtime files."""
    runtime = _runtime(program, provider)
    sources = {folder: [file.path for file in runtime if file.is_source and file.folder == folder] for folder in FOLDERS}
    headers = sorted({header_of(symbol) for symbol in program.symbols})
    return {
        "provider": provider.kind.value,
        "cmsis_version": provider.version[0] if provider.older else None,
        "scratch_units": provider.units(program.target),
        "cmsis_header": next((header for header in headers if header.startswith("arm_")), None),
        "kernel_headers": [header for header in headers if not header.startswith("arm_")],
        "cmsis_sources": sources["cmsis_nn"],
        "kernel_sources": sources["kernels"],
        "has_assembly": any(file.name.endswith(".S") for file in runtime),
        "libm": any("<math.h>" in file.text for file in runtime),
    }


def tensors(layout: Layout, direction: str, apart: Apart = TOGETHER) -> list[CTensor]:
    """The inputs or the outputs of a program."""
    return _tensors(layout, layout.program.inputs if direction == "input" else layout.program.outputs, direction, apart)


def _labels(port: Port) -> tuple[tuple[str, str], ...]:
    symbols = Symbols()
    return tuple((symbols.claim(identifier(label).upper()), text_literal(label)) for label in port.labels)


def _tensors(layout: Layout, ports: tuple[Port, ...], direction: str, apart: Apart) -> list[CTensor]:
    tensors = []
    for index, port in enumerate(ports):
        type, dtype = port.type, port.type.dtype
        quantization = type.quantization if dtype.is_integer else None
        scaled = quantization is not None and not quantization.per_channel and dtype.bytes <= 2
        low, high = dtype.limits if dtype.is_integer else (0, 0)
        tensors.append(
            CTensor(
                index=index,
                direction=direction,
                name=comment(port.name),
                ctype=dtype.ctype,
                type_text=str(type),
                offset=layout.offsets[port.span.buffer] + port.span.offset,
                shape=type.shape,
                elements=type.elements * dtype.parts,
                bytes=type.bytes,
                scale=float_literal(quantization.scale) if quantization is not None and scaled else None,
                zero_point=quantization.zero_point if quantization is not None and scaled else None,
                minimum=low,
                maximum=high,
                labels=_labels(port),
                callers=port.span.buffer.callers,
                align=port.span.buffer.align,
                memory=where(port, apart),
                kept=port.span.buffer.memory == STATES,
                bank=bank_name(port.span.buffer.memory) if port.span.buffer.is_banked else "",
            )
        )
    return tensors
