# SPDX-License-Identifier: Apache-2.0
"""Builds .tflite files for tests, without TensorFlow: what is written here goes through the same front end as users' files.

    m = ModelBuilder()
    x = m.input((1, 5, 5, 3), "int8", scale=0.1, zero_point=3)
    w = m.const(weights, scale=[0.01, 0.02], axis=0)
    y = m.tensor((1, 5, 5, 2), "int8", scale=0.5)
    m.op("CONV_2D", [x, w, -1], [y], stride_h=1, stride_w=1, padding="SAME", fused_activation="RELU")
    model = m.build(outputs=[y])

Methods that declare a tensor return its index. An operator's options have the schema's field names; enumerations are
given by name. Input -1 is an omitted optional operand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import flatbuffers
import numpy as np
import tflite
from numpy.typing import ArrayLike, NDArray

Option = int | float | bool | str | bytes | Sequence[int] | Sequence[float]

# Operators whose options table is not named after them.
_SHARED_OPTIONS = {
    "AVERAGE_POOL_2D": "Pool2DOptions",
    "MAX_POOL_2D": "Pool2DOptions",
    "L2_POOL_2D": "Pool2DOptions",
    "MAXIMUM": "MaximumMinimumOptions",
    "MINIMUM": "MaximumMinimumOptions",
    "CONV_3D_TRANSPOSE": "Conv3DOptions",
    "L2_NORMALIZATION": "L2NormOptions",
    "MEAN": "ReducerOptions",
    "SUM": "ReducerOptions",
    "REDUCE_ALL": "ReducerOptions",
    "REDUCE_ANY": "ReducerOptions",
    "REDUCE_MAX": "ReducerOptions",
    "REDUCE_MIN": "ReducerOptions",
    "REDUCE_PROD": "ReducerOptions",
    "BIDIRECTIONAL_SEQUENCE_RNN": "BidirectionalSequenceRNNOptions",
    "UNIDIRECTIONAL_SEQUENCE_RNN": "SequenceRNNOptions",
    "STABLEHLO_COMPOSITE": "StableHLOCompositeOptions",
}

_ENUMS: dict[str, Any] = {
    "activation": tflite.ActivationFunctionType,
    "fused_activation_function": tflite.ActivationFunctionType,
    "in_data_type": tflite.TensorType,
    "kernel_type": tflite.LSTMKernelType,
    "mode": tflite.MirrorPadMode,
    "out_data_type": tflite.TensorType,
    "out_type": tflite.TensorType,
    "output_type": tflite.TensorType,
    "padding": tflite.Padding,
    "quantized_bias_type": tflite.TensorType,
    "reduce_function": tflite.ReduceWindowFunction,
    "weights_format": tflite.FullyConnectedOptionsWeightsFormat,
}

_PACKED = ("int4", "int2")
_NEWER_TYPES = {"int2": 19}
"""Element types that the schema package does not know."""

_ALIASES = {"fused_activation": "fused_activation_function"}

# Versions that converters write for int8; TFLM does not look at them, LiteRT and others do.
_INT8_VERSIONS = {"CONV_2D": 3, "DEPTHWISE_CONV_2D": 3, "FULLY_CONNECTED": 4, "TRANSPOSE_CONV": 2, "SVDF": 3}
_INT8_VERSION_1 = frozenset(
    {"CUSTOM", "EXPAND_DIMS", "HARD_SWISH", "ONE_HOT", "QUANTIZE", "RELU_N1_TO_1", "RESHAPE", "SCATTER_ND", "SQUEEZE"}
)


@dataclass(frozen=True)
class _Tensor:
    shape: tuple[int, ...]
    dtype: str
    name: str
    buffer: int = 0
    scales: tuple[float, ...] = ()
    zero_points: tuple[int, ...] = ()
    axis: int = 0
    blocks: tuple[int, int] | None = None
    signature: tuple[int, ...] | None = None
    variable: bool = False
    sparsity: dict[str, Any] | None = None


@dataclass(frozen=True)
class _Operator:
    code: int
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    intermediates: tuple[int, ...] = ()
    options: str = ""
    fields: dict[str, Option] = field(default_factory=dict)
    custom_options: bytes = b""


@dataclass
class _File:
    """What all subgraphs share: constants (0 is the empty one) and operator codes (builtin, custom name, version)."""

    buffers: list[bytes] = field(default_factory=lambda: [b""])
    codes: list[tuple[int, str, int]] = field(default_factory=list)
    graphs: list[GraphBuilder] = field(default_factory=list)
    metadata: dict[str, int] = field(default_factory=dict)
    signatures: dict[str, int] = field(default_factory=dict)

    def code(self, key: tuple[int, str, int]) -> int:
        if key not in self.codes:
            self.codes.append(key)
        return self.codes.index(key)


class GraphBuilder:
    """One subgraph. `index` is what IF, WHILE and CALL_ONCE call it by."""

    def __init__(self, file: _File, name: str) -> None:
        self.name = name
        self.index = len(file.graphs)
        self.tensors: list[_Tensor] = []
        self.operators: list[_Operator] = []
        self.inputs: list[int] = []
        self.outputs: list[int] = []
        self._file = file
        file.graphs.append(self)

    def tensor(
        self,
        shape: Sequence[int],
        dtype: str = "float32",
        *,
        scale: float | Sequence[float] | None = None,
        zero_point: int | Sequence[int] = 0,
        axis: int = 0,
        blocks: tuple[int, int] | None = None,
        name: str = "",
        signature: Sequence[int] | None = None,
        variable: bool = False,
        buffer: int = 0,
        sparsity: dict[str, Any] | None = None,
    ) -> int:
        """A tensor without data. Several scales quantize it along `axis`; the zero point may be one for all of them.

        `blocks`: the tensor that holds the scales, and the size of the blocks that have one each. `sparsity`: "order",
        "blocks" and "levels" of a constant of which only some elements are there, the type of its "vector"s.
        """
        scales = () if scale is None else tuple(float(s) for s in np.atleast_1d(scale))
        zero_points = tuple(int(z) for z in np.broadcast_to(zero_point, len(scales)))
        index = len(self.tensors)
        self.tensors.append(
            _Tensor(
                shape=tuple(int(d) for d in shape),
                dtype=dtype,
                name=name or f"t{index}",
                buffer=buffer,
                scales=scales,
                zero_points=zero_points,
                axis=axis,
                blocks=blocks,
                signature=None if signature is None else tuple(signature),
                variable=variable,
                sparsity=sparsity,
            )
        )
        return index

    def input(self, shape: Sequence[int], dtype: str = "float32", **tensor: Any) -> int:
        """The subgraph's next input."""
        self.inputs.append(self.tensor(shape, dtype, **tensor))
        return self.inputs[-1]

    def const(self, data: ArrayLike, dtype: str | None = None, **tensor: Any) -> int:
        """A constant of the array's dtype. `dtype` "int4", "int2": two or four values in a byte, from its lowest bits on."""
        array = np.asarray(data)
        packed = _pack(array, int(dtype[3:])) if dtype in _PACKED else array.tobytes()
        self._file.buffers.append(packed)
        return self.tensor(array.shape, dtype or array.dtype.name, buffer=len(self._file.buffers) - 1, **tensor)

    def op(
        self,
        name: str,
        inputs: Sequence[int],
        outputs: Sequence[int],
        /,
        *,
        version: int | None = None,
        intermediates: Sequence[int] = (),
        **options: Option,
    ) -> None:
        """A builtin operator. Fields that are not given have the schema's defaults (strides: 0)."""
        code = int(getattr(tflite.BuiltinOperator, name))
        table = _options_table(name)
        fields = {_ALIASES.get(key, key): value for key, value in options.items()}
        unknown = [key for key in fields if not table or not hasattr(tflite, f"{table}Add{_camel(key)}")]
        if unknown:
            raise TypeError(f"{name}: {table or 'an operator without options'} has no field {', '.join(unknown)}")
        key = (code, "", version or self._version(name, inputs))
        self._append(
            _Operator(
                code=self._file.code(key),
                inputs=tuple(inputs),
                outputs=tuple(outputs),
                intermediates=tuple(intermediates),
                options=table,
                fields=fields,
            )
        )

    def custom(self, name: str, inputs: Sequence[int], outputs: Sequence[int], options: bytes = b"") -> None:
        """A custom operator; `options` are its bytes as they stand in the file (often a flexbuffer)."""
        key = (tflite.BuiltinOperator.CUSTOM, name, 1)
        self._append(_Operator(self._file.code(key), tuple(inputs), tuple(outputs), custom_options=options))

    def _append(self, operator: _Operator) -> None:
        for index in (*operator.inputs, *operator.outputs, *operator.intermediates):
            assert -1 <= index < len(self.tensors), f"no tensor {index} in {self.name}"
        self.operators.append(operator)

    def _version(self, name: str, inputs: Sequence[int]) -> int:
        int8 = any(self.tensors[i].dtype == "int8" for i in inputs if i >= 0)
        return _INT8_VERSIONS.get(name, 2) if int8 and name not in _INT8_VERSION_1 else 1


