# SPDX-License-Identifier: Apache-2.0
"""What a model takes of the RAM of an AVR, in a sketch: all that is constant lies there, too."""

from __future__ import annotations

from collections.abc import Mapping

AVR_RAM = (512, 1024, 2048, 2560, 4096, 6144, 8192, 16384)
"""Bytes of RAM that AVR parts have."""
AVR_BOARDS: Mapping[str, int] = {
    "Uno and Nano (ATmega328P)": 2048,
    "Leonardo and Micro (ATmega32U4)": 2560,
    "Mega (ATmega2560)": 8192,
    "boards with an ATmega1284P": 16384,
}
"""Boards by their bytes of RAM."""
AVR_BESIDE = 600
"""Bytes that a model leaves to others: Arduino's core with Serial and a small sketch take 190, the stack of most models 410."""


def boards_with(need: int) -> str:
    """The boards that have so many bytes of RAM, in words."""
    found = [name for name, ram in AVR_BOARDS.items() if need <= ram]
    return ", ".join(found) or "none"
