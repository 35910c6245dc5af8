# SPDX-License-Identifier: Apache-2.0
"""An .onnx file behind the face of all formats."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tinycc.frontends.files import ModelFile
from tinycc.frontends.onnx.file import Model, read_onnx
from tinycc.frontends.onnx.interface import channels_last_outside
from tinycc.frontends.onnx.load import load_onnx
from tinycc.frontends.onnx.oracle import OnnxOracle
from tinycc.ir import Graph
from tinycc.numerics.rules import INTEGER, ORT, Numerics
from tinycc.options import Options
from tinycc.oracles import Oracle


@dataclass(frozen=True)
class OnnxSource:
    """See `tinycc.frontends.Source`."""

    file: ModelFile
    format: str = "ONNX"
    runtimes: tuple[Numerics, ...] = (ORT, INTEGER)
    oracles: tuple[str, ...] = ("ort", "reference")

    @cached_property
    def model(self) -> Model:
        """The file as read, checked and brought into one form."""
        return read_onnx(self.file.data, self.file.folder)

    @property
    def signatures(self) -> tuple[str, ...]:
        return ()

    def graph(self, options: Options) -> Graph:
        graph = load_onnx(self.model, Path(self.file.name).name, options.shapes, options.match or self.runtimes[0])
        return channels_last_outside(graph) if options.io_layout == "nhwc" else graph

    def judges(self, match: Numerics) -> tuple[str, ...]:
        return self.oracles if match == ORT else ()

    def kernel_sets(self, oracle: str) -> tuple[str, ...]:
        return (oracle,)

    def notes(self, options: Options, graph: Graph) -> tuple[str, ...]:
        return ()

    def oracle(self, name: str, graph: Graph, options: Options) -> Oracle:
        return OnnxOracle(name, self.model, graph)
