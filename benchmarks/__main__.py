# SPDX-License-Identifier: Apache-2.0
"""`python -m benchmarks COMMAND`: `--help` lists them."""

from __future__ import annotations

from pathlib import Path

import click

from benchmarks.analyse.command import TOOLS, analyse
from benchmarks.analyse.fuzzing import fuzz_inputs
from benchmarks.analyse.steady import write_even, write_steady
from benchmarks.arenas import write_arenas
from benchmarks.avr import sweep_avr
from benchmarks.bounds import compare_bounds
from benchmarks.code import write_code
from benchmarks.compile_cost import measure_compile
from benchmarks.corpus import DEFAULT_CORPUS, sweep_models, sweep_operators
from benchmarks.costs import compare_costs
from benchmarks.flash import SHOWN, write_flash
from benchmarks.fuzz import FORMATS, fuzz
from benchmarks.mutants import hunt_mutants
from benchmarks.onnx import ONNX_CORPUS, sweep_onnx
from benchmarks.onnx_drawn import hunt_onnx
from benchmarks.onnx_node_table import report, sweep_nodes, write_record
from benchmarks.proofs import TARGETS, sweep_proofs
from benchmarks.properties import count_cases, hunt
from benchmarks.table import BASELINE, check_table, write_table
from benchmarks.unasked import CORES, check_unasked
from benchmarks.zeros import CORES as COUNTED
from benchmarks.zeros import write_zeros
from tinycc.preferences import Goal


@click.group()
def cli() -> None:
    """Measurements of tinycc."""


