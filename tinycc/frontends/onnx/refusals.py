# SPDX-License-Identifier: Apache-2.0
"""What to say of operators that are not supported: a table of reasons and hints."""

from __future__ import annotations

import re
from typing import NamedTuple


class Reason(NamedTuple):
    """What would be right, and what to change in the model or at its export."""

    expected: str
    hint: str


_UNSUPPORTED: tuple[tuple[str, Reason], ...] = (
    (
        r"Sequence\w+|SplitToSequence|ConcatFromSequence|Optional\w*",
        Reason("tensors: lists and optional values have no place on a microcontroller", "Export with fixed shapes."),
    ),
    (
        r"String\w+|RegexFullMatch|TfIdfVectorizer",
        Reason("numbers: text has no place on a microcontroller", "Do this before the model: let it begin with numbers."),
    ),
    (
        r"Random\w+|Multinomial|Bernoulli",
        Reason("a result that follows from the inputs: random numbers cannot be verified", "Make them an input of the model."),
    ),
    (
        r"Unique",
        Reason(
            "a result whose shape is fixed: here it depends on the data",
            "End the model before this operator and do the rest in C.",
        ),
    ),
    (
        r"Gradient|Adam|Adagrad|Momentum",
        Reason("an inference: this belongs to training", "Export the model in evaluation mode."),
    ),
)
"""Pattern of the whole operator of the default domain -> what to say; the first that matches."""

_OTHER = Reason("a supported operator", "Replace the operator in the model or open an issue.")
_DOMAIN = Reason("operators of ONNX", "What an operator of another domain computes is known to its makers alone.")


def unsupported(domain: str, kind: str) -> Reason:
    """Why an operator that is not supported is not, and what to do."""
    if domain not in ("", "ai.onnx.ml", "com.microsoft"):
        return _DOMAIN
    return next((reason for pattern, reason in _UNSUPPORTED if re.fullmatch(pattern, kind)), _OTHER)
