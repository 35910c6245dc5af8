# SPDX-License-Identifier: Apache-2.0
"""Walks the nodes of a model: every node becomes ops through its row, what only reads constants becomes one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import onnx

from tinycc.errors import CompileError, Problem, fail
from tinycc.frontends.onnx.builder import Builder, Ledger
from tinycc.frontends.onnx.file import DEFAULT, Model, versions
from tinycc.frontends.onnx.integers import with_integers
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.refusals import unsupported
from tinycc.frontends.onnx.rows import rows
from tinycc.frontends.onnx.tensors import TEXT, TYPES, array_of, constant, text_constant, type_name
from tinycc.frontends.onnx.types import in_words_of_onnx
from tinycc.frontends.onnx.weights import with_codes
from tinycc.ir import Graph, Op, Origin, TensorType, Value
from tinycc.numerics.rules import INTEGER, ORT, Numerics
from tinycc.ops.strides import Shape
from tinycc.passes.rewrite import fresh, inside

MAX_NODES = 2**16
"""Nodes of a model, those of inlined functions and unrolled loops among them."""
CARRIERS = ("ArrayFeatureExtractor", "Cast", "Flatten", "Gather", "Identity", "Reshape", "Slice", "Squeeze", "Unsqueeze")
"""Operators that only move elements: texts go through them as numbers of labels."""
MAX_ELEMENTS = 2**31
"""Of one tensor."""


def load_onnx(model: Model, name: str, shapes: Mapping[str, Shape], match: Numerics = ORT) -> Graph:
    """The graph of a model that `read_onnx` returned. `shapes` are those of inputs with dynamic dimensions (1 otherwise),
    `match` is whose arithmetic codes have.

    Raises CompileError with everything that keeps it from being compiled.
    """
    importer = _Importer(model, shapes)
    graph = importer.run(name)
    if importer.problems:
        raise CompileError(importer.problems)
    codes = importer.ledger.codes

    def coded(graph: Graph) -> Graph:
        return with_codes(with_integers(graph, codes, fixed=match == INTEGER), codes)

    return coded(inside(coded, graph))


def tensor_names(model: Model) -> tuple[str, ...]:
    """The names of the model's tensors: `Value.index` is the position in this list."""
    graph = model.graph
    made = (name for node in graph.node for name in node.output)
    names = (*(item.name for item in graph.input), *(item.name for item in graph.initializer), *made)
    return tuple(dict.fromkeys(filter(None, names)))


def _labels(node: Node) -> tuple[str, ...] | None:
    """The texts that the results stand for, since the first operand does. Raises CompileError for what computes with texts."""
    labels = next((value.labels for value in node.inputs if value is not None and value.labels is not None), None)
    if labels is not None and (node.kind not in CARRIERS or node.x.labels is None):
        raise node.error("texts as operands", "numbers", "Do this before or behind the model.")
    return labels


def _declared(graph: Any) -> Iterator[tuple[str, Shape]]:
    """Names of values, and the shapes that the file says they have."""
    for item in (*graph.value_info, *graph.output):
        dims = item.type.tensor_type.shape.dim
        if item.type.tensor_type.HasField("shape") and all(dim.HasField("dim_value") for dim in dims):
            yield item.name, tuple(int(dim.dim_value) for dim in dims)


def input_value(item: Any, requested: Shape | None) -> Value:
    """A model input; dynamic dimensions are 1 where no shape is requested. Raises CompileError."""
    where, tensor = f"input {item.name}", item.type.tensor_type
    if not item.type.HasField("tensor_type") or tensor.elem_type not in TYPES:
        found = type_name(tensor.elem_type) if item.type.HasField("tensor_type") else str(item.type.WhichOneof("value"))
        expected = " or ".join(dtype.value for dtype in TYPES.values())
        raise fail(where, f"elements of {found}", expected, "Let the model begin with float32 or integer tensors.")
    if not tensor.HasField("shape"):
        if requested is None:
            raise fail(where, "no shape", "one", f"Give it: --input-shape {item.name}=1,3,32,32 or the like.")
        declared = (-1,) * len(requested)
    else:
        declared = tuple(max(dim.dim_value, 0) if dim.HasField("dim_value") else -1 for dim in tensor.shape.dim)
    shape = tuple(1 if size < 0 else size for size in declared) if requested is None else requested
    if len(shape) != len(declared) or any(size not in (-1, wanted) for size, wanted in zip(declared, shape, strict=True)):
        sizes = ["?" if size < 0 else size for size in declared]
        raise fail(f"--input-shape {item.name}", str(list(shape)), f"sizes as in {sizes}")
    type = TensorType(shape, TYPES[tensor.elem_type])
    if not type.storable:
        raise fail(where, f"shape {list(shape)}", f"less than {MAX_ELEMENTS:,} elements")
    return Value(item.name, type)


