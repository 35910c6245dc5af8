# SPDX-License-Identifier: Apache-2.0
"""Program -> files. Everything is decided here as plain strings; the templates only lay out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import jinja2

from tinycc import __version__
from tinycc.codegen.ctext import comment, float_literal, standard_headers
from tinycc.codegen.lower import Program
from tinycc.codegen.runtime import closure, header_of
from tinycc.codegen.selftest import SelfTest, template_variables
from tinycc.codegen.writer import Writer
from tinycc.data import data_path
from tinycc.ir import Value
from tinycc.plan import picture
from tinycc.provider import BUNDLED, Provider

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


@dataclass(frozen=True)
class Emission:
    """The files of a compile, path -> text, and the constants that they put into flash, symbol -> bytes."""

    files: Mapping[str, str]
    constants: Mapping[str, int]

    @property
    def constant_bytes(self) -> int:
        return sum(self.constants.values())


def emit(
    program: Program,
    name: str,
    source: bytes,
    *,
    options: str = "",
    provider: Provider = BUNDLED,
    test: SelfTest | None = None,
) -> Emission:
    """Render all files. `name` is the C prefix, `source` the model file (hashed into the header comment).

    With `test` the self-test is emitted too, and the model shows it every result. Without, the model has no trace of it.
    """
    writer = Writer(program, watched=test is not None)
    steps = [writer.step(step) for step in program.steps]
    resets = [line for state in program.graph.states for line in writer.reset(state)]
    constants = writer.pool.constants
    constant_bytes = sum(constant.bytes for constant in constants)
    symbols = sorted(program.symbols)
    runtime = closure(symbols)
    sources = [file.path for file in runtime if file.is_source]
    variables = {
        "version": __version__,
        "name": name,
        "NAME": name.upper(),
        "model": comment(program.graph.name),
        "sha256": hashlib.sha256(source).hexdigest(),
        "options": comment(options),
        "target": program.target,
        "self_test": test is not None,
        "arena_bytes": max(program.plan.size, 1),
        "macs": program.graph.macs,
        "period": program.graph.period,
        "constant_bytes": constant_bytes,
        "inputs": _tensors(program, program.graph.inputs, "input"),
        "outputs": _tensors(program, program.graph.outputs, "output"),
        "steps": steps,
        "resets": resets,
        "structs": writer.structs,
        "constants": constants,
        "has_text": any(constant.is_text for constant in constants),
        "headers": sorted({header_of(symbol) for symbol in symbols}),
        "code_headers": standard_headers([*resets, *writer.structs, *(text for step in steps for text in step.texts)]),
        "weights_headers": standard_headers(item.definition for item in constants if not item.is_text),
        "uses_arena": any(step.uses_arena for step in steps),
        "picture": [comment(line) for line in picture(writer.labelled_buffers, program.plan, PICTURE).splitlines()],
        "provider": provider.kind.value,
        "scratch_units": provider.units(program.target),
        "cmsis_sources": [path for path in sources if path.startswith("cmsis_nn/")],
        "kernel_sources": [path for path in sources if path.startswith("kernels/")],
        "has_assembly": any(path.endswith(".S") for path in sources),
        "libm": any("<math.h>" in file.text for file in runtime),
    }
    templates = {f"{name}.h": "model.h.j2", f"{name}.c": "model.c.j2", f"{name}_weights.h": "weights.h.j2"}
    templates |= {"CMakeLists.txt": "CMakeLists.txt.j2", "example_main.c": "example_main.c.j2"}
    files = {path: render(template, **variables) for path, template in templates.items()}
    if test is not None:
        variables |= template_variables(test, program)
        files |= {f"{name}_selftest.{end}": render(f"selftest.{end}.j2", **variables) for end in "ch"}
    files |= {file.path: file.text for file in runtime}
    return Emission(files, {constant.symbol: constant.bytes for constant in constants})


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


def _tensors(program: Program, values: tuple[Value, ...], direction: str) -> list[CTensor]:
    tensors = []
    for index, value in enumerate(values):
        quantization = value.type.quantization if value.dtype.is_integer else None
        scaled = quantization is not None and not quantization.per_channel and value.dtype.bytes <= 2
        low, high = value.dtype.limits if value.dtype.is_integer else (0, 0)
        tensors.append(
            CTensor(
                index=index,
                direction=direction,
                name=comment(value.name),
                ctype=value.dtype.ctype,
                type_text=str(value.type),
                offset=program.offset(value),
                shape=value.shape,
                elements=value.type.elements,
                bytes=value.type.bytes,
                scale=float_literal(value.scale) if scaled else None,
                zero_point=value.zero_point if scaled else None,
                minimum=low,
                maximum=high,
            )
        )
    return tensors
