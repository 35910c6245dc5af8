# SPDX-License-Identifier: Apache-2.0
"""Reads an ONNX file into a checked model of today's form: data inside, functions inlined, operator sets that the rows know.

Nothing is trusted: sizes are looked at before anything is unpacked, and only files in the model's own folder are opened.
"""

from __future__ import annotations

import graphlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import onnx
import onnx.checker
import onnx.inliner
import onnx.shape_inference
import onnx.version_converter
from google.protobuf.message import DecodeError, EncodeError, Message

from tinycc.errors import CompileError, Problem, fail
from tinycc.frontends.files import MAX_BYTES
from tinycc.frontends.onnx.functions import with_bodies
from tinycc.frontends.onnx.names import check_functions, check_names
from tinycc.frontends.onnx.wire import DAMAGED, check_wire

OLDEST = 7
"""The operator set of the default domain from which on the rows read it; older ones go through ONNX's converter."""
DEFAULT = ""
DOMAINS = (DEFAULT, "ai.onnx.ml", "com.microsoft", "qonnx.custom_op.general")
"""Domains that the rows know something of."""

RUNTIME = "com.microsoft"
EARLY = {"LayerNormalization": 17}
"""Operators that files have in the default domain before the version that defines them there."""

Model = Any
"""onnx.ModelProto: the package has no types."""


def read_onnx(data: bytes, folder: Path | None) -> Model:
    """The model in `data`, whose external data lies below `folder` (None: it may have none). Raises CompileError."""
    if len(data) > MAX_BYTES:
        raise fail("file", f"more than {MAX_BYTES:,} bytes", "a model for a microcontroller")
    check_wire(data)
    model = onnx.ModelProto()
    try:
        model.ParseFromString(data)
    except DecodeError as error:
        raise fail("file", _first_line(error), "an ONNX model", DAMAGED) from error
    _check_texts(model)
    if not model.HasField("graph") or not (model.graph.node or model.graph.output):
        raise fail("file", "no graph", "an ONNX model", DAMAGED)
    _check_equations(model)
    _include_external_data(model, len(data), folder)
    _settle_versions(model)
    check_names(model.graph)
    _sort(model.graph)
    _move_early(model)
    _check(model)
    return with_bodies(_converted(_inlined(model)))


def _check_texts(model: Model) -> None:
    """Names that are no UTF-8 come as bytes."""
    pending = [model]
    while pending:
        for item, value in pending.pop().ListFields():
            entries = (value,) if isinstance(value, (str, bytes, Message)) else value
            if item.message_type is not None:
                pending += entries
            elif item.type == item.TYPE_STRING and (damaged := [text for text in entries if not isinstance(text, str)]):
                raise fail(f"field {item.full_name}", f"{damaged[0]!r}", "UTF-8 text", DAMAGED)


_EQUATION = re.compile(r"[A-Za-z., ]*(->[A-Za-z. ]*)?")


def _check_equations(model: Model) -> None:
    """onnx's inference of shapes never ends with those of Einsum that are none."""
    for graph in _graphs(model.graph, *model.functions):
        for node in graph.node:
            for attribute in node.attribute if node.op_type == "Einsum" else ():
                equation = attribute.s.decode("utf-8", "replace")
                if attribute.name == "equation" and not _EQUATION.fullmatch(equation):
                    raise fail(f'Einsum "{node.name}"', f"the equation {equation!r}", "letters, commas, dots and ->", DAMAGED)


def versions(model: Model) -> dict[str, int]:
    """Domain -> version of its operator set; the default domain is the empty string."""
    return {_domain(entry.domain): int(entry.version) for entry in model.opset_import}


def _domain(name: str) -> str:
    return DEFAULT if name == "ai.onnx" else name


def _settle_versions(model: Model) -> None:
    """One version for each domain, as some exporters write several: the highest, which is the one that runtimes take."""
    found: dict[str, int] = {}
    for entry in model.opset_import:
        found[_domain(entry.domain)] = max(found.get(_domain(entry.domain), 0), int(entry.version))
    newest = int(onnx.defs.onnx_opset_version())
    found.setdefault(DEFAULT, 1 if _uses_default(model.graph) or model.functions else newest)
    if found[DEFAULT] > newest:
        hint = "Update the package onnx, or export with an older operator set."
        raise fail(
            "operator set",
            f"version {found[DEFAULT]}",
            f"at most {newest}, the newest that onnx {onnx.__version__} knows",
            hint,
        )
    del model.opset_import[:]
    model.opset_import.extend(onnx.helper.make_opsetid(domain, version) for domain, version in sorted(found.items()))


def _uses_default(graph: Any) -> bool:
    return any(_domain(node.domain) == DEFAULT for node in every_node(graph))


def every_node(graph: Any) -> Iterator[Any]:
    """The nodes of a graph and of the graphs inside them."""
    for inner in _graphs(graph):
        yield from inner.node


def _graphs(*outer: Any) -> Iterator[Any]:
    """Graphs, and those inside them."""
    pending = list(outer)
    while pending:
        graph = pending.pop()
        yield graph
        pending += [inner for node in graph.node for attribute in node.attribute for inner in _bodies(attribute)]


def _bodies(attribute: Any) -> list[Any]:
    return [*((attribute.g,) if attribute.HasField("g") else ()), *attribute.graphs]


