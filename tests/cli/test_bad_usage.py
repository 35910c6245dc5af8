# SPDX-License-Identifier: Apache-2.0
"""What a user can get wrong on the command line and around it: options, names, input files, the output folder, the terminal.

One message that names place, found, expected and hint, exit status 2, nothing written.

Long: a table and a test for each place.
"""

from __future__ import annotations

import errno
import json
import math
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from conftest import ROOT
from model_builder import ModelBuilder
from refusals import HUGE, Conv, Q, assert_fragments, good, refusal

import tinycc as package
from tinycc import __version__
from tinycc.cli import main
from tinycc.codegen.files import _recover, write_files
from tinycc.compiler import compile, load
from tinycc.errors import CompileError
from tinycc.execution.inputs import read_inputs
from tinycc.ports import finite
from tinycc.report.operators import operators_list
from tinycc.verification import verify

# -- requested shapes and names ------------------------------------------------------------------------------------------

SHAPES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "name": ({"y": (1, 4)}, ("--input-shape: found input y; expected x",)),
    "rank": ({"x": (4,)}, ("--input-shape x: found [4]; expected 2 positive dimensions, such as [1,4]",)),
    "zero": ({"x": (0, 4)}, ("--input-shape x: found [0,4]",)),
    "huge": ({"x": (HUGE, HUGE)}, ('tensor 0 "x"', f"shape [{HUGE},{HUGE}]")),
    "contradiction": ({"x": (1, 5)}, ("op 0 ADD", "shapes [1, 5] and [1, 4]")),
}


@pytest.mark.parametrize("name", SHAPES)
def test_requested_shape(name: str) -> None:
    shapes, fragments = SHAPES[name]
    assert_fragments(refusal(good(), shapes=shapes), fragments)


@pytest.mark.parametrize(
    "name",
    ["", "9a", "a-b", "a b", "ünits", "for", "class", "math", "stdio", "test", "example_main", "arm_x", "tk_y", "a" * 64],
)
def test_name_that_c_cannot_have(name: str) -> None:
    with pytest.raises(CompileError, match=r"^--name: found .*; expected a .*\. Try --name \w+\.$"):
        compile(good(), name=name)


@pytest.mark.parametrize(
    ("file", "prefix"),
    [
        ("for.tflite", "for_model"),
        ("Math.tflite", "math_model"),
        ("7 x.y.tflite", "m_7_x_y"),
        ("ß.tflite", "m"),
        ("arm_1", "my_arm_1"),
    ],
)
def test_name_out_of_the_file_name(tmp_path: Path, file: str, prefix: str) -> None:
    (tmp_path / file).write_bytes(good())
    assert compile(tmp_path / file).name == prefix


@pytest.mark.parametrize(
    ("options", "fragments"),
    [
        ({"target": "z80"}, ("--target: found 'z80'; expected one of generic", "cortex-m4")),
        ({"match": "tf"}, ("--match: found 'tf'; expected one of tflm, litert, ort, integer",)),
    ],
)
def test_option(options: dict[str, str], fragments: Sequence[str]) -> None:
    with pytest.raises(CompileError) as caught:
        compile(good(), **options)  # type: ignore[arg-type]
    assert_fragments(str(caught.value), fragments)


# -- inputs for verification ---------------------------------------------------------------------------------------------


def npz(path: Path, **arrays: Any) -> None:
    np.savez(path, **arrays)


def damaged(path: Path) -> None:
    npz(path, in0=np.zeros((1, 4), np.int8))
    path.write_bytes(path.read_bytes()[:-30])


def flipped(path: Path) -> None:
    np.savez_compressed(path, in0=np.arange(4, dtype=np.int8)[None])
    data = bytearray(path.read_bytes())
    data[60] ^= 255
    path.write_bytes(data)


