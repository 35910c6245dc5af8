# SPDX-License-Identifier: Apache-2.0
"""The charts of a report, drawn by Plotly (extra `report`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import networkx as nx
import plotly.graph_objects as go

from tinycc.report.document import Document, LayerRow
from tinycc.report.measured import Measured
from tinycc.report.memory import Block, Memory

COLOURS: Mapping[str, str] = {
    "input": "#0072b2",
    "output": "#009e73",
    "state": "#cc79a7",
    "temp": "#56b4e9",
    "scratch": "#e69f00",
    "ring": "#f0e442",
}
"""Of buffers by role; told apart by people who do not see all colours, too (Okabe and Ito)."""
FLOAT, INTEGER = "#d55e00", "#56b4e9"
METRICS = (
    ("MAC", "macs"),
    ("cycles (estimate)", "cycles"),
    ("output bytes", "output_bytes"),
    ("constant bytes", "constant_bytes"),
    ("scratch bytes", "scratch_bytes"),
)
ROW = 24
"""Pixels of a layer's row."""
LEGEND = {"orientation": "h", "yref": "container", "y": 0.99, "yanchor": "top"}
"""Above the chart, clear of what is drawn in it, in as many rows as the width makes of it."""
CONFIGURATION = {"responsive": True, "displayModeBar": False}
"""Without buttons: one of them would send the chart to a server, and none of them is needed."""


def memory_figure(memory: Memory) -> Any:
    """Addresses over steps, a bar for each block; the step of the peak is marked."""
    bars = [_blocks(role, [block for block in memory.blocks if block.role == role]) for role in COLOURS]
    figure = go.Figure([bar for bar in bars if bar is not None])
    figure.add_vline(x=memory.peak_step, line={"dash": "dot", "color": "#333"}, annotation_text="peak")
    figure.update_layout(
        barmode="overlay",
        xaxis={"title": "step", "dtick": _tick(memory)},
        yaxis={"title": "address (bytes)", "range": [0, memory.bytes]},
        legend=LEGEND,
        **_style(420),
    )
    return figure


def _blocks(role: str, blocks: list[Block]) -> Any:
    if not blocks:
        return None
    return go.Bar(
        name=role,
        x=[(block.first + block.last) / 2 for block in blocks],
        width=[block.last - block.first + 0.96 for block in blocks],
        base=[block.offset for block in blocks],
        y=[block.bytes for block in blocks],
        customdata=[
            (block.name, f"{block.bytes:,}", f"{block.offset:,}", f"{block.offset + block.bytes:,}", block.first, block.last)
            for block in blocks
        ],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]} bytes at %{customdata[2]} to %{customdata[3]}"
        "<br>steps %{customdata[4]} to %{customdata[5]}",
        marker={"color": COLOURS[role], "line": {"color": "#fff", "width": 1}},
    )


