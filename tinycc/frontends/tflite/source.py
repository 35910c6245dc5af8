# SPDX-License-Identifier: Apache-2.0
"""A .tflite file behind the face of all formats."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tinycc.errors import fail
from tinycc.frontends.files import ModelFile
from tinycc.frontends.tflite.file import read_file
from tinycc.frontends.tflite.load import load_tflite
from tinycc.frontends.tflite.notes import open_dimensions, other_signatures, shared_variables, slow_weights
from tinycc.frontends.tflite.oracle import TfliteOracle
from tinycc.frontends.tflite.patch import entry_first
from tinycc.ir import Graph
from tinycc.numerics.rules import LITERT, TFLM, Numerics
from tinycc.options import Options
from tinycc.oracles import Oracle


@dataclass(frozen=True)
class TfliteSource:
    """See `tinycc.frontends.Source`."""

    file: ModelFile
    format: str = "TFLite"
    runtimes: tuple[Numerics, ...] = (TFLM, LITERT)
    oracles: tuple[str, ...] = ("tflm", "litert-ref", "litert")

    @property
    def signatures(self) -> tuple[str, ...]:
        found = read_file(self.file.data).signatures
        return tuple(sorted(found, key=lambda name: found[name] != 0))

    def data(self, options: Options) -> bytes:
        """The file, with the subgraph first that the options ask for. Raises CompileError for what is none."""
        if options.signature is None:
            return self.file.data
        signatures = read_file(self.file.data).signatures
        if options.signature not in signatures:
            known = " or ".join(signatures) or "none, as the file names no signatures"
            raise fail("--signature", repr(options.signature), known)
        return entry_first(self.file.data, signatures[options.signature])

    def graph(self, options: Options) -> Graph:
        match = options.match or self.runtimes[0]
        name = Path(self.file.name).name
        return load_tflite(self.data(options), name=name, shapes=options.shapes, match=match, fixes=options.fixes)

    def judges(self, match: Numerics) -> tuple[str, ...]:
        return self.oracles if match == TFLM else ("litert-ref", "litert")

    def kernel_sets(self, oracle: str) -> tuple[str, ...]:
        return ("litert-optimised", "litert-xnnpack") if oracle == "litert" else (oracle,)

    def notes(self, options: Options, graph: Graph) -> tuple[str, ...]:
        entries = other_signatures(self.file.data, options.signature) + shared_variables(self.file.data, options.signature)
        return entries + open_dimensions(self.data(options), options.shapes) + slow_weights(graph)

    def oracle(self, name: str, graph: Graph, options: Options) -> Oracle:
        return TfliteOracle(name, self.data(options), graph, options.match or self.runtimes[0])