EXPECTED = "an .npz file of arrays, one per model input"
INPUTS: dict[str, tuple[Callable[[Path], object], tuple[str, ...]]] = {
    "missing": (lambda path: None, ("No such file", EXPECTED)),
    "folder": (lambda path: path.mkdir(), ("Is a directory", EXPECTED)),
    "empty": (lambda path: path.write_bytes(b""), ("No data left", EXPECTED)),
    "text": (lambda path: path.write_text("1, 2, 3"), (EXPECTED, "numpy.savez")),
    "single_array": (lambda path: np.save(path.open("wb"), np.zeros((1, 4))), ("a single array", EXPECTED)),
    "damaged": (damaged, (EXPECTED,)),
    "flipped": (flipped, (EXPECTED,)),
    "pickled": (lambda path: npz(path, in0=np.array([{}, 1], object)), ("Python objects; expected arrays of numbers",)),
    "nothing": (lambda path: npz(path), ("arrays none; expected in0 or x",)),
    "other_name": (lambda path: npz(path, y=np.zeros((1, 4), np.int8)), ("arrays y; expected in0 or x",)),
    "shape": (lambda path: npz(path, in0=np.zeros((1, 5), np.int8)), ("in0: int8[1, 5]; expected int8[1, 4]",)),
    "type": (lambda path: npz(path, x=np.zeros((1, 4), np.float32)), ("x: float32[1, 4]; expected int8[1, 4]",)),
    "no_entries": (lambda path: npz(path, x=np.zeros((0, 1, 4), np.int8)), ("0 entries; expected at least one",)),
}


@pytest.mark.parametrize("name", INPUTS)
def test_inputs_file(tmp_path: Path, name: str) -> None:
    make, fragments = INPUTS[name]
    path = tmp_path / "in.npz"
    make(path)
    with pytest.raises(CompileError) as caught:
        read_inputs(path, load(good()).graph.inputs)
    assert_fragments(str(caught.value), (str(path), *fragments))


def test_inputs_in_the_other_byte_order(tmp_path: Path) -> None:
    m = ModelBuilder()
    x, y = m.input((1, 2)), m.tensor((1, 2))
    m.op("RELU", [x], [y])
    npz(tmp_path / "in.npz", in0=np.array([[1, 2]], ">f4"))
    (item,) = read_inputs(tmp_path / "in.npz", load(m.build(outputs=[y])).graph.inputs)
    assert item.arrays[0].dtype == np.float32
    assert item.arrays[0].tolist() == [[1, 2]]


def test_verification_of_a_giant() -> None:
    """It compiles, for whom it serves; no gigabytes are computed on."""
    m = ModelBuilder()
    x, y = m.input((1, HUGE), "int8", **Q), m.tensor((1, HUGE), "int8", **Q)
    m.op("TANH", [x], [y])
    data = m.build(outputs=[y])
    compile(data)
    with pytest.raises(CompileError, match="verification: found tensors of 2,147,483,648 bytes in all; expected at most"):
        verify(data)


# -- the output folder ---------------------------------------------------------------------------------------------------


def tree(folder: Path) -> dict[str, str | None]:
    """Everything below a folder: path -> text of a file, None for anything else."""
    return {str(p.relative_to(folder)): p.read_text() if p.is_file() else None for p in sorted(folder.rglob("*"))}


FILES_TO_WRITE = {"model.h": "new", "kernels/a.c": "a", "kernels/b.c": "b", "cmsis_nn/c.c": "c"}


def a_file(out: Path) -> None:
    out.write_text("mine")


def below_a_file(out: Path) -> None:
    out.parent.joinpath("f").write_text("mine")
    out.symlink_to(out.parent / "f" / "g")


def a_folder_in_the_way(out: Path) -> None:
    (out / "kernels" / "b.c").mkdir(parents=True)
    (out / "model.h").write_text("old")


def a_file_in_the_way(out: Path) -> None:
    out.mkdir()
    (out / "cmsis_nn").write_text("mine")
    (out / "model.h").write_text("old")


