# SPDX-License-Identifier: Apache-2.0
"""Constants in a file beside the C: what its init refuses, and new files for old code."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from harness import STRICT
from model_builder import ModelBuilder
from retrained import retrained
from test_apart import program

from tinycc.cli import cli
from tinycc.codegen.block import HEADER, declared_member, declared_parameters, layout_of, statements
from tinycc.compiler import Compilation, compile
from tinycc.errors import CompileError
from tinycc.execution.host import HostModel
from tinycc.execution.inputs import edge_inputs, random_inputs
from tinycc.update import update

DIGITS = ROOT / "examples" / "digits" / "digits_int8.tflite"
WINE = ROOT / "examples" / "wine" / "wine_int8.tflite"


@pytest.fixture(scope="module")
def firmware(tmp_path_factory: pytest.TempPathFactory) -> tuple[Compilation, Path]:
    folder = tmp_path_factory.mktemp("firmware")
    return compile(DIGITS, folder, name="net", external_weights=True), folder


def outputs(compilation: Compilation) -> list[bytes]:
    values = compilation.graph.inputs
    sets = [*edge_inputs(values), *(random_inputs(values, seed) for seed in range(5))]
    with HostModel(compilation, flags=STRICT) as host:
        return [output.tobytes() for item in sets for output in host.run(item.arrays).outputs]


@pytest.mark.parametrize("options", [{}, {"target": "cortex-m4"}, {"optimize": "ram"}, {"optimize": "size"}], ids=str)
def test_old_code_with_new_weights_is_the_new_model(options: dict[str, str], tmp_path: Path) -> None:
    """Weights, scales and zero points are others; the C is that of the old model, to the byte."""
    new = retrained(DIGITS.read_bytes())
    old = compile(DIGITS, tmp_path, name="net", external_weights=True, **options)  # type: ignore[arg-type]
    made = update(new, tmp_path)
    assert made.weights != old.emission.weights
    assert len(made.weights) == len(old.emission.weights or b"")
    updated = replace(old, emission=replace(old.emission, weights=made.weights))
    fresh = outputs(compile(new, name="net", **options))  # type: ignore[arg-type]
    assert outputs(updated) == fresh != outputs(old)


def test_the_header_of_the_file(firmware: tuple[Compilation, Path]) -> None:
    made, folder = firmware
    content = (folder / "weights" / "net.bin").read_bytes()
    magic, version, header, size, crc, layout, sha256 = HEADER.unpack(content[: HEADER.size])
    assert (magic, version, header, size) == (b"TCWB", 1, 64, len(content))
    assert crc == zlib.crc32(content[16:])
    assert layout == made.emission.layout
    assert sha256.hex() == made.model.source.file.sha256
    assert "net_weights.c" not in made.files
    assert not any(constant.raw in text.encode() for constant in made.program.constants for text in made.files.values())


REFUSING = r"""
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include "net.h"
#include "weights/net_bin.h"

static net_instance net;
static union { uint8_t bytes[sizeof net_bin.bytes + 64]; int64_t align; } flash;

static int status(uint32_t bytes)
{
    const net_status found = net_init(&net, flash.bytes, bytes);
    if (found != net_check_weights(flash.bytes, bytes)) {
        return 99;
    }
    return (int)found;
}

