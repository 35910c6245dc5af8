# SPDX-License-Identifier: Apache-2.0
"""Inputs out of a seed, the same in numpy and in the C of the self-test, which spends no flash on them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tinycc.ir import Array, DType, TensorType

SEED = 0x12345678
FACTOR, STEP = 1664525, 1013904223
"""x <- FACTOR * x + STEP mod 2^32 (Knuth's and Lewis' generator)."""
BLOCK = 2**16
"""Bytes that are made at a time."""
NEAR_CODES = {DType.INT8: (-128, 127), DType.UINT8: (0, 255)}
"""Types that have a second case, with codes near the zero point: there, outputs saturate less."""

_REAL = "(float)(byte - 128) / 128.0f"
_FILLS = {
    DType.INT8: "(int8_t)signed_byte(byte)",
    DType.UINT8: "(uint8_t)byte",
    DType.INT16: "(int16_t)(byte + 256 * signed_byte(next_byte(&seed)))",
    DType.UINT16: "(uint16_t)(byte + 256 * (int)next_byte(&seed))",
    DType.INT32: "byte % 4",
    DType.UINT32: "(uint32_t)byte << (byte % 25)",
    DType.INT64: "byte % 4",
    DType.UINT64: "(uint64_t)byte << (byte % 57)",
    DType.BOOL: "byte % 2 != 0",
    DType.FLOAT32: _REAL,
    DType.COMPLEX64: _REAL,
}


class Stream:
    """The high bytes of the generator's states."""

    def __init__(self) -> None:
        self._state = SEED
        factors = np.full(BLOCK, FACTOR, np.uint32)
        self._factors = np.multiply.accumulate(factors, dtype=np.uint32)
        before = np.concatenate([np.ones(1, np.uint32), self._factors[:-1]])
        self._steps = np.uint32(STEP) * np.add.accumulate(before, dtype=np.uint32)

    def take(self, count: int) -> Array:
        """The next bytes, at most BLOCK."""
        states = self._factors[:count] * np.uint32(self._state) + self._steps[:count]
        self._state = int(states[-1]) if count else self._state
        return (states >> np.uint32(24)).astype(np.uint8)


def seeded_inputs(types: Iterable[TensorType], number: int) -> list[Array]:
    """The inputs of case `number`, as the C makes them: one generator for all of them, in their order."""
    stream = Stream()
    return [_input(type, number, stream) for type in types]


def _input(type: TensorType, number: int, stream: Stream) -> Array:
    if type.dtype is DType.COMPLEX64:  # real and imaginary parts in turn
        parts = TensorType((*type.shape, 2), DType.FLOAT32)
        return _input(parts, number, stream).view(np.complex64)[..., 0]
    width = 2 if type.dtype in (DType.INT16, DType.UINT16) else 1
    made = np.empty(type.elements, type.dtype.numpy)
    for start in range(0, type.elements, BLOCK // 2):
        part = made[start : start + BLOCK // 2]
        part[:] = _converted(stream.take(width * part.size), type, number)
    return made.reshape(type.shape)


def _converted(raw: Array, type: TensorType, number: int) -> Array:
    dtype = type.dtype
    made: Array
    if number > 0 and dtype in NEAR_CODES:
        made = np.clip(_zero_point(type) + (raw >> 4).astype(np.int64) - 8, *NEAR_CODES[dtype])
    elif dtype is DType.FLOAT32:
        made = (raw.astype(np.float32) - 128) / 128
    elif dtype in (DType.INT8, DType.UINT8, DType.INT16, DType.UINT16):
        made = raw.view(dtype.numpy)
    elif dtype in (DType.UINT32, DType.UINT64):
        made = raw.astype(dtype.numpy) << raw % (8 * dtype.bytes - 7)
    else:
        made = raw % (2 if dtype is DType.BOOL else 4)
    return made.astype(dtype.numpy)


def fill(type: TensorType) -> str:
    """The C expression of an element, given `byte` and, for further bytes, `seed`."""
    simple = _FILLS.get(type.dtype, "0")
    if type.dtype not in NEAR_CODES:
        return simple
    low, high = NEAR_CODES[type.dtype]
    cast, _, _ = simple.partition(")")
    full = "signed_byte(byte)" if type.dtype is DType.INT8 else "byte"
    return f"{cast})(number == 0 ? {full} : near(byte, {_zero_point(type)}, {low}, {high}))"


def _zero_point(type: TensorType) -> int:
    return type.quantization.zero_point if type.quantization is not None else 0
