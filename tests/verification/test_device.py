# SPDX-License-Identifier: Apache-2.0
"""The emitted C on emulated boards: right, counted, measured; and what is said when something is missing or goes wrong.

Long: one kind of machine.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import opcases_hybrid
import pytest
from boards import DIGITS, absent, needs
from click.testing import CliRunner
from conftest import ROOT
from harness import STRICT
from model_builder import ModelBuilder
from opcases_signal import transform

from tinycc import verify
from tinycc.cli import cli, main
from tinycc.codegen.seeds import seeded_inputs
from tinycc.codegen.selftest import self_test
from tinycc.compiler import Compilation, compile, load
from tinycc.device import stack, stack_avr, toolchains
from tinycc.device.bench import bench
from tinycc.device.build import build
from tinycc.device.calls import CallGraph
from tinycc.device.count import Count
from tinycc.device.elf import Elf
from tinycc.device.run import run
from tinycc.errors import CompileError, Problem
from tinycc.execution.host import find_compiler
from tinycc.execution.inputs import random_inputs
from tinycc.target import EMULATED, EMULATORS, TARGETS, CycleModel, Target, Unit, find_target

M4 = TARGETS["cortex-m4"]
DIGITS_FLOAT = ROOT / "examples" / "digits" / "digits_float32.tflite"
WINE = ROOT / "examples" / "wine" / "wine_int8.tflite"


on_m4 = pytest.mark.skipif(bool(absent("cortex-m4")), reason=f"not installed: {absent('cortex-m4')}")


# The self-test


def _run_self_test(files: dict[str, str], folder: Path, name: str, main: str = "") -> str:
    """Build the emitted files with the strictest flags on this machine and run their self-test."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    main_c = f'#include <stdio.h>\n#include "{name}_selftest.h"\nstatic void put(char c) {{ putchar(c); }}\n'
    (folder / "run.c").write_text(main or main_c + f"int main(void) {{ {name}_selftest(put); return 0; }}\n")
    sources = [path for path in files if path.endswith(".c") and path != "example_main.c"]
    flags = ["-std=c99", "-O2", *STRICT, "-I.", "-Icmsis_nn", "-Ikernels"]
    subprocess.run([*find_compiler(), *flags, *sources, "run.c", "-lm", "-o", "run"], cwd=folder, check=True)
    return subprocess.run(["./run"], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("path", [DIGITS, DIGITS_FLOAT, WINE], ids=lambda path: path.stem)
def test_self_test_passes(path: Path, tmp_path: Path) -> None:
    compilation = compile(path, name="net", self_test=True)
    assert _run_self_test(dict(compilation.files), tmp_path, "net").endswith("\nPASS\n")


@pytest.mark.parametrize("path", [DIGITS, DIGITS_FLOAT], ids=lambda path: path.stem)
def test_self_test_names_the_first_layer_that_differs(path: Path, tmp_path: Path) -> None:
    compilation = compile(path, name="net", self_test=True)
    step = compilation.program.steps[1]
    head, mark, rest = compilation.files["net.c"].partition("NET_LAYER(1, ")
    symbol = rest.partition(",")[0]
    spoilt = f"{head}((uint8_t *)(void *){symbol})[3] ^= 0x40u;\n    {mark}{rest}"
    text = _run_self_test({**compilation.files, "net.c": spoilt}, tmp_path, "net")
    assert f"FAIL in case 0: the first layer that differs is {step.origin}" in text


@pytest.mark.parametrize("spoilt", ["nothing", "NaN", "infinity"])
def test_self_test_knows_what_is_no_number(spoilt: str, tmp_path: Path) -> None:
    """Logarithms of negative inputs, and of zero."""
    m = ModelBuilder()
    x = m.input((1, 8), "float32")
    positive, log = m.tensor((1, 8), "float32"), m.tensor((1, 8), "float32")
    m.op("RELU", [x], [positive])
    m.op("LOG", [positive], [log])
    root = m.tensor((1, 8), "float32")
    m.op("SQRT", [x], [root])
    files = dict(compile(m.build([log, root]), name="net", self_test=True).files)
    assert "-INFINITY" in files["net_selftest.c"]
    assert "NAN" in files["net_selftest.c"]
    wrong = {"NaN": ("NAN", "1.0f"), "infinity": ("-INFINITY", "-3e38f"), "nothing": ("", "")}[spoilt]
    files["net_selftest.c"] = files["net_selftest.c"].replace(*wrong, 1) if wrong[0] else files["net_selftest.c"]
    assert ("PASS" in _run_self_test(files, tmp_path, "net")) == (spoilt == "nothing")


@pytest.mark.parametrize("put", ["put", "NULL"])
@pytest.mark.parametrize("spoilt", [False, True], ids=["right", "wrong"])
def test_self_test_returns_its_result(put: str, spoilt: bool, tmp_path: Path) -> None:
    files = dict(compile(WINE, name="net", self_test=True).files)
    if spoilt:
        right = "expected_crc[running][result]"
        files["net_selftest.c"] = files["net_selftest.c"].replace(right, f"1u + {right}")
    main_c = '#include <stdio.h>\n#include "net_selftest.h"\nstatic void put(char c) { putchar(c); }\n'
    main_c += f"int main(void) {{ (void)put; return net_selftest({put}) == {int(spoilt)} ? 0 : 1; }}\n"
    _run_self_test(files, tmp_path, "net", main_c)


def test_self_test_without_inputs(tmp_path: Path) -> None:
    """No warning, and nothing drawn from the seed."""
    m = ModelBuilder()
    files = dict(compile(m.build([m.const(np.arange(3, dtype=np.int32))]), name="net", self_test=True).files)
    assert "next_byte" not in files["net_selftest.c"]
    assert _run_self_test(files, tmp_path, "net").endswith("\nPASS\n")


def test_without_self_test_there_is_no_trace_of_it(tmp_path: Path) -> None:
    """Where statuses are looked at anyway: those of a library that may be another one."""
    plain, tested = (compile(DIGITS, name="net", provider="either", self_test=test) for test in (False, True))
    assert set(tested.files) - set(plain.files) == {"net_selftest.h", "net_selftest.c"}
    assert "LAYER" not in "".join(plain.files.values())

    def assembly(compilation: Compilation) -> list[str]:
        compilation.write(tmp_path)
        flags = ["-std=c99", "-O2", "-DNET_SELFTEST=0", "-I.", "-Icmsis_nn", "-Ikernels"]
        subprocess.run([*find_compiler(), *flags, "-S", "net.c", "-o", "net.s"], cwd=tmp_path, check=True)
        return (tmp_path / "net.s").read_text().splitlines()

    assert assembly(plain) == assembly(tested)


def test_golden_results_are_those_of_the_graph() -> None:
    compilation = compile(WINE)
    golden = self_test(compilation.graph, compilation.program, golden=True)
    assert len(golden.cases) == 2
    assert len(golden.results) == golden.layers + len(compilation.graph.outputs) == len(compilation.program.results) + 1
    assert golden.cases[0] != golden.cases[1]


# On boards


@pytest.mark.parametrize("target", [needs(target) for target in EMULATED])
def test_verify_on(target: str) -> None:
    verdict = verify(DIGITS, on=target, oracle="numpy", runs=2, layers=True)
    assert verdict.passed
    assert verdict.self_test == "PASS"
    assert verdict.place.startswith(target)
    host = verify(DIGITS, target=target, oracle="numpy", runs=2, layers=True)
    assert [layer.crc for layer in verdict.layers] == [layer.crc for layer in host.layers]


@on_m4
def test_float_on_a_board() -> None:
    assert verify(DIGITS_FLOAT, on="cortex-m4", oracle="numpy", runs=1, layers=True).passed


@on_m4
@pytest.mark.parametrize("op", ["SignalRfft", "SignalIrfft"])
def test_packed_points_of_the_fft(op: str) -> None:
    """int16 points are packed where Arm's DSP extension is: stages of radix 2 and 4."""
    case = next(case for case in transform(op, "int16") if case.name == "2x200x256")
    assert verify(case.model, on="cortex-m4", oracle="numpy", runs=1).passed


@on_m4
def test_bench_is_deterministic_and_adds_up() -> None:
    model = load(DIGITS)
    found = bench(model, on="cortex-m4")
    assert found == bench(model, on="cortex-m4")
    layers = sum(layer.instructions for layer in found.layers)
    assert 0 < found.instructions - layers < 50
    assert found.arena_bytes == compile(model, target="cortex-m4").report.arena_bytes
    assert found.ram_bytes >= found.arena_bytes
    assert found.flash_bytes == found.code_bytes + found.weight_bytes
    assert found.stack_bound_bytes is not None
    assert found.stack_bytes <= found.stack_bound_bytes < 2000


LOOPS = 1000


@on_m4
def test_count_is_exact() -> None:
    """A loop of three instructions, written in assembly, adds exactly what it has. It is compared with itself, run once: code
    of another length would move all that follows, and pairs are not seen across the borders of pages."""
    plain = compile(DIGITS, target="cortex-m4", name="net", watched=True)

    def counted(times: int) -> tuple[Count, ...]:
        loop = f'__asm__ volatile("movw r3, #{times}\\n1: subs r3, #1\\n nop\\n bne 1b" ::: "r3", "cc");'
        return _counted(_patched(plain, "    NET_LAYER(1, ", loop))

    once, often = counted(1), counted(LOOPS)
    assert often[1].instructions - once[1].instructions == 3 * (LOOPS - 1)
    assert often[1].taken - once[1].taken == LOOPS - 1
    assert often[2] == once[2]


@pytest.mark.parametrize(
    ("target", "loop", "cycles"),
    [
        (needs("avr").values[0], '"ldi r24, lo8({0})\\n ldi r25, hi8({0})\\n1: sbiw r24, 1\\n brne 1b" ::: "r24", "r25"', 4),
        (needs("lx106").values[0], '"movi a8, {0}\\n1: addi a8, a8, -1\\n bnez a8, 1b" ::: "a8"', 4),
    ],
)
def test_count_on_makers_boards(target: str, loop: str, cycles: int) -> None:
    """A loop of two instructions; on AVR simavr counts its cycles: two for each of them, the branch taken."""
    if absent(target):
        pytest.skip(f"not installed: {absent(target)}")
    plain = compile(WINE, target=target, name="net", watched=True)

    def counted(times: int) -> tuple[Count, ...]:
        code = f"__asm__ volatile({loop.format(times)});"
        return _counted(_patched(plain, "    NET_LAYER(1, ", code), TARGETS[target])

    model = TARGETS[target].cycles
    assert model is not None
    once, often = counted(1), counted(LOOPS)
    assert often[1].instructions - once[1].instructions == 2 * (LOOPS - 1)
    assert often[1].cycles(model) - once[1].cycles(model) == cycles * (LOOPS - 1)
    assert often[2] == once[2]


@pytest.mark.parametrize("target", [needs("avr"), needs("lx106")])
def test_float_on_makers_boards(target: str) -> None:
    """Their C libraries' functions, with the tables that these have in flash."""
    assert verify(WINE.with_name("wine_float32.tflite"), on=target, oracle="numpy", runs=1, layers=True).passed


@pytest.mark.parametrize("target", [needs("avr"), needs("lx106")])
@pytest.mark.parametrize(
    ("code", "seconds", "said"),
    [("((void (*)(void))0)();", None, "a fault, .*pc="), ("for (volatile int i = 0;; ++i) {}", 3.0, "no end after 3 s")],
    ids=["fault", "hang"],
)
def test_what_goes_wrong_on_makers_boards(target: str, code: str, seconds: float | None, said: str, tmp_path: Path) -> None:
    compilation = compile(WINE, target=target, name="net", watched=True)
    firmware = build(_patched(compilation, "    NET_LAYER(2, ", code), TARGETS[target], tmp_path)
    with pytest.raises(CompileError, match=rf"^{target} \(.*\): found {said}"):
        run(firmware, [random_inputs(compilation.graph.inputs, 0)], seconds=seconds)


@pytest.mark.skipif(bool(absent("avr")), reason=f"not installed: {absent('avr')}")
def test_what_an_avr_cannot_compute_is_told(tmp_path: Path) -> None:
    case = opcases_hybrid.all_cases()["CONV_2D"][0]
    with pytest.raises(CompileError, match=r"computed in double.*; expected an operator that this core's compiler"):
        build(compile(case.model, target="avr"), TARGETS["avr"], tmp_path)


@pytest.mark.skipif(bool(absent("avr")), reason=f"not installed: {absent('avr')}")
def test_bench_on_avr() -> None:
    found = bench(WINE, on="avr")
    assert found.cycles_counted
    assert found.instructions < found.cycles_estimate < 2 * found.instructions
    assert found.ram_bytes > found.arena_bytes + found.weight_bytes, "constants lie there"
    assert found.stack_bound_bytes is not None
    assert found.stack_bytes <= found.stack_bound_bytes <= found.stack_bytes + 32


@pytest.mark.skipif(bool(absent("avr")), reason=f"not installed: {absent('avr')}")
@pytest.mark.parametrize(
    ("elements", "said"),
    [
        (300, r"72,\d* of constants, which lie in RAM here: \d*,\d* too many"),
        (9_000, r": \d,\d* too many; expected at most 32,767"),
    ],
)
def test_too_large_for_an_avr_is_told_by_how_much(elements: int, said: str, tmp_path: Path) -> None:
    m = ModelBuilder()
    x = m.input((1, elements), "float32")
    y = m.tensor((1, 60), "float32")
    m.op("FULLY_CONNECTED", [x, m.const(np.ones((60, elements), np.float32))], [y])
    with pytest.raises(CompileError, match=f"external RAM: found an arena of .*{said}"):
        build(compile(m.build([y]), target="avr"), TARGETS["avr"], tmp_path)


def _counted(compilation: Compilation, target: Target = M4) -> tuple[Count, ...]:
    import tempfile

    from tinycc.device.count import count

    with tempfile.TemporaryDirectory() as folder:
        firmware = build(compilation, target, Path(folder), marked=True)
        item = random_inputs(compilation.graph.inputs, 0)
        return count(firmware, item, len(compilation.program.results))[1].layers


def _patched(compilation: Compilation, before: str, code: str) -> Compilation:
    """The compilation with `code` put before a line of the model."""
    path = f"{compilation.name}.c"
    assert before in compilation.files[path]
    text = compilation.files[path].replace(before, f"    {code}\n{before}", 1)
    return replace(compilation, emission=replace(compilation.emission, files={**compilation.files, path: text}))


@pytest.mark.parametrize(
    ("code", "seconds", "said"),
    [
        ("*(volatile uint32_t *)0xF0000000u = 1;", None, r"a fault, r0=.* pc=.* cfsr=.*; in layer 2, op"),
        ("for (volatile int i = 0;; ++i) {}", 3.0, r"no end after 3 s; in layer 2, op"),
        ("return NET_ERROR_KERNEL;", None, r"status 3 from net_invoke; in layer 2, op"),
    ],
    ids=["fault", "hang", "status"],
)
@on_m4
def test_what_goes_wrong_is_told(code: str, seconds: float | None, said: str, tmp_path: Path) -> None:
    compilation = compile(DIGITS, target="cortex-m4", name="net", watched=True, without=["stream"])
    firmware = build(_patched(compilation, "    NET_LAYER(2, ", code), M4, tmp_path)
    with pytest.raises(CompileError, match=rf"^cortex-m4 \(mps2-an386, arm-none-eabi-gcc [0-9.]+\): found {said}"):
        run(firmware, [random_inputs(compilation.graph.inputs, 0)], seconds=seconds)


@on_m4
def test_a_hang_while_counting_is_told(tmp_path: Path) -> None:
    from tinycc.device.count import count

    compilation = compile(DIGITS, target="cortex-m4", name="net", watched=True)
    hanging = _patched(compilation, "    NET_LAYER(2, ", "for (volatile int i = 0;; ++i) {}")
    firmware = build(hanging, M4, tmp_path, marked=True)
    with pytest.raises(CompileError, match=r"no end after 3 s; in layer 2, op"):
        count(firmware, random_inputs(compilation.graph.inputs, 0), len(compilation.program.results), seconds=3.0)


@on_m4
def test_too_large_a_model_is_not_run(tmp_path: Path) -> None:
    m = ModelBuilder()
    x = m.input((1, 3_000_000), "float32")
    y = m.tensor((1, 3_000_000), "float32")
    m.op("TANH", [x], [y])
    compilation = compile(m.build([y]), target="cortex-m4")
    said = r"board mps2-an386: found RAM needs 12,0.* bytes; expected at most .* and 4,194,304 bytes of RAM"
    with pytest.raises(CompileError, match=said):
        build(compilation, M4, tmp_path)


@on_m4
def test_elf_sizes_are_those_of_binutils(tmp_path: Path) -> None:
    firmware = build(compile(DIGITS, target="cortex-m4", name="net", watched=True), M4, tmp_path, marked=True)
    listed = subprocess.run(["arm-none-eabi-size", "-A", firmware.elf], check=True, capture_output=True, text=True).stdout
    sizes = {line.split()[0]: int(line.split()[1]) for line in listed.splitlines() if line.startswith(".")}
    assert {name: size for name, size in Elf(firmware.elf).sizes.items() if name in sizes and size} == {
        name: size for name, size in sizes.items() if size
    }


@pytest.mark.skipif(
    not (importlib.util.find_spec("unicorn") and importlib.util.find_spec("ziglang")), reason="not installed: unicorn, ziglang"
)
@pytest.mark.parametrize("target", ["cortex-m4", "rv32imc"])
def test_without_apt(target: str, no_tools: None) -> None:
    verdict = verify(DIGITS, on=target, oracle="numpy", runs=1, layers=True)
    assert verdict.passed
    assert "zig cc" in verdict.place
    assert "unicorn" in verdict.place


# Tools


@pytest.fixture
def no_tools(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without cross compilers and QEMU."""
    which: Callable[[str], str | None] = shutil.which
    gone = ("arm-none-eabi-gcc", "riscv64-unknown-elf-gcc", "qemu-system-arm", "qemu-system-riscv32")
    monkeypatch.setattr(toolchains.shutil, "which", lambda name: None if name in gone else which(name))
    toolchains.find_tool.cache_clear()
    yield
    toolchains.find_tool.cache_clear()


def test_missing_tools_are_told_with_both_ways_to_install(no_tools: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toolchains.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(CompileError, match=r"no arm-none-eabi-gcc.*apt-get install.*pip install 'tinycc-ml\[target\]'"):
        verify(DIGITS, on="cortex-m4", runs=0)


def test_old_tools_are_told_with_their_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "arm-none-eabi-gcc"
    tool.write_text("#!/bin/sh\necho 9.2.1\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    toolchains.find_tool.cache_clear()
    with pytest.raises(CompileError, match=r"arm-none-eabi-gcc: found version 9\.2\.1; expected version 10 or newer"):
        toolchains.find_compiler(M4)
    toolchains.find_tool.cache_clear()


@pytest.mark.parametrize("name", TARGETS)
def test_row_of_the_table_is_complete(name: str) -> None:
    """A core that a board stands for can be built for, run, counted and estimated; every name leads to it."""
    target = TARGETS[name]
    assert find_target(name) is target
    assert find_target(target.short) is target
    assert target.description
    for board in target.boards:
        assert target.architecture is not None
        assert target.architecture.emulator in EMULATORS
        assert (ROOT / "runtime" / "board" / target.architecture.start).is_file()
        assert target.compilers
        assert target.cycles is not None
        assert board.flash.bytes > board.stack_bytes < board.ram.bytes
    assert bool(target.compilers) or not target.boards
    if target.unicorn:
        assert any(compiler.module for compiler in target.compilers), "Unicorn is for machines without apt"


def test_units_follow_from_features() -> None:
    units = {name: target.units for name, target in TARGETS.items()}
    assert units["generic"] == (Unit.PLAIN, Unit.DSP, Unit.MVE)
    assert units["cortex-m0"] == units["rv32imc"] == (Unit.PLAIN,)
    assert units["cortex-m4"] == units["cortex-m33"] == (Unit.DSP,)
    assert units["cortex-m55"] == units["cortex-m85"] == (Unit.MVE,)
    assert not TARGETS["generic"].features, "no core is sure to have any"


def test_core_without_a_board(tmp_path: Path) -> None:
    """Its C compiles, assembly and all; it cannot be run."""
    if toolchains.has_compiler(TARGETS["cortex-m85"]):
        made = compile(ROOT / "examples/digits/digits_int8.tflite", tmp_path / "digits", name="net", target="cortex-m85")
        sources = [path for path in made.sources if path.endswith((".c", ".S"))]
        assert any(path.endswith(".S") for path in sources)
        command = [*toolchains.find_compiler(TARGETS["cortex-m85"]).command, "-I.", "-Icmsis_nn", "-Ikernels", "-c", *sources]
        subprocess.run(command, cwd=tmp_path / "digits", check=True)
    with pytest.raises(CompileError, match=r"--on: found 'cortex-m85', which no emulated board stands for; expected one of"):
        build(compile(WINE, name="net"), TARGETS["cortex-m85"], tmp_path)


def test_new_core_is_a_row_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A core that nothing but its row knows: built with its compiler, flags and start code."""
    row = replace(TARGETS["cortex-m3"], name="toy", boards=TARGETS["cortex-m3"].boards[:1])
    arguments: list[str] = []

    def told(command: Sequence[str], **options: Any) -> Any:
        arguments.extend(command)
        raise CompileError(Problem("the end", "enough seen"))

    monkeypatch.setattr("tinycc.device.toolchains.find_tool", lambda *args: toolchains.Tool("gcc", "/bin/toy-gcc", (12,)))
    monkeypatch.setattr("tinycc.device.build.subprocess.run", told)
    with pytest.raises(CompileError, match="enough seen"):
        build(compile(WINE, target=row, name="net"), row, tmp_path)
    assert arguments[:3] == ["/bin/toy-gcc", "-mthumb", "-mcpu=cortex-m3"]
    assert (tmp_path / "tinycc_board" / "tinycc_board_start.c").read_bytes() == (
        ROOT / "runtime" / "board" / "start_arm.c"
    ).read_bytes()


def test_cycle_model() -> None:
    count = Count({"alu": 10, "load": 4, "multiple": 2, "divide": 1}, words=6, pairs=1, taken=3)
    model = TARGETS["cortex-m4"].cycles
    assert isinstance(model, CycleModel)
    assert count.cycles(model) == 10 + 4 * 2 + 2 + 6 + 6 - 1 + 3 * 2


def test_frames_of_library_functions_of_an_avr() -> None:
    """What libgcc's prologue saves, a frame below it, room by a call of the next instruction; another way has no bound."""
    text = (
        "00000010 <saves>:\n  10:\tldi\tr26, 0x09\t; 9\n  12:\tldi\tr27, 0x01\t; 1\n  14:\tldi\tr30, 0x00\t; 0\n"
        "  16:\tjmp\t0x100\t; 0x100 <__prologue_saves__+0xc>\n  18:\tcall\t0x20\t; 0x20 <frame>\n\n"
        "00000020 <frame>:\n  20:\tpush\tr28\n  22:\tin\tr28, 0x3d\t; 61\n  24:\tin\tr29, 0x3e\t; 62\n"
        "  26:\tsubi\tr28, 0x04\t; 4\n  28:\tsbci\tr29, 0x01\t; 1\n  2a:\tout\t0x3d, r28\t; 61\n"
        "  2c:\trcall\t.+0      \t; 0x2e <frame+0xe>\n  2e:\tbreq\t.+8      \t; 0x38 <frame+0x18>\n\n"
        "00000030 <other>:\n  30:\tout\t0x3d, r24\t; 61\n  32:\teicall\n"
    )
    graph = CallGraph()
    stack_avr._read_disassembly(text, 3, graph)
    assert graph.frames == {"saves": 3 + 265 + 12, "frame": 3 + 1 + 260 + 3, "other": 3}
    assert graph.calls == {"saves": {"frame"}, "frame": set(), "other": {"__indirect_call"}}
    assert graph.unbounded == {"other"}


def test_stack_of_library_functions() -> None:
    graph = CallGraph(frames={"f": 16}, calls={"f": {"g"}})
    text = """\
00000100 <g>:
     100:\tpush\t{r4, r5, lr}
     102:\tsub\tsp, #20
     104:\tbl\t200 <h>

00000200 <h>:
     200:\tvpush\t{d8-d9}
"""
    stack._read_disassembly(text, graph)
    assert stack._longest("f", graph) == stack.StackBound(16 + 32 + 16, ("f", "g", "h"), ())


def test_recursion_has_no_bound() -> None:
    graph = CallGraph(frames={"f": 8, "g": 8}, calls={"f": {"g"}, "g": {"f"}})
    assert stack._longest("f", graph).unknown == ("f",)


# Command line


def _invoke(*arguments: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["tinycc", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


@pytest.mark.parametrize("target", ["generic", needs("cortex-m4")])
def test_budgets(target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    arguments = (str(DIGITS), "-o", str(out), "--target", target)
    assert _invoke(*arguments, "--ram", "1K", "--flash", "1K", monkeypatch=monkeypatch) == 3
    said = capsys.readouterr().err
    peak = compile(DIGITS, target=target, ram=1024, flash=1024).report.peak[0]
    assert f'"{peak.name}" {peak.bytes:,}' in said
    assert "--flash: found" in said
    assert not out.exists()
    stack = () if target == "generic" else ("--stack", "4K")
    assert _invoke(*arguments, "--ram", "64K", "--flash", "1M", *stack, monkeypatch=monkeypatch) == 0
    assert "budget met" in capsys.readouterr().out


@on_m4
def test_bench_command(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["bench", str(WINE), "--on", "m4", "--json"], catch_exceptions=False)
    found = json.loads(result.output)["targets"]["cortex-m4"]
    keys = "instructions instructions_per_mac cycles_estimate code_bytes weight_bytes arena_bytes ram_bytes stack_bytes layers"
    assert set(keys.split()) <= set(found)
    (tmp_path / "baseline.json").write_text(result.output)
    compared = CliRunner().invoke(cli, ["bench", str(WINE), "--on", "m4", "--compare", str(tmp_path / "baseline.json")])
    assert "1.000" in compared.output


@pytest.mark.parametrize(
    ("model", "core", "said"),
    [
        (DIGITS, "m4", f"found measurements of wine_int8.tflite ({'0' * 12}); expected of digits_int8.tflite"),
        (WINE, "m4,m7", "found no measurements on cortex-m7; expected some: it has cortex-m4."),
    ],
)
def test_a_baseline_of_something_else(model: Path, core: str, said: str, tmp_path: Path) -> None:
    """Refused before anything is measured."""
    sha256 = hashlib.sha256(WINE.read_bytes()).hexdigest() if model == WINE else "0" * 64
    baseline = {"model": "wine_int8.tflite", "sha256": sha256, "targets": {"cortex-m4": {"instructions": 1}}}
    (tmp_path / "baseline.json").write_text(json.dumps(baseline))
    result = CliRunner().invoke(cli, ["bench", str(model), "--on", core, "--compare", str(tmp_path / "baseline.json")])
    assert isinstance(result.exception, CompileError)
    assert said in str(result.exception)


@on_m4
def test_verify_command_with_several_targets() -> None:
    arguments = ["verify", str(WINE), "--on", "m3,cortex-m4", "--runs", "1", "--oracle", "numpy", "--json"]
    found = json.loads(CliRunner().invoke(cli, arguments, catch_exceptions=False).output)
    assert found["passed"]
    assert list(found["targets"]) == ["cortex-m3", "cortex-m4"]


@pytest.mark.parametrize("value", ["m4,", "host", "generic", "", "cortex-m9"])
def test_targets_without_a_board_are_refused(value: str) -> None:
    result = CliRunner().invoke(cli, ["verify", str(WINE), "--on", value])
    assert result.exit_code == 2
    assert "is none of" in result.output


@pytest.mark.parametrize(("text", "bytes"), [("64K", 65536), ("65536", 65536), ("1M", 2**20), ("4k", 4096)])
def test_sizes(text: str, bytes: int) -> None:
    from tinycc.cli.options import parse_bytes

    assert parse_bytes(None, None, text) == bytes  # type: ignore[arg-type]


def test_seeded_inputs_are_those_of_the_generator() -> None:
    """The first bytes of x <- 1664525 x + 1013904223 mod 2^32 from 0x12345678."""
    (found,) = seeded_inputs((value.type for value in load(WINE).graph.inputs), 0)
    state, expected = 0x12345678, []
    for _ in range(found.size):
        state = (state * 1664525 + 1013904223) % 2**32
        expected.append(state >> 24)
    np.testing.assert_array_equal(found.ravel().view(np.uint8), expected)
