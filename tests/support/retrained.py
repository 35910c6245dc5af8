# SPDX-License-Identifier: Apache-2.0
"""A model as if it had been trained once more: other weights, other scales and zero points, the same layers."""

from __future__ import annotations

import numpy as np
import tflite

_SAME = ("MAX_POOL_2D", "AVERAGE_POOL_2D", "RESHAPE")
"""Their results have the scale and the zero point of what they read."""
_FIXED = ("SOFTMAX",)


def retrained(model: bytes, seed: int = 1) -> bytes:
    """Of a chain of quantized layers. The model's own inputs and outputs keep their scales."""
    data = bytearray(model)
    root = tflite.Model.GetRootAsModel(data, 0)
    graph = root.Subgraphs(0)
    random = np.random.default_rng(seed)
    names = {value: name for name, value in vars(tflite.BuiltinOperator).items() if isinstance(value, int)}
    for index in range(graph.OperatorsLength()):
        op = graph.Operators(index)
        name = names[root.OperatorCodes(op.OpcodeIndex()).BuiltinCode()]
        x, y = (graph.Tensors(tensor).Quantization() for tensor in (op.Inputs(0), op.Outputs(0)))
        if name in _SAME:
            y.ScaleAsNumpy()[:] = x.ScaleAsNumpy()
            y.ZeroPointAsNumpy()[:] = x.ZeroPointAsNumpy()
        elif name not in _FIXED:
            _weights(root, graph, op, random)
            y.ScaleAsNumpy()[:] *= np.float32(random.uniform(0.8, 1.25))
            if y.ZeroPoint(0) != -128:
                y.ZeroPointAsNumpy()[:] += 2
    return bytes(data)


def _weights(root: tflite.Model, graph: tflite.SubGraph, op: tflite.Operator, random: np.random.Generator) -> None:
    x, weights, bias = (graph.Tensors(op.Inputs(position)) for position in range(3))
    values = root.Buffers(weights.Buffer()).DataAsNumpy().view(np.int8)
    values[:] = np.clip(random.permutation(values) + random.integers(-3, 4, values.shape), -127, 127)
    root.Buffers(bias.Buffer()).DataAsNumpy().view(np.int32)[:] += random.integers(-500, 500)
    scales = weights.Quantization().ScaleAsNumpy()
    scales *= random.uniform(0.9, 1.1, scales.shape).astype(np.float32)
    bias.Quantization().ScaleAsNumpy()[:] = scales * np.float32(x.Quantization().Scale(0))