@pytest.mark.parametrize("prepare", [a_file, below_a_file, a_folder_in_the_way, a_file_in_the_way])
def test_output_that_is_in_the_way(tmp_path: Path, prepare: Callable[[Path], None]) -> None:
    prepare(tmp_path / "out")
    before = tree(tmp_path)
    with pytest.raises(CompileError, match=r"output folder .*out: found .*; expected a folder that can be written"):
        write_files(tmp_path / "out", FILES_TO_WRITE)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("exists", ["not", "alone", "with others"])
def test_disk_that_fills_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exists: str) -> None:
    """Whichever of the operations on the disk fails, nothing is left behind and nothing is lost."""
    out = tmp_path / "a" / "b"
    others: dict[str, str] = {}
    if exists != "not":
        (out / "kernels").mkdir(parents=True)
        (out / "kernels" / "a.c").write_text("old")
    if exists == "with others":
        (out / "mine.c").write_text("mine")
        others = {"mine.c": "mine"}
    before, count, failing = tree(tmp_path), 0, 0

    def spoil(function: Callable[..., Any]) -> Callable[..., Any]:
        def spoiled(*args: Any, **kwargs: Any) -> Any:
            nonlocal count
            count += 1
            if count == failing:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return function(*args, **kwargs)

        return spoiled

    for name in ("write_text", "write_bytes"):
        monkeypatch.setattr(Path, name, spoil(getattr(Path, name)))
    for name in ("replace", "fsync"):
        monkeypatch.setattr(os, name, spoil(getattr(os, name)))
    monkeypatch.setattr(shutil, "copy2", spoil(shutil.copy2))
    for failing in range(1, 100):  # noqa: B007 - read in `spoiled`
        count = 0
        try:
            write_files(out, FILES_TO_WRITE)
        except CompileError as error:
            message = str(error)
        else:
            break
        assert "No space left on device" in message
        written = {path: text for path, text in tree(out).items() if text is not None} if out.exists() else {}
        assert tree(tmp_path) == before or written == {**FILES_TO_WRITE, **others}
    assert failing > 8
    assert {path: text for path, text in tree(out).items() if text is not None} == {**FILES_TO_WRITE, **others}


def test_own_kernel_is_not_replaced(tmp_path: Path) -> None:
    """A user's file under a name of the runtime."""
    text = f"/* SPDX-License-Identifier: Apache-2.0 */{chr(10)}int a;"
    write_files(tmp_path / "out", {"kernels/a.c": text})
    write_files(tmp_path / "out", {"kernels/a.c": text + "int b;"})
    (tmp_path / "out" / "kernels" / "a.c").write_text("mine")
    with pytest.raises(CompileError, match=r"a file kernels/a.c that tinycc did not make"):
        write_files(tmp_path / "out", {"kernels/a.c": text})
    assert (tmp_path / "out" / "kernels" / "a.c").read_text() == "mine"


WRITER = """
import sys
from pathlib import Path
from tinycc.codegen.files import _recover, write_files
out, version, foreign = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
print("begun", flush=True)
for number in range(1000):
    write_files(out, {f"kernels/{name}.c": f"{version}{number}" for name in range(40)})
"""


@pytest.mark.parametrize("others", [False, True])
def test_killed_in_between(tmp_path: Path, others: bool) -> None:
    """Old files or new ones, never both; with files of others in the folder, after the next run. Nothing else stays."""
    out = tmp_path / "out"
    out.mkdir()
    if others:
        (out / "mine").write_text("mine")
    for number in range(8):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(out), f"v{number}-"], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.01 + 0.007 * number)
        process.kill()
        process.wait()
        process.stdout.close()
        if others:
            _recover(out)
        found = {path.read_text() for path in out.glob("kernels/*.c")}
        assert len(found) <= 1
    write_files(out, {"kernels/0.c": "end"})
    assert not list(tmp_path.rglob(".tinycc-*"))


