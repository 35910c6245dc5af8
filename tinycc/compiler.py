# SPDX-License-Identifier: Apache-2.0
"""The library's front door: `load`, `compile`. (`verify` is in `tinycc.verification`.)"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from typing_extensions import Unpack

from tinycc import __version__
from tinycc.analysis.floats import in_float
from tinycc.arrange import Wanted, arrange
from tinycc.codegen.emit import Emission, emit
from tinycc.codegen.files import write_files
from tinycc.codegen.made import Made
from tinycc.codegen.manifest import FOLDER, write_manifest
from tinycc.codegen.names import model_name
from tinycc.codegen.selftest import SelfTest
from tinycc.codegen.selftest import self_test as make_self_test
from tinycc.codegen.shared import Shared
from tinycc.codegen.templates import weights_array
from tinycc.defects import FIXES, reproduced
from tinycc.errors import CompileError, fail
from tinycc.frontends import ModelFile, Source, open_source
from tinycc.ir import Graph, check
from tinycc.kernels.base import Context
from tinycc.kernels.choice import Replacement, replacements
from tinycc.kernels.code import flash_estimate
from tinycc.kernels.varying import Variation, variation
from tinycc.kernels.widened import widest
from tinycc.lowering.ports import own_ports
from tinycc.numerics.rules import Numerics
from tinycc.options import Keywords, Options, check_reading, flag, merged
from tinycc.oracles import Oracle
from tinycc.passes import STREAM, run_passes
from tinycc.passes.steps import Steps, Stepwise
from tinycc.plan.banks import spread
from tinycc.plan.layout import Layout
from tinycc.ports import Port, ports
from tinycc.preferences import Goal
from tinycc.program.types import Program
from tinycc.provider import Kind
from tinycc.summary import Report, summarize


@dataclass(frozen=True)
class Model:
    """A loaded model: its graph as the file says it (checked, not yet optimised), where it came from, how it was read."""

    graph: Graph
    source: Source
    options: Options

    @property
    def name(self) -> str:
        """The file's, for messages."""
        return self.source.file.name

    @property
    def match(self) -> Numerics:
        """The runtime's arithmetic that the graph has."""
        return self.options.match or self.source.runtimes[0]

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a user should know: how the file was read, and which defects of the runtime the C will have, too."""
        return self.source.notes(self.options, self.graph) + reproduced(self.graph, self.match)

    def as_read(self, **changes: Any) -> Graph:
        """The graph that the file gives with some of the options changed."""
        return _read(self.source, replace(self.options, **changes))

    def oracle(self, name: str) -> Oracle:
        """The model in a reference runtime's set of kernels, see `Source.kernel_sets`. Raises OracleUnavailable."""
        return self.source.oracle(name, self.graph, self.options)


ModelLike = str | os.PathLike[str] | bytes | Model
"""What the API takes as a model."""


@dataclass(frozen=True)
class Compilation:
    """What a compile made: the optimised graph, the program and its layout in memory, and the generated files as text."""

    model: Model
    options: Options
    name: str
    graph: Graph
    layout: Layout
    emission: Emission
    test: SelfTest | None = None
    stream: Stepwise | None = None

    def sharing(self, shared: Shared) -> Compilation:
        """The same with the C of a model whose package has constants for several."""
        emission = _emitted(self.model, self.options, self.name, self.layout, self.test, self.stream, shared)
        return replace(self, emission=emission)

    @property
    def program(self) -> Program:
        return self.layout.program

    @property
    def files(self) -> Mapping[str, str]:
        """path relative to the output folder -> text."""
        return self.emission.files

    @property
    def written(self) -> Mapping[str, str | bytes]:
        """All that `write` puts into a folder."""
        return {**self.files, **self.weights_files}

    @property
    def weights_files(self) -> Mapping[str, str | bytes]:
        """The block of constants that is not in the C, and what is kept to make others; nothing if they are in the C."""
        if self.emission.weights is None:
            return {}
        kept = write_manifest(self.name, self.options, self.program, self.emission.layout)
        block: dict[str, str | bytes] = {".bin": self.emission.weights, ".json": kept, "_bin.h": self.weights_array}
        return {f"{FOLDER}/{self.name}{end}": content for end, content in block.items()}

    @property
    def weights_array(self) -> str:
        """That block as a C array, for examples and tests."""
        assert self.emission.weights is not None
        return weights_array(self.name, self.emission.weights)

    @property
    def inputs(self) -> tuple[Port, ...]:
        return ports(self.graph.inputs)

    @property
    def outputs(self) -> tuple[Port, ...]:
        return ports(self.graph.outputs)

    @cached_property
    def replaced(self) -> tuple[Replacement, ...]:
        """The functions of CMSIS-NN that an older library lacks, and what is called instead."""
        return replacements(self.graph, kernel_context(self.options, self.graph))

    @property
    def symbols(self) -> set[str]:
        """The kernels that the model calls."""
        return self.program.symbols

    @property
    def has_self_test(self) -> bool:
        return f"{self.name}_selftest.c" in self.files

    @property
    def sources(self) -> list[str]:
        """The C files that make up the model with its runtime, sorted."""
        return sorted(path for path in self.files if path.endswith((".c", ".S")) and path != "example_main.c")

    @cached_property
    def report(self) -> Report:
        return summarize(self.layout, self.name, self.model.notes, in_float(self.graph), self.stream, self.options.memories)

    def write(self, out: str | os.PathLike[str], *, replace: bool = False) -> None:
        """Put the files into the folder `out`: all of them or, on failure, none.

        What an earlier compile of the same model left there goes; with `replace` that of another one, too, which is refused
        otherwise.
        """
        if not isinstance(out, (str, os.PathLike)) or "\0" in os.fspath(out):
            raise fail("output folder", repr(out), "a path")
        if not os.fspath(out):
            raise fail("output folder", "an empty name", "a folder", "Is a variable in your script not set?")
        write_files(Path(out), self.written, Made(self.name, origin=made_of([self])), replace=replace)