def _move_early(model: Model) -> None:
    """ONNX Runtime had some operators in the default domain before ONNX had them: they go to the runtime's domain."""
    version = versions(model)[DEFAULT]
    for node in every_node(model.graph):
        if node.op_type in EARLY and _domain(node.domain) == DEFAULT and version < EARLY[node.op_type]:
            node.domain = RUNTIME
            if RUNTIME not in versions(model):
                model.opset_import.append(onnx.helper.make_opsetid(RUNTIME, 1))


def _sort(graph: Any) -> None:
    """Put nodes behind those whose results they read, as runtimes do with files whose nodes are in another order.

    In a graph with a circle nothing moves; the checker tells it.
    """
    makers = {name: position for position, node in enumerate(graph.node) for name in node.output if name}
    needs = [{makers[name] for name in _read(node) if name in makers} for node in graph.node]
    if all(maker < position for position, needed in enumerate(needs) for maker in needed):
        return
    try:
        order = list(graphlib.TopologicalSorter(dict(enumerate(needs))).static_order())
    except graphlib.CycleError:
        return
    nodes = [graph.node[position].SerializeToString() for position in order]
    del graph.node[:]
    graph.node.extend(onnx.NodeProto.FromString(node) for node in nodes)


def _read(node: Any) -> set[str]:
    """The names that a node, or a graph inside it, reads."""
    inside = (inner for attribute in node.attribute for body in _bodies(attribute) for inner in _graphs(body))
    return {*node.input, *(name for graph in inside for item in graph.node for name in item.input)}


def _check(model: Model) -> None:
    """What onnx's own checker says against the model; of domains that it does not know it says nothing."""
    try:
        onnx.checker.check_model(model)
    except (onnx.checker.ValidationError, ValueError, RuntimeError, EncodeError) as error:
        raise fail(
            "onnx.checker", _first_line(error), "a valid ONNX model", "Export it again; `python -m onnx.checker` says the same."
        ) from error


def _inlined(model: Model) -> Model:
    if not model.functions:
        return model
    check_functions(model)
    try:
        return onnx.inliner.inline_local_functions(model)
    except (ValueError, RuntimeError) as error:
        raise fail("functions", _first_line(error), "functions that can be inlined") from error


def _converted(model: Model) -> Model:
    """The model in an operator set that the rows know."""
    version = versions(model)[DEFAULT]
    if version >= OLDEST or not _uses_default(model.graph):
        return model
    try:
        return onnx.version_converter.convert_version(model, OLDEST)
    except (ValueError, RuntimeError, onnx.version_converter.ConvertError, onnx.shape_inference.InferenceError) as error:
        hint = f"Export the model with operator set {OLDEST} or later."
        raise fail(
            "operator set",
            f"version {version}, which onnx's converter does not convert: {_first_line(error)}",
            f"{OLDEST} or later",
            hint,
        ) from error


def _include_external_data(model: Model, size: int, folder: Path | None) -> None:
    """Put data that lies in other files into the model. Raises CompileError with all files that are not as they should be."""
    problems: list[Problem] = []
    for tensor in _tensors(model):
        if tensor.data_location != onnx.TensorProto.EXTERNAL:
            continue
        try:
            tensor.raw_data = _external(tensor, MAX_BYTES - size, folder)
        except CompileError as error:
            problems += error.problems
            continue
        size += len(tensor.raw_data)
        tensor.data_location = onnx.TensorProto.DEFAULT
        del tensor.external_data[:]
    if problems:
        raise CompileError(problems)


def _tensors(model: Model) -> Iterator[Any]:
    for graph in _graphs(model.graph, *model.functions):
        yield from getattr(graph, "initializer", ())  # a function has none
        for attribute in (attribute for node in graph.node for attribute in node.attribute):
            yield from (*((attribute.t,) if attribute.HasField("t") else ()), *attribute.tensors)


def _external(tensor: Any, room: int, folder: Path | None) -> bytes:
    """The data of a tensor out of its file."""
    where, entries = f'tensor "{tensor.name}"', {entry.key: entry.value for entry in tensor.external_data}
    location = entries.get("location", "")
    if folder is None:
        raise fail(where, "external data", "a model file", "A model given as bytes has no folder: give its path.")
    root, path = folder.resolve(), (folder / location).resolve()
    if not location or Path(location).is_absolute() or root not in path.parents or not path.is_file():
        raise fail(
            where, f"external data in {location!r}", "a file in the model's folder", "Copy the data file beside the model."
        )
    numbers = {key: entries.get(key, "0") for key in ("offset", "length")}
    if not all(re.fullmatch("[0-9]{1,12}", number) for number in numbers.values()):
        raise fail(where, f"external data at {numbers}", "an offset and a length in bytes", DAMAGED)
    offset, length = int(numbers["offset"]), int(numbers["length"])
    available = path.stat().st_size - offset
    length = available if "length" not in entries else length
    if not 0 <= length <= available:
        raise fail(
            where,
            f"{length:,} bytes from {offset:,} on of {location!r}",
            f"at most {max(available, 0):,}",
            "The data file is truncated.",
        )
    if length > room:
        raise fail(where, f"{length:,} more bytes of external data", f"a model of at most {MAX_BYTES:,} bytes")
    with open(path, "rb") as file:
        file.seek(offset)
        return file.read(length)


def _first_line(error: Exception) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