@cli.command("analyse")
@click.argument("models", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--tool", "tools", multiple=True, type=click.Choice(TOOLS), help="These analysers, not all that are installed.")
@click.option("--target", default="generic", show_default=True, help="The core whose kernels are taken, in C.")
@click.option("--corpus", default=DEFAULT_CORPUS, show_default=True, type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True, help="Without MODELS: every model of the corpus, not a sample.")
@click.option("--write", is_flag=True, help="Write docs/deviations.md: what is found is what is listed from now on.")
def analyse_command(
    models: tuple[Path, ...], tools: tuple[str, ...], target: str, corpus: Path, everything: bool, write: bool
) -> None:
    """Analysers over the C of MODELS (files, folders), or of a sample and all kernels; 1 if one finds what is not listed.

    They are GCC's -fanalyzer, clang-tidy, cppcheck with MISRA C:2012, sanitizers, and valgrind with inputs marked as unknown,
    which tells the kernels whose branches or addresses depend on them.
    """
    if write and (models or everything):
        raise click.UsageError("--write is of the sample: without MODELS and --all")
    raise SystemExit(1 if analyse(models, tools, corpus, target, every=everything, write=write) else 0)


@cli.command("avr")
@click.option("--only", default="", help="Cases whose names contain this text.")
def avr_command(only: str) -> None:
    """Run the self-test of every case of the test tables on a simulated AVR, where int has 16 bits."""
    raise SystemExit(1 if sweep_avr(only) else 0)


@cli.command("bounds")
@click.argument("models", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--python", "pythons", multiple=True, help="This interpreter (3.10 or newer) instead, with what it installs.")
def bounds_command(models: tuple[Path, ...], pythons: tuple[str, ...]) -> None:
    """Compile MODELS with the lowest versions of all dependencies, too: the same bytes have to come."""
    raise SystemExit(1 if compare_bounds(models, pythons) else 0)


@cli.command("code")
def code_command() -> None:
    """Rewrite tinycc/kernels/code.json: the bytes of every kernel's code, by which `--optimize size` chooses."""
    write_code()


@cli.command("compile")
@click.argument("model", type=click.Path(exists=True, path_type=Path))
@click.option("--repeat", default=3, show_default=True, type=click.IntRange(min=1))
def compile_command(model: Path, repeat: int) -> None:
    """Time and memory of `tinycc MODEL -o OUT`, process start to files written, and of building the host library."""
    measure_compile(model, repeat)


optimize_option = click.option(
    "--optimize", default="balanced", show_default=True, type=click.Choice([goal.value for goal in Goal])
)


@cli.command("corpus")
@click.option("--corpus", default=DEFAULT_CORPUS, show_default=True, type=click.Path(path_type=Path))
@click.option("--only", default="", help="Names that contain this text.")
@click.option("--operators", is_flag=True, help="The single operators instead of the models; answers from the TFLM oracle.")
@optimize_option
def corpus_command(corpus: Path, only: str, operators: bool, optimize: str) -> None:
    """Compile every TFLite file of a corpus, run the C on this machine, and compare with the golden outputs."""
    failed = (sweep_operators if operators else sweep_models)(corpus, only, optimize)
    raise SystemExit(1 if failed else 0)


@cli.command("onnx-drawn")
@click.option("--count", default=1000, show_default=True, type=click.IntRange(min=1))
@click.option("--seed", default=1000, show_default=True, help="Of the first; the tests have those below 1000.")
@click.option("--keep", type=click.Path(path_type=Path), help="A folder for the models that differ.")
def onnx_drawn_command(count: int, seed: int, keep: Path | None) -> None:
    """Draw ONNX networks, in floats and quantized, each for a core and a goal; the C must equal ONNX Runtime."""
    raise SystemExit(1 if hunt_onnx(range(seed, seed + count), keep) else 0)


@cli.command("onnx")
@click.option("--exports", default=ONNX_CORPUS, show_default=True, type=click.Path(path_type=Path))
@click.option("--corpus", default=DEFAULT_CORPUS, show_default=True, type=click.Path(path_type=Path))
@click.option("--only", default="", help="Names that contain this text.")
@click.option("--core", is_flag=True, help="The models marked as core alone: every exporter, quantization and operator.")
@click.option("--nodes", is_flag=True, help="The node tests of the package onnx instead; all of them write docs/onnx.md, too.")
@optimize_option
def onnx_command(exports: Path, corpus: Path, only: str, core: bool, nodes: bool, optimize: str) -> None:
    """Compile every ONNX file of the corpora, run the C on this machine, and compare with the golden outputs."""
    if nodes:
        verdicts = sweep_nodes(only)
        if not only:
            write_record(verdicts)
        raise SystemExit(1 if report(verdicts) else 0)
    raise SystemExit(1 if sweep_onnx(exports, corpus, only, optimize, core=core) else 0)


@cli.command("arenas")
@click.option("--corpus", default=DEFAULT_CORPUS, show_default=True, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if something is not as it was written.")
def arenas_command(corpus: Path, check: bool) -> None:
    """Write benchmarks/arenas.json: the arena of every network of the corpus, which the tests of the corpus hold exactly."""
    raise SystemExit(1 if write_arenas(corpus, check=check) else 0)


@cli.command("mutants")
@click.argument("paths", nargs=-1, required=True)
@click.option("--tests", multiple=True, help="Files of tests, instead of those that the table in benchmarks/mutants.py has.")
@click.option("--sample", default=1000, show_default=True, type=click.IntRange(min=1), help="Mutants of a module.")
@click.option("--seed", default=0, show_default=True, help="Which of them.")
@click.option("--arithmetic", is_flag=True, help="Sums, products and small numbers, too.")
@click.option("--log", type=click.Path(path_type=Path), help="What became of them: a run goes on where it was.")
def mutants_command(
    paths: tuple[str, ...], tests: tuple[str, ...], sample: int, seed: int, arithmetic: bool, log: Path | None
) -> None:
    """Change conditions in PATHS (such as tinycc/passes) one at a time; print those that no test notices (docs/mutants.md)."""
    raise SystemExit(1 if hunt_mutants(paths, tests, sample, seed, arithmetic, log) else 0)


@cli.command("cases")
def cases_command() -> None:
    """Count the cases of the test tables for the pages: tinycc/report/cases.json, docs/operators.md, docs/defects.md."""
    count_cases()


@cli.command("costs")
@click.option("--on", "target", default="cortex-m4", show_default=True, help="The core.")
@click.option("--count", default=10, show_default=True, type=click.IntRange(min=1), help="Drawn layers of each operator.")
@click.option("--only", default="", help="Kernels whose names contain this.")
@click.option("--fit", is_flag=True, help="Print what a round of every loop takes by these counts.")
@click.option("--write", is_flag=True, help="Keep that for the core: tinycc/kernels/fitted.json.")
def costs_command(target: str, count: int, only: str, fit: bool, write: bool) -> None:
    """Predicted against counted cycles of every kernel that can compute a layer, over drawn int8 layers."""
    compare_costs(target, count, only, fit, write)


@cli.command("flash")
@click.option("--corpus", default=DEFAULT_CORPUS, show_default=True, type=click.Path(path_type=Path))
@click.option("--only", multiple=True, type=click.Choice(SHOWN), help="These models, not all.")
def flash_command(corpus: Path, only: tuple[str, ...]) -> None:
    """Rewrite benchmarks/FLASH.md: flash and cycles with pruned and clustered weights."""
    write_flash(corpus, only)


@cli.command("fuzz")
@click.option("--count", default=10_000, show_default=True, type=click.IntRange(min=1), help="Damaged files.")
@click.option("--seed", default=0, show_default=True, help="Others than those of the last run.")
@click.option(
    "--corpus", "corpora", multiple=True, type=click.Path(path_type=Path), help="A folder with more models to damage."
)
@click.option("--keep", default=None, type=click.Path(path_type=Path), help="A folder for the files that fail.")
@click.option("--format", "formats", multiple=True, type=click.Choice(tuple(FORMATS)), help="Of this format only.")
def fuzz_command(count: int, seed: int, corpora: tuple[Path, ...], keep: Path | None, formats: tuple[str, ...]) -> None:
    """Damage models and compile them: only CompileError is allowed, in 512 MB and 10 s each. Failures go to tests/fuzz."""
    raise SystemExit(1 if fuzz(count, seed, corpora, keep, formats) else 0)


@cli.command("fuzz-inputs")
@click.argument("models", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--seconds", default=60, show_default=True, type=click.IntRange(min=1), help="For each model.")
@click.option("--target", default="generic", show_default=True, help="The core whose kernels are taken, in C.")
@click.option(
    "--keep", default="fuzzed", show_default=True, type=click.Path(path_type=Path), help="A folder for what is found."
)
def fuzz_inputs_command(models: tuple[Path, ...], seconds: int, target: str, keep: Path) -> None:
    """libFuzzer over the inputs of the C of MODELS, with sanitizers; a run goes on from the inputs that earlier ones kept."""
    raise SystemExit(1 if fuzz_inputs(models, seconds, target, keep) else 0)


@cli.command("proofs")
@click.option("--only", default="", help="Kernels whose names contain this.")
@click.option(
    "--on", "targets", multiple=True, default=TARGETS, show_default=True, help="The kernels of these cores. Repeatable."
)
@click.option("--time-limit", "limit", default=120.0, show_default=True, type=click.FloatRange(min=1), help="Seconds for each.")
def proofs_command(only: str, targets: tuple[str, ...], limit: float) -> None:
    """Prove every kernel, in the smallest case of the test tables that takes it; exit status 1 if one is not proved."""
    raise SystemExit(1 if sweep_proofs(only, targets, limit) else 0)


@cli.command("properties")
@click.option("--examples", default=1000, show_default=True, type=click.IntRange(min=1), help="Of each family.")
@click.option(
    "--family", "families", multiple=True, help="A family of tests/support/families.py; all of them if none is named."
)
@click.option("--seed", default=0, show_default=True, help="Others than those of the last run.")
@click.option("--keep", default=None, type=click.Path(path_type=Path), help="A folder for the models that disagree.")
@click.option("--sanitize", is_flag=True, help="Build the C so that it reports undefined behaviour.")
def properties_command(families: tuple[str, ...], examples: int, seed: int, keep: Path | None, sanitize: bool) -> None:
    """Draw models, as the tests do but many; numpy, C and the reference runtimes must agree."""
    raise SystemExit(1 if hunt(families, examples, seed, keep, sanitize=sanitize) else 0)


@cli.command("schemas")
def schemas_command() -> None:
    """Write docs/schemas: JSON schemas of what `--json` prints, out of the types that it is made from."""
    from benchmarks.schemas import write_schemas

    write_schemas()


@cli.command("steady")
@click.argument("models", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--only", default="", help="Cases whose names contain this text; nothing is written then.")
@click.option("--on", "target", help="Count on this core instead, those that branch and those of MODELS: which are even.")
def steady_command(models: tuple[Path, ...], only: str, target: str | None) -> None:
    """Write tinycc/kernels/steady.json: kernels whose branches and addresses depend on no input, as valgrind sees it.

    Of the cases of all operators or, besides what is there, of the kernels of MODELS.
    """
    if target is None:
        write_steady(only, models)
    else:
        write_even(target, models)


@cli.command("table")
@click.option("--corpus", default=DEFAULT_CORPUS, show_default=True, type=click.Path(path_type=Path))
@click.option("--baseline", default=BASELINE, show_default=True, type=click.Path(path_type=Path), help="TFLM's figures.")
@click.option("--check", is_flag=True, help="Write nothing; fail if a figure has grown by more than 2 % (a few models).")
@click.option("--all", "everything", is_flag=True, help="With --check: all models.")
def table_command(corpus: Path, baseline: Path, check: bool, everything: bool) -> None:
    """Write benchmarks/RESULTS.md and results.json: instructions, flash, RAM and stack on emulated cores."""
    if not check:
        write_table(corpus, baseline)
        return
    grown = check_table(corpus, everything=everything)
    for line in grown:
        click.echo(line)
    if grown:
        click.echo("If that is meant: python -m benchmarks table, and commit the result.")
    raise SystemExit(1 if grown else 0)


@cli.command("unasked")
@click.option("--corpus", default=DEFAULT_CORPUS, show_default=True, type=click.Path(path_type=Path))
@click.option("--exports", default=ONNX_CORPUS, show_default=True, type=click.Path(path_type=Path))
@click.option("--only", default="", help="Names that contain this text.")
@click.option("--on", "cores", multiple=True, default=CORES, show_default=True, help="Cores.")
@click.option("--count", is_flag=True, help="Link and count in emulators, in place of estimates.")
def unasked_command(corpus: Path, exports: Path, only: str, cores: tuple[str, ...], count: bool) -> None:
    """What is done for flash unasked: no model may get larger for it, nor more than 2 % slower."""
    raise SystemExit(1 if check_unasked(corpus, exports, only, cores, count=count) else 0)


@cli.command("zeros")
@click.option("--on", "cores", multiple=True, default=COUNTED, show_default=True, help="Cores.")
def zeros_command(cores: tuple[str, ...]) -> None:
    """Rewrite benchmarks/ZEROS.md: from which share of zeros on kernels that store none are faster, and smaller."""
    write_zeros(cores)


cli(prog_name="python -m benchmarks")
