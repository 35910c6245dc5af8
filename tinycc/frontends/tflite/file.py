# SPDX-License-Identifier: Apache-2.0
"""Reads a .tflite flatbuffer into plain records. Nothing is trusted: every offset and length may be hostile.

Long, as it is one format: every record of the file that is read, each with its bounds.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import tflite
from flatbuffers import flexbuffers
from flatbuffers.number_types import Int32Flags, Uint8Flags
from flatbuffers.table import Table

from tinycc.errors import between, fail
from tinycc.frontends.tflite.packed import Level, SparsityRecord

SCHEMA_VERSION = 3
DAMAGED = "The file is truncated or damaged: convert or download it again."


@dataclass(frozen=True)
class BlocksRecord:
    """Quantization in blocks of `size` elements: the numbers of the tensors with their scales and zero points."""

    scales: int
    zero_points: int
    size: int


@dataclass(frozen=True)
class QuantizationRecord:
    """`affine`: by scales and zero points, as here, or in `blocks`; all else is unknown."""

    scales: tuple[float, ...]
    zero_points: tuple[int, ...]
    axis: int
    affine: bool
    blocks: BlocksRecord | None = None


@dataclass(frozen=True)
class TensorRecord:
    """`shape` as stored; `signature` has -1 for dynamic dimensions (empty: the file has none); `data` None if not constant.

    `sparsity`: `data` has only the elements that it says. `table`: `data` are indices into it. `unsigned`: an int8 tensor here
    that is uint8 in the file (see unsigned.py).
    """

    name: str
    shape: tuple[int, ...]
    signature: tuple[int, ...]
    dtype: str
    data: memoryview | None
    quantization: QuantizationRecord | None
    variable: bool
    sparsity: SparsityRecord | None = None
    table: TableRecord | None = None
    unsigned: bool = False


@dataclass(frozen=True)
class TableRecord:
    """The look-up table of a constant that TFLM's tools compressed, and the bits of an index."""

    values: bytes
    width: int


@dataclass(frozen=True)
class OperatorRecord:
    """`kind` is the builtin operator's name, or `CUSTOM:name`; -1 in `inputs` is an operand left out.

    `options` are those of the schema, or a custom operator's own. `intermediates` only have a quantization.
    """

    kind: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options: Mapping[str, Any]
    intermediates: tuple[int, ...] = ()


