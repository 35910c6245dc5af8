# SPDX-License-Identifier: Apache-2.0
"""`tinycc shrink`: which weights become zero or alike, what is written, what is counted, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tinycc.cli.shrink import shrink as shrink_command
from tinycc.compiler import compile, load
from tinycc.errors import CompileError
from tinycc.execution.host import HostModel
from tinycc.interpret import interpret
from tinycc.ir import Array
from tinycc.options import Options
from tinycc.quantize.samples import read_samples
from tinycc.shrink import Step, shrink, steps_of, weights_file
from tinycc.shrink.arrays import clustered, pruned

TORCH = ROOT / "examples" / "torch_digits"
FILES = {
    "tflite int8": ROOT / "examples" / "digits" / "digits_int8.tflite",
    "tflite float": ROOT / "examples" / "digits" / "digits_float32.tflite",
    "onnx int8": TORCH / "torch_digits_int8.onnx",
    "onnx float": TORCH / "torch_digits.onnx",
}
SAMPLES = TORCH / "testset.npz"
CODES = arrays.arrays(np.int8, st.integers(1, 300), elements=st.integers(-127, 127))


@given(CODES, st.floats(0, 1))
def test_the_smallest_become_zero(weights: Array, share: float) -> None:
    made = pruned(weights, share)
    gone = made != weights
    assert (made[gone] == 0).all()
    assert np.count_nonzero(made == 0) >= round(share * weights.size)
    if gone.any() and (made != 0).any():
        assert np.abs(weights[gone].astype(int)).max() <= np.abs(made[made != 0].astype(int)).min()


def test_scales_and_zero_points_say_what_is_small() -> None:
    weights, scales = np.array([[10, 20], [3, 4]], np.int8), np.array([[1.0], [100.0]])
    np.testing.assert_array_equal(pruned(weights, 0.5, 0, scales), [[0, 0], [3, 4]])
    np.testing.assert_array_equal(pruned(np.array([120, 127, 140], np.uint8), 0.34, 128), [120, 128, 140])


@given(CODES, st.integers(2, 64))
def test_so_many_values_are_left_and_zeros_stay(weights: Array, count: int) -> None:
    made = clustered(weights, count)
    assert len(np.unique(made)) <= count
    if 2 * np.count_nonzero(weights == 0) > weights.size:
        np.testing.assert_array_equal(made == 0, made == 0)
        assert (made[weights == 0] == 0).all()
    if len(np.unique(weights)) <= count:
        np.testing.assert_array_equal(made, weights)


def test_clusters_are_as_near_as_k_means_has_them() -> None:
    rng = np.random.default_rng(0)
    weights = np.concatenate([rng.normal(centre, 1, 500) for centre in (-60, -20, 5, 70)]).astype(np.float32)
    np.testing.assert_allclose(np.unique(clustered(weights, 4)), [-60, -20, 5, 70], atol=0.3)


@pytest.mark.parametrize("kind", FILES)
def test_the_file_that_is_written_has_the_weights(kind: str) -> None:
    model = load(str(FILES[kind]))
    made = shrink(model, [Step(0.7, 16)], Options())
    again = load(made.data)
    for item in weights_file(again).weights:
        if item.name not in made.kept:
            assert np.mean(item.array == item.zero) >= 0.69, item.name
            assert len(np.unique(item.array)) <= 16, item.name
    assert [op.origin.kind for op in again.graph.ops] == [op.origin.kind for op in model.graph.ops]
    assert made.rows[1].flash < made.rows[0].flash or "float" in kind
    assert made.rows[1].zeros >= 0.69 > made.rows[0].zeros
    compilation = compile(again)
    value = compilation.graph.inputs[0]
    x = np.random.default_rng(0).integers(0, 16, value.shape).astype(value.dtype.numpy)
    with HostModel(compilation) as host:
        np.testing.assert_allclose(host.run([x]).outputs[0], interpret(compilation.graph, [x])[0], rtol=1e-4, atol=1e-4)


def test_accuracy_stands_beside_what_it_costs() -> None:
    made = shrink(load(str(FILES["onnx int8"])), steps_of([0.2, 0.9], []), Options(), data=SAMPLES)
    before, little, much = (row.score for row in made.rows)
    assert before is not None
    assert little is not None
    assert much is not None
    assert before.agree == before.samples == made.samples == len(read_samples(SAMPLES, made.model.graph.inputs).inputs[0])
    assert before.right is not None
    assert little.right is not None
    assert much.right is not None
    assert before.right >= little.right > much.right


def test_labels_of_a_file_of_their_own(tmp_path: Path) -> None:
    with np.load(SAMPLES) as data:
        np.savez(tmp_path / "x.npz", image=data["image"][:20])
        np.savez(tmp_path / "y.npz", labels=data["labels"][:20])
        np.savez(tmp_path / "short.npz", labels=data["labels"][:19])
    model = load(str(FILES["onnx int8"]))
    made = shrink(model, [Step(0.5)], Options(), data=tmp_path / "x.npz", labels=tmp_path / "y.npz")
    assert made.rows[0].score is not None
    assert made.rows[0].score.right is not None
    with pytest.raises(CompileError, match="labels 19; expected labels: 20"):
        shrink(model, [Step(0.5)], Options(), data=tmp_path / "x.npz", labels=tmp_path / "short.npz")


def test_some_weights_stay() -> None:
    model = load(str(FILES["tflite int8"]))
    names = [item.name for item in weights_file(model).weights if item.array.size >= 256]
    made = shrink(model, [Step(0.5)], Options(), keep=[names[0]])
    assert names[0] in made.kept
    assert names[0] not in [name for name, _, _ in made.layers]


@pytest.mark.parametrize(
    ("prune", "cluster", "message"),
    [([0.0], [], "a share"), ([1.0], [], "a share"), ([], [1], "2 to 256"), ([], [300], "2 to 256"), ([], [], "neither")],
)
def test_numbers_that_are_none(prune: list[float], cluster: list[int], message: str) -> None:
    with pytest.raises(CompileError, match=message):
        steps_of(prune, cluster)


def test_names_that_nothing_has() -> None:
    with pytest.raises(CompileError, match="--keep"):
        shrink(load(str(FILES["tflite int8"])), [Step(0.5)], Options(), keep=["nothing"])


def test_no_samples_are_too_few(tmp_path: Path) -> None:
    np.savez(tmp_path / "none.npz", image=np.zeros((0, 1, 8, 8), np.float32))
    with pytest.raises(CompileError, match="0 samples; expected at least"):
        shrink(load(str(FILES["onnx int8"])), [Step(0.5)], Options(), data=tmp_path / "none.npz")


@pytest.mark.parametrize(("out", "message"), [("m.tflite", "the model itself"), ("m.onnx", "ends with .tflite")])
def test_a_model_stays_where_it_is(out: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "m.tflite"
    path.write_bytes(FILES["tflite int8"].read_bytes())
    done = CliRunner().invoke(shrink_command, [str(path), "--prune", "0.5", "-o", str(tmp_path / out)])
    assert isinstance(done.exception, CompileError)
    assert message in str(done.exception)
    assert path.read_bytes() == FILES["tflite int8"].read_bytes()
