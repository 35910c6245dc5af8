# SPDX-License-Identifier: Apache-2.0
"""ONNX models for tests, written in a few lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tinycc.ir import Array

Inputs = Mapping[str, Sequence[int | str] | tuple[int, Sequence[int | str]]]
"""Name -> shape of float32, or (element type, shape)."""


def node(kind: str, inputs: str, outputs: str, domain: str = "", **attributes: Any) -> Any:
    """Operands and results are given as words; `-` is one left out."""
    read = ["" if name == "-" else name for name in inputs.split()]
    return helper.make_node(kind, read, outputs.split(), domain=domain, **attributes)


def model(
    nodes: Sequence[Any],
    inputs: Inputs,
    outputs: str,
    constants: Mapping[str, Array] | None = None,
    *,
    opset: int = 21,
    domains: Mapping[str, int] | None = None,
) -> bytes:
    """A model; the types of its outputs are left to inference, where that fails those of the first input."""
    return proto(nodes, inputs, outputs, constants, opset=opset, domains=domains).SerializeToString()


def proto(
    nodes: Sequence[Any],
    inputs: Inputs,
    outputs: str,
    constants: Mapping[str, Array] | None = None,
    *,
    opset: int = 21,
    domains: Mapping[str, int] | None = None,
) -> Any:
    graph = helper.make_graph(
        list(nodes),
        "test",
        [_value(name, given) for name, given in inputs.items()],
        [helper.make_empty_tensor_value_info(name) for name in outputs.split()],
        [numpy_helper.from_array(np.asarray(array), name) for name, array in (constants or {}).items()],
    )
    imports = [helper.make_opsetid("", opset), *(helper.make_opsetid(*item) for item in (domains or {}).items())]
    made = helper.make_model(graph, opset_imports=imports, ir_version=min(onnx.IR_VERSION, 10))
    inferred = onnx.shape_inference.infer_shapes(made)
    known = {item.name: item for item in inferred.graph.output}
    for item in made.graph.output:
        if known[item.name].type.HasField("tensor_type"):
            item.type.CopyFrom(known[item.name].type)
            item.type.tensor_type.shape.SetInParent()
        else:
            item.type.CopyFrom(made.graph.input[0].type)
    return made


def _value(name: str, given: Any) -> Any:
    dtype, shape = (
        given
        if isinstance(given[0] if given else 0, int) and len(given) == 2 and not isinstance(given[1], (int, str))
        else (TensorProto.FLOAT, given)
    )
    return helper.make_tensor_value_info(name, dtype, list(shape))


def noise(*shape: int, seed: int = 0, dtype: str = "float32") -> Array:
    """Weights."""
    drawn = np.random.default_rng([seed, *shape]).standard_normal(shape)
    return np.asarray(drawn * 0.5, dtype)


@dataclass(frozen=True)
class Case:
    """A model that numpy, the C and ONNX Runtime must agree on. `oracle`: "ort" or "reference"."""

    name: str
    data: bytes = field(repr=False)
    oracle: str = "ort"


def case(
    name: str,
    nodes: Sequence[Any],
    inputs: Inputs,
    constants: Mapping[str, Array] | None = None,
    *,
    outputs: str = "y",
    opset: int = 21,
    oracle: str = "ort",
    domains: Mapping[str, int] | None = None,
) -> Case:
    return Case(name, model(nodes, inputs, outputs, constants, opset=opset, domains=domains), oracle)
