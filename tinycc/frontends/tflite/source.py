# SPDX-License-Identifier: Apache-2.0
"""A .tflite file behind the face of all formats."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tinycc.frontends.files import ModelFile
from tinycc.frontends.tflite.load import load_tflite
from tinycc.frontends.tflite.oracle import RUNTIMES, TfliteOracle
from tinycc.ir import Graph
from tinycc.options import Options
from tinycc.oracles import Oracle


@dataclass(frozen=True)
class TfliteSource:
    """See `tinycc.frontends.Source`."""

    file: ModelFile
    format: str = "TFLite"
    runtimes: tuple[str, ...] = ("tflm", "litert")
    oracles: tuple[str, ...] = tuple(RUNTIMES)

    def graph(self, options: Options) -> Graph:
        match = options.match or self.runtimes[0]
        return load_tflite(self.file.data, name=Path(self.file.name).name, shapes=options.shapes, match=match)

    def oracle(self, name: str, graph: Graph, options: Options) -> Oracle:
        return TfliteOracle(name, self.file.data, graph, options.match or self.runtimes[0])
