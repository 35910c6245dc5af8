# SPDX-License-Identifier: Apache-2.0
"""Operators that ONNX defines by other operators: what has no row of its own is taken as its definition says it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import onnx
import onnx.inliner

from tinycc.frontends.onnx.rows import rows

MAX_DEPTH = 8
"""Definitions inside definitions."""


def with_bodies(model: Any) -> Any:
    """The model with operators that have no row, but a definition by others, replaced by it."""
    for _ in range(MAX_DEPTH):
        wanted = sorted(set(_undefined(model.graph)))
        if not wanted:
            return model
        try:
            expanded = onnx.inliner.inline_selected_functions(model, wanted, inline_schema_functions=True)
        except (ValueError, RuntimeError, onnx.shape_inference.InferenceError):
            return model
        if len(expanded.graph.node) == len(model.graph.node):
            return model
        model = expanded
    return model


def _undefined(graph: Any) -> Iterator[tuple[str, str]]:
    """(domain, operator) of nodes that could be expanded, those of inner graphs among them."""
    for node in graph.node:
        domain = "" if node.domain == "ai.onnx" else node.domain
        if (domain, node.op_type) not in rows() and _has_body(domain, node.op_type):
            yield node.domain, node.op_type
        for attribute in node.attribute:
            for inner in (*((attribute.g,) if attribute.HasField("g") else ()), *attribute.graphs):
                yield from _undefined(inner)


@cache
def _has_body(domain: str, kind: str) -> bool:
    if not onnx.defs.has(kind, domain):
        return False
    schema = onnx.defs.get_schema(kind, domain=domain)
    return bool(schema.has_function or schema.has_context_dependent_function)
