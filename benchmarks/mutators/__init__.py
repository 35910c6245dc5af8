# SPDX-License-Identifier: Apache-2.0
"""Damages model files, knowing their format: what the tables hold changes, so that most files get past the reader."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from benchmarks.mutators import flatbuffer, protobuf
from benchmarks.mutators.numbers import change_bytes

Change = Callable[[bytearray, random.Random], bytearray]

BYTES_ALONE = 0.12
"""Share of the changes that know nothing of the format."""


def is_tflite(data: bytes) -> bool:
    return data[4:8] == b"TFL3"


def mutate(data: bytes, rng: random.Random) -> bytes:
    """The file with one to four changes."""
    knowing = flatbuffer.change if is_tflite(data) else protobuf.change
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4))):
        if rng.random() < BYTES_ALONE:
            change_bytes(changed, rng)
            continue
        try:
            changed = knowing(changed, rng)
        except Exception:  # A damaged file, which the format's own reader cannot follow: only bytes are left to change.
            change_bytes(changed, rng)
    return bytes(changed)


MATCHES: Mapping[bool, tuple[str | None, ...]] = {True: ("tflm", "litert"), False: (None,)}
"""Runtimes to compile for, for TFLite and for ONNX."""