def _misfit(node: Node, error: Exception) -> CompileError:
    """For operands of ranks and sizes that the operator does not have: onnx's checker does not look at them, and what computes
    with shapes stumbles."""
    types = ", ".join("none" if value is None else str(value.type) for value in node.inputs)
    hint = f"If ONNX Runtime runs the model, please report it with the words: {error}."
    return node.error(f"operands {types or 'none'}", f"operands and attributes that {node.kind} takes", hint)


def _content(attribute: Any, origin: Origin) -> Any:
    """What an attribute holds. Raises CompileError."""
    try:
        return onnx.helper.get_attribute_value(attribute)
    except ValueError as error:
        found = f"attribute {attribute.name}, of which the value is not in the file"
        raise CompileError(Problem(str(origin), found, "a value", "", origin.kind)) from error


@dataclass
class _Importer:
    """`values`: what stands for each name so far. `unknown`: names that a refused node would make; who reads them is not
    looked at."""

    model: Model
    shapes: Mapping[str, Shape]
    ledger: Ledger = field(default_factory=Ledger)
    values: dict[str, Value] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    nodes: int = 0
    subgraphs: int = 0

    def __post_init__(self) -> None:
        self.versions = versions(self.model)
        self.declared = dict(_declared(self.model.graph))
        self.indices = {name: index for index, name in enumerate(tensor_names(self.model))}

    def run(self, name: str) -> Graph:
        proto = self.model.graph
        self._initializers(proto.initializer)
        inputs = tuple(value for item in proto.input if (value := self._input(item)) is not None)
        self._check_requested(proto)
        self._nodes(proto.node)
        outputs = tuple(self._output(item) for item in proto.output)
        return Graph(name, inputs, tuple(value for value in outputs if value is not None), tuple(self.ledger.ops))

    def _nodes(self, records: Iterable[Any], subgraph: int = 0) -> None:
        for position, record in enumerate(records):
            try:
                self._node(position, record, subgraph)
            except CompileError as error:
                self.problems += error.problems
                self.unknown.update(filter(None, record.output))

    def inlined(self, proto: Any, inputs: Sequence[Value]) -> tuple[Value, ...]:
        """The results of a graph inside a node: it sees what is there so far, nothing of it is seen outside.

        Raises CompileError with all its problems.
        """
        outer = self.values, self.unknown, self.problems
        self.values, self.unknown, self.problems = dict(self.values), set(self.unknown), []
        self.subgraphs += 1
        try:
            self._initializers(proto.initializer)
            self.values |= {item.name: value for item, value in zip(proto.input, inputs, strict=True)}
            self._nodes(proto.node, self.subgraphs)
            results = tuple(self._result(item.name) for item in proto.output)
            if self.problems or None in results:
                raise CompileError(self.problems)
            return tuple(value for value in results if value is not None)
        finally:
            self.values, self.unknown, self.problems = outer

    def _initializers(self, tensors: Iterable[Any]) -> None:
        for tensor in tensors:
            try:
                value = text_constant(tensor) if tensor.data_type == TEXT else constant(tensor.name, array_of(tensor))
            except CompileError as error:
                self.problems += error.problems
                self.unknown.add(tensor.name)
            else:
                self._bind(tensor.name, value)

    def _bind(self, name: str, value: Value) -> None:
        """Let `name` stand for a value, which is called so unless another one, of a graph that runs again, already is."""
        free = name if name not in self.ledger.names else f"{name}_{self.nodes}"
        self.values[name] = replace(value, name=fresh(free, self.ledger.names), index=self.indices.get(name))

    def _input(self, item: Any) -> Value | None:
        """A model input; None for one that an initializer gives its content."""
        if item.name in self.values or item.name in self.unknown:
            return None
        try:
            value = input_value(item, self.shapes.get(item.name))
        except CompileError as error:
            self.problems += error.problems
            self.unknown.add(item.name)
            return None
        self._bind(item.name, value)
        return self.values[item.name]

    def _check_requested(self, proto: Any) -> None:
        names = [item.name for item in proto.input if item.name in self.values and not self.values[item.name].constant]
        for name in sorted(set(self.shapes) - set(names)):
            self.problems.append(Problem("--input-shape", f"input {name}", " or ".join(names)))
        if not proto.output:
            self.problems.append(Problem("model outputs", "none", "at least one", "The file holds nothing to compute."))

    def _node(self, position: int, record: Any, subgraph: int) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise fail(f"op {position} {record.op_type}", f"node {self.nodes:,}", f"at most {MAX_NODES:,}, loops unrolled")
        if self.unknown.intersection(record.input):
            self.unknown.update(filter(None, record.output))
            return
        domain = DEFAULT if record.domain == "ai.onnx" else record.domain
        kind = f"{domain}.{record.op_type}" if domain else record.op_type
        origin = Origin(position, kind, record.name or next(filter(None, record.output), ""), subgraph)
        try:
            self._lower(record, domain, origin)
        except CompileError as error:  # What an operator's formula finds does not know where it stands.
            raise CompileError(problem.placed(str(origin), kind) for problem in error.problems) from error

    def _lower(self, record: Any, domain: str, origin: Origin) -> None:
        kind = origin.kind
        function = rows().get((domain, record.op_type))
        if function is None:
            raise CompileError(Problem(str(origin), kind, *unsupported(domain, record.op_type), kind))
        undefined = [name for name in record.input if name and name not in self.values]
        if undefined:
            raise CompileError(
                Problem(str(origin), f"operand {undefined[0]}, which is not made before", "nodes in order", "", kind)
            )
        node = Node(
            origin,
            record.op_type,
            self.versions.get(domain, 1),
            tuple(self.values[name] if name else None for name in record.input),
            tuple(record.output),
            {attribute.name: _content(attribute, origin) for attribute in record.attribute},
            declared=tuple(self.declared.get(name) for name in record.output),
        )
        name = fresh(next(filter(None, record.output), kind), set())
        start = len(self.ledger.ops)
        build = Builder(self.ledger, replace(origin, name=name), self.inlined)
        labels = _labels(node)
        try:
            made = function(node, build)
        except CompileError as error:
            raise CompileError(in_words_of_onnx(problem, node, domain) for problem in error.problems) from error
        except (ValueError, IndexError, OverflowError, ZeroDivisionError) as error:
            raise _misfit(node, error) from error
        results = made if isinstance(made, tuple) else (made,)
        if labels is not None:
            build.labels.update(dict.fromkeys(results, labels))
        if ignored := sorted(set(node.attributes) - node.read):
            raise node.error(f"attribute {ignored[0]}", "an operator without it")
        if len(results) < len([name for name in record.output if name]):
            raise node.error(f"{len(record.output)} outputs", f"{len(results)}")
        self._name(start, dict(zip(record.output, results, strict=False)), origin, build)

    def _name(self, start: int, results: dict[str, Value], origin: Origin, build: Builder) -> None:
        """Call the results of the ops from `start` on by the names that the file has for them."""
        new: dict[Value, Value] = {}
        made = {value for op in self.ledger.ops[start:] for value in op.outputs}
        for name, value in results.items():
            if not name:
                continue
            if value.constant or (value in made and value not in new):
                self._bind(name, replace(value, labels=build.labels.get(value)))
                new[value] = self.values[name]
            else:
                self.values[name] = new.get(value, value)
        ops: list[Op] = [
            replace(op.with_operands(new), origin=origin if op.origin == build.origin else op.origin)
            for op in self.ledger.ops[start:]
        ]
        self.ledger.ops[start:] = [replace(op, outputs=tuple(new.get(value, value) for value in op.outputs)) for op in ops]

    def _output(self, item: Any) -> Value | None:
        """A result of the model, which must be of the type that the file says."""
        value, declared = self._result(item.name), item.type.tensor_type.elem_type
        if value is not None and value.labels is None and declared and TYPES.get(declared) is not value.dtype:
            expected = f"elements of {value.dtype.value}"
            self.problems.append(Problem(f"output {item.name}", f"elements of {type_name(declared)}", expected))
        return value

    def _result(self, name: str) -> Value | None:
        if name not in self.values and name not in self.unknown:
            self.problems.append(Problem(f"output {name}", "no node that makes it", "one"))
        return self.values.get(name)
