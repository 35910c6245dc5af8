# SPDX-License-Identifier: Apache-2.0
"""Handwritten digits, 8x8 pixels: a small CNN in PyTorch, exported to ONNX.

Run from the repository root: python -m examples.torch_digits.train
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from sklearn.datasets import load_digits
from torch import nn

from examples.common.command import options
from examples.common.samples import save_samples

TRAIN_ROWS = 1257  # the rows come writer by writer: the last 540 are other people's hands
PIXEL_MAX = 16
CALIBRATION_ROWS = 256


def block(inputs: int, outputs: int) -> nn.Sequential:
    """A depthwise and a pointwise convolution."""
    return nn.Sequential(
        nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs, bias=False),
        nn.BatchNorm2d(inputs),
        nn.ReLU(),
        nn.Conv2d(inputs, outputs, 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


def network() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1, bias=False),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        block(16, 32),
        nn.MaxPool2d(2),
        block(32, 48),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(48, 10),
    )


def train(images: torch.Tensor, labels: torch.Tensor, epochs: int) -> nn.Sequential:
    model = network()
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-3)
    steps = epochs * (len(images) // 64)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(epochs):
        order = torch.randperm(len(images))
        for batch in order[: len(order) // 64 * 64].split(64):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(images[batch]), labels[batch])
            loss.backward()
            optimizer.step()
            schedule.step()
    return model.eval()


def strip(path: Path) -> None:
    """Without the lines of source code, and their places on this machine, that the exporter writes beside every node."""
    model = onnx.load(path)
    for item in (*model.graph.node, *model.graph.value_info, *model.graph.input, *model.graph.output, model.graph, model):
        item.ClearField("metadata_props")
        item.ClearField("doc_string")
    onnx.save(model, path)


def main() -> None:
    args = options(__file__, __doc__, 40)
    torch.manual_seed(args.seed)
    torch.use_deterministic_algorithms(True)

    data = load_digits()
    images = (data.images / PIXEL_MAX).astype(np.float32)[:, None]
    labels = data.target.astype(np.uint8)
    tensors = torch.from_numpy(images), torch.from_numpy(data.target).long()
    model = train(tensors[0][:TRAIN_ROWS], tensors[1][:TRAIN_ROWS], args.epochs)
    with torch.no_grad():
        right = (model(tensors[0][TRAIN_ROWS:]).argmax(1) == tensors[1][TRAIN_ROWS:]).float().mean()
    print(f"PyTorch test accuracy: {right:.4f}")

    exported = torch.onnx.export(
        model, (tensors[0][:1],), input_names=["image"], output_names=["scores"], dynamo=True, external_data=False
    )
    assert exported is not None
    exported.save(args.out / "torch_digits.onnx")
    strip(args.out / "torch_digits.onnx")
    calibration = slice(TRAIN_ROWS - CALIBRATION_ROWS, TRAIN_ROWS)
    save_samples(args.out / "calibration.npz", image=images[calibration])
    save_samples(args.out / "testset.npz", image=images[TRAIN_ROWS:], labels=labels[TRAIN_ROWS:])


if __name__ == "__main__":
    main()
