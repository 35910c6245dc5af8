# SPDX-License-Identifier: Apache-2.0
"""Profiles: what the emitted C prints of its layers, here and on an emulated board, read back beside the estimate."""

from __future__ import annotations

import binascii
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from board_programs import printed_on_m4
from boards import DIGITS, absent
from click.testing import CliRunner
from conftest import ROOT
from emitted import tool
from harness import STRICT
from jsonschema import Draft202012Validator

from tinycc.cli import cli
from tinycc.compiler import Compilation, compile
from tinycc.device.bench import bench
from tinycc.errors import CompileError
from tinycc.report.measured import measured, read_log
from tinycc.target import TARGETS

WINE = ROOT / "examples" / "wine" / "wine_int8.tflite"


def built(compilation: Compilation, folder: Path, *flags: str) -> Path:
    """The example program, which profiles, for this machine."""
    compilation.write(folder)
    sources = [*compilation.sources, "example_main.c"]
    command = [tool("gcc"), "-std=c99", "-O2", *STRICT, "-I.", "-Ikernels", "-Icmsis_nn", *flags, *sources]
    subprocess.run([*command, "-lm", "-o", "profile"], cwd=folder, check=True)
    return folder / "profile"


def printed(compilation: Compilation, folder: Path) -> str:
    return subprocess.run([built(compilation, folder)], check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def wine(tmp_path_factory: pytest.TempPathFactory) -> tuple[Compilation, str]:
    """A model and a log of it with times that are long enough to tell."""
    compilation = compile(WINE, name="wine", profile=True)
    text = printed(compilation, tmp_path_factory.mktemp("wine"))
    lines = [line.replace("overhead=", "overhead=0") for line in text.splitlines()[:-1]]
    for index, line in enumerate(lines[1:], 1):
        fields = dict(field.split("=") for field in line.split() if "=" in field)
        lines[index] = line.replace(f"ticks={fields['ticks']} ", f"ticks={1000 * index} ")
    return compilation, sealed(lines, "wine")


def sealed(lines: list[str], name: str) -> str:
    check = binascii.crc_hqx("".join(f"{line}\n" for line in lines).encode(), 0xFFFF)
    return "\n".join([*lines, f"tinycc-profile {name} end check={check}"]) + "\n"


@pytest.mark.parametrize("options", [{"optimize": "speed"}, {"optimize": "ram", "stream_input": True}], ids=["whole", "rows"])
def test_the_host_profiles(options: dict[str, Any], tmp_path: Path) -> None:
    compilation = compile(DIGITS, name="net", profile=True, **options)
    (tmp_path / "log.txt").write_text(printed(compilation, tmp_path / "net"))
    (log,) = read_log(tmp_path / "log.txt")
    assert log.runs == 10
    turns = {stage.step.number: stage.count for stream in compilation.program.streams for stage in stream.stages}
    assert [row.calls for row in log.steps] == [10 * turns.get(step.number, 1) for step in compilation.program.all_steps]
    assert bool(turns) == ("stream_input" in options)


@pytest.mark.parametrize("options", [{}, {"stream_input": True, "optimize": "ram"}, {"provider": "either"}])
def test_no_cost_when_off(options: dict[str, Any], tmp_path: Path) -> None:
    """Without --profile there is no trace of it; switched off, the same instructions."""
    plain, with_hooks = (compile(DIGITS, name="net", profile=on, **options) for on in (False, True))
    assert "PROFILE" not in "".join(plain.files.values())
    assert set(with_hooks.files) - set(plain.files) == {"net_profile.c", "net_profile.h"}

    def assembly(compilation: Compilation, *flags: str) -> str:
        compilation.write(tmp_path)
        command = [tool("gcc"), "-std=c99", "-O2", *STRICT, "-I.", "-Icmsis_nn", "-Ikernels", *flags]
        subprocess.run([*command, "-S", "net.c", "-o", "net.s"], cwd=tmp_path, check=True)
        return (tmp_path / "net.s").read_text()

    assert assembly(with_hooks, "-DNET_PROFILE=0") == assembly(plain) != assembly(with_hooks)


CLOCKS = {
    "PROFILE_DWT": ["arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb"],
    "PROFILE_SYSTICK": ["arm-none-eabi-gcc", "-mcpu=cortex-m0", "-mthumb"],
    "PROFILE_MICROS": ["avr-gcc", "-mmcu=atmega2560"],
}


@pytest.mark.parametrize("clock", CLOCKS)
def test_clocks_compile(clock: str, tmp_path: Path) -> None:
    compile(WINE, tmp_path, name="net", profile=True)
    compiler, *core = CLOCKS[clock]
    command = [tool(compiler), *core, "-std=c99", "-O2", *STRICT, f"-D{clock}", "-I.", "-c", "net_profile.c", "example_main.c"]
    subprocess.run(command, cwd=tmp_path, check=True)


def on_board(compilation: Compilation, folder: Path) -> str:
    """What the example prints on an emulated Cortex-M4, by its SysTick. Instructions take a nanosecond there."""
    compilation.write(folder)
    flags = ["-I.", "-Icmsis_nn", "-Ikernels", "-DPROFILE_SYSTICK", "-DCORE_HERTZ=25000000u"]
    return printed_on_m4(folder, [*compilation.sources, "example_main.c"], flags, ["-icount", "shift=0,sleep=off"])


@pytest.mark.skipif(bool(absent("cortex-m4")), reason=f"not installed: {absent('cortex-m4')}")
def test_systick_in_the_emulator(tmp_path: Path) -> None:
    """Shares of the time are those of the instructions that are counted there; report and command tell the same."""
    compilation = compile(DIGITS, name="net", target="cortex-m4", profile=True)
    log = tmp_path / "log.txt"
    log.write_text(on_board(compilation, tmp_path / "net"))
    found = measured(compilation, read_log(log)[0], str(log))
    counted = bench(DIGITS, on="cortex-m4")
    instructions = [layer.instructions for layer in counted.layers]
    for layer, share in zip(found.layers, (count / sum(instructions) for count in instructions), strict=True):
        assert layer.share == pytest.approx(share, abs=0.02)
    assert found.microseconds == pytest.approx(sum(instructions) / 1000, rel=0.1)

    told = CliRunner().invoke(cli, ["profile", str(log), str(DIGITS), "--json"], catch_exceptions=False)
    assert json.loads(told.output)["models"][0]["profile"]["cycles"] == found.cycles
    schema = json.loads((ROOT / "docs" / "schemas" / "profile.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(json.loads(told.output))
    page = tmp_path / "report.html"
    arguments = ["report", str(DIGITS), "--target", "m4", "--profile", str(log), "-o", str(page)]
    assert CliRunner().invoke(cli, arguments, catch_exceptions=False).exit_code == 0
    assert "Measured on the board" in page.read_text()


def test_logs_of_boards(wine: tuple[Compilation, str], tmp_path: Path) -> None:
    """Other lines, line ends of terminals, times in front; two models at once; the last profile of each is taken."""
    compilation, text = wine
    old = text.replace(" runs=10", " runs=9").splitlines()[:-1]
    lines = [*sealed(old, "wine").splitlines(), "boot", *text.splitlines()]
    other = sealed(
        [line.replace("profile wine", "profile other").replace("model=", "model=f") for line in text.splitlines()[:-1]], "other"
    )
    mixed = [line for pair in zip(lines, [*other.splitlines(), *[""] * len(lines)], strict=False) for line in pair]
    path = tmp_path / "log.txt"
    path.write_bytes("\r\n".join(f"[00:01:02.003] {line}" for line in mixed).encode() + b"\xff")
    logs = {log.name: log for log in read_log(path)}
    assert set(logs) == {"wine", "other"}
    found = measured(compilation, logs["wine"], "log.txt")
    assert [layer.microseconds for layer in found.layers] == [100.0 * index for index in range(1, len(found.layers) + 1)]
    assert sum(layer.share for layer in found.layers) == pytest.approx(1, abs=0.001)
    assert found.cycles is None


BAD: dict[str, tuple[Callable[[str], str], str]] = {
    "another text": (lambda text: "hello\n", r"no line with tinycc-profile; expected what a profile printed"),
    "cut off": (lambda text: "\n".join(text.splitlines()[:-2]), r"line 1: found a profile that does not end"),
    "the end only": (lambda text: "\n".join(text.splitlines()[2:]), r"line 1: found a profile without its beginning"),
    "a digit lost": (lambda text: text.replace("ticks=3000 ", "ticks=300 "), r"characters that are missing or changed"),
    "a line lost": (lambda text: "\n".join(text.splitlines()[:2] + text.splitlines()[3:]), r"missing or changed"),
    "printed into": (lambda text: text.replace("end check", "end wifi: on check"), r"line \d+: found .*wifi"),
    "another model": (lambda text: changed(text, " model=", " model=0"), r"profiles of wine .*expected one of .*wine_int8"),
    "another build": (lambda text: changed(text, " build=", " build=0"), r"other kernels or layers.*--target, --optimize"),
    "no inference": (lambda text: changed(text, " runs=10", " runs=0"), r"found no whole inference"),
    "no field": (lambda text: changed(text, " core=", " cpu="), r"a profile of another form \('core'\)"),
    "no time": (lambda text: changed(text, " overhead=0", " overhead=999999999"), r"layers that all took no time"),
}


def changed(text: str, before: str, after: str) -> str:
    """Changed by whoever printed it."""
    assert before in text
    return sealed(text.replace(before, after).splitlines()[:-1], "wine")


@pytest.mark.parametrize("what", BAD)
def test_bad_logs(what: str, wine: tuple[Compilation, str], tmp_path: Path) -> None:
    change, said = BAD[what]
    path = tmp_path / "log.txt"
    path.write_text(change(wine[1]))
    result = CliRunner().invoke(cli, ["profile", str(path), str(WINE)])
    assert isinstance(result.exception, CompileError)
    with pytest.raises(CompileError, match=said):
        raise result.exception


def test_no_log() -> None:
    with pytest.raises(CompileError, match=r"nowhere.txt: found No such file"):
        read_log("nowhere.txt")


def test_target_of_the_log(wine: tuple[Compilation, str]) -> None:
    """It is taken, where the command names none."""
    assert " target=generic " in wine[1]
    assert TARGETS["generic"] is wine[0].program.target
