# SPDX-License-Identifier: Apache-2.0
"""What a user can get wrong: one message that names place, found, expected and hint, exit status 2, nothing written.

The tables break a small model in one way each; the text that must be in the message stands beside it.

Long: tables.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import flatbuffers
import numpy as np
import pytest
import tflite
from conftest import ROOT
from model_builder import GraphBuilder, ModelBuilder
from refusals import HUGE, Conv, Q, assert_fragments, good, refusal

from tinycc.compiler import compile
from tinycc.errors import CompileError, Problem

DIGITS = ROOT / "examples" / "digits" / "digits_int8.tflite"


# -- files that are no intact model --------------------------------------------------------------------------------------


def crowded(entries: int) -> bytes:
    """A file of `entries` tensors that all share one shape vector of as many entries: small, and quadratic to read."""
    fb = flatbuffers.Builder(1024)
    shape = fb.CreateNumpyVector(np.ones(entries, np.int32))
    tflite.TensorStart(fb)
    tflite.TensorAddShape(fb, shape)
    tensor = tflite.TensorEnd(fb)
    fb.StartVector(4, entries, 4)
    for _ in range(entries):
        fb.PrependUOffsetTRelative(tensor)
    tensors = fb.EndVector()
    tflite.BufferStart(fb)
    buffer = tflite.BufferEnd(fb)
    fb.StartVector(4, 1, 4)
    fb.PrependUOffsetTRelative(buffer)
    buffers = fb.EndVector()
    tflite.SubGraphStart(fb)
    tflite.SubGraphAddTensors(fb, tensors)
    graph = tflite.SubGraphEnd(fb)
    fb.StartVector(4, 1, 4)
    fb.PrependUOffsetTRelative(graph)
    graphs = fb.EndVector()
    tflite.ModelStart(fb)
    tflite.ModelAddVersion(fb, 3)
    tflite.ModelAddSubgraphs(fb, graphs)
    tflite.ModelAddBuffers(fb, buffers)
    fb.Finish(tflite.ModelEnd(fb), file_identifier=b"TFL3")
    return bytes(fb.Output())


def pointing(where: Callable[[Any], tuple[Any, int]], value: int) -> bytes:
    """The good model with the uint32 of a table's field (table, slot) overwritten."""
    data = bytearray(good())
    table, slot = where(tflite.Model.GetRootAs(bytes(data), 0))
    struct.pack_into("<I", data, table._tab.Pos + table._tab.Offset(slot), value)
    return bytes(data)