int main(void)
{
    const uint32_t whole = sizeof net_bin.bytes;
    memset(flash.bytes, 0xFF, sizeof flash.bytes);
    printf("%d ", status(whole)); /* erased */
    printf("%d ", net_invoke(&net) == NET_ERROR_NOT_INITIALIZED);
    memcpy(flash.bytes, net_bin.bytes, whole);
    printf("%d %d %d ", status(whole), status(whole + 64), status(whole - 1)); /* there may be more room */
    printf("%d ", status(20));
    printf("%d ", net_init(&net, flash.bytes + 4, whole) == NET_ERROR_MISALIGNED);
    printf("%d ", net_init(&net, NULL, whole) == NET_ERROR_NULL);
    for (uint32_t done = 64; done < whole; done += 997) { /* an update that was interrupted */
        memset(flash.bytes + done, 0xFF, whole - done);
        if (status(whole) != NET_ERROR_WEIGHTS_DAMAGED) {
            return 1;
        }
        memcpy(flash.bytes, net_bin.bytes, whole);
    }
    for (uint32_t at = 0; at < whole; at += 13) { /* a bit that fell over */
        flash.bytes[at] ^= 4u;
        if (status(whole) < NET_ERROR_WEIGHTS) {
            return 2;
        }
        flash.bytes[at] ^= 4u;
    }
    flash.bytes[16] ^= 1u;
    printf("%d ", status(whole)); /* of other code */
    flash.bytes[16] ^= 1u;
    flash.bytes[4] = 2u;
    printf("%d ", status(whole)); /* a format that is not known */
    printf("%d\n", net_invoke(&net) == NET_OK); /* what was refused has changed nothing */
    return 0;
}
"""


def test_interrupted_foreign_and_damaged_updates_are_refused(firmware: tuple[Compilation, Path], tmp_path: Path) -> None:
    made, _ = firmware
    made.write(tmp_path)
    found = program(tmp_path, made.sources, REFUSING).split()
    assert found == ["8", "1", "0", "0", "10", "8", "1", "1", "9", "8", "1"]


def told(model: bytes | Path, folder: Path) -> str:
    with pytest.raises(CompileError) as refused:
        update(model, folder)
    return str(refused.value)


def net(weights: Sequence[Sequence[int]], scale: float = 0.02, depth: int = 8, output: float = 0.1) -> bytes:
    m = ModelBuilder()
    x = m.input((1, 4, 4, depth), "int8", scale=0.05)
    w = m.const(np.resize(np.array(weights, np.int8), (4, 1, 1, depth)), scale=[scale] * 4, axis=0)
    b = m.const(np.zeros(4, np.int32), scale=[scale * 0.05] * 4, axis=0)
    y = m.tensor((1, 4, 4, 4), "int8", scale=output)
    m.op("CONV_2D", [x, w, b], [y], stride_h=1, stride_w=1, padding="SAME")
    return m.build(outputs=[y])


def test_why_weights_do_not_fit(firmware: tuple[Compilation, Path], tmp_path: Path) -> None:
    _, folder = firmware
    assert "net.h: found NET_INPUT_0_SIZE 13; expected 64" in told(WINE, folder)
    compile(net([[1, 2, 3, 4]]), tmp_path, name="net", external_weights=True)
    assert "NET_INPUT_0_SIZE 192; expected 128" in told(net([[1, 2, 3, 4]], depth=12), tmp_path)
    changed = told(net([[1, 2, 3, 4]], output=0.2), tmp_path)
    assert "NET_OUTPUT_0_SCALE 0.200000003f; expected 0.100000001f" in changed
    assert "The firmware has to be updated as well" in changed


def test_kernels_that_need_something_of_weights(tmp_path: Path) -> None:
    """The kernel of the firmware is kept if it takes the new weights, though another one would be better; else it is told what
    it needs of them."""
    small = net([[1, -2, 3, -4, 5]])
    compile(small, tmp_path, name="net", external_weights=True, target="cortex-m4")
    kernels = json.loads((tmp_path / "weights" / "net.json").read_text())["kernels"]
    spread = ModelBuilder()
    x = spread.input((1, 4, 4, 8), "int8", scale=0.05)
    scales = [0.02, 2e-7, 0.5, 3e-4]
    w = spread.const(np.resize(np.array([127, -128], np.int8), (4, 1, 1, 8)), scale=scales, axis=0)
    b = spread.const(np.full(4, 2**30, np.int32), scale=[scale * 0.05 for scale in scales], axis=0)
    y = spread.tensor((1, 4, 4, 4), "int8", scale=0.1)
    spread.op("CONV_2D", [x, w, b], [y], stride_h=1, stride_w=1, padding="SAME")
    refused = told(spread.build(outputs=[y]), tmp_path)
    assert kernels["1"] in refused
    assert "needs that" in refused


def test_channels_that_are_constant_today_may_vary_tomorrow(tmp_path: Path) -> None:
    """They stay in the code, so that weights with which they vary, or others do not, fit."""
    first, second = (_with_dead_channels(*dead) for dead in ((1, 2, 3, 4), (0,)))
    assert sum(step.macs for step in compile(first).program.steps) < sum(step.macs for step in compile(second).program.steps)
    old = compile(first, tmp_path, name="net", external_weights=True)
    made = update(second, tmp_path)
    updated = replace(old, emission=replace(old.emission, weights=made.weights))
    assert outputs(updated) == outputs(compile(second, name="net")) != outputs(old)


def _with_dead_channels(*dead: int) -> bytes:
    """Two convolutions; channels of the first have weights of zero."""
    m = ModelBuilder()
    random = np.random.default_rng(1)
    x = m.input((1, 6, 6, 3), "int8", scale=0.05)
    for channels in (8, 4):
        weights = random.integers(-90, 90, (channels, 3, 3, 3 if channels == 8 else 8)).astype(np.int8)
        if channels == 8:
            weights[list(dead)] = 0
        scales = [0.01] * channels
        w = m.const(weights, scale=scales, axis=0)
        b = m.const(np.zeros(channels, np.int32), scale=[scale * (0.05 if channels == 8 else 0.1) for scale in scales], axis=0)
        y = m.tensor((1, 6, 6, channels), "int8", scale=0.1)
        m.op("CONV_2D", [x, w, b], [y], stride_h=1, stride_w=1, padding="SAME")
        x = y
    return m.build(outputs=[x])


def test_weights_of_another_tinycc(firmware: tuple[Compilation, Path], tmp_path: Path) -> None:
    """Its kernels may be others: the layout is the hash of all of the C."""
    made, folder = firmware
    kept = json.loads((folder / "weights" / "net.json").read_text())
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / "net.json").write_text(json.dumps({**kept, "tinycc": "0.0.1", "layout": "00" * 16}))
    assert "Use tinycc 0.0.1 to make weights for this firmware" in told(DIGITS, tmp_path)
    (tmp_path / "weights" / "net.json").write_text("{}")
    assert "not what tinycc wrote" in told(DIGITS, tmp_path)
    assert "no file weights/NAME.json" in told(DIGITS, tmp_path / "weights")
    text = made.files["net.c"]
    assert layout_of([("a", text)]) == layout_of([("a", text.replace("/* Step", "/* Nothing"))])
    assert layout_of([("a", text)]) != layout_of([("a", text.replace("NUMBERS[0]", "NUMBERS[1]"))])


def test_several_models_of_a_package(tmp_path: Path) -> None:
    out, new = tmp_path / "both", tmp_path / "new.tflite"
    new.write_bytes(retrained(DIGITS.read_bytes()))
    cli.main([str(DIGITS), str(WINE), "-o", str(out), "--external-weights", "--quiet"], standalone_mode=False)
    with pytest.raises(CompileError, match=r"2 models: digits_int8, wine_int8; expected which one it is\. Give --name"):
        update(new, out)
    arguments = ["weights", str(new), "--for", str(out), "--name", "digits_int8", "-o", str(tmp_path / "new.bin"), "--quiet"]
    cli.main(arguments, standalone_mode=False)
    magic, _, _, size, *_ = HEADER.unpack((tmp_path / "new.bin").read_bytes()[:64])
    assert (magic, size) == (b"TCWB", (tmp_path / "new.bin").stat().st_size)
    assert struct.unpack("<I", (tmp_path / "new.bin").read_bytes()[12:16])[0] == zlib.crc32(
        (tmp_path / "new.bin").read_bytes()[16:]
    )


def test_what_kernels_call_their_numbers() -> None:
    """By that it is decided what is in the file and what in the code."""
    assert [item.name for item in declared_parameters("arm_softmax_s8")][3:6] == ["mult", "shift", "diff_min"]
    assert declared_member("tk_mve_gemm", "unit").ctype == "int32_t"
    assert statements("a /* b */ c  // d") == "a c // d"
