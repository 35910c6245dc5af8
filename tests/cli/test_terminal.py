# SPDX-License-Identifier: Apache-2.0
"""What is printed into a terminal of 60 columns, and into a pipe."""

from __future__ import annotations

import io

import pytest
from click.testing import CliRunner
from conftest import ROOT
from rich.console import Console

from tinycc.cli import cli
from tinycc.compiler import compile
from tinycc.footprint import footprint
from tinycc.report.operators import operator_text
from tinycc.report.terminal import WIDE, middle, say
from tinycc.report.text import print_layers, print_summary

MODEL = ROOT / "examples" / "digits" / "digits_int8.tflite"


def printed(width: int, terminal: bool) -> list[str]:
    console = Console(file=io.StringIO(), width=width, force_terminal=terminal, soft_wrap=True, color_system=None)
    compilation = compile(MODEL)
    print_summary(console, compilation.report, footprint(compilation), "out")
    print_layers(console, compilation.report)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize("width", [60, 80, 200])
def test_a_terminal(width: int) -> None:
    """No line is longer than it is wide, no word is split, no figure is lost."""
    lines = printed(width, terminal=True)
    assert max(map(len, lines)) <= width
    text = " ".join(" ".join(lines).split())
    report = compile(MODEL).report
    sizes = [
        f"{report.arena_bytes:,} bytes",
        f"{report.constant_bytes:,}",
        f"{report.macs:,} MAC in {len(report.layers)} layers",
    ]
    for figure in (*sizes, *(layer.kernel for layer in report.layers), f"{report.layers[0].cycles:,}"):
        assert figure in text
    assert "…" not in text


def test_a_pipe() -> None:
    """A row of the table is a line, with whole names."""
    lines = printed(WIDE, terminal=False)
    assert any("functional_2_1/sequential_1/re_lu_1_2/Relu_15 1,024" in line for line in lines)
    (row,) = [line for line in lines if "MAX_POOL_2D" in line]
    (layer,) = [layer for layer in compile(MODEL).report.layers if layer.operator == "MAX_POOL_2D"]
    assert layer.kernel in row
    assert row.rstrip().endswith(layer.reason)


def test_help_is_as_narrow_as_the_terminal() -> None:
    shown = CliRunner().invoke(cli, ["--help"], terminal_width=60).output
    assert max(map(len, shown.splitlines())) <= 60
    assert "tinycc profile LOG MODEL  print what a board measured" in shown


def test_an_operator_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines break between words."""
    console = Console(file=io.StringIO(), width=60, force_terminal=True, soft_wrap=True, color_system=None)
    monkeypatch.setattr("tinycc.report.terminal.make_console", lambda: console)
    assert CliRunner().invoke(cli, ["ops", "RELU"], catch_exceptions=False).exit_code == 0
    assert isinstance(console.file, io.StringIO)
    assert max(map(len, console.file.getvalue().splitlines())) <= 60
    assert " ".join(console.file.getvalue().split()) == " ".join(operator_text("RELU").split())


@pytest.mark.parametrize("width", [5, 6, 10, 20, 45, 60])
def test_names_are_cut_in_the_middle(width: int) -> None:
    name = "functional_2_1/sequential_1/re_lu_2_1/Relu_16"
    cut = middle(name, width)
    assert len(cut) == min(width, len(name))
    assert cut[0] == "f"
    assert cut[-1] == "6"


def test_one_long_word_stays_whole() -> None:
    console = Console(file=io.StringIO(), width=30, force_terminal=True, color_system=None)
    say(console, f"model: {'a' * 50} end", 4)
    assert isinstance(console.file, io.StringIO)
    assert "a" * 50 in console.file.getvalue()
