# SPDX-License-Identifier: Apache-2.0
"""Every pass: the IR before and after, and the same results."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from model_builder import ModelBuilder

from tinycc.compiler import compile, load
from tinycc.errors import CompileError
from tinycc.execution.host import HostModel
from tinycc.execution.inputs import edge_inputs, random_inputs
from tinycc.interpret import interpret
from tinycc.ir import Graph, Op, check, print_graph
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.elementwise.pointwise import Lookup
from tinycc.ops.movement.reshape import Reshape
from tinycc.ops.pooling import MaxPool2D
from tinycc.passes import LOAD, PIPELINE, run_passes, stages
from tinycc.passes.copy_constant_outputs import CopyConstantOutputs
from tinycc.passes.fold_constants import FoldConstants
from tinycc.passes.fuse_activation import FuseActivation
from tinycc.passes.fuse_pad import FusePad
from tinycc.passes.order_branches import OrderBranches
from tinycc.passes.remove_dead import RemoveDead
from tinycc.passes.resolve_control import ResolveControl
from tinycc.passes.simplify import Simplify
from tinycc.passes.tabulate import Tabulate


def graph_of(builder: ModelBuilder, *outputs: int) -> Graph:
    return load(builder.build(outputs=list(outputs))).graph


def apply(transform: Callable[[Graph], Graph], graph: Graph) -> Graph:
    """The graph after a pass, checked, with equal results on edge and random inputs."""
    after = check(transform(graph))
    for item in (*edge_inputs(graph.inputs), *(random_inputs(graph.inputs, seed) for seed in range(3))):
        for found, expected in zip(interpret(after, item.arrays), interpret(graph, item.arrays), strict=True):
            np.testing.assert_array_equal(found, expected)
    return after


def kinds(graph: Graph) -> list[str]:
    return [type(op).__name__ for op in graph.ops]


def only(graph: Graph) -> Op:
    (op,) = graph.ops
    return op


def conv(m: ModelBuilder, x: int, y: int, padding: str = "VALID", activation: str = "NONE") -> None:
    """A 3x3 convolution, 2 -> 4 channels."""
    weights = np.arange(72, dtype=np.int8).reshape(4, 3, 3, 2) - 36
    w = m.const(weights, scale=[0.02, 0.01, 0.03, 0.02], zero_point=0, axis=0)
    bias = m.const(np.array([10, -20, 30, 0], np.int32), scale=[0.01] * 4, zero_point=0, axis=0)
    m.op("CONV_2D", [x, w, bias], [y], stride_h=1, stride_w=1, padding=padding, fused_activation_function=activation)


def image(m: ModelBuilder, *, zero_point: int = 3) -> int:
    return m.input((1, 5, 5, 2), "int8", scale=0.5, zero_point=zero_point)


def test_fold_constants_at_load() -> None:
    m = ModelBuilder()
    x = m.input((2, 3), "float32")
    shape = m.const(np.array([3, 2], np.int32))
    halves = m.const(np.full((2, 3), 0.5, np.float32))
    doubled, y, z = m.tensor((2, 3), "float32"), m.tensor((2, 3), "float32"), m.tensor((3, 2), "float32")
    m.op("ADD", [halves, halves], [doubled], fused_activation_function="NONE")
    m.op("MUL", [x, doubled], [y], fused_activation_function="NONE")
    m.op("RESHAPE", [y, shape], [z])
    graph = graph_of(m, z)
    assert kinds(graph) == ["Mul", "Reshape"]
    assert [value.data.tolist() for value in graph.constants if value.data is not None] == [[[1.0] * 3] * 2]


def test_fold_constants_pass() -> None:
    m = ModelBuilder()
    x, c = m.input((4,), "float32"), m.const(np.arange(4, dtype=np.float32))
    y, z = m.tensor((4,), "float32"), m.tensor((4,), "float32")
    m.op("MUL", [c, x], [y], fused_activation_function="NONE")
    m.op("ADD", [y, c], [z], fused_activation_function="NONE")
    graph = graph_of(m, z)
    product = graph.ops[0]
    constant_product = product.with_operands({graph.inputs[0]: graph.constants[0]})
    after = check(FoldConstants()(Graph(graph.name, graph.inputs, graph.outputs, (constant_product, graph.ops[1]))))
    assert not after.ops
    (folded,) = after.outputs
    assert folded.data is not None
    assert folded.data.tolist() == [0, 2, 6, 12]


def test_printed_before_and_after() -> None:
    m = ModelBuilder()
    x = m.input((1, 2), "int8", scale=0.5, zero_point=0, name="x")
    a, y = (m.tensor((1, 2), "int8", scale=0.25, zero_point=-128, name=name) for name in ("a", "y"))
    weights = m.const(np.eye(2, dtype=np.int8), scale=[0.5], zero_point=0, name="w")
    m.op("FULLY_CONNECTED", [x, weights, -1], [a], fused_activation_function="NONE")
    m.op("RELU", [a], [y])
    graph = graph_of(m, y)
    head = """graph model(
    %x: int8[1,2] scale=0.5 zero_point=0,
) {
    const %w: int8[2,2] scale=0.5 zero_point=0
"""
    layer = "FullyConnected(x=%x, weights=%w) range=[-128,127]"
    assert print_graph(graph).startswith(head + "    %a: int8[1,2] scale=0.25 zero_point=-128 = " + layer)
    assert "    %y: int8[1,2] scale=0.25 zero_point=-128 = Relu(x=%a) range=[-128,127]" in print_graph(graph)
    after = print_graph(apply(FuseActivation(), graph))
    assert after.startswith(head + "    %y: int8[1,2] scale=0.25 zero_point=-128 = " + layer)
    assert "Relu" not in after
    assert after.endswith("    return %y\n}")


@pytest.mark.parametrize("activation", ["RELU", "RELU6"])
def test_fuse_activation(activation: str) -> None:
    m = ModelBuilder()
    x = image(m)
    a = m.tensor((1, 3, 3, 4), "int8", scale=0.1, zero_point=-10)
    y = m.tensor((1, 3, 3, 4), "int8", scale=0.1, zero_point=-10)
    conv(m, x, a)
    m.op(activation, [a], [y])
    graph = graph_of(m, y)
    assert kinds(graph) == ["Conv2D", "Relu"]
    op = only(apply(FuseActivation(), graph))
    assert isinstance(op, Conv2D)
    assert (op.range.min, op.range.max) == ((-10, 50) if activation == "RELU6" else (-10, 127))


def test_fuse_activation_keeps_a_relu_that_rescales() -> None:
    m = ModelBuilder()
    x = image(m)
    a = m.tensor((1, 3, 3, 4), "int8", scale=0.1, zero_point=-10)
    y = m.tensor((1, 3, 3, 4), "int8", scale=0.2, zero_point=-128)
    conv(m, x, a)
    m.op("RELU", [a], [y])
    assert kinds(apply(FuseActivation(), graph_of(m, y))) == ["Conv2D", "Relu"]


def test_fuse_activation_keeps_what_others_read() -> None:
    m = ModelBuilder()
    x = image(m)
    a = m.tensor((1, 3, 3, 4), "int8", scale=0.1, zero_point=-10)
    y = m.tensor((1, 3, 3, 4), "int8", scale=0.1, zero_point=-10)
    conv(m, x, a)
    m.op("RELU", [a], [y])
    assert kinds(apply(FuseActivation(), graph_of(m, y, a))) == ["Conv2D", "Relu"]


def test_tabulate_functions_of_one_element() -> None:
    m = ModelBuilder()
    x = m.input((7,), "int8", scale=0.05, zero_point=4)
    c = m.const(np.array([7], np.int8), scale=[0.1], zero_point=0)
    a = m.tensor((7,), "int8", scale=1 / 256, zero_point=-128)
    y = m.tensor((7,), "int8", scale=0.02, zero_point=1)
    m.op("LOGISTIC", [x], [a])
    m.op("ADD", [a, c], [y], fused_activation_function="NONE")
    after = apply(Tabulate(), graph_of(m, y))
    assert kinds(after) == ["Lookup", "Lookup"]
    assert kinds(RemoveDead()(after)) == ["Lookup"]


def test_tabulate_dequantize_quantize() -> None:
    m = ModelBuilder()
    x = m.input((7,), "int8", scale=0.05, zero_point=4)
    real, y = m.tensor((7,), "float32"), m.tensor((7,), "int8", scale=0.07, zero_point=-3)
    m.op("DEQUANTIZE", [x], [real])
    m.op("QUANTIZE", [real], [y])
    assert kinds(RemoveDead()(apply(Tabulate(), graph_of(m, y)))) == ["Lookup"]


def test_an_unchanging_quantization_pair_disappears() -> None:
    m = ModelBuilder()
    x = image(m)
    a = m.tensor((1, 3, 3, 4), "int8", scale=0.1, zero_point=-10)
    real = m.tensor((1, 3, 3, 4), "float32")
    b, y = (m.tensor((1, 3, 3, 4), "int8", scale=0.1, zero_point=-10) for _ in range(2))
    conv(m, x, a)
    m.op("DEQUANTIZE", [a], [real])
    m.op("QUANTIZE", [real], [b])
    m.op("MAX_POOL_2D", [b], [y], stride_h=1, stride_w=1, filter_height=1, filter_width=1, padding="VALID")
    assert kinds(apply(run_passes, graph_of(m, y))) == ["Conv2D", "MaxPool2D"]


def test_simplify_reshapes() -> None:
    m = ModelBuilder()
    x = m.input((2, 6), "int8", scale=0.5, zero_point=0)
    a, b, y = (m.tensor(shape, "int8", scale=0.5, zero_point=0) for shape in ((12,), (3, 4), (3, 4)))
    for read, made, shape in ((x, a, (12,)), (a, b, (3, 4)), (b, y, (3, 4))):
        m.op("RESHAPE", [read, m.const(np.array(shape, np.int32))], [made])
    op = only(RemoveDead()(apply(Simplify(), graph_of(m, y))))
    assert isinstance(op, Reshape)
    assert op.x.shape == (2, 6)


def test_simplify_identity_table() -> None:
    m = ModelBuilder()
    x = m.input((9,), "int8", scale=0.5, zero_point=0)
    y = m.tensor((9,), "int8", scale=0.5, zero_point=0)
    m.op("QUANTIZE", [x], [y])
    tabulated = apply(Tabulate(), graph_of(m, y))
    assert isinstance(only(tabulated), Lookup)
    assert isinstance(only(apply(Simplify(), tabulated)), Reshape)


def test_fuse_pad_into_convolution() -> None:
    m = ModelBuilder()
    x = image(m)
    p = m.tensor((1, 6, 7, 2), "int8", scale=0.5, zero_point=3)
    y = m.tensor((1, 4, 5, 4), "int8", scale=0.1, zero_point=0)
    m.op("PAD", [x, m.const(np.array([[0, 0], [0, 1], [2, 0], [0, 0]], np.int32))], [p])
    conv(m, p, y)
    op = only(apply(FusePad(), graph_of(m, y)))
    assert isinstance(op, Conv2D)
    assert op.window.padding == (0, 1, 2, 0)


def test_fuse_pad_keeps_other_values_and_channels() -> None:
    for paddings, value in (([[0, 0], [1, 1], [1, 1], [0, 0]], 5), ([[0, 0], [0, 0], [0, 0], [1, 0]], 3)):
        m = ModelBuilder()
        x = m.input((1, 5, 5, 2 - paddings[3][0]), "int8", scale=0.5, zero_point=3)
        shape = (1, 5 + sum(paddings[1]), 5 + sum(paddings[2]), 2)
        p = m.tensor(shape, "int8", scale=0.5, zero_point=3)
        y = m.tensor((1, shape[1] - 2, shape[2] - 2, 4), "int8", scale=0.1, zero_point=0)
        fill = m.const(np.array([value], np.int8), scale=[0.5], zero_point=3)
        m.op("PADV2", [x, m.const(np.array(paddings, np.int32)), fill], [p])
        conv(m, p, y)
        assert kinds(apply(FusePad(), graph_of(m, y))) == ["Pad", "Conv2D"]


def test_fuse_pad_keeps_another_quantization() -> None:
    """The elements are moved as they are, so that a pad may change what they mean; what reads them must not go past it."""
    for scale, zero_point in ((0.5, 3), (0.25, 3), (0.5, 4)):
        m = ModelBuilder()
        p = m.tensor((1, 7, 7, 2), "int8", scale=scale, zero_point=zero_point)
        y = m.tensor((1, 5, 5, 4), "int8", scale=0.1, zero_point=0)
        m.op("PAD", [image(m), m.const(np.array([[0, 0], [1, 1], [1, 1], [0, 0]], np.int32))], [p])
        conv(m, p, y)
        fused = (scale, zero_point) == (0.5, 3)
        assert kinds(apply(FusePad(), graph_of(m, y))) == (["Conv2D"] if fused else ["Pad", "Conv2D"])


def test_fuse_pad_keeps_a_value_that_is_computed() -> None:
    m = ModelBuilder()
    p = m.tensor((1, 7, 7, 2), "int8", scale=0.5, zero_point=0)
    y = m.tensor((1, 5, 5, 4), "int8", scale=0.1, zero_point=0)
    fill = m.input((1,), "int8", scale=0.5, zero_point=0)
    x = m.input((1, 5, 5, 2), "int8", scale=0.5, zero_point=0)
    m.op("PADV2", [x, m.const(np.array([[0, 0], [1, 1], [1, 1], [0, 0]], np.int32)), fill], [p])
    conv(m, p, y)
    assert kinds(apply(FusePad(), graph_of(m, y))) == ["Pad", "Conv2D"]


@pytest.mark.parametrize(("value", "fused"), [(-128, True), (-127, False)])
def test_fuse_pad_into_max_pool(value: int, fused: bool) -> None:
    m = ModelBuilder()
    x = image(m)
    p, y = (m.tensor(shape, "int8", scale=0.5, zero_point=3) for shape in ((1, 7, 7, 2), (1, 3, 3, 2)))
    fill = m.const(np.array([value], np.int8), scale=[0.5], zero_point=3)
    m.op("PADV2", [x, m.const(np.array([[0, 0], [1, 1], [1, 1], [0, 0]], np.int32)), fill], [p])
    m.op("MAX_POOL_2D", [p], [y], stride_h=2, stride_w=2, filter_height=3, filter_width=3, padding="VALID")
    after = apply(FusePad(), graph_of(m, y))
    assert kinds(after) == (["MaxPool2D"] if fused else ["Pad", "MaxPool2D"])
    assert not fused or isinstance(only(after), MaxPool2D)


def test_remove_dead() -> None:
    m = ModelBuilder()
    x = m.input((3,), "float32")
    y, unread = m.tensor((3,), "float32"), m.tensor((3,), "float32")
    m.op("TANH", [x], [y])
    m.op("LOGISTIC", [x], [unread])
    assert kinds(apply(RemoveDead(), graph_of(m, y))) == ["Tanh"]


def two_branches(*, short_first: bool) -> bytes:
    m = ModelBuilder()
    x, y = m.input((4,), "float32"), m.tensor((4,), "float32")
    short, first, second = (m.tensor((4,), "float32") for _ in range(3))
    branches = [[("TANH", x, short)], [("LOGISTIC", x, first), ("EXP", first, second)]]
    for kind, operand, result in itertools.chain(*(branches if short_first else branches[::-1])):
        m.op(kind, [operand], [result])
    m.op("ADD", [short, second], [y], fused_activation_function="NONE")
    return bytes(m.build(outputs=[y]))


@pytest.mark.parametrize("short_first", [True, False])
def test_order_branches(short_first: bool) -> None:
    """The longer one comes first, wherever the file has it."""
    after = apply(OrderBranches(), load(two_branches(short_first=short_first)).graph)
    assert kinds(after) == ["Logistic", "Exp", "Tanh", "Add"]


def test_branches_stay_where_more_would_be_alive() -> None:
    """Here of the input, beside what is three times as long, and what is made of that."""
    m = ModelBuilder()
    x, three, long, y = m.input((4,), "float32"), *(m.tensor((12,), "float32") for _ in range(3))
    short = m.tensor((1,), "float32")
    m.op("MEAN", [x, m.const(np.array([0], np.int32))], [short], keep_dims=True)
    m.op("CONCATENATION", [x, x, x], [three], axis=0)
    m.op("TANH", [three], [long])
    m.op("ADD", [short, long], [y], fused_activation_function="NONE")
    assert kinds(apply(OrderBranches(), graph_of(m, y))) == ["Mean", "Concatenation", "Tanh", "Add"]


def test_copy_constant_outputs() -> None:
    m = ModelBuilder()
    x, c = m.input((2,), "float32"), m.const(np.array([1, 2], np.float32))
    s, y = m.tensor((2,), "float32"), m.tensor((2,), "float32")
    m.op("ADD", [c, c], [s], fused_activation_function="NONE")
    m.op("TANH", [x], [y])
    graph = graph_of(m, y, s)
    assert graph.outputs[1].constant
    after = apply(CopyConstantOutputs(), graph)
    assert kinds(after) == ["Tanh", "Copy"]
    assert not any(value.constant for value in after.outputs)


def one_for_each_optional_pass() -> bytes:
    """TRANSPOSE to and fro, PAD, CONV_2D with weights around 8, RELU, CONV_2D, another that reads half of what it makes; a RELU
    that changes nothing; an op that nobody reads; a state of two frames."""
    m = ModelBuilder()
    image = m.input((1, 5, 5, 2), "uint8", scale=0.5, zero_point=131)
    turned, x = (m.tensor(shape, "uint8", scale=0.5, zero_point=131) for shape in ((1, 2, 5, 5), (1, 5, 5, 2)))
    m.op("TRANSPOSE", [image, m.const(np.array([0, 3, 1, 2], np.int32))], [turned])
    m.op("TRANSPOSE", [turned, m.const(np.array([0, 2, 3, 1], np.int32))], [x])
    p = m.tensor((1, 7, 7, 2), "uint8", scale=0.5, zero_point=131)
    a, r, h, y = (m.tensor((1, 5, 5, 4), "uint8", scale=0.1, zero_point=120) for _ in range(4))
    wide = m.tensor((1, 5, 5, 8), "uint8", scale=0.2, zero_point=120)
    unread = m.tensor((1, 5, 5, 2), "uint8", scale=1 / 256, zero_point=0)
    m.op("PAD", [x, m.const(np.array([[0, 0], [1, 1], [1, 1], [0, 0]], np.int32))], [p])
    w = m.const(np.arange(72, dtype=np.uint8).reshape(4, 3, 3, 2) + 64, scale=0.02, zero_point=100)
    options = {"stride_h": 1, "stride_w": 1, "padding": "VALID", "fused_activation_function": "NONE"}
    m.op("CONV_2D", [p, w, -1], [a], **options)
    m.op("RELU", [a], [r])
    codes = np.arange(32, dtype=np.uint8)
    m.op("CONV_2D", [r, m.const(90 + codes.reshape(8, 1, 1, 4), scale=0.02, zero_point=100), -1], [wide], **options)
    halved = np.where(codes % 2, 100, 85 + codes).astype(np.uint8).reshape(4, 1, 1, 8)
    m.op("CONV_2D", [wide, m.const(halved, scale=0.02, zero_point=100), -1], [h], **options)
    m.op("RESHAPE", [h, m.const(np.array([1, 5, 5, 4], np.int32))], [y])
    m.op("LOGISTIC", [x], [unread])
    positive = m.input((1, 4), "uint8", scale=0.5, zero_point=0)
    same = m.tensor((1, 4), "uint8", scale=0.5, zero_point=0)
    m.op("RELU", [positive], [same])
    frame, handle, last = m.input((1, 1, 4)), m.tensor((1,), "resource"), m.tensor((1, 2, 4))
    window, kept = m.tensor((1, 3, 4)), m.tensor((1, 2, 4))
    m.op("VAR_HANDLE", [], [handle], container="", shared_name="s")
    m.op("READ_VARIABLE", [handle], [last])
    m.op("CONCATENATION", [last, frame], [window], axis=1)
    m.op("SLICE", [window, m.const(np.array([0, 1, 0], np.int32)), m.const(np.array([1, 2, 4], np.int32))], [kept])
    m.op("ASSIGN_VARIABLE", [handle, kept], [])
    return m.build(outputs=[y, same, window])


@pytest.mark.parametrize("name", [step.name for step in PIPELINE if step.optional])
def test_pass_left_out(name: str, runtime_archive: Path) -> None:
    """The C is another one and computes the same."""
    data = two_branches(short_first=True) if name == "order-branches" else one_for_each_optional_pass()
    model = load(data, match="litert")
    found = []
    for without in ((), (name,)):
        compilation = compile(model, name="model", without=without)
        with HostModel(compilation, archive=runtime_archive) as host:
            sets = [*edge_inputs(model.graph.inputs), *(random_inputs(model.graph.inputs, seed) for seed in range(3))]
            runs = [host.run(item.arrays).outputs[0].tolist() for item in sets]
        found.append((runs, print_graph(compilation.graph)))
    assert found[0][0] == found[1][0]
    assert found[0][1] != found[1][1]


@pytest.mark.parametrize(
    ("without", "message"),
    [
        (["write-back"], "--no-write-back: found a pass that the C needs; expected one of layout, centre-weights"),
        (["fuse_pads"], "--no-fuse-pads: found a pass that is not there; expected one of .*Is --no-fuse-pad meant?"),
        ("fuse-pad", r"--without: found 'fuse-pad'; expected names of passes"),
    ],
)
def test_pass_that_cannot_be_left_out(without: Any, message: str) -> None:
    with pytest.raises(CompileError, match=message):
        compile(one_for_each_optional_pass(), without=without)


def test_parameters_of_a_pass_are_its_fields() -> None:
    assert ResolveControl().first_test == 2**20
    assert ResolveControl(first_test=5).name == "resolve-control"
    assert [name for name, _ in stages(load(one_for_each_optional_pass()).graph)] == [LOAD, *(s.name for s in PIPELINE)]


def test_every_pass_says_what_it_does() -> None:
    for step in PIPELINE:
        assert "->" in (step.__doc__ or ""), f"{step.name} has no before -> after"
