# SPDX-License-Identifier: Apache-2.0
"""Coded weights: what is encoded comes out of the C as it was; the decoders stay in their memory whatever they are given."""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinycc.ir import Array
from tinycc.kernels.stored.coding import CODINGS, LONGEST, Coded, lengths_of
from tinycc.runtime import closure, source_folders

SANITIZED = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")
NUMBER = {coding.name: number for number, coding in enumerate(CODINGS)}
VALUES = (range(-128, 128), range(-7, 8), (0, 0, 0, 0, 1, -128), (-3, 0, 5, 127), (0,), (-1,))


@pytest.fixture(scope="module")
def decoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program that decodes: tests/kernels/decode_main.c."""
    made = tmp_path_factory.mktemp("decoder") / "decode"
    symbols = ["tk_next_mask_s8", "tk_next_palette2_s8", "tk_next_palette4_s8", "tk_next_widths_s8", "tk_next_huffman_s8"]
    sources = [str(file.source) for file in closure(symbols) if file.is_source]
    folders = [f"-I{folder}" for folder in source_folders()]
    main = str(Path(__file__).with_name("decode_main.c"))
    command = ["gcc", "-std=c99", "-O1", "-g", *SANITIZED, *folders, main, *sources, "-o", str(made)]
    subprocess.run(command, check=True)
    return made


def decode(program: Path, items: Sequence[tuple[int, Coded, int, int]]) -> list[Array]:
    """What each (number of the coding, coded weights, units, size) comes out as."""
    parts = []
    for number, coded, units, size in items:
        table = b"" if coded.table is None else coded.table.tobytes()
        parts.append(struct.pack("<7i", number, coded.stream.nbytes, len(table), coded.step, coded.longest, units, size))
        parts += [coded.stream.tobytes(), table]
    done = subprocess.run([program], input=b"".join(parts), capture_output=True)
    assert not done.returncode, done.stderr.decode()
    found, at = [], 0
    for _, _, units, size in items:
        found.append(np.frombuffer(done.stdout, np.int8, units * size, at).reshape(units, size))
        at += units * size
    return found


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 5), st.integers(1, 150), st.sampled_from(VALUES), st.integers(0, 2**32 - 1))
def test_weights_come_back(decoder: Path, count: int, size: int, values: Sequence[int], seed: int) -> None:
    units = np.random.default_rng(seed).choice(np.asarray(values, np.int8), (count, size))
    items = []
    for coding in CODINGS:
        expected = coding.size(units)
        if expected is not None and (coding.name != "huffman" or expected < units.size):
            coded = coding.encode(units)
            assert coded.bytes == expected, coding.name
            items.append((NUMBER[coding.name], coded, count, size))
    assert len(items) >= 2
    for item, found in zip(items, decode(decoder, items), strict=True):
        np.testing.assert_array_equal(found, units, err_msg=CODINGS[item[0]].name)


def test_palettes_of_channels(decoder: Path) -> None:
    rng = np.random.default_rng(0)
    units = np.stack([rng.choice(rng.permutation(256)[:16].astype(np.int8), 99) for _ in range(9)])
    coding = CODINGS[NUMBER["palette4"]]
    coded = coding.encode(units)
    assert (coded.step, coded.bytes, coding.size(units)) == (16, 9 * 50 + 9 * 16, coded.bytes)
    np.testing.assert_array_equal(decode(decoder, [(NUMBER["palette4"], coded, 9, 99)])[0], units)


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_any_stream_stays_inside(decoder: Path, data: st.DataObject) -> None:
    """Cut short, or nothing but chance: the sanitizers watch the memory of exactly the bytes that there are."""
    items = []
    for number, coding in enumerate(CODINGS):
        count, size = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 80))
        longest = data.draw(st.integers(1, LONGEST)) if coding.name == "huffman" else 0
        step = data.draw(st.sampled_from([0, 16])) if "palette" in coding.name else 0
        table_bytes = data.draw(st.integers(longest, longest + 40)) if longest else 16 + count * step
        table = np.frombuffer(data.draw(st.binary(min_size=table_bytes, max_size=table_bytes)), np.uint8)
        stream = np.frombuffer(data.draw(st.binary(max_size=60)), np.uint8)
        items.append((number, Coded("", stream, table, step, longest), count, size))
    decode(decoder, items)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=256))
def test_words_of_a_huffman_code(counts: list[int]) -> None:
    """They make a code, none is too long, and where none would be the code is a best one."""
    lengths = lengths_of(np.asarray(counts))
    there = [number for number in counts if number]
    if len(there) < 2:
        return
    assert (lengths > 0).sum() == len(there)
    assert lengths.max() <= LONGEST
    assert sum(2.0 ** -int(length) for length in lengths if length) == 1
    bits = sum(number * int(length) for number, length in zip(counts, lengths, strict=True))
    entropy = -sum(number * np.log2(number / sum(there)) for number in there)
    assert entropy <= bits + 1e-6
    if len(there) <= 8:
        assert bits <= entropy + sum(there)
