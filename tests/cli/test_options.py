# SPDX-License-Identifier: Apache-2.0
"""Options of the Python API: what keywords may hold, and what is said of those that are wrong."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from refusals import good

import tinycc
from tinycc.compiler import compile, load
from tinycc.device.bench import bench
from tinycc.errors import CompileError
from tinycc.numerics.rules import LITERT
from tinycc.options import Keywords, Options
from tinycc.target import TARGETS
from tinycc.verification import verify

WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"target": 3}, "--target: found 3; expected one of generic"),
    ({"target": None}, "--target: found None"),
    ({"tarket": "m4"}, "options: found an option 'tarket'; expected one of shapes, match"),
    ({"tarket": "m4"}, "Is target meant?"),
    ({"match": "tf"}, "--match: found 'tf'; expected one of tflm, litert, ort, integer"),
    ({"match": True}, "--match: found True; expected one of tflm"),
    ({"name": 5}, "--name: found 5; expected a text"),
    ({"self_test": "yes"}, "--self-test: found 'yes'; expected True or False"),
    ({"shapes": [(1, 4)]}, "--input-shape: found [(1, 4)]; expected a mapping"),
    ({"shapes": {"x": 4}}, "--input-shape x: found 4; expected a shape of integers"),
    ({"shapes": {"x": (1, "4")}}, "--input-shape x: found (1, '4'); expected a shape of integers"),
    ({"shapes": {"x": (1, 4.0)}}, "--input-shape x: found (1, 4.0); expected a shape of integers"),
    ({"provider": "arm"}, "--provider: found 'arm'"),
    ({"optimize": "fast"}, "--optimize: found 'fast'; expected one of balanced, speed, size, ram"),
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
    assert compile(model, target="m4").model.match is LITERT
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


ODD: tuple[Any, ...] = (
    *(None, 1, -1, 3.5, "", b"x", "nope", [], {}, object(), float("nan"), True, [1], {"x": "y"}, {1: 2}, print, np, "a\0b"),
    *(("x",), np.int8(3), np.zeros(2), {"x": (1, 4)}, 10**30, Path("nope"), "m" * 5000, ...),
)
"""What no parameter, or hardly one, takes."""


def refused(function: Any, *arguments: Any, **keywords: Any) -> None:
    """It works, or ends in a CompileError that can be printed."""
    message = ""
    try:
        function(*arguments, **keywords)
    except CompileError as error:
        message = str(error)
    except BaseException as error:
        what = f"{function.__name__} of {str(arguments[1:])[:200]} {str(keywords)[:200]}"
        raise AssertionError(f"{what} ends in {type(error).__name__}: {error}") from error
    assert len(message) < 3000


@pytest.mark.parametrize("name", [item.name for item in fields(Options)] + ["nonsense"])
def test_odd_values_of_every_parameter(name: str) -> None:
    """By keyword, and in an Options that was made by hand."""
    data = good()
    for value in ODD:
        for function in (load, compile):
            refused(function, data, **{name: value})
        if name != "nonsense":
            refused(compile, data, options=Options(**{name: value}))


def test_odd_models_and_folders(tmp_path: Path) -> None:
    compilation = compile(good())
    for value in ODD:
        for function in (load, compile, verify, bench):
            refused(function, value)
        refused(load, good(), value)
        if not isinstance(value, (str, Path)):
            refused(compilation.write, value)


def test_dir_shows_what_there_is() -> None:
    shown = [name for name in dir(tinycc) if not name.startswith("_")]
    assert shown == sorted(tinycc.__all__)
    assert all(hasattr(tinycc, name) for name in shown)
