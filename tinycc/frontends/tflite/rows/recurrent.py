# SPDX-License-Identifier: Apache-2.0
"""Recurrent layers."""

from __future__ import annotations

from tinycc.frontends.tflite.node import Node
from tinycc.frontends.tflite.rows.base import Row
from tinycc.ir import Value
from tinycc.ops.recurrent.bidirectional import _STATES, BidirectionalLstm
from tinycc.ops.recurrent.lstm import Lstm
from tinycc.ops.recurrent.rnn import BidirectionalRnn, Rnn
from tinycc.ops.recurrent.svdf import Svdf

WEIGHTS = 17
"""Operands of a direction in the file; there is no layer normalization."""


def _weights(node: Node, first: int) -> tuple[Value | None, ...]:
    return (*(node.optional(position) for position in range(first, first + WEIGHTS)), None, None, None, None)


def bidirectional_lstm(node: Node) -> BidirectionalLstm:
    x, merged = node.input(0), bool(node.options.get("merge_outputs", False))
    if len(x.shape) != 3:
        raise node.error(f"input {x.type}", "3 dimensions")
    if any(node.optional(position) is not None for position in range(39, 48)):
        raise node.error("an auxiliary input", "none", "Concatenate it with the input.")
    if len(node.outputs) != (1 if merged else 2):
        raise node.error(f"{len(node.outputs)} outputs", "1 if they are merged, else 2")
    states = [node.state(position) for position in range(35, 39)]
    before = dict(zip(_STATES, (state for state, _ in states), strict=True))
    return BidirectionalLstm(
        x=x,
        forward=_weights(node, 1),
        backward=_weights(node, 1 + WEIGHTS),
        activation=str(node.option("fused_activation_function")),
        cell_clip=float(node.option("cell_clip")),
        projection_clip=float(node.option("proj_clip")),
        time_major=bool(node.option("time_major")),
        merged=merged,
        asymmetric_inputs=bool(node.options.get("asymmetric_quantize_inputs", False)),
        outputs=(*node.outputs, *(after for _, after in states)),
        origin=node.origin,
        **before,
    )


def lstm(node: Node) -> Lstm:
    x = node.input(0)
    rank = 2 if node.origin.kind == "LSTM" else 3
    if node.options.get("kernel_type", 0) != 0 or len(node.inputs) < 20:
        raise node.error("the basic LSTM kernel", "the full one", "Convert the model again with a newer converter.")
    if len(x.shape) != rank:
        raise node.error(f"input {x.type}", f"{rank} dimensions")
    (hidden, next_hidden), (cell, next_cell) = node.state(18), node.state(19)
    positions = (*range(1, 18), *range(20, 24))
    return Lstm(
        x=x,
        weights=tuple(node.optional(position) for position in positions),
        hidden=hidden,
        cell=cell,
        activation=str(node.option("fused_activation_function")),
        cell_clip=float(node.option("cell_clip")),
        projection_clip=float(node.option("proj_clip")),
        time_major=bool(node.options.get("time_major", False)),
        intermediates=node.intermediates,
        numerics=node.numerics,
        asymmetric_inputs=bool(node.options.get("asymmetric_quantize_inputs", False)),
        outputs=(*node.outputs, next_hidden, next_cell),
        origin=node.origin,
    )


def rnn(node: Node) -> Rnn:
    x, weights = node.input(0), node.input(1)
    rank = 2 if node.origin.kind == "RNN" else 3
    if len(x.shape) != rank or len(weights.shape) != 2:
        raise node.error(f"input {x.type}, weights {weights.type}", f"input of {rank} dimensions, weights [U,I]")
    hidden, after = node.state(4)
    return Rnn(
        x=x,
        weights=weights,
        recurrent=node.input(2),
        bias=node.input(3),
        hidden=hidden,
        activation=str(node.option("fused_activation_function")),
        time_major=bool(node.options.get("time_major", False)),
        asymmetric_inputs=bool(node.options.get("asymmetric_quantize_inputs", False)),
        outputs=(*node.outputs, after),
        origin=node.origin,
    )


def bidirectional_rnn(node: Node) -> BidirectionalRnn:
    x, merged = node.input(0), bool(node.options.get("merge_outputs", False))
    if len(x.shape) != 3 or len(node.input(1).shape) != 2 or len(node.input(5).shape) != 2:
        found = f"input {x.type}, weights {node.input(1).type} and {node.input(5).type}"
        raise node.error(found, "input of 3 dimensions, weights [U,I]")
    if node.optional(10) is not None or node.optional(11) is not None:
        raise node.error("weights of an auxiliary input", "none", "Concatenate it with the input.")
    if len(node.outputs) != (1 if merged else 2):
        raise node.error(f"{len(node.outputs)} outputs", "1 if they are merged, else 2")
    auxiliary = node.optional(9)
    if auxiliary is not None and len(auxiliary.shape) != 3:
        raise node.error(f"auxiliary input {auxiliary.type}", "3 dimensions")
    (forward, forward_after), (backward, backward_after) = node.state(4), node.state(8)
    return BidirectionalRnn(
        x=x,
        forward_weights=node.input(1),
        forward_recurrent=node.input(2),
        forward_bias=node.input(3),
        forward_hidden=forward,
        backward_x=x if auxiliary is None else auxiliary,
        backward_weights=node.input(5),
        backward_recurrent=node.input(6),
        backward_bias=node.input(7),
        backward_hidden=backward,
        activation=str(node.option("fused_activation_function")),
        time_major=bool(node.option("time_major")),
        merged=merged,
        asymmetric_inputs=bool(node.options.get("asymmetric_quantize_inputs", False)),
        outputs=(*node.outputs, forward_after, backward_after),
        origin=node.origin,
    )


def svdf(node: Node) -> Svdf:
    before, after = node.state(4)
    x, weights_feature, weights_time, rank = node.input(0), node.input(1), node.input(2), int(node.option("rank"))
    if not len(x.shape) == len(weights_feature.shape) == len(weights_time.shape) == 2:
        found = f"input {x.type}, weights {weights_feature.type} and {weights_time.type}"
        raise node.error(found, "input [B,I], weights [F,I] and [F,M]")
    if rank < 1 or weights_feature.shape[0] % rank:
        raise node.error(f"rank {rank} for {weights_feature.shape[0]} filters", "a rank that divides the filters")
    return Svdf(
        x=x,
        weights_feature=weights_feature,
        weights_time=weights_time,
        bias=node.optional(3),
        activation_state=before,
        rank=rank,
        activation=str(node.option("fused_activation_function")),
        numerics=node.numerics,
        asymmetric_inputs=bool(node.options.get("asymmetric_quantize_inputs", False)),
        outputs=(*node.outputs, after),
        origin=node.origin,
    )


ROWS = {
    "BIDIRECTIONAL_SEQUENCE_LSTM": Row(bidirectional_lstm, (BidirectionalLstm,)),
    "UNIDIRECTIONAL_SEQUENCE_LSTM": Row(lstm, (Lstm,)),
    "LSTM": Row(lstm, (Lstm,)),
    "UNIDIRECTIONAL_SEQUENCE_RNN": Row(rnn, (Rnn,)),
    "BIDIRECTIONAL_SEQUENCE_RNN": Row(bidirectional_rnn, (BidirectionalRnn,)),
    "RNN": Row(rnn, (Rnn,)),
    "SVDF": Row(svdf, (Svdf,)),
}
