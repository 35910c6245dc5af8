# SPDX-License-Identifier: Apache-2.0
"""Examples from PyTorch, Keras and scikit-learn: the committed models compile, are verified, and count as expected."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

from tinycc.compiler import compile, load
from tinycc.execution.host import HostModel
from tinycc.quantize.accuracy import chosen, coded
from tinycc.verification import verify

EXAMPLES = ROOT / "examples"
FOLDERS = ("torch_digits", "keras_digits", "forest")
MODELS = sorted(path for folder in FOLDERS for path in (EXAMPLES / folder).glob("*.[ot][nf]*") if path.suffix != ".npz")


def test_every_model_is_expected() -> None:
    for folder in FOLDERS:
        expected = json.loads((EXAMPLES / folder / "expected.json").read_text())["models"]
        assert set(expected) == {path.name for path in MODELS if path.parent.name == folder}
        assert {"README.md", "train.py", "testset.npz"} <= {path.name for path in (EXAMPLES / folder).iterdir()}


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.name)
def test_counts_what_its_runtime_counts(path: Path) -> None:
    """The right answers over the test set; and value by value what the runtime computes for edge and random inputs."""
    expected = json.loads((path.parent / "expected.json").read_text())["models"][path.name]
    model = load(path)
    (x,) = model.graph.inputs
    with np.load(path.parent / "testset.npz") as test:
        (name,) = set(test.files) - {"labels"}
        rows, labels = test[name], test["labels"]
    with HostModel(compile(model)) as host:
        outputs = [host.run(coded([row.reshape(x.shape)], (x,))).outputs[0] for row in rows]
    assert int((chosen(np.stack(outputs)) == labels).sum()) == expected["correct"]
    pytest.importorskip("onnxruntime" if path.suffix == ".onnx" else "tflite_micro")
    verdict = verify(model, runs=3)
    assert verdict.passed, verdict.headline


def test_no_model_tells_where_it_was_made() -> None:
    for path in MODELS:
        assert not {word for word in (b"/home/", b"/tmp/", b"site-packages") if word in path.read_bytes()}
