# SPDX-License-Identifier: Apache-2.0
"""What the passes leave alone, one condition at a time: each graph differs in one thing from one that is rewritten."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import opcases_control
import pytest
from flatbuffers import flexbuffers
from model_builder import ModelBuilder
from opcases_circular import buffers
from test_passes import apply, conv, graph_of, image, kinds

from tinycc.compiler import load
from tinycc.interpret import interpret
from tinycc.ir import Array, DType, Graph, Op, Origin, Quantization, TensorType, Value, check
from tinycc.numerics.rules import TFLM
from tinycc.ops.control import If
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.elementwise.activations import Tanh
from tinycc.ops.movement.pad import Pad
from tinycc.ops.movement.reshape import Reshape
from tinycc.ops.signal.circular_buffer import CircularBuffer
from tinycc.passes import run_passes
from tinycc.passes.centre_weights import CentreWeights
from tinycc.passes.fuse_activation import FuseActivation
from tinycc.passes.fuse_pad import FusePad
from tinycc.passes.prune_channels import PruneChannels
from tinycc.passes.rewrite import fresh, inline
from tinycc.passes.settle_control import SettleControl
from tinycc.passes.simplify import Simplify
from tinycc.passes.tabulate import Tabulate
from tinycc.passes.write_back import WriteBack


def made(m: ModelBuilder, shape: tuple[int, ...], scale: float = 0.1, zero_point: int = -10) -> int:
    return m.tensor(shape, "int8", scale=scale, zero_point=zero_point)


def pool(m: ModelBuilder, x: int, y: int, size: int = 1) -> None:
    m.op("MAX_POOL_2D", [x], [y], stride_h=1, stride_w=1, filter_height=size, filter_width=size, padding="VALID")


def test_a_pass_goes_into_the_graphs_that_ops_run() -> None:
    m = ModelBuilder()
    c, x, y = opcases_control.boolean(m), opcases_control.x8(m), m.tensor(opcases_control.SHAPE, "int8", **opcases_control.Q8)

    def clamped(g: opcases_control.GraphBuilder) -> list[int]:
        return [opcases_control.relu8(g, opcases_control.conv(g, opcases_control.x8(g), 3, 5))]

    def plain(g: opcases_control.GraphBuilder) -> list[int]:
        return [opcases_control.relu8(g, opcases_control.x8(g))]

    sides = (opcases_control.subgraph(m, build) for build in (clamped, plain))
    op = FuseActivation()(graph_of(m, *opcases_control.branch(m, c, [x], [y], *sides))).ops[0]
    assert isinstance(op, If)
    assert kinds(op.then) == ["Conv2D"]


# fuse-activation


def test_fuse_activation_keeps_what_an_op_reads() -> None:
    m = ModelBuilder()
    a, y, z = (made(m, (1, 3, 3, 4)) for _ in range(3))
    conv(m, image(m), a)
    m.op("RELU", [a], [y])
    pool(m, a, z)
    assert kinds(apply(FuseActivation(), graph_of(m, y, z))) == ["Conv2D", "Relu", "MaxPool2D"]


# fuse-pad


def padded(m: ModelBuilder, by: tuple[int, int] = (1, 1)) -> int:
    """An image of 5 x 5 with rows and columns of zeros around it."""
    p = m.tensor((1, 5 + sum(by), 5 + sum(by), 2), "int8", scale=0.5, zero_point=3)
    m.op("PAD", [image(m), m.const(np.array([[0, 0], by, by, [0, 0]], np.int32))], [p])
    return p


def test_fuse_pad_keeps_what_another_op_reads() -> None:
    """All readers can pad themselves, or none does."""
    m = ModelBuilder()
    p, y, z = padded(m), made(m, (1, 5, 5, 4)), made(m, (1, 7, 7, 2))
    conv(m, p, y)
    m.op("RELU", [p], [z])
    assert kinds(apply(FusePad(), graph_of(m, y, z))) == ["Pad", "Conv2D", "Relu"]


def test_fuse_pad_keeps_a_result() -> None:
    m = ModelBuilder()
    p, y = padded(m), made(m, (1, 5, 5, 4))
    conv(m, p, y)
    assert kinds(apply(FusePad(), graph_of(m, y, p))) == ["Pad", "Conv2D"]


@pytest.mark.parametrize(("by", "fused"), [((1, 1), True), ((2, 0), False), ((0, 2), False)])
def test_fuse_pad_keeps_windows_that_see_nothing_else(by: tuple[int, int], fused: bool) -> None:
    m = ModelBuilder()
    x = image(m, zero_point=-128)
    side = 5 + sum(by)
    p, y = (m.tensor((1, size, size, 2), "int8", scale=0.5, zero_point=-128) for size in (side, side - 1))
    m.op("PAD", [x, m.const(np.array([[0, 0], by, by, [0, 0]], np.int32))], [p])
    pool(m, p, y, 2)
    assert kinds(apply(FusePad(), graph_of(m, y))) == (["MaxPool2D"] if fused else ["Pad", "MaxPool2D"])


def test_fuse_pad_keeps_padded_weights() -> None:
    """Weights that are computed: what reads them as weights pads nothing."""
    m = ModelBuilder()
    y = made(m, (1, 3, 3, 4))
    conv(m, image(m), y)
    graph = graph_of(m, y)
    op = graph.ops[0]
    assert isinstance(op, Conv2D)
    q = Quantization((0.5,), (0,))
    small = Value("small", TensorType((4, 1, 3, 2), DType.INT8, q))
    whole = Value("whole", TensorType((4, 3, 3, 2), DType.INT8, q))
    pad = Pad(x=small, before=(0, 1, 0, 0), after=(0, 1, 0, 0), value=0, outputs=(whole,), origin=op.origin)
    changed = FusePad().rewrite(replace(graph, inputs=(*graph.inputs, small), ops=(pad, replace(op, weights=whole))))
    assert kinds(changed) == ["Pad", "Conv2D"]


# centre-weights


def dense(weights: Value) -> Graph:
    x = Value("x", TensorType((1, 2), DType.INT8, Quantization((0.5,), (0,))))
    y = Value("y", TensorType((1, 2), DType.INT8, Quantization((0.5,), (0,))))
    m = ModelBuilder()
    a, b = (m.tensor((1, 2), "int8", scale=0.5, zero_point=0) for _ in range(2))
    m.inputs.append(a)
    identity = m.const(np.eye(2, dtype=np.int8), scale=[0.5], zero_point=0)
    m.op("FULLY_CONNECTED", [a, identity, -1], [b], fused_activation_function="NONE")
    op = graph_of(m, b).ops[0]
    assert isinstance(op, FullyConnected)
    sources = (x,) if weights.constant else (x, weights)
    return Graph("dense", sources, (y,), (replace(op, x=x, weights=weights, outputs=(y,)),))


def weights_after(weights: Value) -> Value:
    op: Op = CentreWeights().rewrite(dense(weights)).ops[0]
    assert isinstance(op, FullyConnected)
    return op.weights


def coded(
    codes: list[int], zero_points: tuple[int, ...], dtype: DType = DType.INT8, scales: tuple[float, ...] = (0.5,)
) -> Value:
    data: Array = np.array(codes, dtype.numpy).reshape(2, 2)
    axis = 0 if len(scales) > 1 else None
    return Value("w", TensorType((2, 2), dtype, Quantization(tuple(scales), tuple(zero_points), axis)), data=data)


@pytest.mark.parametrize(("codes", "zero_point"), [([-123, 127, 5, 5], 5), ([-128, 122, 0, 0], -5), ([-123, 127, 0, 0], 5)])
def test_weights_are_centred_up_to_the_limits(codes: list[int], zero_point: int) -> None:
    after = weights_after(coded(codes, (zero_point,)))
    assert after.quantization.zero_points == (0,)
    assert after.data is not None
    assert after.data.ravel().tolist() == [code - zero_point for code in codes]


@pytest.mark.parametrize(("codes", "zero_point"), [([-124, 0, 0, 0], 5), ([0, 0, 0, 124], -5)])
def test_weights_that_would_leave_their_type_stay(codes: list[int], zero_point: int) -> None:
    weights = coded(codes, (zero_point,))
    assert weights_after(weights) is weights


def test_weights_of_four_bits_become_bytes_where_they_must() -> None:
    assert weights_after(coded([-8, 1, 0, 0], (1,), DType.INT4)).dtype is DType.INT8
    assert weights_after(coded([-7, 7, 0, 0], (1,), DType.INT4)).dtype is DType.INT4


def test_weights_without_one_zero_point_stay() -> None:
    centred = coded([1, 2, 3, 4], (0,))
    assert weights_after(centred) is centred
    several = coded([1, 2, 3, 4], (0, 5), scales=(0.5, 0.25))
    assert weights_after(several) is several
    computed = replace(coded([1, 2, 3, 4], (5,)), data=None)
    assert weights_after(computed) is computed
    plain = Value("w", TensorType((2, 2), DType.FLOAT32), data=np.eye(2, dtype=np.float32))
    assert weights_after(plain) is plain


def test_shared_weights_stay_shared() -> None:
    graph = dense(coded([1, 2, 3, 4], (5,)))
    (op,) = graph.ops
    again = replace(op, outputs=(Value("z", op.y.type),))
    first, second = CentreWeights().rewrite(replace(graph, ops=(op, again), outputs=(op.y, *again.outputs))).ops
    assert isinstance(first, FullyConnected)
    assert isinstance(second, FullyConnected)
    assert first.weights is second.weights


# fuse-activation, behind an op that may end an inference


def test_fuse_activation_keeps_what_a_whole_inference_left() -> None:
    """Where most inferences end early, a result stays in a place of its own."""
    m = ModelBuilder()
    shape = (1, 2, 1, 3)
    q = {"scale": 0.1, "zero_point": 5}
    x, held = m.input((1, 1, 1, 3), "int8", **q), m.tensor(shape, "int8", variable=True, **q)
    a, y = m.tensor(shape, "int8", **q), m.tensor(shape, "int8", **q)
    m.custom("CIRCULAR_BUFFER", [x], [held], bytes(flexbuffers.Dumps({"cycles_max": 2})))
    pool(m, held, a)
    m.op("RELU", [a], [y])
    graph = graph_of(m, y)
    assert graph.period == 2
    assert kinds(FuseActivation()(graph)) == ["CircularBuffer", "MaxPool2D", "Relu"]


# simplify, tabulate


def test_simplify_takes_movements_that_move_nothing() -> None:
    m = ModelBuilder()
    x, a, y = m.input((1, 4, 1)), m.tensor((4, 1, 1)), m.tensor((4, 1, 1))
    m.op("TRANSPOSE", [x, m.const(np.array([1, 0, 2], np.int32))], [a])
    m.op("TANH", [a], [y])
    assert kinds(apply(Simplify(), graph_of(m, y))) == ["Reshape", "Tanh"]


def test_simplify_keeps_movements_that_move() -> None:
    m = ModelBuilder()
    x, y = m.input((2, 3)), m.tensor((3, 2))
    m.op("TRANSPOSE", [x, m.const(np.array([1, 0], np.int32))], [y])
    assert kinds(apply(Simplify(), graph_of(m, y))) == ["Transpose"]


def test_tabulate_keeps_a_constant_of_several_elements() -> None:
    m = ModelBuilder()
    x, y = m.input((1, 4), "int8", scale=0.1, zero_point=0), m.tensor((1, 4), "int8", scale=0.2, zero_point=0)
    c = m.const(np.array([1, 2, 3, 4], np.int8), scale=[0.1], zero_point=0)
    m.op("ADD", [x, c], [y], fused_activation_function="NONE")
    assert kinds(apply(Tabulate(), graph_of(m, y))) == ["Add"]


@pytest.mark.parametrize(("dtype", "first"), [("int8", "CAST"), ("int16", "DEQUANTIZE")])
def test_tabulate_keeps_what_does_not_begin_with_codes_of_a_byte(dtype: str, first: str) -> None:
    m = ModelBuilder()
    q = {"scale": 0.1, "zero_point": 0} if first == "DEQUANTIZE" else {}
    x, real, y = m.input((3,), dtype, **q), m.tensor((3,)), m.tensor((3,), "int8", scale=0.2, zero_point=0)
    m.op(first, [x], [real])
    m.op("QUANTIZE", [real], [y])
    assert len(apply(Tabulate(), graph_of(m, y)).ops) == 2


# rewrite


def test_fresh_names() -> None:
    taken = {"a" + "_" * count for count in range(8)}
    assert fresh("a", taken) == "a________"
    assert fresh("a", taken) == "a_9"
    assert fresh("b", taken) == "b"


VECTOR = TensorType((6,), DType.FLOAT32)
X, Y = Value("x", VECTOR), Value("y", VECTOR)
KNOWN = Value("known", VECTOR, data=np.arange(6, dtype=np.float32))
INNER = {
    "one": (Y,),
    "the same twice": (Y, Y),
    "the input": (X,),
    "a constant": (KNOWN,),
    "all of them": (KNOWN, X, Y, Y),
}


@pytest.mark.parametrize("shape", [(6,), (2, 3)])
@pytest.mark.parametrize("given", [None, np.linspace(-1, 1, 6, dtype=np.float32)])
@pytest.mark.parametrize("name", INNER)
def test_inlined_graphs_give_what_they_gave(name: str, given: Array | None, shape: tuple[int, ...]) -> None:
    """Whatever of them the results are, and where the caller has other shapes."""
    origin = Origin(0, "CALL", "here")
    graph = Graph("inner", (X,), INNER[name], (Tanh(x=X, numerics=TFLM, outputs=(Y,), origin=origin),))
    type = TensorType(shape, DType.FLOAT32)
    argument = Value("x", type, data=None if given is None else given.reshape(shape))
    results = [Value(f"result_{number}", type) for number in range(len(graph.outputs))]
    names = {"x", *(value.name for value in results)}
    ops, constants = inline(graph, [argument], results, names, origin)
    outer = Graph("outer", (argument,) if given is None else (), tuple(constants.get(v, v) for v in results), tuple(ops))
    array = np.linspace(-2, 2, 6, dtype=np.float32) if given is None else given
    found = interpret(check(outer), [array.reshape(shape)] if given is None else [])
    expected = interpret(graph, [array])
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other.reshape(shape))
    assert len(constants) == INNER[name].count(KNOWN) + (INNER[name].count(X) if given is not None else 0)
    views = sum(isinstance(op, Reshape) for op in ops)
    computed = [value for value in graph.outputs if value is Y or (value is X and given is None)]
    repeated = len(computed) - len(set(computed)) + (X in computed)
    assert views == (repeated if shape == (6,) else len(computed) + (given is None))


# prune-channels


def test_prune_channels_keeps_what_computed_weights_read() -> None:
    m = ModelBuilder()
    q = {"scale": 0.1, "zero_point": 0}
    x, w = m.input((1, 8), "int8", **q), m.input((3, 8), "int8", **q)
    a, y = m.tensor((1, 8), "int8", **q), m.tensor((1, 3), "int8", **q)
    m.op("FULLY_CONNECTED", [x, m.const(np.zeros((8, 8), np.int8), scale=[0.1], zero_point=0), -1], [a])
    m.op("FULLY_CONNECTED", [a, w, -1], [y])
    assert apply(PruneChannels(1), graph_of(m, y)).ops[0].outputs[0].shape == (1, 8)


def test_what_nobody_reads_keeps_no_channels() -> None:
    """A view in another shape, that a converter left."""
    m = ModelBuilder()
    q = {"scale": 0.1, "zero_point": 0}
    x = m.input((1, 8), "int8", **q)
    a, y, dead = m.tensor((1, 8), "int8", **q), m.tensor((1, 3), "int8", **q), m.tensor((8, 1), "int8", **q)
    weights = np.eye(8, dtype=np.int8)
    weights[4:] = 0
    m.op("FULLY_CONNECTED", [x, m.const(weights, scale=[0.1], zero_point=0), -1], [a])
    m.op("RESHAPE", [a, m.const(np.array([8, 1], np.int32))], [dead])
    m.op("FULLY_CONNECTED", [a, m.const(np.ones((3, 8), np.int8), scale=[0.1], zero_point=0), -1], [y])
    (made,) = (op for op in run_passes(graph_of(m, y)).ops if op.outputs[0].shape[1] != 3)
    assert made.outputs[0].shape == (1, 4)


# settle-control


def test_settle_control_copies_what_is_read_after_it_is_written() -> None:
    """The buffer moves its content on in place; what reads the old one behind it gets it."""
    graph = load(next(case.model for case in buffers() if case.name == "every_time")).graph
    buffer, reader = graph.ops
    assert isinstance(buffer, CircularBuffer)
    old = Value("old", buffer.last.type)
    late = replace(reader.with_operands({reader.inputs[0]: buffer.last}), outputs=(old,))
    after = SettleControl()(replace(graph, ops=(*graph.ops, late), outputs=(*graph.outputs, old)))
    assert kinds(after) == ["Copy", "CircularBuffer", "Relu", "Relu"]
    copy, moved = after.ops[:2]
    assert isinstance(moved, CircularBuffer)
    assert moved.last is copy.outputs[0]


def stored(*, twice: bool = False, view: bool = False) -> Graph:
    """s <- x + 1 behind all that reads s; `twice`: t <- the same; `view`: s <- it in another shape."""
    m = ModelBuilder()
    names = ("s", "t") if twice else ("s",)
    shape = (3, 2) if view else (2, 3)
    x, total, y = m.input((2, 3)), m.tensor((2, 3)), m.tensor(shape)
    handles, contents = [m.tensor((1,), "resource") for _ in names], [m.tensor(shape) for _ in names]
    for name, handle, content in zip(names, handles, contents, strict=True):
        m.op("VAR_HANDLE", [], [handle], container="", shared_name=name)
        m.op("READ_VARIABLE", [handle], [content])
    m.op("TANH", [contents[0]], [y])
    m.op("ADD", [x, m.const(np.ones((2, 3), np.float32))], [total], fused_activation_function="NONE")
    if view:
        turned = m.tensor(shape)
        m.op("RESHAPE", [total, m.const(np.array(shape, np.int32))], [turned])
        total = turned
    for handle in handles:
        m.op("ASSIGN_VARIABLE", [handle, total], [])
    return WriteBack()(graph_of(m, y))


def test_a_state_is_written_where_it_stays() -> None:
    assert kinds(stored()) == ["Tanh", "Add"]


def test_two_states_have_two_places() -> None:
    graph = stored(twice=True)
    assert kinds(graph) == ["Tanh", "Add", "Copy"]
    assert len({state.after for state in graph.states}) == 2


def test_a_view_is_no_place_of_a_state() -> None:
    assert kinds(stored(view=True)) == ["Tanh", "Add", "Reshape", "Copy"]


def test_a_state_that_is_read_while_it_is_made_is_made_elsewhere() -> None:
    m = ModelBuilder()
    handle, content, y = m.tensor((1,), "resource"), m.tensor((2, 3)), m.tensor((2, 3))
    m.op("VAR_HANDLE", [], [handle], container="", shared_name="s")
    m.op("READ_VARIABLE", [handle], [content])
    m.op("TANH", [content], [y])
    m.op("ASSIGN_VARIABLE", [handle, y], [])
    assert kinds(WriteBack()(graph_of(m, m.input((1,)), y)))[-2:] == ["Tanh", "Copy"]
