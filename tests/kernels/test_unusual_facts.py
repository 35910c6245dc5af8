# SPDX-License-Identifier: Apache-2.0
"""Facts of what no layer of the texts has: computed weights, other types, the edges of 16 bits; of things with the fields that
a fact looks at, and no more."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from spelled import spelled

from tinycc.compiler import load
from tinycc.ir import DType
from tinycc.kernels import facts, folding
from tinycc.kernels.base import Context
from tinycc.kernels.calls import Table
from tinycc.kernels.dsp import conv16, matmul16, products16, tall
from tinycc.kernels.portable import conversion, paired
from tinycc.kernels.stored import coded, nominal, packed, requant, sparse
from tinycc.kernels.stored import depthwise as stored_depthwise
from tinycc.numerics.fixedpoint import Multiplier
from tinycc.numerics.rules import Requantization
from tinycc.ops.base import Range
from tinycc.ops.window import Padding, Pair, Window
from tinycc.program.types import Content
from tinycc.target import TARGETS

BARE = Context(TARGETS["cortex-m4"])
HALF = 1 << 30
COMPUTED = SimpleNamespace(data=None)


def like(**fields: object) -> Any:
    return SimpleNamespace(**fields)


def constant(*rows: tuple[int, ...], **fields: object) -> Any:
    return like(data=np.asarray(rows, np.int8), dtype=DType.INT8, **fields)


# -- int16 on DSP --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("shift", "holds"), [(-18, False), (-17, True), (-1, True), (0, False)])
def test_multipliers_for_the_high_word(shift: int, holds: bool) -> None:
    assert (products16.high_multiplier(Multiplier(HALF, shift)) is not None) == holds


@pytest.mark.parametrize(
    ("known", "wide", "shift", "found"),
    [
        (True, True, 0, None),
        (False, True, 0, "sums that are not known"),
        (False, False, 0, "sums that are not known"),
        (True, False, 0, "sums that are not known"),
        (True, True, 16, "multipliers without one"),
        (False, True, 16, "sums that are not known"),
    ],
)
def test_one_multiplication(monkeypatch: pytest.MonkeyPatch, known: bool, wide: bool, shift: int, found: str | None) -> None:
    multipliers = None if shift == 16 else np.ones(1)
    monkeypatch.setattr(products16, "high_multipliers", lambda op: multipliers)
    reached = like(within=lambda bits: True, largest=1)
    monkeypatch.setattr(products16, "accumulators", lambda op: reached if known else None)
    assert products16.one_multiplication(like(wide_accumulators=wide), BARE) == found


@pytest.mark.parametrize(("shift", "holds"), [(-49, False), (-48, True), (-1, True), (0, False)])
def test_multipliers_of_matrices(shift: int, holds: bool) -> None:
    assert (matmul16.multiplied(like(requantization=[like(shift=shift)]), BARE) is None) == holds


@pytest.mark.parametrize(
    ("adj_y", "computed", "turned"), [(False, True, 12), (False, False, 0), (True, True, 0), (True, False, 0)]
)
def test_matrices_that_are_turned(adj_y: bool, computed: bool, turned: int) -> None:
    """When it runs; constants are turned before."""
    x, y = like(type=like(elements=6), shape=(2, 3)), like(type=like(elements=8))
    weights = like(data=None if computed else 1, type=like(elements=12), shape=(3, 4))
    op = like(x_matrix=(2, 3), channels=4, x=x, y=y, weights=weights, adj_x=False, adj_y=adj_y)
    loops = matmul16.loops(op)
    assert (loops["turned element"], loops["turned row"], loops["turned"]) == (turned, turned // 3, int(turned > 0))


@pytest.mark.parametrize(("sum", "block"), [(2**16 - 1, 3), (2**16, conv16.BLOCK)])
def test_blocks_of_products(monkeypatch: pytest.MonkeyPatch, sum: int, block: int) -> None:
    monkeypatch.setattr(conv16, "windows", lambda op: np.asarray([[1, sum - 2, 1]]))
    assert conv16.block_of.__wrapped__(like()) == block  # type: ignore[attr-defined]


@pytest.mark.parametrize(("bottom", "holds"), [(0, True), (1, False)])
def test_pixels_that_see_zeros_are_gathered(monkeypatch: pytest.MonkeyPatch, bottom: int, holds: bool) -> None:
    window = Window(Pair(1, 1), Pair(1, 1), Pair(1, 1), Padding(0, bottom, 0, 0))
    monkeypatch.setattr(conv16, "geometry_of", lambda op: like(window=window, x=(1, 3, 3, 4)))
    assert conv16.in_place(like()) == holds


def test_a_computed_bias_is_no_start() -> None:
    computed = like(channels=2, bias=COMPUTED)
    assert not products16.starts_of(computed).any()


@pytest.mark.parametrize(
    ("width", "top", "room", "columns"),
    [(16, 0, 1296, 16), (16, 0, 1295, 8), (16, 1, 1376, 16), (16, 1, 1375, 8), (16, 0, None, 16), (5, 0, 0, 3), (4, 0, 0, 4)],
)
def test_columns_of_tall_windows(width: int, top: int, room: int | None, columns: int) -> None:
    """As many as have room: six rows of 72 bytes for each of three, beside a row of 80 where the window sees zeros."""
    window = Window(Pair(3, 3), Pair(1, 1), Pair(1, 1), Padding(top, 0, 0, 0))
    windows = like(x=(1, 9, 20, 4), y=(1, 7, width, 8), window=window, row_bytes=80, segments=np.zeros((8, 3, 12)))
    assert tall.Tall(windows, room).columns == columns


# -- sums ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dtype", "rounding", "holds"),
    [
        (DType.FLOAT32, Requantization.SINGLE, True),
        (DType.INT32, Requantization.SINGLE, True),
        (DType.INT16, Requantization.SINGLE, False),
        (DType.INT8, Requantization.SINGLE, False),
        (DType.INT8, Requantization.FIXED, True),
    ],
)
def test_what_rounds_twice(dtype: DType, rounding: Requantization, holds: bool) -> None:
    op = like(y=like(dtype=dtype), rounding=rounding, numerics="other")
    assert (facts.rounds_twice(op, BARE) is None) == holds


def test_sums_that_are_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A computed bias has no part in what is known before; neither has what is not int8, or whose weights are computed."""
    known = np.ones((1, 1, 2, 3))
    monkeypatch.setattr(folding, "filters", lambda op: known)
    monkeypatch.setattr(folding, "accumulators", lambda op: like(low=np.zeros(1), high=np.zeros(1)))
    offset = folding.sums_offset.__wrapped__  # type: ignore[attr-defined]
    assert offset(like(bias=COMPUTED, x=like(zero_point=2))).tolist() == [-4, -4, -4]
    stairs = folding.stairs_of.__wrapped__  # type: ignore[attr-defined]
    for x, y in ((DType.INT16, DType.INT8), (DType.INT8, DType.INT16)):
        assert stairs(like(x=like(dtype=x), y=like(dtype=y), channels=1)) is None
    bytes = like(x=like(dtype=DType.INT8), y=like(dtype=DType.INT8), channels=1)
    monkeypatch.setattr(folding, "filters", lambda op: None)
    assert stairs(bytes) is None
    monkeypatch.setattr(folding, "filters", lambda op: known)
    monkeypatch.setattr(folding, "accumulators", lambda op: None)
    assert stairs(bytes) is None


