# SPDX-License-Identifier: Apache-2.0
"""What commands print for programs: see docs/json.md and the schemas beside it."""

from __future__ import annotations

import importlib.metadata
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from tinycc import __version__

if TYPE_CHECKING:
    from tinycc.compiler import Model
    from tinycc.errors import CompileError
    from tinycc.verification.verdict import Verdict

_READERS = ("numpy", "tflite", "flatbuffers", "onnx", "protobuf")
PACKAGES = (*_READERS, "tflite-micro", "ai-edge-litert", "onnxruntime", "ai-edge-quantizer")
"""Those that results may depend on: readers of models, runtimes to compare with, a quantizer."""


def versions() -> dict[str, str | None]:
    """Of Python and of the packages that results may depend on; None: not installed."""
    return {"python": platform.python_version(), **{name: _version(name) for name in PACKAGES}}


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def described(model: Model) -> dict[str, Any]:
    """What a model is called, which one it is, and what goes in and comes out."""
    from tinycc.ports import ports

    inputs, outputs = ports(model.graph.inputs), ports(model.graph.outputs)
    return {
        "model": model.graph.name,
        "sha256": model.source.file.sha256,
        "inputs": [asdict(port) for port in inputs],
        "outputs": [asdict(port) for port in outputs],
    }


def verdict_json(verdict: Verdict, outputs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A verdict; its outputs say what they are, too."""
    rows = zip(outputs, (asdict(comparison) for comparison in verdict.outputs), strict=True)
    return {**verdict.to_json(), "outputs": [{**port, **row} for port, row in rows]}


def refused(error: CompileError) -> dict[str, Any]:
    """What is printed in place of the result."""
    return {"source": error.source, "problems": [asdict(problem) for problem in error.problems]}


def print_json(content: Mapping[str, Any]) -> None:
    """With the version of tinycc, and those of what it stands on. JSON knows no infinities."""
    from tinycc.ports import finite

    click.echo(json.dumps(finite({"tinycc": __version__, "versions": versions(), **content}), indent=2, allow_nan=False))
