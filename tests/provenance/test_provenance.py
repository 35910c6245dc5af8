# SPDX-License-Identifier: Apache-2.0
"""`tinycc check` and `tinycc sbom`: a folder says what it was made of, and the same comes of it again."""

from __future__ import annotations

import importlib.metadata
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from tinycc.codegen.made import LIST, file_digest
from tinycc.compiler import compile
from tinycc.errors import CompileError
from tinycc.options import COMPILING, READING, Options
from tinycc.packages.layout import write_package
from tinycc.provenance.bom import bill_of_folder, bill_of_tinycc
from tinycc.provenance.folder import check_folder

DIGITS = ROOT / "examples" / "digits" / "digits_int8.tflite"
WINE = ROOT / "examples" / "wine" / "wine_int8.tflite"
OPTIONS: dict[str, Any] = {
    "shapes": {"serving_default_x:0": (1, 8, 8, 1)},
    "match": "litert",
    "fixes": ["space-to-batch-zero-point"],
    "name": "other",
    "target": "cortex-m4",
    "provider": "either",
    "optimize": "speed",
    "kernels": "portable",
    "ram": 65536,
    "flash": 262144,
    "without": ["stream", "prune-constant"],
    "sections": {"weights": ".flash", "arena": ".dtcm", "conv*": ".itcm"},
    "self_test": True,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    out = tmp_path / "out"
    compile(DIGITS, out, target="cortex-m4", sections={"weights": ".flash"})
    return out


def test_options_come_back_from_json() -> None:
    asked = Options().updated(**OPTIONS)
    assert Options().updated(**json.loads(json.dumps(asked.recorded()))) == asked
    assert set(asked.recorded()) == set(OPTIONS)
    assert Options().recorded() == {}
    assert set(OPTIONS) <= {*READING, *COMPILING}


def test_a_folder_is_as_it_was_written(folder: Path) -> None:
    checked = check_folder(folder)
    assert checked.passed
    assert checked.remade is None
    assert check_folder(folder, [DIGITS]).remade == ()
    assert checked.files == sum(path.is_file() for path in folder.rglob("*")) - 1


def test_what_was_changed_or_is_missing_is_named(folder: Path) -> None:
    with (folder / "digits_int8.c").open("a") as file:
        file.write("\n")
    (folder / "digits_int8_weights.h").unlink()
    (folder / "main.c").write_text("int main(void) { return 0; }\n")
    checked = check_folder(folder)
    assert (checked.changed, checked.missing, checked.passed) == (("digits_int8.c",), ("digits_int8_weights.h",), False)


def test_c_that_the_model_does_not_give_is_found(folder: Path) -> None:
    """Even where the list was changed with the file."""
    source = folder / "digits_int8.c"
    old = file_digest(source)
    source.write_text(source.read_text() + "\n")
    listed = folder / LIST
    listed.write_text(listed.read_text().replace(old, file_digest(source)))
    assert check_folder(folder).passed
    assert check_folder(folder, [DIGITS]).remade == ("digits_int8.c",)


def test_a_package_of_two_models(tmp_path: Path) -> None:
    write_package([compile(DIGITS), compile(WINE)], ["zephyr", "arduino"], tmp_path / "p", name="both", version="2.1.0")
    assert check_folder(tmp_path / "p", [WINE, DIGITS]).passed


def test_a_package_says_nothing_of_where_its_model_lay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_package([compile(WINE)], ["zephyr", "cmake"], tmp_path / "p")
    monkeypatch.chdir(WINE.parent)
    assert check_folder(tmp_path / "p", [WINE.name]).passed


@pytest.mark.parametrize(
    ("models", "problem"),
    [
        ([WINE], "model digits_int8.tflite: found not given"),
        ([DIGITS, WINE], "wine_int8.tflite: found the SHA-256"),
    ],
)
def test_models_that_it_was_not_made_of(folder: Path, models: list[Path], problem: str) -> None:
    with pytest.raises(CompileError, match=problem):
        check_folder(folder, models)


def test_a_model_may_be_called_otherwise_by_now(folder: Path, tmp_path: Path) -> None:
    assert check_folder(folder, [shutil.copy(DIGITS, tmp_path / "copy.tflite")]).passed


@pytest.mark.parametrize(
    "options", [{"external_weights": True}, {"external_io": True, "profile": True}, {"stream_input": True}]
)
def test_whatever_is_written_comes_again(options: dict[str, bool], tmp_path: Path) -> None:
    compile(DIGITS, tmp_path / "out", **options)  # type: ignore[arg-type]
    assert check_folder(tmp_path / "out", [DIGITS]).passed


@pytest.mark.parametrize("made", [None, [], {"": 1}, {"": {"tinycc": "0", "models": [{"file": "x"}]}}])
def test_a_list_that_says_nothing(folder: Path, made: object) -> None:
    listed = folder / LIST
    listed.write_text(json.dumps({**json.loads(listed.read_text()), "made": made}))
    with pytest.raises(CompileError, match="made of: found nothing that can be read"):
        check_folder(folder)


def test_a_folder_without_a_list(tmp_path: Path) -> None:
    with pytest.raises(CompileError, match="found no list"):
        check_folder(tmp_path)


def test_the_bill_of_a_folder_names_files_and_model(folder: Path) -> None:
    pytest.importorskip("cyclonedx")
    text = bill_of_folder(folder)
    assert text == bill_of_folder(folder), "the same bytes"
    bill = json.loads(text)
    found = {part["name"]: part for part in bill["components"]}
    assert bill["metadata"]["component"]["name"] == "digits_int8"
    assert found["digits_int8.tflite"]["type"] == "machine-learning-model"
    assert found["digits_int8.tflite"]["hashes"][0]["content"] == file_digest(DIGITS)
    assert found["digits_int8.c"]["hashes"][0]["content"] == file_digest(folder / "digits_int8.c")
    assert len(found) == check_folder(folder).files + 1


def test_the_bill_of_tinycc_names_what_it_stands_on() -> None:
    pytest.importorskip("cyclonedx")
    bill = json.loads(bill_of_tinycc())
    found = {part["name"]: part.get("version") for part in bill["components"]}
    assert bill["metadata"]["component"]["name"] == "tinycc-ml"
    assert found["numpy"] == importlib.metadata.version("numpy")
    assert {"onnx", "jinja2", "networkx", "tflite", "cffi"} <= set(found)


def test_bills_are_valid(folder: Path) -> None:
    validation = pytest.importorskip("cyclonedx.validation.json")
    from cyclonedx.exception import MissingOptionalDependencyException
    from cyclonedx.schema import SchemaVersion

    for text in (bill_of_folder(folder), bill_of_tinycc()):
        try:
            assert validation.JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
        except MissingOptionalDependencyException:
            pytest.skip("cyclonedx-python-lib[json-validation] is not installed")