def test_folders_side_by_side_do_not_sweep_each_other(tmp_path: Path) -> None:
    """Many processes write at the same time, each below the same parent."""
    processes = []
    for number in range(6):
        (tmp_path / f"out{number}").mkdir()
        short = WRITER.replace("range(1000)", "range(60)")
        command = [sys.executable, "-c", short, str(tmp_path / f"out{number}"), "v"]
        processes.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert not process.returncode, errors
    assert not list(tmp_path.rglob(".tinycc*"))


def test_signals_that_end_take_back_what_is_under_way(tmp_path: Path) -> None:
    (tmp_path / "model.tflite").write_bytes(good())
    script = "import sys, os, signal, tinycc.codegen.files as f; from tinycc.cli import main\n"
    script += "def stop(*a): os.kill(os.getpid(), signal.{}); raise AssertionError\nf._exchanged = stop\n"
    for ending in ("SIGTERM", "SIGHUP"):
        command = script.format(ending) + "sys.argv = ['tinycc', 'model.tflite', '-o', 'out']; main()"
        result = subprocess.run([sys.executable, "-c", command], cwd=tmp_path, capture_output=True, check=False)
        assert result.returncode == 128 + int(getattr(signal, ending))
        assert sorted(path.name for path in tmp_path.iterdir()) == ["model.tflite"]


# -- the command ---------------------------------------------------------------------------------------------------------


class Outcome(NamedTuple):
    status: int
    out: str
    err: str


@pytest.fixture
def tinycc(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Outcome]:
    """The command in a folder of its own that holds `good.tflite` and `bad.tflite`."""
    monkeypatch.chdir(tmp_path)
    Path("good.tflite").write_bytes(good())
    Path("bad.tflite").write_bytes(Conv(bias=(5,)).build())
    Path("text.npz").write_text("no archive")

    def run(*args: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["tinycc", *args])
        with pytest.raises(SystemExit) as exit:
            main()
        return Outcome(int(exit.value.code or 0), *capsys.readouterr())

    return run


