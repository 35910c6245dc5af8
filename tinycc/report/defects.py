# SPDX-License-Identifier: Apache-2.0
"""The page of the runtimes' known defects: docs/defects.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tinycc.defects import DEFECTS, Defect

NAMES = {
    "tflm": "TFLM",
    "litert-ref": "LiteRT, reference kernels",
    "litert-optimised": "LiteRT, XNNPACK off",
    "litert-xnnpack": "LiteRT, XNNPACK on",
}


COMMON = ("name", "operator", "runtime", "what it does")
"""Headings."""


class Further(NamedTuple):
    """A defect that no single op shows, or that is not one of a reference runtime."""

    place: str
    effect: str
    answer: str


FURTHER: tuple[Further, ...] = (
    Further(
        "TFLM, CIRCULAR_BUFFER without `cycles_max`",
        "guesses how often the buffer passes on what it has from the number of operators seen since it started",
        "guesses the same for the first such operator of a model and refuses what depends on other models",
    ),
    Further(
        "TFLM, SignalEnergy",
        "leaves what lies outside the range unwritten",
        "gives 0; `verify` leaves such values out",
    ),
    Further(
        "LiteRT, LSTM with 12 intermediate tensors (8-bit results in between)",
        "reads beyond its tables",
        "refuses the model",
    ),
    Further(
        "LiteRT, LSTM with peepholes and a projection",
        "counts peepholes by outputs, not by units",
        "follows where there are fewer outputs, refuses where there are more",
    ),
    Further(
        "LiteRT, BIDIRECTIONAL_SEQUENCE_RNN",
        "goes over the sequence once for each of its steps where it is hybrid and time_major; takes the forward layer's "
        "input for the backward layer's own where it is not time_major",
        "refuses both",
    ),
    Further(
        "LiteRT, reference kernels of TILE version 3, ROUND, ELU",
        "do not exist; the interpreter then takes the optimised kernels for the whole model",
        "`verify` says which kernels ran",
    ),
    Further(
        "CMSIS-NN, arm_transpose_conv_s8 before July 2026",
        "is wrong where the padding above is no multiple of the stride",
        "calls a kernel of its own there",
    ),
    Further(
        "CMSIS-NN, arm_convolve_1_x_n_s8 with Helium",
        "is wrong for strides that are no multiple of 4",
        "calls arm_convolve_s8 there",
    ),
    Further(
        "CMSIS-NN, arm_convolve_s16 with 513 products and more for each output",
        "sums the last of an odd number of pixels in 32 bits, and reads beyond the weights of an odd channel",
        "calls a kernel of its own there",
    ),
    Further(
        "CMSIS-NN, arm_depthwise_conv_s4",
        "is wrong for odd numbers of input channels",
        "calls a kernel of its own there",
    ),
    Further(
        "CMSIS-NN, arm_lstm_unidirectional_s8 and _s16",
        "saturate the sum of an argument's two products, where TFLM's wraps around",
        "calls kernels of its own",
    ),
)


def defects_markdown() -> str:
    """The page."""
    reproduced = [defect for defect in DEFECTS if defect.match]
    avoided = [defect for defect in DEFECTS if not defect.match]
    lines = [
        "# Known defects of the runtimes",
        "",
        "What the reference runtimes compute that cannot be meant. `--match` asks for a runtime's arithmetic, so where a",
        "result is defined, tinycc gives the same one, and says so: when it compiles, in the report, and in `verify`. Where it",
        "is undefined, or the runtime dies, tinycc computes what the operator means, and `verify` compares with the next",
        "runtime that is right.",
        "",
        "Written by `python -m benchmarks cases` from [tinycc/defects.py](../tinycc/defects.py).",
        "",
        "## Reproduced, unless `--fix NAME` is given",
        "",
        *_table(
            ("name", "operator", "runtime", "what it does", "with `--fix` the C", "the C has it with"),
            map(_reproduced, reproduced),
        ),
        "",
        "`--match litert` has none of those that TFLM alone has.",
        "",
        "## Avoided",
        "",
        *_table((*COMMON, "the C"), map(_avoided, avoided)),
        "",
        "## Further",
        "",
        *_table(("where", "what it does", "tinycc"), FURTHER),
    ]
    return "\n".join(lines) + "\n"


def _reproduced(defect: Defect) -> Iterable[str]:
    return (*_common(defect), defect.right, ", ".join(f"`--match {match}`" for match in defect.match))


def _avoided(defect: Defect) -> Iterable[str]:
    return (*_common(defect), defect.right)


def _common(defect: Defect) -> tuple[str, str, str, str]:
    runtimes = "; ".join(NAMES[name] for name in defect.sets)
    return f"`{defect.name}`", ", ".join(defect.kinds), runtimes, defect.effect


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    headings = tuple(headings)
    yield "| " + " | ".join(headings) + " |"
    yield "|" + "---|" * len(headings)
    for row in rows:
        yield "| " + " | ".join(row) + " |"