def test_zero_points_of_their_own() -> None:
    """Those of what is requantized, if they are not the values'."""
    x, y = (like(dtype=DType.INT8, zero_point=point, type=like(elements=4)) for point in (1, 2))
    params = dict(conversion.requantize_args(x, y, Multiplier(HALF, 0), Range(-9, 9), (5, 6))[-1].fields)  # type: ignore[union-attr]
    assert (params["input_offset"], params["output_offset"]) == (-5, 6)


# -- cores without SIMD --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("any_core", "architecture", "holds"), [(False, "Arm", True), (True, "Arm", False), (False, None, False)]
)
def test_cores_that_are_named(any_core: bool, architecture: str | None, holds: bool) -> None:
    target = like(features=frozenset(), any_core=any_core, name="core", architecture=architecture)
    assert (paired.scalar_core(like(), like(target=target)) is None) == holds


def test_registers_of_a_core_that_nothing_is_known_of() -> None:
    assert paired.many_registers(like(), like(target=like(architecture=None, name="core"))) is None


@pytest.mark.parametrize(("second", "holds"), [(-128, True), (-129, False)])
def test_sums_of_a_group(second: int, holds: bool) -> None:
    assert paired.fits(np.asarray([[127, second, 0, 0]]), 4) == holds


@pytest.mark.parametrize("fact", [paired.small_pairs, paired.small_taps])
@pytest.mark.parametrize(
    "op",
    [
        like(weights=like(data=None, dtype=DType.INT8), asymmetric_weights=False),
        like(weights=like(data=np.ones(1), dtype=DType.FLOAT32), asymmetric_weights=False),
        like(weights=like(data=np.ones(1), dtype=DType.INT8), asymmetric_weights=True),
    ],
)
def test_weights_that_are_no_pairs(fact: Any, op: Any) -> None:
    assert fact(op, BARE) == "weights that are computed, or have a zero point"


