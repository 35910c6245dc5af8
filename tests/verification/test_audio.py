# SPDX-License-Identifier: Apache-2.0
"""From raw audio to a keyword: TensorFlow Lite Micro's audio preprocessor and its spotter, both compiled, in one program."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from conftest import CORPUS, ROOT
from emitted import run, tool
from harness import STRICT
from numpy.typing import NDArray

from tinycc.compiler import compile
from tinycc.frontends.tflite.oracle import tflm
from tinycc.oracles import OracleUnavailable

MODELS = {"frontend": "tflm__audio_preprocessor_int8", "spotter": "tflm__micro_speech_quantized"}
RATE, WINDOW, STEP, FRAMES = 16_000, 480, 320, 49


def sound() -> NDArray[np.int16]:
    """A second and a bit: a tone that rises and swells, over noise."""
    rng = np.random.default_rng(5)
    t = np.arange(RATE * 23 // 20) / RATE
    tone = np.sin(2 * np.pi * (300 + 900 * t) * t) * 9000 * np.sin(np.pi * t / t[-1])
    return np.asarray(tone + rng.normal(0, 300, t.size)).astype(np.int16)


def expected_scores(audio: NDArray[np.int16]) -> list[list[int]]:
    """What TensorFlow Lite Micro's two models say, one after the other."""
    try:
        frontend, spotter = (tflm((CORPUS / "models" / f"{name}.tflite").read_bytes()) for name in MODELS.values())
    except OracleUnavailable as error:
        pytest.skip(str(error))
    starts = range(0, audio.size - WINDOW + 1, STEP)
    features = np.stack([frontend.run([audio[np.newaxis, start : start + WINDOW]])[0].ravel() for start in starts])
    scores = []
    for last in range(FRAMES, len(features) + 1):
        scores.append(spotter.run([features[last - FRAMES : last].reshape(1, -1)])[0].ravel().tolist())
    return scores


@pytest.mark.usefixtures("corpus")
def test_keyword_spotter_runs_from_raw_audio(tmp_path: Path) -> None:
    audio = sound()
    for name, model in MODELS.items():
        compile(CORPUS / "models" / f"{model}.tflite", tmp_path / name, name=name)
    paths = {path.name: path for path in sorted(tmp_path.rglob("*.c")) if path.name != "example_main.c"}  # shared kernels once
    includes = [f"-I{tmp_path / name / part}" for name in MODELS for part in ("", "kernels", "cmsis_nn")]
    source = ROOT / "tests" / "verification" / "keyword_spotter.c"
    run([tool("gcc"), "-std=c99", "-O2", *STRICT, *includes, str(source), *map(str, paths.values()), "-o", "spot"], tmp_path)
    printed = run(["./spot"], tmp_path, stdin=audio.tobytes()).stdout.decode()

    expected = expected_scores(audio)
    assert len(expected) > 5
    assert len({tuple(row) for row in expected}) > 1
    assert [list(map(int, line.split())) for line in printed.splitlines()] == expected
