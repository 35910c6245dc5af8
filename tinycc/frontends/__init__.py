# SPDX-License-Identifier: Apache-2.0
"""The formats of models: a folder each, behind one face. Nothing outside a format's folder knows its files."""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Protocol

from tinycc.errors import CompileError
from tinycc.frontends.files import FORMATS, Format, ModelFile, format_of, read_model

if TYPE_CHECKING:
    from tinycc.ir import Graph
    from tinycc.numerics.rules import Numerics
    from tinycc.options import Options
    from tinycc.oracles import Oracle

__all__ = ["FORMATS", "Format", "ModelFile", "Source", "open_source"]


class Source(Protocol):
    """A model file of some format. A class with these members, which takes the ModelFile, is a format's face: see FORMATS.

    Values of its graphs that are tensors of the file have an `index`, the tensor's number; passes keep it. An oracle
    finds by it what the runtime has for a value.
    """

    @property
    def file(self) -> ModelFile:
        """The bytes, their hash and their name."""

    @property
    def format(self) -> str:
        """As messages call it."""

    @property
    def runtimes(self) -> tuple[Numerics, ...]:
        """The runtimes whose arithmetic a graph can have (`Options.match`), the default first."""

    @property
    def oracles(self) -> tuple[str, ...]:
        """The runtimes that can be asked for results (`--oracle`)."""

    @property
    def signatures(self) -> tuple[str, ...]:
        """The names of the entry points, if they have any; the first is that which is compiled if none is asked for."""

    def graph(self, options: Options) -> Graph:
        """The model as the file says it, not yet optimised. Raises CompileError with every problem of the file."""

    def judges(self, match: Numerics) -> tuple[str, ...]:
        """The oracles that C with the arithmetic of `match` is compared with; the first that can run the model decides."""

    def kernel_sets(self, oracle: str) -> tuple[str, ...]:
        """The sets of kernels that an oracle stands for: users run one or the other."""

    def notes(self, options: Options, graph: Graph) -> tuple[str, ...]:
        """What a user should know of how the file was read into `graph`: what was left out, what was assumed."""

    def oracle(self, name: str, graph: Graph, options: Options) -> Oracle:
        """`graph`, which is what `self.graph(options)` gave, in the set of kernels `name`. Raises OracleUnavailable."""


def open_source(model: str | os.PathLike[str] | bytes | ModelFile) -> Source:
    """The model in a file (`-`: the standard input) or in bytes, by content first, by suffix second. It is read once.

    Raises CompileError for what is no model.
    """
    file = read_model(model)
    try:
        module, _, name = format_of(file).source.partition(":")
    except CompileError as error:
        raise CompileError(error.problems, file.name) from error
    source: Source = getattr(importlib.import_module(module), name)(file)
    return source
