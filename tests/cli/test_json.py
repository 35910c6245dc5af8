# SPDX-License-Identifier: Apache-2.0
"""`--json` of every command: what it prints is what the schemas in docs/schemas say, and the schemas are those of the types."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from jsonschema import Draft202012Validator

from benchmarks.schemas import FOLDER, texts

MODEL = str(ROOT / "examples" / "digits" / "digits_int8.tflite")
HAS_ARM = shutil.which("arm-none-eabi-gcc") and shutil.which("qemu-system-arm")


def printed(*arguments: str, status: int = 0) -> dict[str, Any]:
    command = [sys.executable, "-m", "tinycc", *arguments, "--json"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == status, result.stderr
    content: dict[str, Any] = json.loads(result.stdout, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    return content


def schema(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    return content


def check(name: str, content: Any) -> None:
    found = Draft202012Validator(schema(name)).iter_errors(content)
    problems = [f"{error.json_path}: {error.message[:300]}" for error in found]
    assert problems == []


def test_the_schemas_are_those_of_the_types() -> None:
    found = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    assert found == texts(), "python -m benchmarks schemas"


@pytest.mark.parametrize("name", sorted(path.name.removesuffix(".schema.json") for path in FOLDER.glob("*.json")))
def test_a_schema_is_one_and_refuses_what_is_not_said(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    assert not Draft202012Validator(schema(name)).is_valid({})
    assert schema(name)["additionalProperties"] is False


def test_several_models() -> None:
    content = printed("compile", MODEL, str(ROOT / "examples" / "wine" / "wine_int8.tflite"))
    check("compile_several", content)
    assert [model["name"] for model in content["models"]] == ["digits_int8", "wine_int8"]


def test_weights(tmp_path: Path) -> None:
    check("compile", printed("compile", MODEL, "-o", str(tmp_path / "out"), "--external-weights", "--external-io"))
    content = printed("weights", MODEL, "--for", str(tmp_path / "out"), "-o", str(tmp_path / "new.bin"))
    check("weights", content)
    assert content["bytes"] == (tmp_path / "new.bin").stat().st_size


def test_check(tmp_path: Path) -> None:
    printed("compile", MODEL, "-o", str(tmp_path))
    check("check", printed("check", str(tmp_path), MODEL))
    (tmp_path / "digits_int8.c").unlink()
    check("check", printed("check", str(tmp_path), status=1))


FLOATS = ROOT / "examples" / "torch_digits"


def test_quantize() -> None:
    content = printed("quantize", str(FLOATS / "torch_digits.onnx"), "--calibration", str(FLOATS / "testset.npz"))
    check("quantize", content)
    assert [row["what"] for row in content["scores"]] == ["float", "quantized", "C"]


def test_shrink() -> None:
    model = str(FLOATS / "torch_digits_int8.onnx")
    content = printed("shrink", model, "--prune", "0.5", "--cluster", "16", "--data", str(FLOATS / "testset.npz"))
    check("shrink", content)
    assert [row["step"] for row in content["rows"]] == [{"prune": 0.0, "cluster": 0}, {"prune": 0.5, "cluster": 16}]


COMMANDS = {
    "compile": ("compile", MODEL, "--target", "cortex-m4"),
    "verify": ("verify", MODEL, "--oracle", "numpy", "--runs", "1", "--layers"),
    "map": ("map", MODEL),
    "report": ("report", MODEL),
    "inspect": ("inspect", MODEL),
    "ops": ("ops", "softmax"),
    "explore": ("explore", str(ROOT / "examples" / "wine" / "wine_int8.tflite"), "--skip-verify"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_commands(name: str) -> None:
    content = printed(*COMMANDS[name])
    check(name, content)
    assert set(content["versions"]) >= {"python", "numpy", "onnxruntime"}
    if name != "ops":
        assert content["outputs"][0]["scale"] == 1 / 256
        assert content["inputs"][0]["zero_point"] == (-26 if name == "explore" else -128)


def test_the_whole_of_flash(tmp_path: Path) -> None:
    """The summary's parts are its sum; bench measures the same."""
    footprint = printed("compile", MODEL, "--target", "cortex-m4")["footprint"]
    parts = [footprint[part] for part in ("constants", "kernels", "emitted", "library")]
    assert footprint["flash"] == sum(parts)
    if HAS_ARM:
        assert footprint["linked"]
        assert all(part > 0 for part in parts)
        assert footprint["stack"] > 100
    estimate = printed("compile", MODEL)["footprint"]
    assert not estimate["linked"]
    assert "give --target" in estimate["not_linked"]
    assert estimate["flash"] == sum(estimate[part] for part in ("constants", "kernels", "emitted", "library"))


def test_a_difference(tmp_path: Path) -> None:
    """Of two reports; where more grew than was allowed, the failure is all that is printed."""
    reports = []
    for target in ("cortex-m4", "generic"):
        reports.append(str(tmp_path / f"{target}.json"))
        Path(reports[-1]).write_text(json.dumps(printed("report", MODEL, "--target", target)))
    content = printed("diff", *reports)
    check("diff", content)
    assert all(row["by"] == (row["after"] or 0) - (row["before"] or 0) for row in content["changes"])
    refused = printed("diff", *reports, "--max-cycles", "+0", status=3)
    check("failure", refused)
    assert refused["problems"][0]["where"] == "--max-cycles"


def test_many_models(tmp_path: Path) -> None:
    models = str(ROOT / "examples" / "wine")
    content = printed("batch", models, "-o", str(tmp_path / "batch"), "--jobs", "1")
    check("batch", content)
    assert [row["status"] for row in content["rows"]] == ["compiled", "compiled"]
    pytest.importorskip("distributed")
    content = printed("sweep", models, "-o", str(tmp_path / "sweep"), "--workers", "1")
    check("sweep", content)
    assert {row["name"] for row in content["best"]} <= {row["name"] for row in content["rows"]}
    assert content["best"]


@pytest.mark.skipif(not shutil.which("frama-c"), reason="no Frama-C")
def test_prove() -> None:
    wine = str(ROOT / "examples" / "wine" / "wine_float32.tflite")
    check("prove", printed("prove", wine, "--steps-only"))


@pytest.mark.skipif(not HAS_ARM, reason="no cross compiler or emulator")
def test_on_targets() -> None:
    content = printed("bench", MODEL, "--on", "cortex-m4")
    check("bench", content)
    bench = content["targets"]["cortex-m4"]
    footprint = printed("compile", MODEL, "--target", "cortex-m4")["footprint"]
    assert bench["flash_bytes"] == footprint["flash"]
    assert bench["ram_bytes"] == footprint["ram"]
    assert bench["stack_bound_bytes"] == footprint["stack"]
    check("verify_on", printed("verify", MODEL, "--on", "cortex-m4", "--runs", "1", "--oracle", "numpy"))


@pytest.mark.parametrize(
    ("status", "arguments"),
    [
        (2, ("compile", "nowhere.tflite")),
        (2, ("compile", MODEL, "--target", "z80")),
        (2, ("bench", MODEL)),
        (2, ("verify", MODEL, "--no-such-option", "1")),
        (2, ("ops", "NOTHING")),
        (3, ("compile", MODEL, "--ram", "1K", "--flash", "1K")),
    ],
)
def test_failures(status: int, arguments: tuple[str, ...]) -> None:
    content = printed(*arguments, status=status)
    check("failure", content)
    assert len(content["problems"]) == (2 if status == 3 else 1)
