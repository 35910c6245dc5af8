# SPDX-License-Identifier: Apache-2.0
"""What was assumed where a file leaves something open."""

from __future__ import annotations

from collections.abc import Mapping

from tinycc.frontends.tflite.file import read_file
from tinycc.frontends.tflite.tensors import Shape, Spent, Tensors, text


def other_signatures(data: bytes, chosen: str | None) -> tuple[str, ...]:
    """A note on the entry points of a file that are not compiled."""
    signatures = read_file(data).signatures
    entry = signatures.get(chosen, 0) if chosen else 0
    mine = [name for name, number in signatures.items() if number == entry]
    others = [name for name, number in signatures.items() if number != entry]
    if not others:
        return ()
    compiled = f"signature {mine[0]}" if mine else "the first subgraph"
    return (f"{compiled} is compiled; the file has others, which --signature NAME compiles: {', '.join(others)}",)


def open_dimensions(data: bytes, shapes: Mapping[str, Shape]) -> tuple[str, ...]:
    """A note for each input with dimensions that the file leaves open and `shapes` does not give: they are 1."""
    subgraph = read_file(data).subgraphs[0]
    tensors = Tensors(subgraph, 0, Spent())
    notes = []
    for index in dict.fromkeys(subgraph.inputs):
        name, shape = tensors.names[index], tensors.declared(index)
        axes = tensors.open_axes(index)
        if axes and name not in shapes:
            which = "dimension" if len(axes) == 1 else "dimensions"
            asked = ",".join("N" if axis in axes else str(size) for axis, size in enumerate(shape))
            numbers = " and ".join(map(str, axes))
            notes.append(
                f"input {name} {text(shape)}: {which} {numbers}, open in the file, set to 1; "
                f"--input-shape {name}={asked} sets it"
            )
    return tuple(notes)
