# SPDX-License-Identifier: Apache-2.0
"""Operators that ONNX defines by other operators: what has no row of its own is taken as its definition says it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import onnx
import onnx.inliner
import onnx.shape_inference

from tinycc.frontends.onnx.rows import rows

MAX_DEPTH = 8
"""Definitions inside definitions."""
_DOMAIN = "tinycc.definitions"


def with_bodies(model: Any) -> Any:
    """The model with operators that have no row, but a definition by others, replaced by it."""
    for _ in range(MAX_DEPTH):
        expanded = _expanded(model)
        if expanded is None:
            break
        model = expanded
    return model


def _expanded(model: Any) -> Any | None:
    """The model with one definition for each such node inlined; None if there is none."""
    if not any(_defined(node) for node in _nodes(model.graph)):
        return None
    try:
        known = onnx.shape_inference.infer_shapes(model)
        types = _types(known.graph)
        versions = {entry.domain: entry.version for entry in known.opset_import}
        bodies = [body for node in list(_nodes(known.graph)) if (body := _replaced(node, types, versions)) is not None]
        if not bodies:
            return None
        for number, body in enumerate(bodies):
            body[0].op_type, body[0].domain = f"definition_{number}", _DOMAIN
            body[1].name, body[1].domain = f"definition_{number}", _DOMAIN
        known.functions.extend(function for _, function in bodies)
        known.opset_import.append(onnx.helper.make_opsetid(_DOMAIN, 1))
        return onnx.inliner.inline_local_functions(known, convert_version=True)
    except (ValueError, RuntimeError, onnx.shape_inference.InferenceError):
        return None


def _nodes(graph: Any) -> Iterator[Any]:
    """The nodes of a graph and of those inside it."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            for inner in (*((attribute.g,) if attribute.HasField("g") else ()), *attribute.graphs):
                yield from _nodes(inner)


def _types(graph: Any) -> dict[str, bytes]:
    """The types of values, written as bytes."""
    found = {item.name: item.type.SerializeToString() for item in (*graph.input, *graph.value_info, *graph.output)}
    for tensor in graph.initializer:
        found[tensor.name] = onnx.helper.make_tensor_type_proto(tensor.data_type, tensor.dims).SerializeToString()
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("g"):
                found |= _types(attribute.g)
    return found


def _defined(node: Any) -> bool:
    """Whether the node has no row but may have a definition."""
    domain = "" if node.domain == "ai.onnx" else node.domain
    return (domain, node.op_type) not in rows() and onnx.defs.has(node.op_type, domain)


def _replaced(node: Any, types: dict[str, bytes], versions: dict[str, int]) -> tuple[Any, Any] | None:
    """The node, its attributes complete, and its definition; None if it has none."""
    domain = "" if node.domain == "ai.onnx" else node.domain
    if not _defined(node):
        return None
    version = versions.get(domain, 1)
    schema: Any = onnx.defs.get_schema(node.op_type, version, domain)
    if schema.has_context_dependent_function:
        nothing = onnx.TypeProto().SerializeToString()
        given = [types.get(name, nothing) for name in node.input]
        usable = [item for item in schema.context_dependent_function_opset_versions if item <= version]
        if not usable or any(name and name not in types for name in node.input):
            return None
        body = schema.get_context_dependent_function_with_opset_version(max(usable), node.SerializeToString(), given)
    elif schema.has_function:
        usable = [item for item in schema.function_opset_versions if item <= version]
        if not usable:
            return None
        body = schema.get_function_with_opset_version(max(usable))
    else:
        return None
    function = onnx.FunctionProto.FromString(body)
    given_names = {attribute.name for attribute in node.attribute}
    for name, attribute in schema.attributes.items():
        if name not in given_names and attribute.default_value.type:
            node.attribute.append(attribute.default_value)
    return node, function
