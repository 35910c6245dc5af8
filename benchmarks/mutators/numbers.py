# SPDX-License-Identifier: Apache-2.0
"""Numbers at which something breaks, and changes of bytes whatever they mean."""

from __future__ import annotations

import random
import struct

INTEGERS = (
    *(0, 1, 2, 3, 5, 8, 127, 128, 255, 256, 32767, 65535, 65536, 2**20, 2**24, 2**27, 2**30),
    *(2**31 - 1, 2**31, 2**32 - 1, 2**32 - 2),
)
FLOATS = (0.0, 1e-45, 1e-40, 1e-30, 1e30, 3e38, float("inf"), float("-inf"), float("nan"))
WORDS = (*INTEGERS, *struct.unpack("<9I", struct.pack("<9f", *FLOATS)))
"""Sizes, indices and (as bits) float32 numbers."""


def change_bytes(data: bytearray, rng: random.Random) -> None:
    """Flip a bit, overwrite a word, or cut the end off."""
    if not data:
        return
    place = rng.randrange(len(data))
    way = rng.random()
    if way < 0.5:
        data[place] ^= 1 << rng.randrange(8)
    elif way < 0.9:
        place = min(place, max(len(data) - 4, 0)) & ~3
        data[place : place + 4] = struct.pack("<I", rng.choice(WORDS))
    else:
        del data[place:]
        data += bytes(8)
