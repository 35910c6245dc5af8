# SPDX-License-Identifier: Apache-2.0
"""The clip: two words spoken by the synthesizer espeak-ng, as an ADC of 12 bits samples them. Needs espeak-ng and scipy.

Run from the repository root: python -m examples.keyword.make
"""

from __future__ import annotations

import argparse
import io
import subprocess
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly

from examples.common.command import write_c_header

RATE = 16_000
SECONDS = 3
PLACES = {"yes": 0.4, "no": 1.7}
"""Word -> when it begins, in seconds."""
LOUDNESS, NOISE = 870, 2
"""Of 2,047."""


def spoken(word: str) -> npt.NDArray[np.float64]:
    """A word at 16 kHz, its largest sample 1."""
    command = ["espeak-ng", "-v", "en-us+f2", "-s", "150", "-p", "50", "--stdout", word]
    text = subprocess.run(command, capture_output=True, check=True).stdout
    with wave.open(io.BytesIO(text)) as file:
        rate = file.getframerate()
    samples = np.frombuffer(text[44:], np.int16).astype(np.float64)
    found = resample_poly(samples, RATE, rate)
    return np.asarray(found / np.abs(found).max())


def clip() -> npt.NDArray[np.int16]:
    """Noise, and the words in it."""
    found = np.random.default_rng(0).normal(0, NOISE, RATE * SECONDS)
    for word, second in PLACES.items():
        said, start = spoken(word), int(second * RATE)
        found[start : start + len(said)] += LOUDNESS * said
    return np.clip(np.round(found), -2048, 2047).astype(np.int16)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    samples = clip()
    lines = [
        f"#define CLIP_SAMPLES {len(samples)}",
        "",
        "static const int16_t clip[CLIP_SAMPLES] = {",
        *("    " + ",".join(map(str, samples[at : at + 24])) + "," for at in range(0, len(samples), 24)),
        "};",
        "",
    ]
    about = 'Made by make.py: "yes" and "no", spoken by the synthesizer espeak-ng; 16 kHz, 12 bits.'
    write_c_header(parser.parse_args().out / "clip.h", about, lines)


if __name__ == "__main__":
    main()