COMMANDS: dict[str, str] = {
    "missing.tflite -o out": "missing.tflite: file: found No such file or directory",
    ". -o out": ".: file: found a folder; expected a model file. Give the file: bad.tflite, good.tflite.",
    "bad.tflite -o out": 'bad.tflite: op 0 CONV_2D "y": found bias',
    "inspect bad.tflite": 'bad.tflite: op 0 CONV_2D "y": found bias',
    "verify bad.tflite": 'bad.tflite: op 0 CONV_2D "y": found bias',
    "complie": "No such command, and no file: 'complie'. Is compile meant?",
    "verfiy good.tflite": "Is verify meant?",
    "ops CNOV_2D": "ops: found no operator 'CNOV_2D'; expected one that is supported. Is CONV_2D or CONV_3D meant?",
    "good.tflite -o good.tflite": "output folder good.tflite: found File exists",
    "good.tflite -o good.tflite/out": "output folder good.tflite/out: found Not a directory",
    "good.tflite -o out --name for": "--name: found 'for'",
    "good.tflite -o out --name a-b": "Try --name a_b.",
    "good.tflite -o out --target 6502": "--target: found '6502'",
    "good.tflite -o out --match tf": "--match: found 'tf'; expected one of tflm, litert, ort, integer",
    "good.tflite -o out --input-shape x": "NAME=1,49,10,1",
    "good.tflite -o out --input-shape x=": "NAME=1,49,10,1",
    "good.tflite -o out --input-shape =1,4": "NAME=1,49,10,1",
    "good.tflite -o out --input-shape x=1,,4": "NAME=1,49,10,1",
    "good.tflite -o out --input-shape x=0,4": "sizes from 1 on",
    "good.tflite -o out --input-shape x=-1,4": "sizes from 1 on",
    "good.tflite -o out --input-shape x=1.5,4": "NAME=1,49,10,1",
    f"good.tflite -o out --input-shape x=1,{'9' * 5000}": "NAME=1,49,10,1",
    "good.tflite -o out --input-shape x=1,4 --input-shape x=2,4": "x has two shapes",
    "good.tflite -o out --input-shape y=1,4": "--input-shape: found input y; expected x",
    "good.tflite -o out --input-shape x=4": "--input-shape x: found [4]",
    "good.tflite -o out more": "more: file: found No such file",
    "inspect good.tflite --after nothing": "--after: found 'nothing'; expected one of load, fold-constants",
    "inspect good.tflite --no-write-back": "--no-write-back: found a pass that the C needs; expected one of layout",
    "good.tflite -o out --no-fuse-pads": "--no-fuse-pads: found a pass that is not there",
    "verify good.tflite --inputs missing.npz": "missing.npz: found",
    "verify good.tflite --inputs text.npz": "text.npz: found",
    "verify good.tflite --oracle gpu": "--oracle: found 'gpu'; expected tflm or litert-ref or litert or numpy",
    "verify good.tflite --runs -1": "-1 is not in the range",
    "verify good.tflite --runs many": "'many' is not a valid integer",
}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[:60])
def test_command(tinycc: Callable[..., Outcome], command: str) -> None:
    before = sorted(os.listdir())
    outcome = tinycc(*command.split())
    assert outcome.status == 2
    assert COMMANDS[command] in outcome.err
    assert len(outcome.err) < 1000
    assert outcome.out == ""
    assert sorted(os.listdir()) == before


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("generic", "the target generic stands for no core in particular"),
        ("m85", "the target cortex-m85 has no emulated board"),
    ],
)
def test_stack_that_is_not_checked_is_not_met(tinycc: Callable[..., Outcome], target: str, reason: str) -> None:
    outcome = tinycc("good.tflite", "-o", "out", "--target", target, "--stack", "4K")
    assert outcome.status == 3
    assert f"--stack: found nothing to compare: {reason}" in outcome.err
    assert not Path("out").exists()


def test_model_alone_writes_nothing(tinycc: Callable[..., Outcome]) -> None:
    before = sorted(os.listdir())
    outcome = tinycc("good.tflite")
    assert outcome.status == 0
    assert "nothing written; give -o FOLDER" in outcome.out
    assert sorted(os.listdir()) == before


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("help", "tinycc MODEL -o OUT"),
        ("help verify", "Usage: tinycc verify"),
        ("-V", "tinycc, version"),
        ("ops conv_2d", "Requires:"),
        ("verify --help", "m0, m0plus, m3, m4, m7, m33, m55"),
    ],
)
def test_help(tinycc: Callable[..., Outcome], command: str, text: str) -> None:
    outcome = tinycc(*command.split())
    assert outcome.status == 0
    assert text in " ".join(outcome.out.split())


def test_lines_do_not_wrap_in_a_pipe(tinycc: Callable[..., Outcome]) -> None:
    rows = tinycc("ops").out.splitlines()
    assert sum(row.startswith("CONV_2D ") for row in rows) == 1
    (row,) = (row for row in rows if row.startswith("CONV_2D "))
    assert "arm_convolve_s8" in row
    assert "tk_conv_f32" in row


def test_list_for_narrow_terminals_splits_no_word() -> None:
    words = {word for line in operators_list(60).splitlines() for word in line.split()}
    assert {"TRANSPOSE_CONV", "int16x8,"} <= words
    assert all(len(line) <= 60 for line in operators_list(60).splitlines())


def test_json_of_a_compile(tinycc: Callable[..., Outcome]) -> None:
    found = json.loads(tinycc("good.tflite", "--json").out)
    assert found["tinycc"] == __version__
    assert found["inputs"] == [
        {"name": "x", "dtype": "int8", "shape": [1, 4], "bytes": 4, "scale": Q["scale"], "zero_point": Q["zero_point"]}
    ]
    assert [port["name"] for port in found["outputs"]] == ["y"]


