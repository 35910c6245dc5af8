# SPDX-License-Identifier: Apache-2.0
"""The command line: options and printing, nothing else. Exit status 0: done; 1: verification failed; 2: bad
input; 3: a budget is exceeded; 70: a defect of tinycc."""

from __future__ import annotations

import difflib
import io
import json
import math
import os
import re
import signal
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from tinycc import __version__
from tinycc.crash import DEBUG, crash_message
from tinycc.crash import EXIT_STATUS as CRASHED
from tinycc.errors import CompileError, fail
from tinycc.target import EMULATED, TARGETS, find_target

if TYPE_CHECKING:
    from tinycc.provider import Provider

_CORES = ", ".join(target.short for target in EMULATED.values()) + "; several with commas"

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""

F = TypeVar("F", bound=Callable[..., Any])


class _DefaultToCompile(click.Group):
    """`tinycc MODEL ...` means `tinycc compile MODEL ...`."""

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

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("\ntinycc: interrupted", err=True)
            sys.exit(INTERRUPTED)


class _ModelCommand(click.Command):
    """A command that compiles: `--no-fuse-pad` is short for `--without fuse-pad`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [re.sub(r"^--no-([a-z].*)$", r"--without=\1", arg) for arg in args])


def _parse_shapes(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
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


def _model_options(command: F) -> F:
    """The options that say how to read a model."""
    options = (
        click.argument("model", metavar="MODEL"),
        click.option(
            "--input-shape",
            "shapes",
            multiple=True,
            metavar="NAME=DIMS",
            callback=_parse_shapes,
            help="Shape of an input with dynamic dimensions (1 otherwise), e.g. --input-shape x=1,49,10,1. Repeatable.",
        ),
        click.option(
            "--match",
            metavar="RUNTIME",
            help="Runtime whose arithmetic the C reproduces: tflm (default) or litert for TFLite, ort for ONNX.",
        ),
        click.option(
            "--fix",
            "fixes",
            multiple=True,
            metavar="DEFECT",
            help="Compute what is right where the runtime has this known defect. Repeatable.",
        ),
        click.option("--signature", metavar="NAME", help="Entry point to compile, of a file that has several."),
        click.option(
            "--without",
            multiple=True,
            metavar="PASS",
            help="Leave out an optional pass, e.g. fuse-pad; --no-fuse-pad for short. Repeatable.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


_target = click.option(
    "--target",
    default="generic",
    show_default=True,
    metavar="CORE",
    help=f"Core the code will run on: {', '.join(TARGETS)}.",
)
_provider = click.option(
    "--provider",
    default="bundled",
    show_default=True,
    metavar="WHOSE",
    help="Whose CMSIS-NN functions are linked: bundled, cmsis-nn (Arm's library), cmsis-nn=VERSION, or either.",
)
_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


def _parse_targets(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...]:
    """cortex-m4,m55: targets that have an emulated board, by their full names."""
    names = [name.strip() for name in value.split(",")] if value is not None else []
    targets = [find_target(name) for name in names]
    for name, target in zip(names, targets, strict=True):
        if target is None or not target.boards:
            raise click.BadParameter(f"{name[:200]!r} is none of {', '.join(EMULATED)}", ctx, param)
    return tuple(dict.fromkeys(target.name for target in targets if target is not None))


def _parse_names(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...]:
    """Names with commas between them."""
    return tuple(filter(None, (name.strip() for name in (value or "").split(","))))


def _parse_bytes(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """65536, 64K or 1M."""
    if value is None:
        return None
    found = re.fullmatch(r"([0-9]{1,12})([KkMm]?)(?:i?[Bb])?", value)
    if not found:
        raise click.BadParameter(f"{value[:200]!r} is not of the form 65536, 64K or 1M", ctx, param)
    return int(found[1]) * {"": 1, "k": 1024, "m": 1024 * 1024}[found[2].lower()]


def _no_nan(ctx: click.Context, param: click.Parameter, value: float | None) -> float | None:
    """A range lets NaN through."""
    if value is not None and math.isnan(value):
        raise click.BadParameter("nan is not a number", ctx, param)
    return value


def _device_options(command: F) -> F:
    """The options of commands that run code in emulators."""
    options = (
        _provider,
        click.option("--cmsis-nn-include", metavar="FOLDER", help="Headers of Arm's CMSIS-NN: links it, not the bundled one."),
        click.option("--cmsis-nn-lib", metavar="FILE", help="Arm's library, built by its own build for the target."),
        click.option("--cmsis-nn-version", metavar="VERSION", hidden=True, help="The same as --provider cmsis-nn=VERSION."),
        click.option(
            "--time-limit",
            type=click.FloatRange(min=0, min_open=True, max=86_400),
            callback=_no_nan,
            help="Seconds for a run in an emulator.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _provider_of(provider: str, version: str | None, include: str | None, library: str | None) -> Provider:
    """What the options about CMSIS-NN say together. Raises CompileError."""
    from tinycc.provider import parse_provider, with_library

    if version is not None and library is None:
        raise fail("--cmsis-nn-version", "no library", "--cmsis-nn-include and --cmsis-nn-lib with it")
    asked = parse_provider(provider if version is None else f"cmsis-nn={version}")
    return with_library(asked, include, library)


@click.group(cls=_DefaultToCompile, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="tinycc")
def cli() -> None:
    """Compile TFLite models to plain C for microcontrollers.

    \b
    tinycc MODEL            print what it would take, and write nothing
    tinycc MODEL -o OUT     compile (short for: tinycc compile MODEL -o OUT)
    tinycc verify MODEL     build the C on this machine and compare it with a reference runtime
    tinycc bench MODEL      count instructions, flash, RAM and stack on emulated cores
    tinycc inspect MODEL    print the typed intermediate representation
    tinycc ops              list the supported operators; tinycc ops CONV_2D: one with its conditions
    """


@cli.command(cls=_ModelCommand)
@_model_options
@click.option("-o", "--out", metavar="FOLDER", help="Output folder; made if it is not there. Without it nothing is written.")
@click.option("--name", help="Prefix of all C names. Default: from the file name.")
@_target
@_provider
@click.option(
    "--package",
    "packages",
    metavar="KINDS",
    callback=_parse_names,
    help="Lay the folder out for cmake, zephyr, arduino, esp-idf, platformio or cmsis-pack, e.g. zephyr,arduino.",
)
@click.option("--package-version", default="1.0.0", show_default=True, help="The package's version.")
@click.option("--self-test", is_flag=True, help="Also emit a self-test for your board: seeded inputs, a CRC of every layer.")
@click.option("--ram", metavar="BYTES", callback=_parse_bytes, help="Exit with 3 if the model needs more RAM, e.g. 64K.")
@click.option("--flash", metavar="BYTES", callback=_parse_bytes, help="The same for flash, e.g. 256K.")
@click.option("--stack", metavar="BYTES", callback=_parse_bytes, help="The same for the stack of an inference, e.g. 4K.")
@click.option("--print-ir", is_flag=True, help="Also print the graph before the passes and after each that changes it.")
@click.option("--layers", is_flag=True, help="Also print a table with one row per layer.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
@_json
def compile(
    model: str,
    shapes: dict[str, tuple[int, ...]],
    match: str | None,
    fixes: tuple[str, ...],
    signature: str | None,
    without: tuple[str, ...],
    out: str | None,
    name: str | None,
    target: str,
    provider: str,
    packages: tuple[str, ...],
    package_version: str,
    self_test: bool,
    ram: int | None,
    flash: int | None,
    stack: int | None,
    print_ir: bool,
    layers: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Compile MODEL to C in FOLDER, or only print what it would take."""
    from tinycc.budget import Budget, check_budget
    from tinycc.compiler import compile as compile_model
    from tinycc.compiler import load
    from tinycc.ir import print_graph
    from tinycc.passes import stages

    loaded = load(model, shapes=shapes, match=match, fixes=fixes, signature=signature, without=without)
    if print_ir and not quiet:
        before = ""
        for stage, graph in stages(loaded.graph, loaded.options.without):
            text = print_graph(graph)
            if text != before:
                click.echo(f"// after {stage}\n{text}\n", err=as_json)
            before = text
    compilation = compile_model(loaded, name=name, target=target, provider=provider, self_test=self_test)
    notes = check_budget(compilation, Budget(ram, flash, stack))
    if out is not None and packages:
        from tinycc.packages.layout import write_package

        write_package([compilation], packages, out, version=package_version)
    elif out is not None:
        compilation.write(out)
    if as_json:
        from dataclasses import asdict

        rows = {
            "inputs": [asdict(port) for port in compilation.inputs],
            "outputs": [asdict(port) for port in compilation.outputs],
            "replaced": [asdict(row) for row in compilation.replaced],
        }
        _print_json(compilation.report.to_json() | rows)
    elif not quiet:
        from tinycc.report.text import layer_table, make_console, print_summary

        console = make_console()
        print_summary(console, compilation.report, out or "nothing written; give -o FOLDER")
        for row in compilation.replaced:
            text = f"  {row.operator}: {row.kernel}, as {compilation.options.provider.name} lacks {row.function}"
            console.print(text, highlight=False, markup=False)
        for note in notes:
            console.print(f"  {note}", highlight=False, markup=False)
        if layers:
            console.print(layer_table(compilation.report))


