# SPDX-License-Identifier: Apache-2.0
"""The command without a subcommand: what `tinycc MODEL` means, its help, Ctrl-C."""

from __future__ import annotations

import difflib
import os

import click
from click.shell_completion import CompletionItem

from tinycc import __version__

USES = (
    ("tinycc MODEL", "print what it would take, and write nothing"),
    ("tinycc MODEL -o OUT", "compile (short for: tinycc compile MODEL -o OUT)"),
    ("tinycc quantize MODEL", "int8 or int16 out of a float model, with samples of what it will see"),
    ("tinycc shrink MODEL", "prune and cluster weights: accuracy beside flash, RAM and cycles"),
    ("tinycc verify MODEL", "build the C on this machine and compare it with a reference runtime"),
    ("tinycc bench MODEL", "count instructions, flash, RAM and stack on emulated cores"),
    ("tinycc inspect MODEL", "print the typed intermediate representation"),
    ("tinycc prove MODEL", "prove with Frama-C that the C does nothing undefined, for any input"),
    ("tinycc report MODEL", "write a page about it: memory, layers, kernels and why, the parts that it fits"),
    ("tinycc profile LOG MODEL", "print what a board measured, layer by layer"),
    ("tinycc map MODEL", "print its memory map"),
    ("tinycc explore MODEL", "print the ways to compile it that nothing beats in RAM, flash and cycles"),
    ("tinycc diff OLD NEW", "print what changed between two reports"),
    ("tinycc check OUT", "tell whether C in a folder is still what tinycc wrote"),
    ("tinycc sbom OUT", "print its bill of materials"),
    ("tinycc weights MODEL", "make new weights for firmware that has them in a file of its own"),
    ("tinycc batch DIR", "compile every model of a folder; tinycc sweep: thousands, on a cluster"),
    ("tinycc ops", "list the supported operators; tinycc ops CONV_2D: one with its conditions"),
)
"""What there is, for the help."""


class DefaultToCompile(click.Group):
    """`tinycc MODEL ...` means `tinycc compile MODEL ...`.

    The package click-default-group does the half of `parse_args` that puts the default command in front; the other half,
    telling a mistyped command from a file, and completion that offers both, would override the same methods of its class.
    """

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What it is, and its uses, in as many lines as the terminal is narrow."""
        super().format_help_text(ctx, formatter)
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_dl(USES)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands, and files as well."""
        return [*super().shell_complete(ctx, incomplete), CompletionItem(incomplete, type="file")]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {"--help", "-h", "--version", "-V"}
        if args and args[0] == "help":
            args = [*args[1:2], "--help"]
        elif args and args[0] not in self.commands and args[0] not in own:
            self._check_command(ctx, args[0])
            args = ["compile", *args]
        return super().parse_args(ctx, args)

    def _check_command(self, ctx: click.Context, word: str) -> None:
        """A word that is no file and nearly a command is meant to be that."""
        near = difflib.get_close_matches(word, [*self.commands, "help"], 1)
        if near and "." not in word and not os.path.exists(word):
            raise click.UsageError(f"No such command, and no file: {word!r}. Is {near[0]} meant?", ctx)


@click.group(cls=DefaultToCompile, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="tinycc")
def cli() -> None:
    """Compile TFLite and ONNX models to plain C for microcontrollers."""
