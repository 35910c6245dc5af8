# SPDX-License-Identifier: Apache-2.0
"""`tinycc quantize`: through the libraries' quantizers to integers, measured against the floats; and what it refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT

import tinycc.quantize.library as library
from tinycc.compiler import load
from tinycc.errors import CompileError
from tinycc.options import Options
from tinycc.quantize import Quantized, quantize
from tinycc.quantize.recipe import Activations, Method, Recipe, Weights, recipe_of
from tinycc.quantize.samples import read_samples

pytest.importorskip("onnxruntime")

ONNX = ROOT / "examples" / "torch_digits" / "torch_digits.onnx"
TFLITE = ROOT / "examples" / "digits" / "digits_float32.tflite"
MODELS = {"onnx": ONNX, "tflite": TFLITE}
WANTED = 34.0
"""Decibels that int8 must reach, here 34.5 and 36.6."""


def images(count: int = 64) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    with np.load(ROOT / "examples" / "torch_digits" / "testset.npz") as data:
        return data["image"][:count], data["labels"][:count]


@pytest.fixture(params=MODELS)
def kind(request: pytest.FixtureRequest) -> str:
    if request.param == "tflite":
        pytest.importorskip("ai_edge_quantizer")
    return str(request.param)


def samples(folder: Path, kind: str, *, labels: bool = True, count: int = 64) -> Path:
    x, y = images(count)
    arrays = {"image" if kind == "onnx" else "in0": x if kind == "onnx" else x.reshape(-1, 8, 8, 1)}
    path = folder / "samples.npz"
    np.savez(path, **arrays, **({"labels": y} if labels else {}))
    return path


def made(kind: str, folder: Path, recipe: Recipe, **more: Any) -> Quantized:
    return quantize(load(MODELS[kind]), samples(folder, kind), recipe, Options(), **more)


def test_the_c_of_the_quantized_model_is_as_good_as_its_runtime(kind: str, tmp_path: Path) -> None:
    found = made(kind, tmp_path, Recipe())
    floats, codes, emitted = found.scores
    assert [row.what for row in found.scores] == ["float", "quantized", "C"]
    assert (found.calibrated, found.judged) == (48, 16), "every fourth is held out"
    assert (codes.right, codes.agree, codes.sqnr_db) == (emitted.right, emitted.agree, emitted.sqnr_db)
    assert floats.right is not None
    assert floats.right >= 15
    assert emitted.sqnr_db > WANTED - 2
    order = [loss.sqnr_db for loss in found.losses]
    assert order == sorted(order)
    assert len(order) >= 6
    assert any("48 samples" in note for note in found.notes)
    int8 = [value for op in found.compilation.graph.ops for value in op.outputs if value.dtype.value == "int8"]
    assert len(int8) >= 8, "layers are in integers"


@pytest.mark.parametrize(
    ("recipe", "least"),
    [
        (Recipe(Method.ENTROPY), 12),
        (Recipe(Method.PERCENTILE, percentile=99.9), 25),
        (Recipe(activations=Activations.INT16), 36),
        (Recipe(weights=Weights.INT4), 9),
        (Recipe(mixed=2), WANTED),
    ],
    ids=lambda value: str(value)[:60],
)
def test_recipes(kind: str, recipe: Recipe, least: float, tmp_path: Path) -> None:
    found = made(kind, tmp_path, recipe)
    assert found.scores[2].sqnr_db > least
    dtypes = {value.dtype.value for op in found.compilation.graph.ops for value in op.outputs}
    assert ("int16" in dtypes) == (recipe.activations is Activations.INT16 or recipe.mixed > 0)
    forms = [loss.form for loss in found.losses[: recipe.mixed]]
    assert forms == ["int16"] * recipe.mixed


def test_methods_differ(kind: str, tmp_path: Path) -> None:
    recipes = (Recipe(), Recipe(Method.ENTROPY), Recipe(Method.PERCENTILE, percentile=90))
    assert len({made(kind, tmp_path, recipe, measured=False).data for recipe in recipes}) == 3
    assert made(kind, tmp_path, Recipe(), measured=False).data == made(kind, tmp_path, Recipe(), measured=False).data


def test_layers_stay_in_floats_where_16_bits_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tinycc.quantize.onnx import OnnxQuantizer

    def refuses(self: OnnxQuantizer, wide: frozenset[str]) -> dict[str, Any]:
        raise library.fail("quantization", "no 16 bits", "some")

    monkeypatch.setattr(OnnxQuantizer, "_overrides", refuses)
    found = made("onnx", tmp_path, Recipe(mixed=1))
    assert found.losses[0].form == "float"
    assert any(found.losses[0].layer in note and "16 bits cannot be" in note for note in found.notes)
    assert found.scores[2].sqnr_db > WANTED


def test_without_labels(tmp_path: Path) -> None:
    path = samples(tmp_path, "onnx", labels=False)
    found = quantize(load(ONNX), path, Recipe(), Options())
    assert (found.calibrated, found.judged) == (64, 16)
    assert [row.right for row in found.scores] == [None] * 3
    assert found.scores[2].agree >= 15


def refused(arrays: dict[str, Any], folder: Path) -> str:
    path = folder / "bad.npz"
    np.savez(path, **arrays)
    with pytest.raises(CompileError) as error:
        quantize(load(ONNX), path, Recipe(), Options())
    return str(error.value)


def with_nan(x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    damaged = x.copy()
    damaged[5, 0, 1, 1] = np.nan
    return damaged


BAD: dict[str, tuple[Any, str]] = {
    "wrong shape": (lambda x, y: {"image": x.reshape(-1, 8, 8, 1)}, "image: float32[64, 8, 8, 1]; expected [samples, 1, 8, 8]"),
    "one sample only": (lambda x, y: {"image": x[0]}, "image: float32[1, 8, 8]"),
    "other name": (lambda x, y: {"picture": x}, "arrays picture; expected in0 or image"),
    "NaN": (lambda x, y: {"image": with_nan(x)}, "1 elements that are NaN or infinite, the first in sample 5"),
    "too few": (lambda x, y: {"image": x[:3]}, "3 samples; expected at least 4"),
    "texts": (lambda x, y: {"image": np.full(x.shape, "a")}, "image of <U1; expected float32"),
    "labels for others": (lambda x, y: {"image": x, "labels": y[:9]}, "samples: image 64, labels 9"),
    "labels of other classes": (lambda x, y: {"image": x, "labels": y + 9}, "for 10 classes"),
    "labels of another shape": (lambda x, y: {"image": x, "labels": x[:, 0, 0, :3]}, "labels of 3 numbers a sample"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_data(name: str, tmp_path: Path) -> None:
    arrays, expected = BAD[name]
    assert expected in refused(arrays(*images()), tmp_path)


def test_integers_and_doubles_are_taken(tmp_path: Path) -> None:
    x, _ = images()
    for array in (x.astype(np.float64), (x * 16).astype(np.uint8), x[:, 0][:, None]):
        np.savez(tmp_path / "x.npz", in0=array)
        (found,) = read_samples(tmp_path / "x.npz", load(ONNX).graph.inputs).inputs
        assert found.dtype == np.float32
        assert found.shape == (64, 1, 1, 8, 8)


def test_no_archive(tmp_path: Path) -> None:
    (tmp_path / "x.npz").write_bytes(b"PK\x03\x04 damaged")
    with pytest.raises(CompileError, match="found"):
        read_samples(tmp_path / "x.npz", load(ONNX).graph.inputs)


def test_what_is_quantized_already_is_refused(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"again.{kind}"
    path.write_bytes(made(kind, tmp_path, Recipe(), measured=False).data)
    with pytest.raises(CompileError, match="It is quantized already"):
        quantize(load(path), samples(tmp_path, kind), Recipe(), Options())


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("ai_edge_quantizer", "ai_edge_quantizer.quantizer"):  # which another test may have loaded
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(CompileError, match=r"no package ai-edge-quantizer.*the extra quantize.*tinycc-ml\[quantize\]"):
        library.required("ai_edge_quantizer.quantizer", "ai-edge-quantizer")


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        (("median", "int8", "int8", 99.0, 0), "--method"),
        (("minmax", "int32", "int8", 99.0, 0), "--activations"),
        (("minmax", "int8", "int2", 99.0, 0), "--weights"),
        (("minmax", "int8", "int8", 5.0, 0), "--percentile"),
        (("minmax", "int8", "int8", 99.0, -1), "--mixed"),
        (("minmax", "int16", "int8", 99.0, 1), "--mixed"),
    ],
)
def test_bad_recipes(arguments: Any, place: str) -> None:
    with pytest.raises(CompileError, match=place):
        recipe_of(*arguments)


def command(*arguments: str, status: int = 0) -> str:
    done = subprocess.run([sys.executable, "-m", "tinycc", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_command(tmp_path: Path) -> None:
    """The table, the file, and C out of floats in one step, which is that of the file."""
    data, out = str(samples(tmp_path, "onnx")), tmp_path / "torch_digits.int8.onnx"
    printed = command("quantize", str(ONNX), "--calibration", data, "-o", str(out))
    assert f"-> {out}" in printed
    assert "layers that lose most" in printed
    assert "16 samples held out" in printed
    content = json.loads(command("compile", str(out), "--json"))
    printed = command(str(ONNX), "--quantize", data, "-o", str(tmp_path / "out"))
    assert "quantized with" in printed
    header = (tmp_path / "out" / "torch_digits.h").read_text()
    assert content["sha256"] in header
    assert not list(tmp_path.glob(".*")), "nothing is left behind"


def test_nothing_is_written_where_something_is_wrong(tmp_path: Path) -> None:
    np.savez(tmp_path / "bad.npz", picture=images()[0])
    out = tmp_path / "out.onnx"
    command("quantize", str(ONNX), "--calibration", str(tmp_path / "bad.npz"), "-o", str(out), status=2)
    command(str(ONNX), "--quantize", str(tmp_path / "bad.npz"), "-o", str(tmp_path / "out"), status=2)
    assert [path.name for path in tmp_path.iterdir()] == ["bad.npz"]


def test_what_has_nothing_to_quantize_is_told_so(tmp_path: Path) -> None:
    folder = ROOT / "examples" / "forest"
    with pytest.raises(CompileError, match=r"operators ai.onnx.ml.TreeEnsembleClassifier.*Trees, recurrent layers"):
        quantize(load(folder / "forest.onnx"), folder / "testset.npz", Recipe(), Options())
