# SPDX-License-Identifier: Apache-2.0
"""Options of the Python API: what keywords may hold, and what is said of those that are wrong."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from refusals import good

from tinycc.compiler import compile, load
from tinycc.device.bench import bench
from tinycc.errors import CompileError
from tinycc.options import Keywords, Options
from tinycc.target import TARGETS
from tinycc.verification import verify

WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"target": 3}, "--target: found 3; expected one of generic"),
    ({"target": None}, "--target: found None"),
    ({"tarket": "m4"}, "options: found an option 'tarket'; expected one of shapes, match"),
    ({"tarket": "m4"}, "Is target meant?"),
    ({"match": "tf"}, "--match: found 'tf'; expected tflm or litert"),
    ({"match": True}, "--match: found True; expected a text"),
    ({"name": 5}, "--name: found 5; expected a text"),
    ({"self_test": "yes"}, "--self-test: found 'yes'; expected True or False"),
    ({"shapes": [(1, 4)]}, "--input-shape: found [(1, 4)]; expected a mapping"),
    ({"shapes": {"x": 4}}, "--input-shape x: found 4; expected a shape of integers"),
    ({"shapes": {"x": (1, "4")}}, "--input-shape x: found (1, '4'); expected a shape of integers"),
    ({"shapes": {"x": (1, 4.0)}}, "--input-shape x: found (1, 4.0); expected a shape of integers"),
    ({"provider": "arm"}, "--provider: found 'arm'"),
    ({"optimize": "fast"}, "--optimize: found 'fast'; expected one of speed, size, ram"),
    ({"kernels": "arm"}, "--kernels: found 'arm'; expected one of auto, tinycc, cmsis-nn, portable"),
    ({"on": "z80"}, "--on: found 'z80'"),
    ({"runs": -1}, "--runs: found -1; expected a number from 0 to 100,000"),
    ({"runs": 10**9}, "--runs: found 1000000000"),
    ({"runs": True}, "--runs: found True"),
    ({"runs": 2.5}, "--runs: found 2.5"),
    ({"seed": "x"}, "--seed: found 'x'"),
    ({"inputs": 3}, "--inputs: found 3; expected a path"),
    ({"seconds": float("nan")}, "--time-limit: found nan; expected seconds"),
    ({"seconds": 0}, "--time-limit: found 0"),
    ({"oracle": "gpu"}, "--oracle: found 'gpu'; expected tflm or litert-ref or litert or numpy"),
)


@pytest.mark.parametrize(("keywords", "fragment"), WRONG)
def test_wrong_keyword(keywords: dict[str, Any], fragment: str) -> None:
    with pytest.raises(CompileError) as caught:
        verify(good(), **keywords)
    assert fragment in str(caught.value)


def test_keywords_name_every_option() -> None:
    assert list(Keywords.__annotations__) == [item.name for item in fields(Options)]


def test_keywords_and_options_are_the_same() -> None:
    options = Options(target=TARGETS["cortex-m4"], name="net")
    by_keywords = compile(good(), target="m4", name="net")
    assert compile(good(), options=options).files == by_keywords.files
    assert compile(good(), options=options, name="other").name == "other"
    shapes = Options().updated(shapes={"x": np.array([1, 4])}).shapes
    assert shapes == {"x": (1, 4)}


def test_loaded_model_is_not_read_anew() -> None:
    model = load(good(), match="litert")
    assert compile(model, target="m4").model.match == "litert"
    with pytest.raises(CompileError, match="--match: found 'tflm'; expected 'litert', as the model was loaded"):
        compile(model, match="tflm")


def test_bench_wants_a_target() -> None:
    with pytest.raises(CompileError, match="--on: found no target"):
        bench(good())


def test_options_of_another_type() -> None:
    with pytest.raises(CompileError, match=r"options: found a dict; expected a tinycc\.Options"):
        compile(good(), None, {"target": "m4"})  # type: ignore[arg-type]


def test_inputs_may_be_a_path(tmp_path: Path) -> None:
    np.savez(tmp_path / "in.npz", in0=np.zeros((3, 1, 4), np.int8))
    assert verify(good(), oracle="numpy", inputs=tmp_path / "in.npz").runs == 3