@dataclass(frozen=True)
class SubgraphRecord:
    tensors: tuple[TensorRecord, ...]
    operators: tuple[OperatorRecord, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


@dataclass(frozen=True)
class ModelRecord:
    """The first subgraph is the model; others are what its control flow calls, or further entry points: `signatures` says which
    subgraph each name stands for."""

    subgraphs: tuple[SubgraphRecord, ...]
    signatures: Mapping[str, int] = field(default_factory=dict)


def _names(enum: type) -> dict[int, str]:
    return {value: name for name, value in vars(enum).items() if not name.startswith("_")}


_KINDS = _names(tflite.BuiltinOperator)
_TYPES = {19: "INT2", 20: "UINT4", 21: "FLOAT8_E4M3FN", 22: "FLOAT8_E5M2", **_names(tflite.TensorType)}
"""With those of newer schemas, for the message that refuses them."""
_OPTIONS = _names(tflite.BuiltinOptions)
_OPTIONS_2 = _names(tflite.BuiltinOptions2)
_BLOCKWISE = 2
"""QuantizationDetails in newer schemas. NONE and CustomQuantization come before it, MultiAxisQuantization after it."""
_BUILTIN_CODE = 3
"""Number of the field in OperatorCode."""
_COMPRESSION = b"COMPRESSION_METADATA"
"""Name of the metadata with which TFLM's tools compressed constants before they wrote TFLM_DECODE operators."""
_EXTERNAL_BUFFER = 10
"""Number of the field in Tensor: newer schemas keep constants in other files."""
_ENUM_OPTIONS = {
    "mode": _names(tflite.MirrorPadMode),
    "padding": _names(tflite.Padding),
    "fused_activation_function": _names(tflite.ActivationFunctionType),
    "weights_format": _names(tflite.FullyConnectedOptionsWeightsFormat),
    "quantized_bias_type": _names(tflite.TensorType),
    "reduce_function": _names(tflite.ReduceWindowFunction),
}


def read_file(data: bytes) -> ModelRecord:
    """Parse a whole file. Raises CompileError for anything that is not an intact TFLite model."""
    if data[4:8] != b"TFL3":
        raise fail("file", f"{data[4:8]!r} at byte 4", "b'TFL3' at byte 4, as in every TFLite model", "Is this a .tflite file?")
    return _Reader(data).model()


_BAD_OFFSET = (struct.error, TypeError, ValueError)
"""What following a bad offset raises in the flatbuffers package: unpacking past the end, a position that is no uint32, a
vector that is longer than the file."""


_BAD_FLEXBUFFER = (*_BAD_OFFSET, LookupError, AttributeError, UnicodeDecodeError, OverflowError)
"""The same for the package's reader of flexbuffers."""

MAX_CUSTOM_OPTIONS = 100


class _Reader:
    """One pass over a file. Offsets may make vectors overlap, so that a small file seems to hold many large ones: in all, no
    more entries are read than an honest file of that size could hold."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.entries_left = 2 * len(data)
        self.kinds: list[str] = []
        self.tables: dict[tuple[int, int], TableRecord] = {}

    def model(self) -> ModelRecord:
        with self._at("file"):
            model = tflite.Model.GetRootAs(self.data, 0)
            version = model.Version()
            if version != SCHEMA_VERSION:
                raise fail("file", f"schema version {version}", f"{SCHEMA_VERSION}", "Convert it with a newer converter.")
            subgraphs = self._count(model.SubgraphsLength())
            if not subgraphs:
                raise fail("file", "no subgraph", "at least one", "The file holds no model.")
            self.kinds = [self._kind(model.OperatorCodes(i)) for i in range(self._count(model.OperatorCodesLength()))]
            self.tables = self._tables(model)
            signatures = dict(self._signature(model.SignatureDefs(i)) for i in range(self._count(model.SignatureDefsLength())))
        found = {name: number for name, number in signatures.items() if 0 <= number < subgraphs}
        return ModelRecord(tuple(self._subgraph(model, index) for index in range(subgraphs)), found)

    def _signature(self, signature: Any) -> tuple[str, int]:
        return self._name(signature.SignatureKey()), int(signature.SubgraphIndex())

    def _subgraph(self, model: Any, number: int) -> SubgraphRecord:
        with self._at("file"):
            graph = model.Subgraphs(number)
            counts = self._count(graph.TensorsLength()), self._count(graph.OperatorsLength())
        tensors = tuple(self._tensor(model, graph, number, index) for index in range(counts[0]))
        operators = tuple(self._operator(graph, index, len(tensors)) for index in range(counts[1]))
        with self._at("file"):
            ends = self._vector(graph, "Inputs"), self._vector(graph, "Outputs")
        inputs = _indices("model inputs", ends[0], len(tensors))
        outputs = _indices("model outputs", ends[1], len(tensors))
        return SubgraphRecord(tensors, operators, inputs, outputs)

    @contextmanager
    def _at(self, where: str) -> Iterator[None]:
        try:
            yield
        except _BAD_OFFSET as error:
            found = "an offset or a length that leads out of the file"
            raise fail(where, found, f"all within {len(self.data):,} bytes", DAMAGED) from error

    def _count(self, length: int) -> int:
        """A vector's length, charged to what is left to read."""
        self.entries_left -= length
        if self.entries_left < 0:
            raise ValueError("more entries than the file can hold")
        return int(length)

    def _vector(self, table: Any, field: str) -> tuple[Any, ...]:
        """A vector of numbers."""
        length = self._count(getattr(table, f"{field}Length")())
        return tuple(getattr(table, f"{field}AsNumpy")().tolist()) if length else ()

    def _name(self, raw: bytes | None) -> str:
        """A name that is safe in messages, identifiers' comments and file listings."""
        self._count(len(raw or b""))
        return re.sub(r"[^A-Za-z0-9_./:;\[\]-]", "_", (raw or b"")[:1000].decode("utf-8", "replace"))[:200]

    def _kind(self, code: Any) -> str:
        builtin = builtin_code(code)
        # 0, which is ADD, is also what a writer leaves there that names a custom operator alone.
        if builtin == tflite.BuiltinOperator.CUSTOM or (builtin == 0 and code.CustomCode()):
            return f"CUSTOM:{self._name(code.CustomCode())}"
        return _KINDS.get(builtin, f"BUILTIN_{builtin}")

    def _tensor(self, model: Any, graph: Any, number: int, index: int) -> TensorRecord:
        where = f"tensor {index}"
        with self._at(where):
            tensor = graph.Tensors(index)
            if _int32_field(tensor._tab, _EXTERNAL_BUFFER):
                found, hint = "constants in another file", "Convert or export the model into one file."
                raise fail(where, found, "all data in the .tflite file", hint)
            return TensorRecord(
                name=self._name(tensor.Name()) or f"tensor_{index}",
                shape=self._vector(tensor, "Shape"),
                signature=self._vector(tensor, "ShapeSignature"),
                dtype=_TYPES.get(tensor.Type(), f"TYPE_{tensor.Type()}"),
                data=self._buffer(model, tensor.Buffer(), where),
                quantization=self._quantization(tensor.Quantization()),
                variable=bool(tensor.IsVariable()),
                sparsity=self._sparsity(tensor.Sparsity()),
                table=self.tables.get((number, index)),
            )

    def _buffer(self, model: Any, index: int, where: str) -> memoryview | None:
        """The bytes of buffer `index`, inside the flatbuffer or appended behind it; None for an empty one, which marks a
        tensor that is computed at run time."""
        count = model.BuffersLength()
        if index >= count:
            if index == 0:  # The empty one, which some writers leave out if there is no other.
                return None
            raise fail(where, f"buffer {index}", between(0, count - 1), DAMAGED)
        buffer = model.Buffers(index)
        start, size = buffer.Offset(), buffer.Size()
        if start > 1:
            if start + size > len(self.data):
                raise fail(where, f"data at bytes {start}..{start + size}", f"within {len(self.data):,} bytes", DAMAGED)
            return memoryview(self.data)[start : start + size]
        return memoryview(buffer.DataAsNumpy()) if buffer.DataLength() else None

    def _quantization(self, quantization: Any) -> QuantizationRecord | None:
        if quantization is None:
            return None
        scales, details = self._vector(quantization, "Scale"), quantization.DetailsType()
        if not scales and details < _BLOCKWISE:
            return None
        blocks = quantization.Details() if details == _BLOCKWISE else None
        return QuantizationRecord(
            scales=scales,
            zero_points=self._vector(quantization, "ZeroPoint"),
            axis=quantization.QuantizedDimension(),
            affine=details == tflite.QuantizationDetails.NONE or blocks is not None,
            blocks=blocks and BlocksRecord(*(_int32_field(blocks, number) for number in range(3))),
        )

    def _sparsity(self, sparsity: Any) -> SparsityRecord | None:
        if sparsity is None:
            return None
        levels = []
        for number in range(self._count(sparsity.DimMetadataLength())):
            level = sparsity.DimMetadata(number)
            if level.Format() == tflite.DimensionType.DENSE:
                levels.append(Level(level.DenseSize()))
                continue
            segments = self._indices(level.ArraySegmentsType(), level.ArraySegments())
            levels.append(Level(0, segments, self._indices(level.ArrayIndicesType(), level.ArrayIndices())))
        return SparsityRecord(self._vector(sparsity, "TraversalOrder"), self._vector(sparsity, "BlockMap"), tuple(levels))

    def _indices(self, kind: int, table: Table | None) -> tuple[int, ...]:
        """A vector of indices of whichever type."""
        cls = {1: tflite.Int32Vector, 2: tflite.Uint16Vector, 3: tflite.Uint8Vector}.get(kind)
        if cls is None or table is None:
            return ()
        vector = cls()
        vector.Init(table.Bytes, table.Pos)
        return self._vector(vector, "Values")

    def _tables(self, model: Any) -> dict[tuple[int, int], TableRecord]:
        """The look-up tables of compressed tensors, by subgraph and tensor. Source: TFLM compression/metadata.fbs."""
        found: dict[tuple[int, int], TableRecord] = {}
        for number in range(self._count(model.MetadataLength())):
            metadata = model.Metadata(number)
            content = self._buffer(model, metadata.Buffer(), "metadata") if metadata.Name() == _COMPRESSION else None
            if content is None:
                continue
            data = bytes(content)
            (start,) = struct.unpack_from("<I", data, 4)  # behind the size
            root = Table(data, 4 + start)
            for graph, tensors in enumerate(_tables_of(root, 1)):
                for entry in _tables_of(tensors, 0):
                    values = self._buffer(model, _int32_field(entry, 1), "metadata")
                    place = graph, _int32_field(entry, 0)
                    found[place] = TableRecord(bytes(values or b""), _uint8_field(entry, 2))
                    self._count(1)
        return found

    def _operator(self, graph: Any, index: int, tensors: int) -> OperatorRecord:
        with self._at(f"op {index}"):
            operator = graph.Operators(index)
            code = operator.OpcodeIndex()
            if not 0 <= code < len(self.kinds):
                raise fail(f"op {index}", f"operator code {code}", between(0, len(self.kinds) - 1), DAMAGED)
            kind = self.kinds[code]
            where = f"op {index} {kind}"
            return OperatorRecord(
                kind=kind,
                inputs=_indices(where, self._vector(operator, "Inputs"), tensors, lowest=-1),
                outputs=_indices(where, self._vector(operator, "Outputs"), tensors),
                options=self._custom_options(operator) if kind.startswith("CUSTOM:") else self._options(operator),
                intermediates=_indices(where, self._vector(operator, "Intermediates"), tensors, lowest=-1),
            )

    def _custom_options(self, operator: Any) -> dict[str, Any]:
        """The numbers and booleans of the flexbuffer that a custom operator's options mostly are; none of anything else."""
        raw = bytes(self._vector(operator, "CustomOptions"))
        try:
            root = flexbuffers.GetRoot(raw)
            if not root.IsMap or len(root.AsMap.Keys) > MAX_CUSTOM_OPTIONS:
                return {}
            names = [key.AsKey for key in root.AsMap.Keys]
            return dict(filter(None, map(_custom_option, names, root.AsMap.Values)))
        except _BAD_FLEXBUFFER:
            return {}

    def _options(self, operator: Any) -> dict[str, Any]:
        """Every scalar and vector field of the operator's options table, by its snake_case schema name.

        The schema has a second union of such tables, as the first was full.
        """
        name, table = _OPTIONS.get(operator.BuiltinOptionsType(), ""), operator.BuiltinOptions()
        if table is None or name in ("", "NONE"):
            name, table = _OPTIONS_2.get(operator.BuiltinOptions2Type(), ""), operator.BuiltinOptions2()
        if table is None or name in ("", "NONE"):
            return {}
        options = getattr(tflite, name)()
        options.Init(table.Bytes, table.Pos)
        found: dict[str, Any] = {}
        for option, getter, vector in _option_fields(name):
            content: Any = self._vector(options, getter) if vector else getattr(options, getter)()
            found[option] = _ENUM_OPTIONS[option].get(content, str(content)) if option in _ENUM_OPTIONS else content
        return found


def builtin_code(code: Any) -> int:
    """Of an OperatorCode. Files before schema 3a have only the old 8-bit field; newer ones keep 127 there when the code does
    not fit, or leave it out. The package's accessor of the new field takes the old one for codes below 127, so the field
    itself is read."""
    return max(_int32_field(code._tab, _BUILTIN_CODE), int(code.DeprecatedBuiltinCode()))


def _int32_field(table: Table, number: int) -> int:
    """Field `number` of a table for which the schema package has no class; 0 if it is left out."""
    offset = table.Offset(4 + 2 * number)
    return int(table.Get(Int32Flags, table.Pos + offset)) if offset else 0


def _uint8_field(table: Table, number: int) -> int:
    offset = table.Offset(4 + 2 * number)
    return int(table.Get(Uint8Flags, table.Pos + offset)) if offset else 0


def _tables_of(table: Table, number: int) -> Iterator[Table]:
    """The tables of the vector in a field."""
    offset = table.Offset(4 + 2 * number)
    for entry in range(table.VectorLen(offset) if offset else 0):
        yield Table(table.Bytes, table.Indirect(table.Vector(offset) + 4 * entry))


def _custom_option(name: str, content: flexbuffers.Ref) -> tuple[str, Any] | None:
    """(name, value) of a number or a boolean."""
    if content.IsBool:
        return name, content.AsBool
    if content.IsInt:
        return name, content.AsInt
    return (name, content.AsFloat) if content.IsFloat else None


def _indices(where: str, found: tuple[int, ...], tensors: int, *, lowest: int = 0) -> tuple[int, ...]:
    for index in found:
        if not lowest <= index < tensors:
            raise fail(where, f"tensor {index}", between(lowest, tensors - 1), DAMAGED)
    return found


@cache
def _option_fields(name: str) -> tuple[tuple[str, str, bool], ...]:
    """(schema name, getter, is a vector) of each field of a generated options class."""
    members = vars(getattr(tflite, name))
    skip = ("Init", "GetRootAs", f"GetRootAs{name}", f"{name}BufferHasIdentifier")
    getters = [
        member
        for member, content in members.items()
        if callable(content) and member[0].isupper() and member not in skip
        and not (member.endswith(("Length", "AsNumpy", "IsNone")) and re.sub("(Length|AsNumpy|IsNone)$", "", member) in members)
    ]  # fmt: skip
    return tuple((re.sub(r"(?<!^)(?=[A-Z])", "_", getter).lower(), getter, f"{getter}Length" in members) for getter in getters)
