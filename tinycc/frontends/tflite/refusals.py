# SPDX-License-Identifier: Apache-2.0
"""What to say of operators that are not supported, and of parameters known at run time only: tables of reasons and hints."""

from __future__ import annotations

import re
from typing import NamedTuple


class Reason(NamedTuple):
    """What would be right, and what to change in the model or at its conversion."""

    expected: str
    hint: str


_ACCELERATOR = "plain TFLite operators: this is a program for an accelerator"
_SHAPE = "a result whose shape is fixed: here it depends on the data"
_TEXT = "numbers: TFLite's text and hash table operators have no place on a microcontroller"

_UNSUPPORTED: tuple[tuple[str, Reason], ...] = (
    (
        r"CUSTOM:Flex\w*",
        Reason(
            "TFLite operators: this is one of TensorFlow, converted with SELECT_TF_OPS",
            "Convert without tf.lite.OpsSet.SELECT_TF_OPS, and replace in the model what then has no TFLite operator.",
        ),
    ),
    (r"CUSTOM:ethos-u", Reason(_ACCELERATOR, "Use the model as it was before Vela compiled it for the Ethos-U.")),
    (r"CUSTOM:edgetpu-custom-op", Reason(_ACCELERATOR, "Use the model as it was before edgetpu_compiler.")),
    (
        r"CUSTOM:DISPATCH_OP|CUSTOM:QNN\w*|DELEGATE",
        Reason(_ACCELERATOR, "Use the model as it was before it was compiled ahead of time for an NPU or a delegate."),
    ),
    (
        r"CUSTOM:.*",
        Reason(
            "a supported operator: what a custom operator computes is known to its makers alone",
            "Convert with allow_custom_ops off, and replace in the model what then has no TFLite operator.",
        ),
    ),
    (
        r"UNIQUE|EMBEDDING_LOOKUP_SPARSE",
        Reason(_SHAPE, "End the model before this operator and do the rest in C, or use operators with a fixed result."),
    ),
    (
        r"HASHTABLE\w*|SKIP_GRAM|LSH_PROJECTION",
        Reason(_TEXT, "Do this before the model: let it begin with the numbers (token ids, features)."),
    ),
    (
        r"RANDOM_\w+|MULTINOMIAL",
        Reason("a result that follows from the inputs: random numbers cannot be verified", "Make them an input of the model."),
    ),
    (
        r"STABLEHLO_\w+|SHLO_\w+",
        Reason("TFLite operators: this is one of StableHLO", "Convert to TFLite operators (without serializing StableHLO)."),
    ),
)
"""Pattern of the whole kind -> what to say; the first that matches."""

_OTHER = Reason(
    "a supported operator", "`tinycc ops` lists what is supported; replace the operator in the model or open an issue."
)


def unsupported(kind: str) -> Reason:
    """Why an operator that is not supported is not, and what to do."""
    return next((reason for pattern, reason in _UNSUPPORTED if re.fullmatch(pattern, kind)), _OTHER)


_STATIC = "Export the model with static shapes and constant parameters."
_PARAMETERS: dict[tuple[str, int], str] = {
    ("BROADCAST_TO", 1): "Give tf.broadcast_to a shape of Python integers, not one made from tf.shape(x).",
    ("FILL", 0): "Give tf.fill or tf.zeros a shape of Python integers, not one made from tf.shape(x).",
    ("ONE_HOT", 1): "Give tf.one_hot a Python integer as depth.",
    ("RANGE", 0): "Give tf.range Python integers, or make its result an input of the model.",
    ("RANGE", 1): "Give tf.range Python integers, or make its result an input of the model.",
    ("RANGE", 2): "Give tf.range Python integers, or make its result an input of the model.",
    ("RESHAPE", 1): "Give tf.reshape a shape of Python integers (one may be -1), and convert with a fixed batch size.",
    ("SEGMENT_SUM", 1): "Use tf.math.unsorted_segment_sum, which is told how many segments there are.",
    ("SLICE", 2): "Give tf.slice a size of Python integers; of recurrent layers, try unroll=True.",
    ("SPARSE_TO_DENSE", 1): "Give tf.sparse.to_dense a shape of Python integers.",
    ("TILE", 1): "Give tf.tile multiples of Python integers.",
    ("TOPK_V2", 1): "Give tf.math.top_k a Python integer as k.",
    **{
        (f"UNSORTED_SEGMENT_{name}", 2): "Give it a Python integer as the number of segments."
        for name in ("SUM", "PROD", "MAX", "MIN")
    },
    ("WHERE", 0): "Select with three operands, tf.where(condition, x, y), or take a fixed number with tf.math.top_k.",
}
"""(operator, operand) on which the shape of the result depends -> what to do."""


def parameter(kind: str, position: int) -> Reason:
    """What to say of an operand that must be a constant and is not."""
    hint = _PARAMETERS.get((kind, position))
    return Reason("a constant: the shape of the result depends on the data", hint) if hint else Reason("a constant", _STATIC)


_TYPES: dict[str, Reason] = {
    "STRING": Reason(_TEXT, "Do this before the model: let it begin with the numbers (token ids, features)."),
    "RESOURCE": Reason("a variable or nothing: hash tables are not supported", "Look up before the model."),
    "COMPLEX128": Reason("complex64", "Compute with complex64 in the model."),
    "FLOAT64": Reason("float32", "Compute with float32 in the model: tf.keras.backend.set_floatx('float32')."),
    "VARIANT": Reason(
        "tensors of numbers: lists of tensors are not supported", "Convert with fixed shapes, or unroll the loop."
    ),
}


def element_type(name: str, known: str) -> Reason:
    """What to say of a tensor's element type that is not one of the `known`."""
    return _TYPES.get(name, Reason(f"one of {known}", "Convert with full int8 quantization or as float32."))
