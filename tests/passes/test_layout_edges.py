# SPDX-License-Identifier: Apache-2.0
"""What `layout` does at its edges: operators that take transposed operands only in some forms, and whose names stay."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from model_builder import ModelBuilder
from test_passes import graph_of, kinds

from tinycc.execution.inputs import random_inputs
from tinycc.interpret import interpret
from tinycc.ir import DType, Graph, Op, Origin, Quantization, TensorType, Value, check
from tinycc.numerics.rules import TFLM
from tinycc.ops.conversion.quantize import Dequantize
from tinycc.ops.elementwise.activations import Tanh
from tinycc.ops.movement.reshape import Reshape
from tinycc.ops.movement.transpose import Transpose
from tinycc.ops.strides import Shape
from tinycc.passes.layout import Layout, moved_bytes
from tinycc.passes.views import View

HERE = Origin(0, "TEST", "here")


def laid(graph: Graph) -> Graph:
    """The graph after the pass, with the same results."""
    after = Layout()(check(graph))
    for seed in range(3):
        arrays = random_inputs(graph.inputs, seed).arrays
        for found, expected in zip(interpret(after, arrays), interpret(graph, arrays), strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
    return after


def turned(m: ModelBuilder, x: int, order: tuple[int, ...], shape: tuple[int, ...]) -> int:
    y = m.tensor(shape)
    m.op("TRANSPOSE", [x, m.const(np.array(order, np.int32))], [y])
    return y


def shaped(m: ModelBuilder, x: int, shape: tuple[int, ...]) -> int:
    y = m.tensor(shape)
    m.op("RESHAPE", [x, m.const(np.array(shape, np.int32))], [y])
    return y


def mixed(m: ModelBuilder) -> int:
    """[8, 3], rows of which lie apart: no order of its two dimensions is how the elements lie."""
    return shaped(m, turned(m, m.input((2, 3, 4)), (2, 0, 1), (4, 2, 3)), (8, 3))


def dense(m: ModelBuilder, x: int, shape: tuple[int, ...], depth: int, *, keep: bool = False, computed: bool = False) -> int:
    y = m.tensor(shape)
    data = np.random.default_rng(0).standard_normal((shape[-1], depth)).astype(np.float32)
    weights = m.input(data.shape) if computed else m.const(data)
    m.op("FULLY_CONNECTED", [x, weights, -1], [y], fused_activation_function="NONE", keep_num_dims=keep)
    return y


def test_what_moves_nothing_does_not_count() -> None:
    m = ModelBuilder()
    assert moved_bytes(graph_of(m, turned(m, m.input((1, 4, 1)), (1, 0, 2), (4, 1, 1)))) == 0


def test_a_product_with_computed_weights_reads_rows() -> None:
    m = ModelBuilder()
    after = laid(graph_of(m, dense(m, turned(m, m.input((3, 2)), (1, 0), (2, 3)), (2, 5), 3, computed=True)))
    assert moved_bytes(after)


def test_a_product_that_makes_rows_of_images_reads_them_as_they_are() -> None:
    m = ModelBuilder()
    after = laid(graph_of(m, dense(m, turned(m, m.input((3, 2, 4)), (1, 0, 2), (2, 3, 4)), (6, 5), 4)))
    assert moved_bytes(after)


def test_a_product_over_the_last_dimension_does_not_mind_the_others() -> None:
    m = ModelBuilder()
    x = turned(m, m.input((3, 2, 4)), (1, 0, 2), (2, 3, 4))
    y = turned(m, dense(m, x, (2, 3, 5), 4, keep=True), (1, 0, 2), (3, 2, 5))
    assert not moved_bytes(laid(graph_of(m, y)))


def test_a_flattened_image_turns_the_weights() -> None:
    m = ModelBuilder()
    x = shaped(m, turned(m, m.input((1, 2, 3)), (0, 2, 1), (1, 3, 2)), (1, 6))
    assert not moved_bytes(laid(graph_of(m, dense(m, x, (1, 5), 6))))


def test_only_elementwise_operators_take_elements_as_they_lie() -> None:
    m = ModelBuilder()
    y = m.tensor((8, 3))
    m.op("SOFTMAX", [mixed(m)], [y], beta=1.0)
    assert moved_bytes(laid(graph_of(m, y)))


@pytest.mark.parametrize("shape", [(1,), (3,), (1, 1, 1), (8, 3)])
def test_elementwise_operators_take_what_lies_alike(shape: tuple[int, ...]) -> None:
    """Not with a constant of several elements, nor where the result has more dimensions."""
    m = ModelBuilder()
    x, c = mixed(m), m.const(np.arange(np.prod(shape), dtype=np.float32).reshape(shape))
    y = m.tensor((1, 8, 3) if len(shape) == 3 else (8, 3))
    m.op("ADD", [x, c], [y], fused_activation_function="NONE")
    laid(graph_of(m, y))


def test_elementwise_operators_of_operands_that_lie_otherwise() -> None:
    m = ModelBuilder()
    x, other, y = mixed(m), m.input((8, 3)), m.tensor((8, 3))
    m.op("ADD", [x, other], [y], fused_activation_function="NONE")
    laid(graph_of(m, y))


def test_a_movement_that_changes_the_quantization_stays() -> None:
    """The codes are the same, what they mean is not."""

    def coded(name: str, scale: float) -> Value:
        return Value(name, TensorType((2, 3), DType.INT8, Quantization((scale,), (0,))))

    x, y, z = coded("x", 0.5), coded("y", 0.25), Value("z", TensorType((3, 2), DType.FLOAT32))
    turned = replace(coded("t", 0.5), type=replace(x.type, shape=(3, 2)))
    ops: tuple[Op, ...] = (
        Reshape(x=x, shape=(2, 3), outputs=(y,), origin=HERE),
        Transpose(x=y, permutation=(1, 0), outputs=(replace(turned, type=replace(y.type, shape=(3, 2))),), origin=HERE),
    )
    ops = (*ops, Dequantize(x=ops[1].outputs[0], outputs=(z,), origin=HERE))
    assert "y" in {op.y.name for op in laid(Graph("g", (x,), (z,), ops)).ops}, "nor is it made anew"


def test_a_transposition_that_changes_the_quantization_sinks() -> None:
    """The codes are read with the other scale as they lie; to and fro they move nowhere."""
    scales = Quantization((0.5,), (0,)), Quantization((0.25,), (0,))
    shapes = (2, 3), (3, 2), (2, 3)
    x, y, z = (
        Value(name, TensorType(shape, DType.INT8, quantization))
        for name, shape, quantization in zip("xyz", shapes, (*scales, scales[1]), strict=True)
    )
    end = Value("end", TensorType((2, 3), DType.FLOAT32))
    after = laid(
        Graph(
            "g",
            (x,),
            (end,),
            (
                Transpose(x=x, permutation=(1, 0), outputs=(y,), origin=HERE),
                Transpose(x=y, permutation=(1, 0), outputs=(z,), origin=HERE),
                Dequantize(x=z, outputs=(end,), origin=HERE),
            ),
        )
    )
    assert kinds(after) == ["Reshape", "Dequantize"]


def of_file(name: str, shape: tuple[int, ...], index: int | None) -> Value:
    return Value(name, TensorType(shape, DType.FLOAT32), index=index)


def named(base: int | None, turned: int | None, last: int | None, shape: tuple[int, ...]) -> dict[str, int | None]:
    """The numbers in the file that values have after the pass, for Tanh, Transpose, Reshape with the given ones."""
    x, t = of_file("x", (2, 3, 4), 1), of_file("t", (4, 2, 3), turned)
    a, y, z = of_file("a", (2, 3, 4), base), of_file("y", shape, last), of_file("z", shape, 9)
    ops: tuple[Op, ...] = (
        Tanh(x=x, numerics=TFLM, outputs=(a,), origin=HERE),
        Transpose(x=a, permutation=(2, 0, 1), outputs=(t,), origin=HERE),
        Reshape(x=t, shape=shape, outputs=(y,), origin=HERE),
        Tanh(x=y, numerics=TFLM, outputs=(z,), origin=HERE),
    )
    return {value.name: value.index for op in laid(Graph("g", (x,), (z,), ops)).ops for value in op.outputs}


def test_values_stand_for_a_tensor_of_the_file() -> None:
    assert named(None, 5, 6, (8, 3))["t"] == 5, "what the front end made holds the tensor that is made of it"
    assert named(4, 5, 6, (8, 3))["a"] == 4, "a tensor of the file stays what it is"
    assert named(None, None, None, (8, 3))["a"] is None, "nothing in the file is like it"
    assert named(None, None, 6, (8, 3))["a"] is None, "no order of its dimensions gives the tensor"


def test_computed_weights_are_not_turned() -> None:
    m = ModelBuilder()
    x = shaped(m, turned(m, m.input((1, 2, 3)), (0, 2, 1), (1, 3, 2)), (1, 6))
    assert moved_bytes(laid(graph_of(m, dense(m, x, (1, 5), 6, computed=True))))


def test_a_product_of_no_rows() -> None:
    m = ModelBuilder()
    laid(graph_of(m, dense(m, turned(m, m.input((3, 0)), (1, 0), (0, 3)), (0, 5), 3)))


def test_indices_are_what_they_were() -> None:
    """What an operator reads beside its transposed operand is not seen in another order."""
    m = ModelBuilder()
    x = turned(m, m.input((3, 4)), (1, 0), (4, 3))
    indices, y = m.tensor((4,), "int32"), m.tensor((4, 3))
    turned_indices = m.tensor((2, 2), "int32")
    m.op("TRANSPOSE", [m.input((2, 2), "int32"), m.const(np.array([1, 0], np.int32))], [turned_indices])
    m.op("RESHAPE", [turned_indices, m.const(np.array([4], np.int32))], [indices])
    m.op("GATHER", [x, indices], [y], axis=0)
    laid(graph_of(m, y))


def test_a_product_with_itself() -> None:
    m = ModelBuilder()
    x, y = turned(m, m.input((1, 3, 3)), (0, 2, 1), (1, 3, 3)), m.tensor((1, 3, 3))
    m.op("BATCH_MATMUL", [x, x], [y])
    laid(graph_of(m, y))


@pytest.mark.parametrize(
    ("indices", "axis", "batch", "shape"),
    [((3,), 1, 0, (4, 3, 2)), ((4, 1), 1, 1, (4, 1, 2)), ((1, 1), 1, 0, (4, 1, 1, 2)), ((4, 1), 2, 1, (4, 3, 1))],
)
def test_rows_that_are_gathered_from_what_is_transposed(indices: Shape, axis: int, batch: int, shape: Shape) -> None:
    """In the order in which they lie only by a list of indices, the same for all."""
    m = ModelBuilder()
    x, y = turned(m, m.input((2, 3, 4)), (2, 1, 0), (4, 3, 2)), m.tensor(shape)
    most = (4, 3, 2)[axis]
    m.op("GATHER", [x, m.const(np.resize(np.arange(most, dtype=np.int32)[::-1], indices))], [y], axis=axis, batch_dims=batch)
    assert kinds(laid(graph_of(m, y)))[-1] == ("Transpose" if len(indices) == 1 else "Gather")


def test_views_of_nothing_keep_their_shape() -> None:
    view = View.of(Value("x", TensorType((0, 3), DType.FLOAT32)))
    assert view.reshaped((0, 3)) == view
    assert view.reshaped((3, 0)) is None