FILES: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "empty": (b"", ("file: found 0 bytes", "a TFLite model", "cut short")),
    "short": (b"TFL", ("file: found b'' at byte 4", "TFL3")),
    "zeros": (bytes(100), ("found b'\\x00\\x00\\x00\\x00' at byte 4", "Is this a .tflite file?")),
    "onnx": (b"\x08\x07\x12\x07pytorch", ("found no graph", "an ONNX model", "export or download it again")),
    "saved_model": (b"\x08\x01\x12\x8f\x11", ("a TensorFlow SavedModel", "from_saved_model, which takes its folder")),
    "git_lfs": (b"version https://git-lfs.github.com/spec/v1\n", ("a Git LFS pointer", "git lfs pull")),
    "web_page": (b"\n<!DOCTYPE html>", ("an HTML or XML page", "Download the file itself")),
    "json": (b'{"format": "layers-model"}', ("a JSON file", "binary")),
    "h5": (b"\x89HDF\r\n\x1a\n", ("an HDF5 file (Keras)", "tf.lite.TFLiteConverter")),
    "keras": (b"PK\x03\x04" + bytes(26) + b"config.json", ("a Keras model (.keras)", "tf.lite.TFLiteConverter")),
    "torch": (b"PK\x03\x04" + bytes(26) + b"net/data.pkl", ("a PyTorch file", "torch.onnx.export")),
    "old_torch": (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.", ("a PyTorch file", "torch.onnx.export")),
    "zip": (b"PK\x03\x04" + bytes(30), ("a zip archive", "Unpack it")),
    "gzip": (b"\x1f\x8b" + bytes(30), ("a compressed file",)),
    "ort": (b"\x18\0\0\0ORTM", ("an ONNX Runtime file", ".onnx")),
    "pte": (b"\x18\0\0\0ET12", ("an ExecuTorch program",)),
    "safetensors": (b'\x40\0\0\0\0\0\0\0{"a"', ("a safetensors file",)),
    "header_only": (good()[:8], ("file: found an offset or a length that leads out of the file", "8 bytes", "truncated")),
    "half": (good()[: len(good()) // 2], ("leads out of the file", "download it again")),
    "version_2": (pointing(lambda model: (model, 4), 2), ("schema version 2; expected 3", "newer converter")),
    "tensors_outside": (pointing(lambda model: (model.Subgraphs(0), 4), 2**31), ("file: found an offset",)),
    "name_outside": (pointing(lambda model: (model.Subgraphs(0).Tensors(1), 10), 2**30), ("tensor 1: found an offset",)),
    "operands_outside": (pointing(lambda model: (model.Subgraphs(0).Operators(0), 6), 2**30), ("op 0: found an offset",)),
    "buffer_outside": (
        pointing(lambda model: (model.Subgraphs(0).Tensors(1), 8), 9),
        ("tensor 1: found buffer 9; expected 0 to 1",),
    ),
    "quadratic": (crowded(60_000), ("found an offset or a length",)),
}


@pytest.mark.parametrize("name", FILES)
def test_broken_file(name: str) -> None:
    data, fragments = FILES[name]
    assert_fragments(refusal(data), fragments)


# -- files that say something impossible ---------------------------------------------------------------------------------


OP = 'op 0 CONV_2D "y": found '
CONVS: dict[str, tuple[Conv, tuple[str, ...]]] = {
    "depth": (Conv(weights=(4, 3, 3, 2)), (OP, "input depth 3, weights depth 2", "Is a transpose")),
    "bias": (
        Conv(bias=(5,)),
        (
            OP,
            "bias int32[5] for 4 output channels",
        ),
    ),
    "rank": (Conv(x=(5, 5, 3)), (OP, "int8[5,5,3]", "[N,H,W,C]")),
    "output_shape": (Conv(y=(1, 5, 4, 4)), (OP, "output shape [1,5,4,4]; expected [1,5,5,4]", "contradict")),
    "type": (Conv(dtype="int64", w_scale=0.1), (OP, "x=int64", "expected x=int8", "int8 quantization")),
    "stride": (Conv(stride=0), (OP, "window 3x3, stride 0x0")),
    "stride_negative": (Conv(stride=-1), (OP, "stride -1x-1")),
    "stride_huge": (Conv(stride=2**31 - 1), (OP, "at most 32767")),
    "dilation_huge": (Conv(dilation=2**31 - 1), (OP, "at most 32767")),
    "no_quantization": (Conv(y_q={}), (OP, "%y without quantization", "representative dataset")),
    "scales": (Conv(w_scale=(0.1, 0.2)), ('tensor 1 "w" (operand 1 of op 0 CONV_2D "y"): found 2 scales along axis 0',)),
    "weights_zero_point": (Conv(w_zero_point=1), (OP, "weights with zero points [1]", "symmetric")),
    "zero_point": (
        Conv(x_q={"scale": 1.0, "zero_point": 200}),
        ('tensor 0 "x" (model input): found zero point 200; expected -128 to 127',),
    ),
    "zero_point_64_bits": (
        Conv(y_q={"scale": 1.0, "zero_point": 2**62}),
        ('tensor 3 "y" (output of op 0', f"zero point {2**62}"),
    ),
    "scale_zero": (Conv(x_q={"scale": 0.0}), ('tensor 0 "x"', "quantization scale 0 of a model input;")),
    "scale_negative": (Conv(x_q={"scale": -1.0}), ("quantization scale -1;",)),
    "scale_nan": (Conv(x_q={"scale": float("nan")}), ("quantization scale nan;",)),
    "scale_infinite": (Conv(x_q={"scale": float("inf")}), ("quantization scale inf;",)),
    "scale_subnormal": (Conv(x_q={"scale": 1e-40}), ("quantization scale 9.99995e-41 of a model input;",)),
    "scales_apart": (
        Conv(x_q={"scale": 1e9}, y_q={"scale": 1e-9}),
        (OP, "scales 1e+09 and 0.04 -> 1e-09", "representative dataset"),
    ),
    "input_huge": (
        Conv(x=(HUGE, 4, 4, 3), signature=(-1, 5, 5, 4)),
        ('tensor 0 "x"', f"shape [{HUGE},4,4,3]", "at most 2,147,483,647 bytes"),
    ),
    "output_huge": (
        Conv(x=(2**16, 100, 100, 3), weights=(4, 1, 1, 3), signature=(-1, -1, -1, 4)),
        ('tensor 3 "y"', "shape [65536,100,100,4]"),
    ),
    "arena_huge": (
        Conv(x=(2**27, 2, 2, 3), weights=(3, 1, 1, 3), bias=(3,), w_scale=0.1, y=(2**27, 2, 2, 3)),
        ("arena: found 3,221,225,472 bytes", "x 1,610,612,736"),
    ),
    "rank_9": (Conv(x=(1,) * 9), ('tensor 0 "x"', "9 dimensions; expected at most 8")),
    "size_negative": (Conv(weights=(4, 3, 3, 3), y=(1, -5, 5, 4)), ("",)),
}


@pytest.mark.parametrize("name", [name for name in CONVS if name != "size_negative"])
def test_contradiction_in_a_convolution(name: str) -> None:
    case, fragments = CONVS[name]
    assert_fragments(refusal(case.build()), fragments)


def test_the_convolution_is_right_by_default() -> None:
    for dtype in ("int8", "float32"):
        compile(Conv(dtype=dtype).build())


class One(NamedTuple):
    """One operator over float32 inputs (shapes) and constants (arrays)."""

    kind: str
    operands: tuple[Any, ...]
    y: tuple[int, ...]
    options: Any = {}
    dynamic: bool = False
    outputs: int = 1

    def build(self) -> bytes:
        m = ModelBuilder()

        def tensor(item: Any) -> int:
            if isinstance(item, int):
                return item
            return m.const(item) if isinstance(item, np.ndarray) else m.input(item)

        operands = [tensor(item) for item in self.operands]
        made = [m.tensor(self.y, signature=(-1,) * len(self.y) if self.dynamic else None) for _ in range(self.outputs)]
        m.op(self.kind, operands, made, **self.options)
        return m.build(outputs=made or operands[:1])


def ints(*items: Any) -> Any:
    return np.array(items, np.int32)


def wide(*shape: int) -> Any:
    return np.ones(shape, np.float32)


ADD = {"fused_activation": "NONE"}
POOL = {"stride_h": 1, "stride_w": 1, "filter_height": 4, "filter_width": 4}
ONES: dict[str, tuple[One, tuple[str, ...]]] = {
    "unsupported": (
        One("CONCAT_EMBEDDINGS", ((2, 3), (2, 3)), (2, 3)),
        ('op 0 CONCAT_EMBEDDINGS "t2": found CONCAT_EMBEDDINGS(float32[2,3], float32[2,3]) -> float32[2,3]', "`tinycc ops`"),
    ),
    "operand_missing": (One("ADD", ((2, 3),), (2, 3), ADD), ("op 0 ADD", "no operand 1; expected at least 2 operands")),
    "operand_left_out": (One("ADD", ((2, 3), -1), (2, 3), ADD), ("no operand 1",)),
    "no_output": (One("ADD", ((2, 3), (2, 3)), (), ADD, outputs=0), ("op 0 ADD", "no output")),
    "outputs": (One("ADD", ((2, 3), (2, 3)), (2, 3), ADD, outputs=2), ("2 outputs; expected 1",)),
    "no_options": (
        One("CONV_2D", ((1, 5, 5, 1), wide(1, 1, 1, 1)), (1, 5, 5, 1)),
        ("op 0 CONV_2D", "found window 1x1, stride 0x0"),
    ),
    "activation": (One("ADD", ((2, 3), (2, 3)), (2, 3), {"fused_activation": "TANH"}), ("fused activation TANH", "RELU6")),
    "broadcast": (One("ADD", ((2, 3), (2, 4)), (2, 4), ADD), ("shapes [2, 3] and [2, 4]",)),
    "reshape": (One("RESHAPE", ((2, 3), ints(4, 2)), (4, 2)), ("op 0 RESHAPE", "[4, 2] requested for [2, 3]", "6 elements")),
    "reshape_garbage": (One("RESHAPE", ((2, 3), ints(-7, 2**30)), (2, 3)), ("shape [-7, 1073741824]",)),
    "reshape_long": (
        One("RESHAPE", ((2, 3), np.full(100_000, 7, np.int32)), (2, 3)),
        ("operand 1 of int32[100000]; expected at most 1000 integers",),
    ),
    "reshape_rank": (
        One("RESHAPE", ((1,), np.full(20, 1, np.int32)), (1,), dynamic=True),
        ("20 dimensions; expected at most 8",),
    ),
    "pad_garbage": (
        One("PAD", ((2, 3), ints((-1, 5), (0, 2**30))), (2, 3)),
        ("op 0 PAD", "paddings [[-1, 5], [0, 1073741824]]"),
    ),
    "pad_huge": (
        One("PAD", ((2, 3), ints((0, 2**30), (0, 2**30))), (2, 3), dynamic=True),
        ('tensor 2 "t2"', "shape [1073741826,1073741827]"),
    ),
    "pad_short": (One("PAD", ((2, 3), ints(1, 1)), (2, 3)), ("paddings [1, 1]",)),
    "pad_dynamic": (One("PAD", ((2, 3), (2, 2)), (2, 3)), ("operand 1 %t1 computed at run time; expected a constant",)),
    "transpose": (One("TRANSPOSE", ((2, 3), ints(0, 2**31 - 1)), (2, 3)), ("permutation [0, 2147483647] of [2, 3]",)),
    "mean_axis": (One("MEAN", ((2, 3), ints(5)), (2,)), ("op 0 MEAN", "5")),
    "concatenation_axis": (One("CONCATENATION", ((2, 3), (2, 3)), (4, 3), {"axis": -9}), ("axis -9 of [2, 3]",)),
    "pool_window": (
        One(
            "MAX_POOL_2D",
            ((1, 4, 4, 1),),
            (1, 1, 1, 1),
            {"stride_h": 1, "stride_w": 1, "filter_height": 5, "filter_width": 5, "padding": "VALID"},
        ),
        ("window 5x5/1x1 pad 0,0,0,0 over a 4x4 input", "a window that fits"),
    ),
    "padding": (
        One("MAX_POOL_2D", ((1, 4, 4, 1),), (1, 1, 1, 1), {**POOL, "padding": 7}),
        ("padding 7; expected SAME or VALID",),
    ),
    "depth_multiplier": (
        One(
            "DEPTHWISE_CONV_2D",
            ((1, 4, 4, 2), wide(1, 1, 1, 4)),
            (1, 4, 4, 4),
            {"stride_h": 1, "stride_w": 1, "depth_multiplier": 3},
        ),
        ("op 0 DEPTHWISE_CONV_2D", "option depth_multiplier 3; expected 2, as the operands have it"),
    ),
    "pack": (One("PACK", ((2,), (2,)), (2, 2), {"values_count": 3}), ("option values_count 3; expected 2",)),
    "option_nan": (One("SOFTMAX", ((2, 3),), (2, 3), {"beta": float("nan")}), ("option beta nan; expected a finite number",)),
    "broadcast_huge": (One("ADD", ((2**16, 1), (1, 2**16)), (1, 1), ADD, dynamic=True), ("shape [65536,65536]",)),
    "fold_pad": (
        One("PAD", (wide(2, 3), ints((0, 2**20), (0, 100))), (2**20 + 2, 103)),
        ("op 0 PAD", "constants alone as operands", "at most 8,388,608", "Give the model the result"),
    ),
    "fold_broadcast": (One("ADD", (wide(2**13, 1), wide(1, 2**13)), (2**13, 2**13), ADD), ("67,108,864 elements",)),
    "fold_convolution": (
        One(
            "CONV_2D",
            (wide(1, 200, 200, 1), wide(1, 200, 200, 1)),
            (1, 200, 200, 1),
            {"stride_h": 1, "stride_w": 1, "padding": "SAME"},
        ),
        ("1,600,000,000 elements",),
    ),
    "fold_pool": (
        One(
            "AVERAGE_POOL_2D",
            (wide(1, 200, 200, 1),),
            (1, 200, 200, 1),
            {"stride_h": 1, "stride_w": 1, "filter_height": 200, "filter_width": 200, "padding": "SAME"},
        ),
        ("1,600,000,000 elements",),
    ),
}


@pytest.mark.parametrize("name", ONES)
def test_one_impossible_operator(name: str) -> None:
    case, fragments = ONES[name]
    assert_fragments(refusal(case.build()), fragments)


def chain(wire: Callable[[ModelBuilder, list[int]], Sequence[int]]) -> bytes:
    """Five float32 tensors, 0 of them an input, wired as `wire` wants it."""
    m = ModelBuilder()
    tensors = [m.input((1, 4), name="x"), *(m.tensor((1, 4), name=f"v{i}") for i in range(1, 5))]
    return m.build(outputs=wire(m, tensors))


def cycle(m: ModelBuilder, t: list[int]) -> Sequence[int]:
    m.op("ADD", [t[0], t[2]], [t[1]], fused_activation="NONE")
    m.op("RELU", [t[1]], [t[2]])
    return [t[2]]


def dangling(m: ModelBuilder, t: list[int]) -> Sequence[int]:
    m.op("ADD", [t[0], t[4]], [t[1]], fused_activation="NONE")
    return [t[1]]


def never_made(m: ModelBuilder, t: list[int]) -> Sequence[int]:
    m.op("RELU", [t[0]], [t[1]])
    return [t[1], t[3]]


def made_twice(m: ModelBuilder, t: list[int]) -> Sequence[int]:
    m.op("RELU", [t[0]], [t[1]])
    m.op("TANH", [t[0]], [t[1]])
    return [t[1]]


def made_input(m: ModelBuilder, t: list[int]) -> Sequence[int]:
    m.op("RELU", [t[1]], [t[0]])
    return [t[0]]


def no_outputs(m: ModelBuilder, t: list[int]) -> Sequence[int]:
    m.op("RELU", [t[0]], [t[1]])
    return []


def index_outside(m: ModelBuilder, t: list[int]) -> Sequence[int]:
    m.op("RELU", [t[0]], [t[1]])
    m.operators[0] = m.operators[0].__class__(code=0, inputs=(99,), outputs=(1,))
    return [t[1]]


def output_outside(m: ModelBuilder, t: list[int]) -> Sequence[int]:
    m.op("RELU", [t[0]], [t[1]])
    return [77]


def code_outside(m: ModelBuilder, t: list[int]) -> Sequence[int]:
    m.op("RELU", [t[0]], [t[1]])
    m.operators[0] = m.operators[0].__class__(code=8, inputs=(0,), outputs=(1,))
    return [t[1]]


def too_many(m: ModelBuilder, t: list[int]) -> Sequence[int]:
    m.op("RELU", [t[0]], [t[1]])
    m.operators *= 20_001
    return [t[1]]


GRAPHS: dict[Callable[..., Sequence[int]], tuple[str, ...]] = {
    cycle: ('tensor 2 "v2" (output of op 1 RELU "v2"): found op 0 ADD "v1" reading it first (a cycle', "damaged"),
    dangling: ('tensor 4 "v4" (operand 1 of op 0 ADD "v1"): found nothing that makes it, and no data',),
    never_made: ('tensor 3 "v3": found a model output that no operator makes',),
    made_twice: ('op 1 TANH "v1": found tensor 1 "v1" (output of op 0 RELU "v1") as output, which is there already',),
    made_input: ('op 0 RELU "x": found tensor 0 "x" (model input) as output',),
    no_outputs: ("model outputs: found none; expected at least one",),
    index_outside: ("op 0 RELU: found tensor 99; expected -1 to 4",),
    output_outside: ("model outputs: found tensor 77; expected 0 to 4",),
    code_outside: ("op 0: found operator code 8; expected 0",),
    too_many: ("file: found 20,001 operators; expected at most 20,000",),
}


@pytest.mark.parametrize("wire", GRAPHS, ids=lambda wire: wire.__name__)
def test_broken_graph(wire: Callable[..., Sequence[int]]) -> None:
    assert_fragments(refusal(chain(wire)), GRAPHS[wire])


def stateful(initialize: Callable[[ModelBuilder, GraphBuilder, int], None]) -> bytes:
    """y = x + s, where `initialize` fills the subgraph that is called once (its handle of s is the last argument)."""
    m = ModelBuilder()
    setup = m.subgraph("setup")
    theirs = setup.tensor((1,), "resource")
    setup.op("VAR_HANDLE", [], [theirs], shared_name="s")
    initialize(m, setup, theirs)
    x, y = m.input((1, 3), name="x"), m.tensor((1, 3), name="y")
    handle, content = m.tensor((1,), "resource", name="h"), m.tensor((1, 3), name="s")
    m.op("CALL_ONCE", [], [], init_subgraph_index=1)
    m.op("VAR_HANDLE", [], [handle], shared_name="s")
    m.op("READ_VARIABLE", [handle], [content])
    m.op("ADD", [x, content], [y], fused_activation="NONE")
    return m.build(outputs=[y])


def sets_another_shape(m: ModelBuilder, setup: GraphBuilder, handle: int) -> None:
    setup.op("ASSIGN_VARIABLE", [handle, setup.const(np.zeros((1, 2), np.float32))], [])


def sets_an_input(m: ModelBuilder, setup: GraphBuilder, handle: int) -> None:
    setup.op("ASSIGN_VARIABLE", [handle, setup.input((1, 3), name="i")], [])


def calls_itself(m: ModelBuilder, setup: GraphBuilder, handle: int) -> None:
    setup.op("CALL_ONCE", [], [], init_subgraph_index=1)


def returns_something(m: ModelBuilder, setup: GraphBuilder, handle: int) -> None:
    setup.outputs = [setup.const(np.zeros((1, 2), np.float32))]


def holds_a_problem(m: ModelBuilder, setup: GraphBuilder, handle: int) -> None:
    c, d = setup.const(np.zeros((1, 3), np.float32)), setup.tensor((1, 3), name="d")
    setup.op("SKIP_GRAM", [c], [d])
    setup.op("ASSIGN_VARIABLE", [handle, d], [])


def adds_the_handle(m: ModelBuilder, setup: GraphBuilder, handle: int) -> None:
    setup.op("ADD", [handle, handle], [setup.tensor((1, 3))], fused_activation="NONE")


STATES: dict[Callable[..., None], tuple[str, ...]] = {
    sets_another_shape: ('op 2 READ_VARIABLE "s": found float32[1,3] for a variable', "initialized as float32[1,2]"),
    sets_an_input: ("op 0 CALL_ONCE", "0 operands to hand over; expected as many as the 1 inputs of subgraph 1"),
    calls_itself: ("op 0 CALL_ONCE", "subgraph 1, which has outputs or calls others"),
    returns_something: ("op 0 CALL_ONCE", "subgraph 1, which has outputs"),
    holds_a_problem: ('subgraph 1, op 1 SKIP_GRAM "d": found SKIP_GRAM(float32[1,3])',),
    adds_the_handle: ("subgraph 1, tensor 0", "reading the handle of a variable"),
}


@pytest.mark.parametrize("initialize", STATES, ids=lambda initialize: initialize.__name__)
def test_broken_state(initialize: Callable[..., None]) -> None:
    assert_fragments(refusal(stateful(initialize)), STATES[initialize])


def test_data_of_the_wrong_size() -> None:
    m = ModelBuilder()
    x, y = m.input((1, 4)), m.tensor((1, 4))
    c = m.tensor((1, 4), name="c", buffer=1)
    m._file.buffers.append(bytes(15))
    m.op("ADD", [x, c], [y], fused_activation="NONE")
    assert_fragments(
        refusal(m.build(outputs=[y])), ('tensor 2 "c" (operand 1 of op 0', "15 bytes of data; expected 16 for float32[1,4]")
    )


def test_unknown_element_types() -> None:
    m = ModelBuilder()
    x, y = m.input((1,), "string", name="x"), m.tensor((1,), "complex128", name="y")
    m.op("RESHAPE", [x], [y], new_shape=(1,))
    message = refusal(m.build(outputs=[y]))
    assert_fragments(message, ('tensor 0 "x" (model input): found element type STRING; expected numbers',))
    assert_fragments(message, ('tensor 1 "y" (output of op 0 RESHAPE "y"): found element type COMPLEX128; expected complex64',))


@pytest.mark.parametrize("dtype", ["complex64", "bool", "int64"])
def test_quantizing_is_a_hint_where_it_helps(dtype: str) -> None:
    m = ModelBuilder()
    x, y = m.input((1, 4), dtype), m.tensor((1, 4), dtype)
    m.op("LOGISTIC", [x], [y])
    assert ("quantization" in refusal(m.build([y]))) == (dtype == "int64")


# -- int4 ----------------------------------------------------------------------------------------------------------------


def int4_model(*, dtype: str = "int4", x: str = "int8", op: str = "FULLY_CONNECTED", **weights: Any) -> bytes:
    """FULLY_CONNECTED with weights called w, or what `op` makes of them."""
    m = ModelBuilder()
    quantized = {"scale": 0.1, "zero_point": 3} if x in ("int8", "uint8") else {}
    scales = m.const(np.ones((3, 1), np.float16)) if "blocks" in weights else None
    if scales is not None:
        weights["blocks"] = (scales if weights["blocks"][0] is None else weights["blocks"][0], weights["blocks"][1])
    w = m.const(np.zeros((3, 5), np.int8), dtype, name="w", **({"scale": 0.5} | weights if scales is None else weights))
    if op == "FULLY_CONNECTED":
        y = m.tensor((1, 3), x, name="y", **quantized)
        m.op(op, [m.input((1, 5), x, name="x", **quantized), w, -1], [y])
    else:
        y = m.tensor((2, 5), dtype, name="y", scale=0.5)
        m.op(op, [w, m.input((2,), "int32")], [y])
    return m.build(outputs=[y])


INT4 = {
    "zero_point": (int4_model(zero_point=8), ('tensor 0 "w"', "zero point 8; expected -8 to 7 for int4")),
    "scales": (int4_model(scale=[0.1, 0.2]), ('tensor 0 "w"', "2 scales along axis 0 of [3,5]")),
    "uint8": (int4_model(x="uint8"), ("op 0 FULLY_CONNECTED", "int4 weights with uint8 activations")),
    "int16": (int4_model(x="int16"), ("op 0 FULLY_CONNECTED", "x %x without quantization")),
    "gathered": (int4_model(op="GATHER"), ('"y" (output of op 0 GATHER "y")', "a result that is computed at run time of int4")),
    "blocks_of_int8": (int4_model(dtype="int8", blocks=(None, 5)), ("int8 quantized in blocks; expected blocks of int4",)),
    "blocks_that_do_not_divide": (int4_model(blocks=(None, 2)), ("blocks of 2 in [3,5]",)),
    "blocks_of_none": (int4_model(blocks=(None, 0)), ("blocks of 0 in [3,5]",)),
    "negative_blocks": (int4_model(blocks=(None, -5)), ("blocks of -5 in [3,5]",)),
    "blocks_without_scales": (int4_model(x="float32", blocks=(99, 5)), ("scales of blocks in tensor 99; expected 3 float16",)),
    "blocks_that_scale_themselves": (int4_model(x="float32", blocks=(1, 5)), ("scales of blocks in tensor 1",)),
    "blocks_of_too_few_scales": (int4_model(x="float32", blocks=(None, 1)), ("scales of blocks in tensor 0; expected 15",)),
    "blocks_under_int8": (int4_model(blocks=(None, 5)), ("op 0 FULLY_CONNECTED", "weights with a scale for each block",)),
    "gathered_blocks": (int4_model(op="GATHER", blocks=(None, 5)), ("op 0 GATHER", "x %w quantized in blocks")),
}  # fmt: skip


@pytest.mark.parametrize("name", INT4)
def test_int4(name: str) -> None:
    data, fragments = INT4[name]
    assert_fragments(refusal(data), fragments)


@pytest.mark.parametrize("size", [7, 9, 15])
def test_int4_data_of_the_wrong_size(size: int) -> None:
    m = ModelBuilder()
    x, y = m.input((1, 5), "int8", **Q), m.tensor((1, 3), "int8", **Q)
    w = m.tensor((3, 5), "int4", name="w", scale=0.5, buffer=1)
    m._file.buffers.append(bytes(size))
    m.op("FULLY_CONNECTED", [x, w, -1], [y])
    assert_fragments(refusal(m.build(outputs=[y])), ('"w"', f"{size} bytes of data; expected 8 for int4[3,5]"))


def test_int4_at_the_ends_of_a_model() -> None:
    m = ModelBuilder()
    x = m.input((4,), "int4", name="x", scale=0.5)
    y = m.const(np.zeros(4), "int4", name="y", scale=0.5)
    m.op("DEQUANTIZE", [x], [m.tensor((4,), name="z")])
    message = refusal(m.build(outputs=[y]))
    assert_fragments(message, ('"x" (model input): found a model input of int4; expected int4 constants alone',))
    assert_fragments(message, ('"y"', "a model output of int4"))
    assert "DEQUANTIZE" not in message.splitlines()[1]


@pytest.mark.parametrize(("number", "name"), [(20, "UINT4"), (99, "TYPE_99")])
def test_types_of_newer_schemas(number: int, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tflite.TensorType, "NEWER", number, raising=False)
    m = ModelBuilder()
    x, y = m.input((1, 4), "newer", name="x"), m.tensor((1, 4), name="y")
    m.op("DEQUANTIZE", [x], [y])
    assert_fragments(refusal(m.build(outputs=[y])), ('"x"', f"element type {name}; expected one of", "int4"))


def test_many_int4_tensors_in_the_same_bytes() -> None:
    m = ModelBuilder()
    x = m.input((1,))
    m._file.buffers.append(bytes(2**22))
    for _ in range(20):
        w = m.tensor((2**23,), "int4", scale=0.5, buffer=1)
        m.op("ADD", [x, w], [m.tensor((2**23,))], fused_activation="NONE")
    assert_fragments(refusal(m.build(outputs=[x])), ("packed constants so far; expected at most 134,217,728",))


def test_an_unused_tensor_may_be_anything() -> None:
    m = ModelBuilder()
    x, y = m.input((1, 4)), m.tensor((1, 4))
    m.tensor((HUGE, HUGE), "string")
    m.op("RELU", [x], [y])
    compile(m.build(outputs=[y]))


def test_every_problem_is_in_one_message() -> None:
    """Unsupported operators and types, a bad constant: all of them, alike ones in a line, each hint once, a count by kind."""
    m = ModelBuilder()
    x = m.input((1, 4), "float32", name="x")
    for i in range(4):
        y = m.tensor((1, 4), "float32", name=f"u{i}")
        m.op("SKIP_GRAM" if i % 2 else "CONCAT_EMBEDDINGS", [x, x], [y])
        x = y
    bad = m.const(np.zeros((2, 2), np.int32))
    y = m.tensor((1, 4), "float32", name="v")
    m.op("TRANSPOSE", [x, bad], [y])
    z, w = m.tensor((1, 4), "int16", name="z"), m.tensor((1, 4), "float32", name="w")
    m.op("TANH", [y], [z])
    m.custom("MyFilter", [z], [w])
    message = refusal(m.build(outputs=[w]))
    first, *lines = message.splitlines()
    assert first == "model: 7 problems"
    assert [re.match(r"  (op \d+|by operator)", line).group(1) for line in lines] == [  # type: ignore[union-attr]
        *("op 0", "op 1", "op 4", "op 5", "op 6"),
        "by operator",
    ]
    assert lines[0].endswith('The same of 1 more: op 2 CONCAT_EMBEDDINGS "u2".')
    assert message.count("`tinycc ops` lists") == 1
    assert "CUSTOM:MyFilter(int16[1,4]) -> float32[1,4]" in lines[4]
    assert "2 CONCAT_EMBEDDINGS, 2 SKIP_GRAM" in lines[5]


def test_problems_of_an_unknown_shape_are_not_invented() -> None:
    """What reads the result of an unsupported operator whose shape is open is not blamed for that shape."""
    m = ModelBuilder()
    x = m.input((1, 4), name="x", signature=(-1, 4))
    y, z = m.tensor((1, 4), signature=(-1, 4)), m.tensor((1, 4), signature=(-1, 4))
    m.op("SKIP_GRAM", [x, x], [y])
    m.op("ADD", [x, y], [z], fused_activation="NONE")
    message = refusal(m.build(outputs=[z]), shapes={"x": (3, 4)})
    assert "SKIP_GRAM" in message
    assert "ADD" not in message


def test_a_requested_shape_opens_only_what_depends_on_it() -> None:
    """With --input-shape, a contradiction elsewhere in the file is still one."""
    m = ModelBuilder()
    x, other = m.input((1, 4), name="x"), m.input((1, 4), name="other")
    y, z = m.tensor((1, 4)), m.tensor((2, 4))
    m.op("RELU", [x], [y])
    m.op("TANH", [other], [z])
    message = refusal(m.build(outputs=[y, z]), shapes={"x": (3, 4)})
    assert message == (
        'model: op 1 TANH "t3": found output shape [2,4]; expected [1,4] from the operands. '
        "The shapes in the file contradict each other: convert the model again."
    )


def test_message_form() -> None:
    one = CompileError(Problem("op 1 ADD", "this", "that", "Do so."), "m.tflite")
    assert str(one) == "m.tflite: op 1 ADD: found this; expected that. Do so."
    long = CompileError(Problem("op 1 ADD", "x" * 1_000_000))
    assert len(str(long)) < 500
    twice = CompileError([Problem("a", "b"), Problem("a", "b")])
    assert len(twice.problems) == 1


@pytest.mark.skipif(not DIGITS.is_file(), reason="examples are not here")
def test_truncated_at_every_place(tmp_path: Path) -> None:
    """An example model cut anywhere: refused, or cut behind what is needed."""
    data = DIGITS.read_bytes()
    for end in range(0, len(data) - 1, len(data) // 50):
        assert refusal(data[:end])
