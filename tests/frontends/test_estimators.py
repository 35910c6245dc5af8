# SPDX-License-Identifier: Apache-2.0
"""Typical estimators of scikit-learn, LightGBM and XGBoost: the C predicts what the library itself predicts.

examples/common/estimators.py trained them, wrote them as ONNX, and kept what the libraries predict for rows not seen before.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT
from harness import build_many, prefix_of

from tinycc.compiler import Compilation, compile, load
from tinycc.execution.host import HostModel

HERE = Path(__file__).parent / "estimators"
MODELS = sorted(HERE.glob("*.onnx"))
NEAR = 2e-5
"""Of the range: float32 in place of float64."""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory, runtime_archive: Path) -> tuple[dict[str, Compilation], Path]:
    """All of them in one library."""
    made = {path.stem: compile(load(path), name=path.stem) for path in MODELS}
    return made, build_many(list(made.values()), tmp_path_factory.mktemp("estimators"), runtime_archive)


@pytest.fixture(scope="module")
def predictions() -> dict[str, Any]:
    with np.load(HERE / "predictions.npz") as file:
        return dict(file)


@pytest.mark.parametrize("name", [path.stem for path in MODELS])
def test_predicts_what_the_library_predicts(name: str, compiled: Any, predictions: dict[str, Any]) -> None:
    compilations, library = compiled
    made = compilations[name]
    x, labels = predictions[f"{name}.x"], predictions[f"{name}.label"]
    with HostModel(made, library=library, prefix=prefix_of(made)) as host:
        rows = [host.run([row.reshape(made.graph.inputs[0].shape)]).outputs for row in x]
    found = np.array([row[0].ravel()[0] for row in rows])
    texts = made.graph.outputs[0].labels
    if labels.dtype.kind == "U":
        assert texts is not None
        assert [texts[int(label)] for label in found] == labels.tolist()
    elif found.dtype.kind == "i":
        np.testing.assert_array_equal(found, labels)
    else:
        np.testing.assert_allclose(found, labels, rtol=0, atol=NEAR * float(np.ptp(labels)))
    if f"{name}.scores" in predictions:
        scores = np.array([row[1].ravel() for row in rows])
        np.testing.assert_allclose(scores, predictions[f"{name}.scores"], rtol=0, atol=NEAR)


def test_the_page_lists_them() -> None:
    page = (ROOT / "docs" / "estimators.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| .* \| `(\w+)` \|", page, re.MULTILINE))
    assert listed == {path.stem for path in MODELS}
    assert len(listed) >= 19