def made_of(compilations: Sequence[Compilation], **more: object) -> dict[str, object]:
    """What C was made of, as JSON for the list of its files: by which version, of which models, with which options."""
    models = [
        {
            "file": Path(item.model.name).name,
            "sha256": item.model.source.file.sha256,
            "options": replace(item.options, name=item.name).recorded(),
        }
        for item in compilations
    ]
    return {"tinycc": __version__, "models": models, **more}


def load(
    model: str | os.PathLike[str] | bytes | ModelFile, options: Options | None = None, **keywords: Unpack[Keywords]
) -> Model:
    """Read a model from a path (`-`: the standard input) or from bytes; of the options, `shapes` and `match` matter.

    Raises CompileError with all problems of the model.
    """
    asked = merged(Options(), options, keywords)
    source = open_source(model)
    try:
        if asked.match is not None and asked.match not in source.runtimes:
            raise fail("--match", repr(str(asked.match)), " or ".join(map(str, source.runtimes)))
        if asked.signature is not None and source.format != "TFLite":
            raise fail("--signature", repr(asked.signature), f"none, as {source.format} models have one entry point")
        if asked.io_layout != "file" and source.format != "ONNX":
            raise fail("--io-layout", repr(asked.io_layout), f"file, as images of {source.format} models are nhwc anyway")
        for name in sorted(asked.fixes - set(FIXES)):
            raise fail("--fix", repr(name), "one of " + ", ".join(FIXES), "docs/defects.md lists them.")
        graph = _read(source, asked)
    except CompileError as error:
        raise CompileError(error.problems, source.file.name) from error
    return Model(graph, source, asked)


def _read(source: Source, options: Options) -> Graph:
    """The graph that a file gives. What arithmetic on its constants gives is theirs: NaN of a negative variance is no news."""
    with np.errstate(all="ignore"):
        return check(source.graph(options))


def as_model(model: ModelLike, options: Options | None, keywords: Keywords) -> tuple[Model, Options]:
    """A model, read if it is none yet, and the options of the call. Raises CompileError."""
    if not isinstance(model, Model):
        asked = merged(Options(), options, keywords)
        return load(model, asked), asked
    asked = merged(model.options, options, keywords)
    check_reading(model.options, asked)
    return model, asked


def kernel_context(options: Options, graph: Graph) -> Context:
    """What the choice of kernels for `graph` depends on beside its operators."""
    return Context(
        options.target,
        options.provider,
        options.optimize,
        options.kernels,
        options.pinned,
        fixed=not options.external_weights,
        widen=widest(graph, options.optimize),
    )


def _check_apart(options: Options) -> None:
    """Refuse what does not go together. Raises CompileError."""
    sections = options.sections
    if options.external_weights and (sections.constants or sections.patterns):
        hint = "The firmware decides where it puts the file. arena=SECTION goes with it."
        raise fail("--section", "a section of constants, with --external-weights", "none, as no constant is in the C", hint)
    if options.share_arena is not None and sections.arena:
        hint = f"Declare it there: static {options.share_arena}_arena arena __attribute__((section(...)));"
        raise fail("--section", f"arena={sections.arena}, with --share-arena", "none, as the arena is in no instance", hint)


def wanted(options: Options) -> Wanted:
    """What the layout in memory depends on beside the kernels."""
    rows = STREAM not in options.without
    return Wanted(rows, options.ram, options.stream_input, options.max_push, options.stream_output, options.apart)


def _shown(loaded: Model, asked: Options) -> str:
    """The options of a compile, as the heading of the C has them."""
    always = {"target": asked.target.name, "match": str(loaded.match), "provider": str(asked.provider)}
    if len(loaded.source.signatures) > 1:
        always["signature"] = asked.signature or loaded.source.signatures[0]
    recorded = {name: value for name, value in asked.recorded().items() if name not in ("name", "watched")}
    return " ".join(_flag(name, value) for name, value in (always | recorded).items())