class ModelBuilder(GraphBuilder):
    """The main subgraph, and the file around it."""

    def __init__(self, name: str = "main") -> None:
        super().__init__(_File(), name)

    def subgraph(self, name: str) -> GraphBuilder:
        """A further subgraph. Set its `outputs` when it is complete."""
        return GraphBuilder(self._file, name)

    def build(self, outputs: Sequence[int]) -> bytes:
        """The file. `outputs` are the main subgraph's."""
        self.outputs = list(outputs)
        return _Writer().model(self._file)


class _Writer:
    """Writes the tables of schema.fbs, children before parents as flatbuffers wants it."""

    def __init__(self) -> None:
        self.fb = flatbuffers.Builder(1024)

    def model(self, file: _File) -> bytes:
        buffers = self.offsets([self.buffer(data) for data in file.buffers])
        graphs = self.offsets([self.graph(graph) for graph in file.graphs])
        codes = self.offsets([self.operator_code(*code) for code in file.codes])
        more = {"Metadata": self.offsets([self.metadata(*item) for item in file.metadata.items()])} if file.metadata else {}
        if file.signatures:
            more["SignatureDefs"] = self.offsets([self.signature(*item) for item in file.signatures.items()])
        model = self.table("Model", Version=3, OperatorCodes=codes, Subgraphs=graphs, Buffers=buffers, **more)
        self.fb.Finish(model, file_identifier=b"TFL3")
        return bytes(self.fb.Output())

    def signature(self, name: str, subgraph: int) -> int:
        return self.table("SignatureDef", SignatureKey=self.fb.CreateString(name), SubgraphIndex=subgraph)

    def metadata(self, name: str, buffer: int) -> int:
        return self.table("Metadata", Name=self.fb.CreateString(name), Buffer=buffer)

    def sparsity(self, record: dict[str, Any]) -> int:
        vector = record.get("vector", "Int32Vector")
        kind = getattr(tflite.SparseIndexVector, vector)
        dtype = {"Int32Vector": np.int32, "Uint16Vector": np.uint16, "Uint8Vector": np.uint8}[vector]
        levels = []
        for level in record["levels"]:
            if level[0] == tflite.DimensionType.DENSE:
                levels.append(self.table("DimensionMetadata", Format=level[0], DenseSize=level[1]))
                continue
            segments, indices = (self.table(vector, Values=self.vector(np.asarray(item, dtype))) for item in level[1:])
            fields = {"ArraySegmentsType": kind, "ArraySegments": segments, "ArrayIndicesType": kind, "ArrayIndices": indices}
            levels.append(self.table("DimensionMetadata", Format=level[0], **fields))
        order, blocks, metadata = self.ints(record["order"]), self.ints(record["blocks"]), self.offsets(levels)
        return self.table("SparsityParameters", TraversalOrder=order, BlockMap=blocks, DimMetadata=metadata)

    def graph(self, graph: GraphBuilder) -> int:
        tensors = self.offsets([self.tensor(tensor) for tensor in graph.tensors])
        operators = self.offsets([self.operator(operator) for operator in graph.operators])
        inputs, outputs = self.ints(graph.inputs), self.ints(graph.outputs)
        name = self.fb.CreateString(graph.name)
        return self.table("SubGraph", Tensors=tensors, Inputs=inputs, Outputs=outputs, Operators=operators, Name=name)

    def tensor(self, tensor: _Tensor) -> int:
        fields: dict[str, int] = {"Shape": self.ints(tensor.shape), "Name": self.fb.CreateString(tensor.name)}
        if tensor.signature is not None:
            fields["ShapeSignature"] = self.ints(tensor.signature)
        if tensor.scales:
            scale = self.vector(np.asarray(tensor.scales, np.float32))
            zero_point = self.vector(np.asarray(tensor.zero_points, np.int64))
            fields["Quantization"] = self.table(
                "QuantizationParameters", Scale=scale, ZeroPoint=zero_point, QuantizedDimension=tensor.axis
            )
        if tensor.blocks is not None:
            details = self.blocks(*tensor.blocks)
            fields["Quantization"] = self.table("QuantizationParameters", DetailsType=2, Details=details)
        if tensor.sparsity is not None:
            fields["Sparsity"] = self.sparsity(tensor.sparsity)
        dtype = _NEWER_TYPES.get(tensor.dtype) or getattr(tflite.TensorType, tensor.dtype.upper())
        return self.table("Tensor", Type=dtype, Buffer=tensor.buffer, IsVariable=tensor.variable, **fields)

    def blocks(self, scales: int, size: int) -> int:
        """The table BlockwiseQuantization of newer schemas: scales, zero points, block size."""
        self.fb.StartObject(3)
        for slot, number in enumerate((scales, -1, size)):
            self.fb.PrependInt32Slot(slot, number, 0)
        return int(self.fb.EndObject())

    def operator(self, operator: _Operator) -> int:
        fields: dict[str, int] = {"Inputs": self.ints(operator.inputs), "Outputs": self.ints(operator.outputs)}
        if operator.intermediates:
            fields["Intermediates"] = self.ints(operator.intermediates)
        if operator.custom_options:
            fields["CustomOptions"] = self.vector(np.frombuffer(operator.custom_options, np.uint8))
        if operator.options:
            values = {_camel(key): self.option(key, value) for key, value in operator.fields.items()}
            second = "2" if hasattr(tflite.BuiltinOptions2, operator.options) else ""
            union = getattr(tflite, f"BuiltinOptions{second}")
            fields[f"BuiltinOptions{second}"] = self.table(operator.options, **values)
            fields[f"BuiltinOptions{second}Type"] = getattr(union, operator.options)
        return self.table("Operator", OpcodeIndex=operator.code, **fields)

    def option(self, key: str, value: Option) -> Any:
        if isinstance(value, str):
            return getattr(_ENUMS[key], value) if key in _ENUMS else self.fb.CreateString(value)
        if isinstance(value, bytes):
            return self.vector(np.frombuffer(value, np.uint8))
        if isinstance(value, int | float):
            return value
        reals = any(isinstance(item, float) for item in value)
        return self.vector(np.asarray(value, np.float32)) if reals else self.ints(value)

    def operator_code(self, code: int, custom: str, version: int) -> int:
        fields = {"CustomCode": self.fb.CreateString(custom)} if custom else {}
        return self.table("OperatorCode", DeprecatedBuiltinCode=min(code, 127), BuiltinCode=code, Version=version, **fields)

    def buffer(self, data: bytes) -> int:
        """Data at a multiple of 16 bytes, which the runtimes expect since they use it where it stands."""
        if not data:
            return self.table("Buffer")
        self.fb.StartVector(1, len(data), 16)
        self.fb.head -= len(data)
        self.fb.Bytes[self.fb.head : self.fb.head + len(data)] = data
        return self.table("Buffer", Data=self.fb.EndVector())

    def table(self, name: str, **fields: Any) -> int:
        getattr(tflite, f"{name}Start")(self.fb)
        for key, value in fields.items():
            getattr(tflite, f"{name}Add{key}")(self.fb, value)
        return int(getattr(tflite, f"{name}End")(self.fb))

    def ints(self, values: Sequence[int]) -> int:
        return self.vector(np.asarray(values, np.int32))

    def vector(self, values: NDArray[Any]) -> int:
        return int(self.fb.CreateNumpyVector(values))

    def offsets(self, items: Sequence[int]) -> int:
        self.fb.StartVector(4, len(items), 4)
        for item in reversed(items):
            self.fb.PrependUOffsetTRelative(item)
        return int(self.fb.EndVector())


def _options_table(name: str) -> str:
    """ "CONV_2D" -> "Conv2DOptions"; "" for an operator without options."""
    if name in _SHARED_OPTIONS:
        return _SHARED_OPTIONS[name]
    wanted = name.replace("_", "").lower() + "options"
    unions = (*vars(tflite.BuiltinOptions), *vars(tflite.BuiltinOptions2))
    return next((table for table in unions if table.lower() == wanted), "")


def _camel(key: str) -> str:
    """stride_h -> StrideH."""
    return "".join(part[:1].upper() + part[1:] for part in key.split("_"))


def _pack(values: NDArray[Any], bits: int) -> bytes:
    per = 8 // bits
    parts = np.zeros(-(-values.size // per) * per, np.uint8)
    parts[: values.size] = values.astype(np.int64).reshape(-1) & ((1 << bits) - 1)
    return bytes(np.bitwise_or.reduce([parts[i::per] << np.uint8(bits * i) for i in range(per)]).tobytes())
