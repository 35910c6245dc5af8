# SPDX-License-Identifier: Apache-2.0
"""Channels that go: the IR before and after, equal codes in what remains, and intervals that hold every code seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from channel_nets import LOW, Net
from conftest import ROOT
from model_builder import ModelBuilder

from tinycc.analysis.ranges import intervals
from tinycc.compiler import compile, load
from tinycc.execution.inputs import edge_inputs, random_inputs
from tinycc.ir import Array, DType, Graph, TensorType, Value, print_graph
from tinycc.ops.convolution.base import WeightedSum
from tinycc.passes import PIPELINE
from tinycc.passes.prune_channels import PruneChannels
from tinycc.verification import verify


def run(graph: Graph, inputs: tuple[Array, ...]) -> dict[Value, Array]:
    """Every value of one inference, by the numpy semantics."""
    values = dict(zip(graph.inputs, inputs, strict=True))

    def read(value: Value) -> Array:
        return value.data if value.data is not None else values[value]

    for op in graph.ops:
        values.update(zip(op.outputs, op.eval(read), strict=True))
    return values


def inputs_of(graph: Graph) -> Iterator[tuple[Array, ...]]:
    for item in (*edge_inputs(graph.inputs), *(random_inputs(graph.inputs, seed) for seed in range(3))):
        yield tuple(item.arrays)


def pruned(graph: Graph, multiple: int = 1) -> Graph:
    """The graph after the pass: checked, the codes of the channels that remain as before, within their intervals."""
    after = PruneChannels(multiple)(graph)
    ranges = intervals(graph)
    for inputs in inputs_of(graph):
        before, found = run(graph, inputs), run(after, inputs)
        for value, codes in before.items():
            if value in ranges and codes.ndim:
                rows = codes.reshape(-1, codes.shape[-1])
                assert (rows >= ranges[value].low).all(), value
                assert (rows <= ranges[value].high).all(), value
        by_name = {value.name: codes for value, codes in before.items()}
        for value, codes in found.items():
            expected = by_name[value.name]
            expected = expected if value.kept is None else expected[..., list(value.kept.channels)]
            np.testing.assert_array_equal(codes, expected, err_msg=value.name)
    return after


def unpruned(builder: ModelBuilder, *outputs: int) -> Graph:
    """The graph that the pass finds in the pipeline."""
    graph = load(builder.build(outputs=list(outputs))).graph
    for step in PIPELINE:
        if isinstance(step, PruneChannels):
            break
        graph = step(graph)
    return graph


def channels(graph: Graph, name: str) -> int:
    return next(value.shape[-1] for op in graph.ops for value in op.outputs if value.name == name)


def test_printed_before_and_after() -> None:
    m = Net()
    weights, bias = m.weights(4, 1, 1, 2), np.array([5, LOW, 7, 0])
    a = m.conv(m.image(2), weights, bias, "a")
    y = m.conv(a, m.weights(4, 1, 1, 4), np.arange(4), "y")
    graph = unpruned(m, y)
    assert "%a: int8[1,6,6,4]" in print_graph(graph)
    after = pruned(graph)
    text = print_graph(after)
    assert "%a: int8[1,6,6,3]" in text
    assert "const %a_w: int8[3,1,1,2] scale=[0.002, ... 3] axis=0" in text
    assert "const %y_w: int8[4,1,1,3]" in text
    (weights_type,) = (value.type for value in after.constants if value.name == "a_w")
    assert len(weights_type.quantization.zero_points) == 3
    kept = next(value for op in after.ops for value in op.outputs if value.name == "a").kept
    assert kept is not None
    assert (kept.channels, kept.total) == ((0, 2, 3), 4)


def test_a_constant_goes_into_the_bias() -> None:
    """A channel that is always 127 has a part in every sum of its reader."""
    m = Net()
    a = m.conv(m.image(2), m.weights(3, 1, 1, 2), np.array([-LOW, 0, 0]), "a")
    y = m.conv(a, m.weights(2, 3, 3, 3), np.array([10, 20]), "y", padding="VALID")
    after = pruned(unpruned(m, y))
    assert channels(after, "a") == 2
    before, found = (next(v.data for v in g.constants if v.name == "y_b") for g in (unpruned(m, y), after))
    assert before is not None
    assert found is not None
    assert (before != found).all()


def test_a_constant_stays_where_padding_takes_its_place() -> None:
    """At the border the reader sees the zero point instead, so that its sum is not the same everywhere."""
    m = Net()
    a = m.conv(m.image(2), m.weights(3, 1, 1, 2), np.array([-LOW, 0, 0]), "a")
    assert channels(pruned(unpruned(m, m.conv(a, m.weights(2, 3, 3, 3), np.zeros(2), "y"))), "a") == 3


def test_the_zero_point_goes_in_spite_of_padding() -> None:
    m = Net()
    a = m.conv(m.image(2), m.weights(3, 1, 1, 2), np.array([LOW, 0, 0]), "a")
    assert channels(pruned(unpruned(m, m.conv(a, m.weights(2, 3, 3, 3), np.zeros(2), "y"))), "a") == 2


def test_unread_channels_go_through_whole_chains() -> None:
    """Nobody reads channel 1 of the last image, so it is not made, nor what it is made of."""
    m = Net()
    a = m.conv(m.image(2), m.weights(4, 3, 3, 2), np.zeros(4), "a")
    b = m.pool(m.depthwise(a, "b"), "c")
    weights = m.weights(3, 36)
    weights[:, 1::4] = 0
    after = pruned(unpruned(m, m.dense(m.flatten(b, "d"), 3, "y", weights)))
    assert [channels(after, name) for name in ("a", "b", "c", "y")] == [3, 3, 3, 3]


def test_a_depth_multiplier_ties_its_outputs() -> None:
    m = Net()
    a = m.conv(m.image(2), m.weights(3, 1, 1, 2), np.array([0, LOW, 0]), "a")
    weights = m.weights(2, 1, 1, 6)
    after = pruned(unpruned(m, m.conv(m.depthwise(a, "b", 2), weights, np.zeros(2), "y")))
    assert (channels(after, "a"), channels(after, "b")) == (2, 4)


def test_a_sum_ties_its_operands() -> None:
    """One branch is constant in channel 0, the other is not; both are in channel 2."""
    m = Net()
    x = m.image(2)
    a = m.conv(x, m.weights(4, 1, 1, 2), np.array([LOW, 0, LOW, 0]), "a")
    b = m.conv(x, m.weights(4, 3, 3, 2), np.array([0, 0, -LOW, 0]), "b")
    after = pruned(unpruned(m, m.conv(m.add(a, b, "s"), m.weights(2, 1, 1, 4), np.zeros(2), "y")))
    assert [channels(after, name) for name in ("a", "b", "s")] == [3, 3, 3]


def test_parts_of_a_concatenation_go_by_themselves() -> None:
    m = Net()
    x = m.image(2)
    a = m.conv(x, m.weights(3, 1, 1, 2), np.array([LOW, 0, 0]), "a")
    b = m.conv(x, m.weights(2, 1, 1, 2), np.zeros(2), "b")
    after = pruned(unpruned(m, m.conv(m.concat(a, b, "c"), m.weights(2, 1, 1, 5), np.zeros(2), "y")))
    assert [channels(after, name) for name in ("a", "b", "c")] == [2, 2, 4]


def test_inputs_and_outputs_keep_their_channels() -> None:
    m = Net()
    weights = m.weights(2, 1, 1, 3)
    weights[:, :, :, 1] = 0
    y = m.conv(m.image(3), weights, np.array([LOW, 0]), "y")
    after = pruned(unpruned(m, y))
    assert after.inputs[0].shape == (1, 6, 6, 3)
    assert channels(after, "y") == 2


def test_what_remains_is_rounded_up() -> None:
    m = Net()
    bias = np.zeros(12)
    bias[:5] = LOW
    graph = unpruned(m, m.conv(m.conv(m.image(2), m.weights(12, 1, 1, 2), bias, "a"), m.weights(2, 1, 1, 12), np.zeros(2), "y"))
    assert [channels(pruned(graph, multiple), "a") for multiple in (1, 4, 8, 16)] == [7, 8, 8, 12]


def test_no_value_loses_all_channels() -> None:
    m = Net()
    a = m.conv(m.image(2), m.weights(4, 1, 1, 2), np.full(4, LOW), "a")
    assert channels(pruned(unpruned(m, m.conv(a, m.weights(2, 1, 1, 4), np.zeros(2), "y"))), "a") == 1


def computed(graph: Graph, layer: str, operand: str) -> Graph:
    """An operand of the operator that makes `layer` is an input."""
    (op,) = (op for op in graph.ops if op.y.name == layer)
    known = getattr(op, operand)
    other = replace(known, data=None, name=operand)
    changed: WeightedSum = replace(op, **{operand: other})  # type: ignore[assignment]
    return replace(graph, inputs=(*graph.inputs, other), ops=tuple(changed if item is op else item for item in graph.ops))


@pytest.mark.parametrize(("layer", "operand"), [("b", "bias"), ("b", "weights"), ("y", "bias"), ("y", "weights")])
def test_layers_of_what_is_computed_keep_their_channels(layer: str, operand: str) -> None:
    """A constant cannot go into a bias, and nobody knows that a channel is not read."""
    m = Net()
    a = m.conv(m.image(2), m.weights(3, 1, 1, 2), np.array([0, -LOW, 0]), "a")
    weights = m.weights(2, 1, 1, 3)
    weights[..., 1] = 0 if layer == "b" else 5
    graph = unpruned(m, m.conv(m.depthwise(a, "b"), weights, np.zeros(2), "y"))
    if layer == "b":
        assert channels(pruned(graph), "a") == 2
    assert channels(pruned(computed(graph, layer, operand)), "a") == 3


def test_groups_keep_their_channels() -> None:
    m = Net()
    a = m.conv(m.image(2), m.weights(4, 1, 1, 2), np.array([0, LOW, 0, 0]), "a")
    after = pruned(unpruned(m, m.conv(a, m.weights(4, 1, 1, 2), np.zeros(4), "y")))
    assert channels(after, "a") == 4


def test_rows_of_a_layer_that_are_no_whole_pixels_keep_all() -> None:
    """Two rows of 6 out of three pixels of 4: a weight meets different channels."""
    m = Net()
    a = m.conv(m.image(2), m.weights(4, 1, 1, 2), np.array([0, LOW, 0, 0]), "a")
    y = m.made((24, 5 + 1), "y", scale=0.3, zero_point=5)
    w = m.const(m.weights(6, 6), scale=[0.004], zero_point=0, name="y_w")
    m.op("FULLY_CONNECTED", [a, w, -1], [y], fused_activation_function="NONE")
    assert channels(pruned(unpruned(m, y)), "a") == 4


@pytest.mark.parametrize("shape", [(), (1,), (4,)])
def test_a_constant_that_is_added_leaves_channels_apart(shape: tuple[int, ...]) -> None:
    m = Net()
    a = m.conv(m.image(2), m.weights(4, 1, 1, 2), np.array([0, LOW, 0, 0]), "a")
    constant = m.const(np.full(shape, 7, np.int8), scale=0.05, zero_point=0, name="k")
    s = m.made((1, 6, 6, 4), "s", scale=0.1, zero_point=-20)
    m.op("ADD", [a, constant], [s], fused_activation_function="NONE")
    after = pruned(unpruned(m, m.conv(s, m.weights(2, 1, 1, 4), np.zeros(2), "y")))
    assert [channels(after, name) for name in ("a", "s")] == [3, 3]


def dead(m: Net, name: str, channel: int = 1, count: int = 4, x: int | None = None) -> int:
    """Channels one of which is always at its zero point."""
    bias = np.zeros(count)
    bias[channel] = LOW
    return m.conv(m.image(2) if x is None else x, m.weights(count, 1, 1, 2), bias, name)


def read(m: Net, x: int, name: str = "y", outputs: int = 2, unread: int | None = None) -> int:
    """A layer without bias that reads all channels of an image, but for one."""
    shape = m.size[x]
    weights = m.weights(outputs, 1, 1, shape[3])
    weights[..., [] if unread is None else unread] = 0
    w = m.const(weights, scale=[0.002 * (i + 1) for i in range(outputs)], zero_point=0, axis=0, name=f"{name}_w")
    y = m.made((*shape[:3], outputs), name)
    m.op("CONV_2D", [x, w, -1], [y], stride_h=1, stride_w=1, padding="VALID", fused_activation_function="NONE")
    return y


@pytest.mark.parametrize(
    ("op", "amounts", "shape", "expected"),
    [
        ("PAD", [(0, 0), (1, 0), (0, 2), (0, 0)], (1, 7, 8, 4), 3),
        ("PAD", [(0, 0), (0, 0), (0, 0), (1, 0)], (1, 6, 6, 5), 4),
        ("PAD", [(0, 0), (0, 0), (0, 0), (0, 1)], (1, 6, 6, 5), 4),
        ("MEAN", [1], (1, 1, 6, 4), 3),
        ("MEAN", [1, 2], (1, 1, 1, 4), 3),
        ("MEAN", [3], (1, 6, 6, 1), 4),
        ("MEAN", [-1], (1, 6, 6, 1), 4),
        ("RESHAPE", [1, 9, 4, 4], (1, 9, 4, 4), 3),
        ("RESHAPE", [1, 9, 2, 8], (1, 9, 2, 8), 3),
        ("RESHAPE", [1, 6, 12, 2], (1, 6, 12, 2), 4),
        ("RESHAPE", [1, 6, 4, 6], (1, 6, 4, 6), 4),
        ("PADV2", [(0, 0), (1, 0), (0, 2), (0, 0)], (1, 7, 8, 4), 3),
    ],
)
def test_what_leaves_channels_apart(op: str, amounts: list[object], shape: tuple[int, ...], expected: int) -> None:
    """A channel goes if it stays by itself; where channels meet, all stay."""
    m = Net()
    a = dead(m, "a")
    moved = m.made(shape, "moved")
    options = {"keep_dims": True} if op == "MEAN" else {}
    fill = [m.input((), "int8", scale=0.06, zero_point=-128, name="fill")] if op == "PADV2" else []
    m.op(op, [a, m.const(np.array(amounts, np.int32)), *fill], [moved], **options)
    after = pruned(unpruned(m, read(m, moved, unread=1 if fill else None)))
    assert channels(after, "a") == expected


def test_pixels_become_shorter_by_channels_that_go_together() -> None:
    """Channels 1 and 3 are one channel of pixels of two."""
    m = Net()
    a = m.conv(m.image(2), m.weights(4, 1, 1, 2), np.array([0, LOW, 0, LOW]), "a")
    moved = m.made((1, 6, 12, 2), "moved")
    m.op("RESHAPE", [a, m.const(np.array([1, 6, 12, 2], np.int32))], [moved])
    after = pruned(unpruned(m, read(m, moved)))
    assert (channels(after, "a"), channels(after, "moved")) == (2, 1)


def test_rows_of_too_many_channels_are_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tinycc.analysis.ranges.MAX_CHANNELS", 8)
    m = Net()
    flat, image = m.input((1, 144), "int8", scale=0.05, zero_point=2), m.made((1, 6, 6, 4), "image")
    m.op("RESHAPE", [flat, m.const(np.array([1, 6, 6, 4], np.int32))], [image])
    assert channels(pruned(unpruned(m, read(m, image))), "image") == 4


def test_a_computed_scalar_leaves_channels_apart() -> None:
    m = Net()
    scalar = m.input((), "int8", scale=0.05, zero_point=0, name="k")
    s = m.made((1, 6, 6, 4), "s", scale=0.1, zero_point=-20)
    m.op("ADD", [dead(m, "a"), scalar], [s], fused_activation_function="NONE")
    after = pruned(unpruned(m, read(m, s, unread=1)))
    assert [channels(after, name) for name in ("a", "s")] == [3, 3]


def test_a_scalar_has_no_channels() -> None:
    m = Net()
    x = m.input((1, 1), "int8", scale=0.06, zero_point=-128)
    double, y = m.made((1, 1), "double"), m.made((), "y")
    m.op("ADD", [x, x], [double], fused_activation_function="NONE")
    m.op("RESHAPE", [double, m.const(np.zeros(0, np.int32))], [y])
    assert len(pruned(unpruned(m, y)).ops) == 2


def test_a_bias_comes_where_there_was_none() -> None:
    """Of the type that sums have; and a channel of it goes in the next round, when nobody reads it."""
    m = Net()
    a = m.conv(m.image(2), m.weights(3, 1, 1, 2), np.array([-LOW, 0, 0]), "a")
    middle = read(m, a, "middle", outputs=3)
    after = pruned(unpruned(m, read(m, middle, unread=0)))
    assert [channels(after, name) for name in ("a", "middle")] == [2, 2]
    (bias,) = (value for value in after.constants if value.name == "middle_bias")
    assert bias.type == TensorType((2,), DType.INT32)


def test_weights_of_one_scale_lose_outputs() -> None:
    m = Net()
    weights = m.weights(2, 4)
    weights[:, 1] = 0
    middle = m.dense(m.flatten(m.image(2), "flat"), 4, "middle")
    assert channels(pruned(unpruned(m, m.dense(middle, 2, "y", weights))), "middle") == 3


@pytest.mark.parametrize(("second", "expected"), [(1, 3), (2, 4)])
def test_rows_behind_each_other_have_the_same_channels(second: int, expected: int) -> None:
    m = Net()
    x = m.image(2)
    a, b = dead(m, "a", x=x), dead(m, "b", second, x=x)
    c = m.made((1, 12, 6, 4), "c")
    m.op("CONCATENATION", [a, b], [c], axis=1, fused_activation_function="NONE")
    after = pruned(unpruned(m, read(m, c)))
    assert [channels(after, name) for name in ("a", "b", "c")] == [expected] * 3


def test_a_constant_stays_where_the_bias_has_no_room() -> None:
    weights = np.full((2, 1, 1, 3), 90, np.int8)
    most = 2**31 - 1 - 255 * 90
    for bias, expected in ((most, 2), (most + 1, 3)):
        m = Net()
        a = m.conv(m.image(2), m.weights(3, 1, 1, 2), np.array([-LOW, 0, 0]), "a")
        after = PruneChannels(1)(unpruned(m, m.conv(a, weights, np.array([bias, 0]), "y")))
        assert channels(after, "a") == expected


def test_an_image_of_one_channel_is_read_by_all() -> None:
    m = Net()
    x = m.image(2)
    a = m.conv(x, m.weights(4, 1, 1, 2), np.array([0, LOW, 0, 0]), "a")
    b = m.conv(x, m.weights(1, 1, 1, 2), np.zeros(1), "b")
    after = pruned(unpruned(m, m.conv(m.add(a, b, "s"), m.weights(2, 1, 1, 4), np.zeros(2), "y")))
    assert [channels(after, name) for name in ("a", "b", "s")] == [4, 1, 4]


@pytest.mark.parametrize("seed", range(12))
def test_drawn_networks(seed: int) -> None:
    """Every kind of layer, with dead weights and biases beyond all range strewn in."""
    m = Net(seed)

    def layer(x: int, outputs: int, name: str, **quantization: float) -> int:
        weights = m.weights(outputs, *m.rng.choice([1, 3], 1).repeat(2), m.size[x][3])
        weights[m.rng.random(outputs) < 0.2] = 0
        weights[..., m.rng.random(m.size[x][3]) < 0.2] = 0
        bias = np.where(m.rng.random(outputs) < 0.4, m.rng.choice([LOW, -LOW], outputs), m.rng.integers(-900, 900, outputs))
        return m.conv(x, weights, bias, name, **quantization)  # type: ignore[arg-type]

    x = layer(m.image(3), 8, "a")
    x = layer(m.depthwise(x, "b", int(m.rng.integers(1, 3))), 6, "c")
    if seed % 2:
        x = m.add(x, layer(x, 6, "d"), "s")
        x = m.concat(x, layer(x, 3, "e", scale=0.1, zero_point=-20), "f")
    else:
        x = m.concat(x, layer(x, 3, "e"), "f")
    x = m.flatten(m.pool(layer(x, 5, "g"), "h"), "i")
    graph = unpruned(m, m.dense(x, 4, "y"))
    after = pruned(graph)
    assert after.macs < graph.macs


@pytest.mark.usefixtures("corpus")
def test_half_of_vww_does_not_exist(corpus: object) -> None:
    path = f"{corpus}/models/mlperf__vww_96_int8.tflite"
    graph = compile(path).graph
    assert graph.macs < 3_800_000 < 7_400_000 < load(path).graph.macs
    assert verify(path, layers=True, runs=2).passed


def test_verification_compares_what_remains() -> None:
    """digits has nothing to prune: the pass leaves it as it is."""
    graph = load(ROOT / "examples" / "digits" / "digits_int8.tflite").graph
    assert PruneChannels()(graph) is graph