def _flag(name: str, value: object) -> str:
    text = flag(name).removeprefix("--")
    if value is True:
        return text
    if isinstance(value, Mapping):
        value = [f"{key}:{part}" for key, part in value.items()]
    return f"{text}={','.join(map(str, value)) if isinstance(value, list) else value}"


ROUNDS = 4
"""How often kernels are chosen anew, each time with what the last choice still took too much."""


def passed(loaded: Model, asked: Options) -> Graph:
    """The graph after all passes, and as one of steps if it is asked for. Raises CompileError."""
    with np.errstate(all="ignore"):  # As in `_read`: constants are folded.
        graph = run_passes(loaded.graph, asked.left_out)
        return graph if asked.streaming is None else Steps(asked.streaming.axis, asked.streaming.hop)(graph)


def stream_of(loaded: Model, asked: Options) -> Stepwise | None:
    """Of a model of steps: how these relate to the windows of the model that it was."""
    if asked.streaming is None:
        return None
    return Steps(asked.streaming.axis, asked.streaming.hop).stepwise(run_passes(loaded.graph, asked.left_out))


def layout_of(graph: Graph, asked: Options) -> Layout:
    """In the memory that there is, or in the memories. Raises CompileError."""
    if asked.max_push is not None and not (asked.stream_input or asked.stream_output):
        raise fail("--max-push", "no row that is pushed or pulled", "--stream-input or --stream-output with it")
    if not asked.memories:
        return _laid_out(graph, asked)
    room = sum(size for _, size in asked.memories)
    within = replace(asked, ram=min(asked.ram or room, room))
    try:
        return spread(_laid_out(graph, within), asked.memories)
    except CompileError:
        smallest = _laid_out(graph, replace(within, optimize=Goal.RAM))
        return spread(smallest, asked.memories)


def _laid_out(graph: Graph, asked: Options) -> Layout:
    """What the goal gives, if that takes no more flash than may be, by the estimate that needs no toolchain; else what fits for
    the fewest cycles, or takes the least. Raises CompileError."""
    context = kernel_context(asked, graph)
    layout = found = arrange(graph, context, wanted(asked))
    if asked.flash is None:
        return layout
    for _ in range(ROUNDS):
        excess = flash_estimate(found.program) - asked.flash
        if excess <= 0:
            break
        context = replace(context, save=context.save + excess)
        found = arrange(graph, context, wanted(asked))
    ways = [layout, found]
    if flash_estimate(found.program) > asked.flash:
        ways.append(arrange(graph, kernel_context(replace(asked, optimize=Goal.SIZE), graph), wanted(asked)))
    most = asked.flash
    return min(ways, key=lambda item: max(flash_estimate(item.program), most))


def _emitted(
    loaded: Model,
    asked: Options,
    prefix: str,
    layout: Layout,
    test: SelfTest | None,
    stream: Stepwise | None,
    shared: Shared | None = None,
) -> Emission:
    """The C of a layout."""
    return emit(
        layout,
        prefix,
        loaded.source.file.data,
        options=_shown(loaded, asked),
        provider=asked.provider,
        sections=asked.sections,
        test=test,
        profiled=asked.profile,
        apart=asked.apart,
        shared=shared,
        stream=stream,
    )


def compile(
    model: ModelLike,
    out: str | os.PathLike[str] | None = None,
    options: Options | None = None,
    **keywords: Unpack[Keywords],
) -> Compilation:
    """Compile a model to C, and write the files into `out` if it is given. The options may be given as keywords, too.

    Raises CompileError.
    """
    loaded, asked = as_model(model, options, keywords)
    prefix = model_name(asked.name, loaded.name)
    try:
        asked.provider.check(asked.target)
        _check_apart(asked)
        graph = passed(loaded, asked)
        graph = own_ports(graph) if asked.external_io else graph
        layout = layout_of(graph, asked)
        asked.sections.check(constant.name for constant in layout.program.constants)
        test = make_self_test(graph, layout.program, golden=asked.self_test) if asked.self_test or asked.watched else None
    except CompileError as error:
        raise CompileError(error.problems, loaded.name) from error
    stream = stream_of(loaded, asked)
    emission = _emitted(loaded, asked, prefix, layout, test, stream)
    compilation = Compilation(loaded, asked, prefix, graph, layout, emission, test, stream)
    if out is not None:
        compilation.write(out)
    return compilation


def variations(compilation: Compilation) -> dict[int, Variation]:
    """Step number -> by how much its instructions depend on the values."""
    ops = {op.origin: op for op in compilation.graph.all_ops if not op.view}
    target, provider = compilation.options.target, compilation.options.provider
    return {
        step.number: variation(
            ops[step.origin],
            (symbol for call in step.calls for symbol in call.symbols if symbol),
            target,
            bundled=provider.kind is Kind.BUNDLED,
        )
        for step in compilation.program.all_steps
    }