@cli.command(cls=_ModelCommand)
@_model_options
@_target
@click.option(
    "--on",
    "targets",
    metavar="CORES",
    callback=_parse_targets,
    help=f"Run in emulators: {_CORES}.",
)
@_device_options
@click.option(
    "--oracle",
    metavar="RUNTIME",
    help="Reference to compare with: tflm, litert-ref (its reference kernels), litert (as users run it, XNNPACK off or on), ort"
    " and reference for ONNX, or tinycc's own numpy. Default: the one of --match, or the next that can run the model.",
)
@click.option("--require", metavar="RUNTIME", help="Exit with 2 if this reference is not installed; for CI.")
@click.option("--inputs", "npz", metavar="FILE.npz", help="Compare over these inputs (arrays in0, in1, ... or input names).")
@click.option("--runs", default=10, show_default=True, type=click.IntRange(min=0), help="Random input sets.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="Seed of the random inputs.")
@click.option("--layers", is_flag=True, help="Compare every layer; name the first that differs.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
@_json
def verify(
    model: str,
    shapes: dict[str, tuple[int, ...]],
    match: str | None,
    fixes: tuple[str, ...],
    signature: str | None,
    without: tuple[str, ...],
    target: str,
    targets: tuple[str, ...],
    provider: str,
    cmsis_nn_include: str | None,
    cmsis_nn_lib: str | None,
    cmsis_nn_version: str | None,
    time_limit: float | None,
    oracle: str | None,
    require: str | None,
    npz: str | None,
    runs: int,
    seed: int,
    layers: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Build the C for MODEL on this machine and compare its outputs with a reference runtime.

    With --on it is cross-compiled and run in an emulator of each core, its self-test first.
    """
    from tinycc.compiler import load
    from tinycc.report.text import make_console, print_verdict, progress
    from tinycc.verification import verify as verify_model

    loaded = load(model, shapes=shapes, match=match, fixes=fixes, signature=signature, without=without)
    chosen = _provider_of(provider, cmsis_nn_version, cmsis_nn_include, cmsis_nn_lib)
    verdicts = {}
    for on in targets or (None,):
        with progress(hidden=quiet or as_json) as advance:
            verdict = verify_model(
                loaded,
                on=on,
                oracle=oracle,
                require=require,
                target=target,
                runs=runs,
                seed=seed,
                inputs=npz,
                layers=layers,
                provider=chosen,
                seconds=time_limit,
                advance=advance,
            )
        verdicts[on or ""] = verdict
        if not quiet and not as_json:
            print_verdict(make_console(), verdict)
    passed = all(verdict.passed for verdict in verdicts.values())
    if as_json:
        found = {on: verdict.to_json() for on, verdict in verdicts.items()}
        _print_json({"passed": passed, "targets": found} if targets else found[""])
    if not passed:
        sys.exit(1)


@cli.command(cls=_ModelCommand)
@_model_options
@click.option(
    "--on",
    "targets",
    required=True,
    metavar="CORES",
    callback=_parse_targets,
    help=f"Cores: {', '.join(target.short for target in EMULATED.values())}; several with commas.",
)
@_device_options
@click.option("--compare", metavar="FILE.json", help="Also print ratios to an earlier --json.")
@_json
def bench(
    model: str,
    shapes: dict[str, tuple[int, ...]],
    match: str | None,
    fixes: tuple[str, ...],
    signature: str | None,
    without: tuple[str, ...],
    targets: tuple[str, ...],
    provider: str,
    cmsis_nn_include: str | None,
    cmsis_nn_lib: str | None,
    cmsis_nn_version: str | None,
    time_limit: float | None,
    compare: str | None,
    as_json: bool,
) -> None:
    """Count what an inference of MODEL takes on emulated cores: instructions per layer, flash, RAM, stack."""
    from tinycc.compiler import load
    from tinycc.device.bench import bench as bench_model
    from tinycc.device.bench import ratios, read_baseline
    from tinycc.report.bench import print_benches
    from tinycc.report.text import make_console, progress

    loaded = load(model, shapes=shapes, match=match, fixes=fixes, signature=signature, without=without)
    baseline = read_baseline(compare) if compare is not None else {}
    chosen = _provider_of(provider, cmsis_nn_version, cmsis_nn_include, cmsis_nn_lib)
    benches = []
    with progress(hidden=as_json, what="measuring") as advance:
        for count, target in enumerate(targets):
            advance(count, len(targets))
            if not as_json and sys.stderr.isatty():
                click.echo(f"{target} ...", err=True)
            benches.append(bench_model(loaded, on=target, provider=chosen, seconds=time_limit))
    compared = {item.target: ratios(item, baseline[item.target]) for item in benches if item.target in baseline}
    if as_json:
        found = {item.target: item.to_json() for item in benches}
        _print_json({"model": loaded.graph.name, "targets": found, "ratios": compared})
    else:
        print_benches(make_console(), benches, compared)


@cli.command(cls=_ModelCommand)
@_model_options
@click.option("--after", metavar="PASS", help="Print the graph after this pass (default: after the last one; `load`: none).")
@click.option("--kernels", is_flag=True, help="Print which kernel is chosen for each operator, its cost, and why no other is.")
@click.option("--program", is_flag=True, help="Print what the model is lowered to: buffers with addresses, constants, calls.")
@_target
def inspect(
    model: str,
    shapes: dict[str, tuple[int, ...]],
    match: str | None,
    fixes: tuple[str, ...],
    signature: str | None,
    without: tuple[str, ...],
    after: str | None,
    kernels: bool,
    program: bool,
    target: str,
) -> None:
    """Print the typed intermediate representation of MODEL."""
    from tinycc.compiler import load
    from tinycc.ir import print_graph
    from tinycc.kernels.base import Context
    from tinycc.lowering.lower import lower
    from tinycc.passes import LOAD, PIPELINE, stages
    from tinycc.plan.layout import lay_out
    from tinycc.program.show import show
    from tinycc.report.choices import choices_text

    names = [LOAD, *(step.name for step in PIPELINE)]
    after = after.replace("_", "-") if after is not None else None
    if after is not None and after not in names:
        raise fail("--after", repr(after), "one of " + ", ".join(names))
    asked = [flag for flag, given in (("--after", after), ("--kernels", kernels), ("--program", program)) if given]
    if len(asked) > 1:
        raise fail(", ".join(asked), "more than one", "one of them", "Kernels are chosen, then lowered, after the last pass.")
    loaded = load(model, shapes=shapes, match=match, fixes=fixes, signature=signature, without=without, target=target)
    for name, graph in stages(loaded.graph, loaded.options.without):
        if name == (after or names[-1]):
            context = Context(loaded.options.target)
            if program:
                placed = lay_out(lower(graph, context))
                click.echo(show(placed.program, placed.offsets))
            else:
                click.echo(choices_text(graph, context) if kernels else print_graph(graph))


@cli.command()
@click.argument("operator", required=False)
@click.option("--markdown", is_flag=True, help="Print the documentation page in Markdown.")
def ops(operator: str | None, markdown: bool) -> None:
    """List the supported operators with their types and kernels, or show OPERATOR with its conditions."""
    from tinycc.report.operators import operator_text, operators_list, operators_markdown, operators_table
    from tinycc.report.text import make_console

    console = make_console()
    if markdown:
        click.echo(operators_markdown(), nl=False)
    elif operator is not None:
        click.echo(operator_text(operator))
    elif console.is_terminal and console.width < 100:
        click.echo(operators_list(console.width))
    else:
        console.print(operators_table())


def _print_json(content: dict[str, Any]) -> None:
    """With the version of tinycc. JSON knows no infinities."""
    from tinycc.ports import finite

    click.echo(json.dumps(finite({"tinycc": __version__, **content}), indent=2, allow_nan=False))


def _refuse(error: CompileError, *, as_json: bool) -> NoReturn:
    """Tell what is wrong, for programs too."""
    if as_json:
        from dataclasses import asdict

        _print_json({"source": error.source, "problems": [asdict(problem) for problem in error.problems]})
    click.echo(f"tinycc: error: {error}", err=True)
    sys.exit(error.exit_status)


def main() -> None:
    """Entry point of the `tinycc` command."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # A path may hold what the terminal cannot show.
    for ending in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, ending) and threading.current_thread() is threading.main_thread():
            signal.signal(getattr(signal, ending), _end)
    debug = DEBUG in sys.argv[1:]
    arguments = [argument for argument in sys.argv[1:] if argument != DEBUG]
    try:
        cli(arguments, prog_name="tinycc")
    except CompileError as error:
        _refuse(error, as_json="--json" in arguments)
    except OSError as error:
        if error.filename is not None:
            _report(error, arguments, debug=debug)
        # Only printing is left, into a pipe or a file on a full disk. What Python still holds back must not fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        click.echo(f"tinycc: error: standard output: {error.strerror}", err=True)
        sys.exit(2)
    except Exception as error:
        _report(error, arguments, debug=debug)


def _end(number: int, frame: object) -> NoReturn:
    """A signal that ends the process, as an exception: what is under way is taken back."""
    sys.exit(128 + number)


def _report(error: Exception, arguments: list[str], *, debug: bool) -> NoReturn:
    """End with one message that asks for a report."""
    if debug:
        raise error
    click.echo(crash_message(error, arguments), err=True)
    sys.exit(CRASHED)


if __name__ == "__main__":
    main()
