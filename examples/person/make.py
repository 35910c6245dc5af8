# SPDX-License-Identifier: Apache-2.0
"""Two pictures as a small camera delivers them: 160 x 120 pixels, RGB565. Needs scikit-image.

Run from the repository root: python -m examples.person.make
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
from skimage import data
from skimage.transform import resize

from examples.common.command import write_c_header

WIDTH, HEIGHT = 160, 120
Picture = npt.NDArray[np.uint16]

PICTURES: Mapping[str, tuple[str, str]] = {
    "person": ("astronaut", "Eileen Collins, NASA, public domain"),
    "nobody": ("coffee", "Rachel Michetti, CC0"),
}
"""Frame -> (scikit-image's name, whose it is)."""


def frame(name: str) -> Picture:
    """The middle of the picture in the camera's form, [HEIGHT, WIDTH]."""
    image = getattr(data, name)()
    high, wide = image.shape[:2]
    keep = min(high, wide * HEIGHT // WIDTH), min(wide, high * WIDTH // HEIGHT)
    top, left = (high - keep[0]) // 4, (wide - keep[1]) // 2
    part = image[top : top + keep[0], left : left + keep[1]]
    small = np.round(resize(part, (HEIGHT, WIDTH), anti_aliasing=True) * 255).astype(np.uint16)
    red, green, blue = small[..., 0], small[..., 1], small[..., 2]
    return np.asarray((red >> 3) << 11 | (green >> 2) << 5 | blue >> 3, np.uint16)


def write_header(path: Path, name: str, pixels: Picture, source: str) -> None:
    rows = (", ".join(f"0x{pixel:04x}" for pixel in pixels.ravel()[at : at + 16]) for at in range(0, pixels.size, 16))
    lines = [
        f"static const uint16_t frame_{name}[{WIDTH} * {HEIGHT}] = {{",
        *(f"    {row}," for row in rows),
        "};",
        "",
    ]
    write_c_header(path, f"Made by make.py: a frame of {WIDTH} x {HEIGHT} pixels, RGB565. Picture: {source}.", lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    out = parser.parse_args().out
    for name, (picture, source) in PICTURES.items():
        write_header(out / f"frame_{name}.h", name, frame(picture), source)


if __name__ == "__main__":
    main()
