# SPDX-License-Identifier: Apache-2.0
"""Program and layout -> files. Everything is decided here as plain strings; the templates only lay out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain

import jinja2

from tinycc import __version__
from tinycc.codegen.constants import CConstant, comments, types
from tinycc.codegen.constants import render as render_constant
from tinycc.codegen.ctext import comment, float_literal, shortened, standard_headers, text_literal
from tinycc.codegen.profile import build_id, timed
from tinycc.codegen.selftest import SelfTest, template_variables
from tinycc.codegen.writer import Writer, place, size
from tinycc.data import data_path
from tinycc.plan.layout import Layout
from tinycc.plan.picture import picture
from tinycc.program.names import Symbols, identifier
from tinycc.program.pushes import Pushes, pushes
from tinycc.program.types import ARENA, Buffer, Constant, Content, Port, Program, Role, Step, regions
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


@dataclass(frozen=True)
class CBuffer:
    """A buffer among the named offsets: the name, the value, and for working memory the name of its size."""

    place: str
    offset: str
    bytes: str
    align: int
    size: str = ""


@dataclass(frozen=True)
class Emission:
    """The files of a compile, path -> text, and the symbols of the constants that they put into flash."""

    files: Mapping[str, str]
    symbols: Mapping[Constant, str]

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
) -> Emission:
    """Render all files. `name` is the C prefix, `source` the model file (hashed into the header comment).

    With `test` the self-test is emitted too, `profiled` what times every layer; without, the model has no trace of them.
    """
    program = layout.program
    names = tensor_names(program)
    constants = c_constants(program, name, names)
    pointers = {constant: made.pointer for constant, made in constants.items()}
    checked = test is not None or provider.kind is not Kind.BUNDLED
    writer = Writer(program, name, pointers, names, watched=test is not None, checked=checked, profiled=profiled)
    steps = writer.body()
    resets = [line for state in program.states for line in writer.restore(state)]
    variables = {
        "version": __version__,
        "name": name,
        "NAME": name.upper(),
        "model": comment(program.name),
        "sha256": hashlib.sha256(source).hexdigest(),
        "options": comment(options),
        "target": program.target,
        "self_test": test is not None,
        "profiled": profiled,
        "macs": program.macs,
        "period": program.period,
        "constant_bytes": program.flash(),
        "steps": steps,
        "can_fail": checked,
        "streams": writer.streams,
        "pushed": _pushed(program, writer),
        "last_step": max((step.number for step in program.all_steps), default=0),
        "resets": resets,
        "structs": writer.structs,
        "constants": [(made, sections.of(constant.name)) for constant, made in constants.items()],
        "sections": sections,
        "types": types(constants.values()),
        "code_headers": standard_headers([*resets, *writer.structs, *steps, *chain.from_iterable(writer.streams)]),
        "weights_headers": standard_headers(made.definition for made in constants.values() if not made.is_text),
        "uses_arena": ARENA in writer.memories,
        **_placed(layout, name, names),
        **_kernels(program, provider),
    }
    files = {f"{name}{end}": render(template, **variables) for end, template in _TEMPLATES.items()}
    files |= {path: render(f"{path}.j2", **variables) for path in ("CMakeLists.txt", "example_main.c")}
    files |= _self_test(program, name, variables, test) if test is not None else {}
    files |= _profile(program, name, variables) if profiled else {}
    files |= {file.path: file.text for file in _runtime(program, provider)}
    if provider.older and variables["cmsis_header"]:
        files[VERSIONS] = (data_path("runtime") / VERSIONS).read_text(encoding="utf-8")
    return Emission(files, {constant: made.symbol for constant, made in constants.items()})


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


def render(template: str, **variables: object) -> str:
    """A template of `templates/`, filled in."""
    return _environment().get_template(template).render(variables)


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(data_path("templates")),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )


def tensor_names(program: Program) -> dict[str, str]:
    """Tensors as people read them, those that are constants apart from the others."""
    made = [result.name for step in regions(program.body) if isinstance(step, Step) for result in step.results]
    names = shortened(constant.tensor for constant in program.constants)
    return names | shortened([*(buffer.tensor for buffer in program.buffers), *made])


def c_constants(program: Program, prefix: str, names: Mapping[str, str]) -> dict[Constant, CConstant]:
    """Every constant of a program as C, by the `names` that people read."""
    texts = comments(program, names)
    return {c: render_constant(c, prefix, text) for c, text in zip(program.constants, texts, strict=True)}


@dataclass(frozen=True)
class Pushed:
    """An input that arrives row by row, as the templates show it. Ticks as in Stage. Multiply-accumulates that a row brings
    about: at most, and the last one."""

    rows: int
    row_elements: int
    row_bytes: int
    ctype: str
    delay: int
    period: int
    ticks: int
    fails: bool
    place: tuple[str, ...]
    work: Pushes


def _pushed(program: Program, writer: Writer) -> Pushed | None:
    stage = program.arrival
    if stage is None:
        return None
    stream, port, work = program.streams[0], program.inputs[0], pushes(program)
    assert work is not None
    return Pushed(
        rows=stage.count,
        row_elements=port.type.elements // stage.count,
        row_bytes=port.type.bytes // stage.count,
        ctype=port.type.dtype.ctype,
        delay=stage.delay,
        period=stage.period,
        ticks=stream.ticks,
        fails=writer.arrival_fails,
        place=tuple(writer.arrival),
        work=work,
    )


def _placed(layout: Layout, name: str, names: Mapping[str, str]) -> dict[str, object]:
    """What templates show of memory."""
    return {
        "arena_bytes": max(layout.arenas[ARENA].plan.size if ARENA in layout.arenas else 0, 1),
        "inputs": _tensors(layout, layout.program.inputs, "input"),
        "outputs": _tensors(layout, layout.program.outputs, "output"),
        "buffers": list(_buffers(layout, name)),
        "picture": list(_picture(layout, names)),
    }


def _buffers(layout: Layout, name: str) -> Iterator[CBuffer]:
    """All of the arena. An input's and an output's offset is a constant of the header."""
    ports = {
        port.span.buffer: f"{name.upper()}_{direction}_{index}_OFFSET"
        for direction, found in (("OUTPUT", layout.program.outputs), ("INPUT", layout.program.inputs))
        for index, port in enumerate(found)
    }
    for buffer in layout.program.buffers:
        offset = ports.get(buffer, str(layout.offsets[buffer]))
        named = size(buffer) if buffer.role is Role.SCRATCH else ""
        yield CBuffer(place(buffer), offset, str(buffer.bytes), buffer.align, named)


def _picture(layout: Layout, names: Mapping[str, str]) -> Iterator[str]:
    for arena in layout.arenas.values():
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


def _labels(port: Port) -> tuple[tuple[str, str], ...]:
    symbols = Symbols()
    return tuple((symbols.claim(identifier(label).upper()), text_literal(label)) for label in port.labels)


def _tensors(layout: Layout, ports: tuple[Port, ...], direction: str) -> list[CTensor]:
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
            )
        )
    return tensors