def _tick(memory: Memory) -> int:
    last = max((block.last for block in memory.blocks), default=1)
    return max(1, last // 20)


def layer_figure(layers: tuple[LayerRow, ...]) -> Any:
    """A bar for each layer; a menu chooses what is shown."""
    names = [f"{layer.step} {layer.operator}" for layer in layers]
    bars = [
        go.Bar(
            orientation="h",
            y=names,
            x=[getattr(layer, key) for layer in layers],
            customdata=[(layer.name, layer.kernel, layer.output) for layer in layers],
            hovertemplate="%{y}: %{x:,}<br>%{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
            marker={"color": [FLOAT if layer.is_float else INTEGER for layer in layers]},
            visible=number == 0,
        )
        for number, (_, key) in enumerate(METRICS)
    ]
    buttons = [
        {
            "label": label,
            "method": "update",
            "args": [{"visible": [other == number for other in range(len(METRICS))]}, {"xaxis.title.text": label}],
        }
        for number, (label, _) in enumerate(METRICS)
    ]
    figure = go.Figure(bars)
    figure.update_layout(
        yaxis={"autorange": "reversed", "automargin": True},
        xaxis={"title": METRICS[0][0]},
        updatemenus=[{"buttons": buttons, "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"}],
        **_style(150 + ROW * len(layers)),
    )
    return figure


def measured_figure(found: Measured) -> Any:
    """Shares of the time, as the board measured and as estimated, a pair of bars for each layer."""
    names = [f"{layer.step} {layer.operator}" for layer in found.layers]
    shown = (("measured", "share", "#0072b2"), ("estimated", "estimate_share", "#e69f00"))
    bars = [
        go.Bar(
            name=name,
            orientation="h",
            y=names,
            x=[100 * getattr(layer, key) for layer in found.layers],
            customdata=[(layer.name, layer.kernel, f"{layer.microseconds:,.1f}") for layer in found.layers],
            hovertemplate="%{y}: %{x:.1f} %<br>%{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]} µs measured",
            marker={"color": colour},
        )
        for name, key, colour in shown
    ]
    figure = go.Figure(bars)
    figure.update_layout(
        barmode="group",
        yaxis={"autorange": "reversed", "automargin": True},
        xaxis={"title": "% of the time of all layers"},
        legend=LEGEND,
        **_style(150 + 2 * ROW * len(found.layers)),
    )
    return figure


def graph_figure(layers: tuple[LayerRow, ...]) -> Any:
    """The layers in the order of their data, inputs on top; an edge for each result that is read."""
    graph = nx.DiGraph()
    graph.add_node(0)
    for layer in layers:
        graph.add_node(layer.step)
        graph.add_edges_from((source, layer.step) for source in layer.reads if source != layer.step)
    places = _places(graph)
    by_step = {layer.step: layer for layer in layers}
    lines: dict[str, list[float | None]] = {"x": [], "y": []}
    for source, sink in graph.edges:
        lines["x"] += [places[source][0], places[sink][0], None]
        lines["y"] += [places[source][1], places[sink][1], None]
    figure = go.Figure(go.Scatter(**lines, mode="lines", line={"color": "#888"}, hoverinfo="skip"))
    figure.add_trace(
        go.Scatter(
            x=[places[node][0] for node in graph],
            y=[places[node][1] for node in graph],
            mode="markers+text",
            text=[f"{node} {by_step[node].operator}" if node in by_step else "inputs" for node in graph],
            textposition="middle right",
            customdata=[_told(by_step.get(node)) for node in graph],
            hovertemplate="%{customdata}<extra></extra>",
            marker={"size": 12, "color": [_colour(by_step.get(node)) for node in graph]},
        )
    )
    figure.update_layout(
        xaxis={"visible": False, "range": [-0.5, max(x for x, _ in places.values()) + 2]},
        yaxis={"visible": False},
        showlegend=False,
        **_style(100 + ROW * (1 + len({y for _, y in places.values()}))),
    )
    return figure


def _places(graph: Any) -> dict[int, tuple[float, float]]:
    """A row for each generation; side by side what is independent. Edges of loops go back and count for nothing."""
    forward = nx.DiGraph((source, sink) for source, sink in graph.edges if source < sink)
    forward.add_nodes_from(graph)
    return {
        node: (float(column), float(-row))
        for row, generation in enumerate(nx.topological_generations(forward))
        for column, node in enumerate(sorted(generation))
    }


def _told(layer: LayerRow | None) -> str:
    return f"{layer.name}<br>{layer.kernel}<br>{layer.output}" if layer is not None else "what the caller writes"


def _colour(layer: LayerRow | None) -> str:
    return COLOURS["input"] if layer is None else FLOAT if layer.is_float else INTEGER


def _style(height: int) -> dict[str, Any]:
    return {"height": height, "margin": {"l": 60, "r": 16, "t": 70, "b": 50}, "template": "plotly_white", "autosize": True}


def charts(document: Document) -> Iterator[tuple[str, str]]:
    """(id, HTML of the chart), without the library's script."""
    figures = [(f"memory_{number}", memory_figure(memory)) for number, memory in enumerate(document.memories)]
    figures += [("layers", layer_figure(document.layers)), ("graph", graph_figure(document.layers))]
    if document.measured is not None:
        figures.append(("measured", measured_figure(document.measured)))
    for name, figure in figures:
        yield (
            name,
            figure.to_html(
                full_html=False,
                include_plotlyjs=False,
                div_id=f"chart_{name}",
                config=CONFIGURATION,
            ),
        )