def test_json_of_a_refusal(tinycc: Callable[..., Outcome]) -> None:
    outcome = tinycc("bad.tflite", "--json")
    assert outcome.status == 2
    (problem,) = json.loads(outcome.out)["problems"]
    assert set(problem) == {"where", "found", "expected", "hint", "kind"}
    assert problem["kind"] == "CONV_2D"


def test_json_knows_no_infinity() -> None:
    assert finite({"worst": math.inf, "rows": ({"x": math.nan, "y": 1.5},)}) == {"worst": None, "rows": [{"x": None, "y": 1.5}]}


def test_interrupted_command(tinycc: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*args: Any, **options: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tinycc.compiler.load", interrupt)
    outcome = tinycc("good.tflite", "-o", "out")
    assert outcome.status == 130
    assert "tinycc: interrupted" in outcome.err


def test_public_names() -> None:
    assert set(package.__all__) <= set(dir(package))
    assert all(getattr(package, name) for name in package.__all__)


def test_command_without_output_folder(tinycc: Callable[..., Outcome]) -> None:
    outcome = tinycc("good.tflite", "-o", "")
    assert outcome.status == 2
    assert "output folder: found an empty name" in outcome.err


def process(*args: str | bytes, cwd: Path, **options: Any) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8:strict", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "tinycc", *args]
    return subprocess.run(command, cwd=cwd, env=environment, check=False, timeout=60, **{"capture_output": True, **options})


def test_file_names_that_are_no_text(tmp_path: Path) -> None:
    name = b"\xff\n\x1b[31m*\\.tflite"
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(good())
    done = process(name, "-o", b"o\xfe", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (source,) = Path(os.fsdecode(os.fsencode(tmp_path) + b"/o\xfe")).glob("*[!ns].c")
    assert "\x1b" not in source.read_text(encoding="utf-8")
    missing = process(b"\xfd.tflite", "-o", "o", cwd=tmp_path)
    assert missing.returncode == 2
    assert b"Traceback" not in missing.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
@pytest.mark.parametrize("args", [("good.tflite", "-o", "out"), ("inspect", "good.tflite"), ("ops",)], ids=" ".join)
def test_standard_output_is_full(tmp_path: Path, args: tuple[str, ...]) -> None:
    (tmp_path / "good.tflite").write_bytes(good())
    with open("/dev/full", "wb") as full:
        done = process(*args, cwd=tmp_path, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr == b"tinycc: error: standard output: No space left on device\n"


def test_file_size_limit(tmp_path: Path) -> None:
    """A disk that refuses for real: nothing is left of the output folder."""
    (tmp_path / "good.tflite").write_bytes(good())
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))  # noqa: E731
    done = process("good.tflite", "-o", "a/b", cwd=tmp_path, preexec_fn=limit)
    assert done.returncode == 2
    assert b"output folder a/b: found File too large" in done.stderr
    assert not (tmp_path / "a").exists()


def test_endless_model_file(tmp_path: Path) -> None:
    done = process("/dev/zero", "-o", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert b"found more than 134,217,728 bytes" in done.stderr


def test_a_foreign_file_is_not_replaced(tmp_path: Path) -> None:
    """`-o .` in a firmware project must not cost its build file. What tinycc made it may make again."""
    build = tmp_path / "CMakeLists.txt"
    build.write_text("project(firmware)\n")
    with pytest.raises(CompileError, match=r"CMakeLists\.txt that tinycc did not make"):
        compile(good(), tmp_path, name="model")
    assert [path.name for path in tmp_path.iterdir()] == ["CMakeLists.txt"]
    assert build.read_text() == "project(firmware)\n"
    build.unlink()
    compile(good(), tmp_path, name="model")
    compile(good(), tmp_path, name="model")
