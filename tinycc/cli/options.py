# SPDX-License-Identifier: Apache-2.0
"""Options that several commands share, and how their values are read."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from tinycc.errors import fail
from tinycc.preferences import Goal, Policy
from tinycc.target import EMULATED, TARGETS, find_target

if TYPE_CHECKING:
    from tinycc.provider import Provider

CORES = ", ".join(target.short for target in EMULATED.values()) + "; several with commas"

F = TypeVar("F", bound=Callable[..., Any])


class ModelCommand(click.Command):
    """A command that compiles: `--no-fuse-pad` is short for `--without fuse-pad`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [re.sub(r"^--no-([a-z].*)$", r"--without=\1", arg) for arg in args])


def parse_shapes(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    """NAME=1,49,10,1, any number of times."""
    shapes: dict[str, tuple[int, ...]] = {}
    for value in values:
        name, _, dims = value.rpartition("=")
        if not name or not re.fullmatch(r"[1-9][0-9]{0,9}(,[1-9][0-9]{0,9})*", dims):
            raise click.BadParameter(f"{value[:200]!r} is not of the form NAME=1,49,10,1, with sizes from 1 on", ctx, param)
        if name in shapes:
            raise click.BadParameter(f"{name} has two shapes", ctx, param)
        shapes[name] = tuple(map(int, dims.split(",")))
    return shapes


def complete_targets(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of cores, for `--target` and, behind commas, for `--on`."""
    several = param.name == "targets"
    before, comma, word = incomplete.rpartition(",") if several else ("", "", incomplete)
    known = EMULATED if several else TARGETS
    taken = set(before.split(","))
    names = [name for target in known.values() for name in dict.fromkeys((target.name, target.short))]
    return [CompletionItem(before + comma + name) for name in names if name.startswith(word) and name not in taken]


def complete_files(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(incomplete, type="file")]


def complete_folders(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(incomplete, type="dir")]


def model_options(command: F) -> F:
    """A model, and how to read it."""
    return click.argument("model", metavar="MODEL", shell_complete=complete_files)(reading_options(command))


def reading_options(command: F) -> F:
    """The options that say how to read a model."""
    options = (
        click.option(
            "--input-shape",
            "shapes",
            multiple=True,
            metavar="NAME=DIMS",
            callback=parse_shapes,
            help="Shape of an input with dynamic dimensions (1 otherwise), e.g. --input-shape x=1,49,10,1. Repeatable.",
        ),
        click.option(
            "--match",
            metavar="RUNTIME",
            help="Runtime whose arithmetic the C reproduces: tflm (default) or litert for TFLite;"
            " for ONNX ort (default) or integer, the fixed point of TFLM.",
        ),
        click.option(
            "--fix",
            "fixes",
            multiple=True,
            metavar="DEFECT",
            help="Compute what is right where the runtime has this known defect. Repeatable.",
        ),
        click.option(
            "--signature",
            metavar="NAME",
            help="Entry point, of a file that has several; to compile, also several with commas, or all.",
        ),
        click.option(
            "--io-layout",
            default="file",
            show_default=True,
            metavar="LAYOUT",
            help="Dimensions of the images that an ONNX model takes and gives: as in the file, or nhwc, channels last.",
        ),
        click.option(
            "--without",
            multiple=True,
            metavar="PASS",
            help="Leave out an optional pass, e.g. stream: nothing runs row by row; --no-stream for short. Repeatable.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


target_option = click.option(
    "--target",
    default="generic",
    show_default=True,
    metavar="CORE",
    shell_complete=complete_targets,
    help=f"Core the code will run on: {', '.join(TARGETS)}.",
)
provider_option = click.option(
    "--provider",
    default="bundled",
    show_default=True,
    metavar="WHOSE",
    help="Whose CMSIS-NN functions are linked: bundled, cmsis-nn (Arm's library), cmsis-nn=VERSION, or either.",
)

optimize_option = click.option(
    "--optimize",
    default=Goal.BALANCED.value,
    show_default=True,
    metavar="GOAL",
    help="What is made small first: speed, size (constants and code) or ram (operators run row by row);"
    " balanced: speed, where it takes little more RAM.",
)


def parse_bytes(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """65536, 64K or 1M."""
    if value is None:
        return None
    found = re.fullmatch(r"([0-9]{1,12})([KkMm]?)(?:i?[Bb])?", value)
    if not found:
        raise click.BadParameter(f"{value[:200]!r} is not of the form 65536, 64K or 1M", ctx, param)
    return int(found[1]) * {"": 1, "k": 1024, "m": 1024 * 1024}[found[2].lower()]


def parse_memories(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    """dtcm=64K, any number of times."""
    found = []
    for value in values:
        name, mark, size = value.partition("=")
        bytes = parse_bytes(ctx, param, size) if mark else None
        if bytes is None:
            raise click.BadParameter(f"{value[:200]!r} is not of the form dtcm=64K", ctx, param)
        found.append((name, bytes))
    return tuple(found)


def row_options(command: F) -> F:
    """The options that decide what runs row by row, and in which memory."""
    options = (
        click.option(
            "--ram",
            metavar="BYTES",
            callback=parse_bytes,
            help="Stay within so much RAM, at the price of time if need be (compile exits with 3 if that cannot be), e.g. 64K.",
        ),
        click.option(
            "--stream-input", is_flag=True, help="The input arrives row by row: NAME_push_row() in place of NAME_invoke()."
        ),
        click.option(
            "--stream-output",
            is_flag=True,
            help="The output goes row by row: NAME_pull_row() takes each as soon as it is made.",
        ),
        click.option(
            "--memory",
            "memories",
            multiple=True,
            metavar="NAME=BYTES",
            callback=parse_memories,
            help="A memory of the part, e.g. dtcm=64K; repeat it, the nearest first: buffers that are touched most lie there.",
        ),
        click.option(
            "--streaming",
            metavar="axis=A,hop=H",
            help="The model runs on a stream: each call takes the newest H frames along axis A of the input.",
        ),
        click.option(
            "--max-push",
            type=click.IntRange(min=1),
            metavar="CYCLES",
            help="With --stream-input: no row, the last one neither, may take more cycles than these, by estimate.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def kernel_options(command: F) -> F:
    """The options that decide which kernels are taken, and what runs row by row."""
    options = (
        provider_option,
        optimize_option,
        click.option(
            "--kernels",
            default=Policy.AUTO.value,
            show_default=True,
            metavar="WHOSE",
            help="Kernels to prefer: auto, tinycc, cmsis-nn or portable (no instruction set's own). The results are the same.",
        ),
        row_options,
    )
    for option in reversed(options):
        command = option(command)
    return command


def apart_options(command: F) -> F:
    """The options that put parts of a model where the firmware wants them."""
    options = (
        click.option(
            "--external-io",
            is_flag=True,
            help="Inputs and outputs are buffers of yours, set by pointer: no copies, fit for DMA.",
        ),
        click.option(
            "--external-weights",
            is_flag=True,
            help="Constants are no C but a file NAME.bin, which the firmware hands in; `tinycc weights` makes new ones for it.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _parse_sections(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """WHAT=SECTION, any number of times."""
    found: dict[str, str] = {}
    for value in values:
        what, mark, section = value.rpartition("=")
        if not mark or what in found:
            raise click.BadParameter(f"{value[:200]!r} is not of the form WHAT=SECTION, or names it again", ctx, param)
        found[what] = section
    return found


section_option = click.option(
    "--section",
    "--place",
    "sections",
    multiple=True,
    metavar="WHAT=SECTION",
    callback=_parse_sections,
    help="Linker section of all constants (weights=.ext_flash), of the instance (arena=.dtcm), or of constants by name"
    " ('conv2d_3/*=.itcm'). Repeatable.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


def parse_targets(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...]:
    """cortex-m4,m55: targets that have an emulated board, by their full names."""
    names = [name.strip() for name in value.split(",")] if value is not None else []
    targets = [find_target(name) for name in names]
    for name, target in zip(names, targets, strict=True):
        if target is None or not target.boards:
            raise click.BadParameter(f"{name[:200]!r} is none of {', '.join(EMULATED)}", ctx, param)
    return tuple(dict.fromkeys(target.name for target in targets if target is not None))


def parse_names(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...]:
    """Names with commas between them."""
    return tuple(filter(None, (name.strip() for name in (value or "").split(","))))


def no_nan(ctx: click.Context, param: click.Parameter, value: float | None) -> float | None:
    """A range lets NaN through."""
    if value is not None and math.isnan(value):
        raise click.BadParameter("nan is not a number", ctx, param)
    return value


def device_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of commands that run code in emulators; what they say about CMSIS-NN goes into `provider`."""

    @wraps(command)
    def called(
        *, provider: str, cmsis_nn_version: str | None, cmsis_nn_include: str | None, cmsis_nn_lib: str | None, **options: Any
    ) -> Any:
        return command(provider=_provider(provider, cmsis_nn_version, cmsis_nn_include, cmsis_nn_lib), **options)

    options = (
        click.option("--cmsis-nn-include", metavar="FOLDER", help="Headers of Arm's CMSIS-NN: links it, not the bundled one."),
        click.option("--cmsis-nn-lib", metavar="FILE", help="Arm's library, built by its own build for the target."),
        click.option("--cmsis-nn-version", metavar="VERSION", hidden=True, help="The same as --provider cmsis-nn=VERSION."),
        click.option(
            "--time-limit",
            "seconds",
            type=click.FloatRange(min=0, min_open=True, max=86_400),
            callback=no_nan,
            help="Seconds for a run in an emulator.",
        ),
    )
    for option in reversed(options):
        called = option(called)
    return called


def _provider(provider: str, version: str | None, include: str | None, library: str | None) -> Provider:
    """What the options about CMSIS-NN say together. Raises CompileError."""
    from tinycc.provider import parse_provider, with_library

    if version is not None and library is None:
        raise fail("--cmsis-nn-version", "no library", "--cmsis-nn-include and --cmsis-nn-lib with it")
    asked = parse_provider(provider if version is None else f"cmsis-nn={version}")
    return with_library(asked, include, library)