@pytest.mark.parametrize(
    ("low", "high", "holds"),
    [(1 - 2**22, 0, True), (-(2**22), 0, False), (0, 2**22 - 1, True), (0, 2**22, False), (0, None, True)],
)
def test_narrow_sums(monkeypatch: pytest.MonkeyPatch, low: int, high: int | None, holds: bool) -> None:
    stairs = None if high is None else like(low=np.asarray([low]), high=np.asarray([high]))
    monkeypatch.setattr(paired, "stairs_of", lambda op: stairs)
    assert (paired.narrow_sums(like(), BARE) is None) == holds


def test_what_is_no_staircase_or_has_no_form(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = paired.long_codes.__wrapped__  # type: ignore[attr-defined]
    monkeypatch.setattr(paired, "stairs_of", lambda op: None)
    assert codes(like()) is None
    monkeypatch.setattr(paired, "stairs_of", lambda op: like())
    monkeypatch.setattr(paired, "fold", lambda stairs, two_sided: None)
    assert codes(like()) is None


@pytest.mark.parametrize(
    ("stride", "dilation", "right", "multiplier", "holds"),
    [(1, 1, 1, 1, True), (2, 1, 1, 1, False), (1, 2, 1, 1, False), (1, 1, 2, 1, False), (1, 1, 0, 2, False)],
)
def test_plain_windows_of_nine(stride: int, dilation: int, right: int, multiplier: int, holds: bool) -> None:
    window = Window(Pair(3, 3), Pair(1, stride), Pair(1, dilation), Padding(0, 0, 0, right))
    assert (paired.three_by_three(like(window=window, multiplier=multiplier), BARE) is None) == holds


# -- constants that take fewer bytes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("multiplier", "holds"), [(HALF - 1, False), (HALF, True), (2 * HALF - 1, True), (2 * HALF, False)])
def test_multipliers_of_31_bits(rows: Any, multiplier: int, holds: bool) -> None:
    assert requant.is_normal([Multiplier(HALF, 0), Multiplier(multiplier, 0)]) == holds
    for fact in (packed.packable, sparse.constant_operands):
        op = weighted(requantization=[Multiplier(multiplier, 0)])
        assert (fact(op, BARE) is None) == holds


@pytest.mark.parametrize(("shift", "inside"), [(3, True), (4, False)])
def test_shifts_beside_a_multiplier(shift: int, inside: bool) -> None:
    words, shifts, base = requant.words_of([Multiplier(HALF, -2), Multiplier(HALF, shift - 2)])
    assert (shifts is None, base) == (inside, -2 if inside else 0)
    assert words.tolist() == ([0, shift] if inside else [HALF, HALF])


@pytest.mark.parametrize(("bias", "held"), [(2**23 - 2**15 - 1, True), (2**23 - 2**15, False), (-(2**23) - 2**15, True)])
def test_biases_of_24_bits(bias: int, held: bool) -> None:
    """The halves are signed: the upper one counts what the lower one lacks."""
    found = requant.halves_of(np.asarray([bias]))
    assert (found is not None) == held
    assert found is None or (found[0] + (np.asarray(found[1], np.int64) << 16)).tolist() == [bias]


def weighted(**fields: object) -> Any:
    """A layer of two inputs and three channels; a class of its own, since what follows from it is kept as long as it lives."""
    return Weighted(**{"channels": 3, "bias": None, "requantization": [Multiplier(HALF, 0)]} | fields)


class Weighted(SimpleNamespace):
    def __hash__(self) -> int:  # type: ignore[override]
        return id(self)


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the weights of a layer."""

    def put(found: Any) -> None:
        monkeypatch.setattr(sparse, "rows_of", lambda op: found)

    put(np.ones((3, 2), np.int64))
    return put


@pytest.mark.parametrize("fact", [packed.packable, sparse.constant_operands])
@pytest.mark.parametrize(
    ("bias", "multipliers", "holds"),
    [(None, 1, True), (constant((1,)), 3, True), (COMPUTED, 1, False), (None, 2, False)],
)
def test_operands_that_are_constants(rows: Any, fact: Any, bias: Any, multipliers: int, holds: bool) -> None:
    op = weighted(bias=bias, requantization=[Multiplier(HALF, 0)] * multipliers)
    assert (fact(op, BARE) is None) == holds


def test_weights_that_are_computed(rows: Any) -> None:
    rows(None)
    for fact in (sparse.constant_operands, sparse.mostly_zeros, sparse.sums_of_32_bits, sparse.some_weight):
        assert fact(weighted(), BARE) is not None


@pytest.mark.parametrize(
    ("zeros", "inputs", "stored", "holds"),
    [(10, 20, 19, True), (9, 20, 19, False), (10, 20, 20, False), (2**16 - 2, 2**16 - 1, 1, True), (2**16, 2**16, 1, False)],
)
def test_mostly_zeros(monkeypatch: pytest.MonkeyPatch, rows: Any, zeros: int, inputs: int, stored: int, holds: bool) -> None:
    rows((np.arange(inputs)[None] >= zeros).astype(np.int64))
    monkeypatch.setattr(sparse, "_stored", lambda op: stored)
    assert (sparse.mostly_zeros(weighted(), BARE) is None) == holds


@pytest.mark.parametrize(("offset", "holds"), [(2**31 - 257, True), (2**31 - 256, False), (257 - 2**31, True)])
def test_sums_of_sparse_rows(monkeypatch: pytest.MonkeyPatch, rows: Any, offset: int, holds: bool) -> None:
    monkeypatch.setattr(sparse, "sums_offset", lambda op: np.asarray([offset]))
    rows(np.ones((1, 2), np.int64))
    assert (sparse.sums_of_32_bits(weighted(), BARE) is None) == holds


def test_steps_to_the_next_weight() -> None:
    """A gap of 127 is one step; of 128, two."""
    for gap, found in ((127, [[5, 0], [7, 127]]), (128, [[5, 0], [0, 127], [7, 1]])):
        row = np.zeros(200, np.int64)
        row[0], row[gap] = 5, 7
        assert sparse.steps(row).tolist() == found


@pytest.mark.parametrize(
    ("stairs", "entries", "bias", "found"),
    [
        (None, 1, None, None),
        (1, 2, None, None),
        (1, 1, COMPUTED, [0, 0, 0]),
        (1, 3, constant((1, 2, 3)), [1, 2, 3]),
    ],
)
def test_constants_of_a_layer(monkeypatch: pytest.MonkeyPatch, stairs: Any, entries: int, bias: Any, found: Any) -> None:
    monkeypatch.setattr(nominal, "stairs_of", lambda op: stairs)
    own = nominal.own_constants(weighted(requantization=[Multiplier(HALF, -4)] * entries, bias=bias))
    assert (own is None) == (found is None)
    assert own is None or (own.bias.tolist() == found and own.right.tolist() == [4, 4, 4])
    if own is None:
        assert (
            nominal.found_constants(weighted(requantization=[Multiplier(HALF, -4)] * entries, bias=bias), nominal.ANY) is None
        )


@pytest.mark.parametrize(("top", "height", "copied"), [(0, 6, 0), (0, 5, 1), (1, 6, 1)])
def test_rows_that_are_copied(top: int, height: int, copied: int) -> None:
    """Two output rows read four input rows, which lie in the image or not."""
    op = like(x=image(height, 3), y=image(4, 3), channels=1, window=like(padding=like(top=top)))
    found = paired._cost_depthwise(op, BARE, rounds=(0, 0, 0, 0, 100))
    assert found.instructions == copied * 100 * 4 * 3


def image(rows: int, columns: int) -> Any:
    return like(shape=(1, rows, columns, 1))


@pytest.mark.parametrize("text", ["FULLY_CONNECTED int8 1x64 24 z70", "CONV_2D int8 1x4x5x16 9 k1x1 s1x1 SAME z75"])
def test_bytes_that_stand_for_weights(text: str) -> None:
    op: Any = load(spelled(text)).graph.ops[-1]
    bind: Any = sparse.bind_dense if text.startswith("FULLY") else sparse.bind_pointwise
    (call,) = bind(op, BARE)
    stored = sum(leaf.data.nbytes for leaf in call.leaves() if isinstance(leaf, Table) and leaf.content is Content.WEIGHTS)
    assert sparse._stored(op) == stored


@pytest.mark.parametrize(
    ("start", "addend", "holds"),
    [
        (0, 2**23 - 1, True),
        (0, 2**23, False),
        (0, -(2**23), True),
        (0, -(2**23) - 1, False),
        (2**16 - 1, 0, True),
        (2**16, 0, False),
        (-1, 0, False),
    ],
)
def test_words_of_nine_taps(monkeypatch: pytest.MonkeyPatch, start: int, addend: int, holds: bool) -> None:
    formula = like(start=np.asarray([start, 1]), addend=np.asarray([addend, 1]))
    monkeypatch.setattr(stored_depthwise, "scaled_sums", lambda op: (formula, 3))
    assert (stored_depthwise.fits_words(like(), BARE) is None) == holds


@pytest.mark.parametrize(("size", "channels", "tile"), [(128, 99, 16), (129, 99, 8), (512, 99, 4), (513, 99, 4), (9, 3, 4)])
def test_channels_that_are_decoded_at_a_time(size: int, channels: int, tile: int) -> None:
    assert coded._tile(size, channels) == tile


def test_weights_in_blocks_are_not_coded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coded, "filters", lambda op: None)
    assert coded.rows_of.__wrapped__(like(weights=like(data=np.ones((3, 2))), channels=3)) is None  # type: ignore[attr-defined]


@pytest.mark.parametrize(("proved", "found"), [(HALF, HALF), (HALF + 3, HALF + 3), (HALF - 1, None), (0, 0)])
def test_multipliers_that_a_kernel_holds(monkeypatch: pytest.MonkeyPatch, proved: int, found: int | None) -> None:
    """The layer's own or a neighbour, with 31 bits; or none at all, of a channel whose code is always the same."""
    monkeypatch.setattr(nominal, "stairs_of", lambda op: like())
    monkeypatch.setattr(nominal, "inputs_offset", lambda op: np.zeros(3, np.int64))
    form = nominal.Form(lambda stairs, multiplier, *rest: multiplier == proved, 1, 24)
    made = nominal.found_constants(weighted(requantization=[Multiplier(HALF, -4)], y=like(zero_point=0)), form)
    assert (None if made is None else made.multiplier.tolist()) == (None if found is None else [found] * 3)


def test_multipliers_of_fewer_bits_stay_as_they_are() -> None:
    words, shifts, _ = requant.words_of([Multiplier(HALF - 1, -2)])
    assert words.tolist() == [HALF - 1]
    assert shifts is not None
