# SPDX-License-Identifier: Apache-2.0
"""Packages: what each ecosystem's own tool says of them, built and run as far as a Debian machine can.

Long: one kind of output, every build system.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import ROOT

from tinycc.codegen.files import write_files
from tinycc.compiler import compile
from tinycc.device.bench import bench
from tinycc.errors import CompileError
from tinycc.footprint import footprint
from tinycc.packages import PACKAGES
from tinycc.packages.layout import lay_out, write_package
from tinycc.report.measured import measured, read_log

DIGITS = ROOT / "examples" / "digits" / "digits_int8.tflite"
WINE = ROOT / "examples" / "wine" / "wine_int8.tflite"
ARM = "-mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16 --specs=nosys.specs"


def packaged(folder: Path, models: Sequence[Path], *kinds: str, **options: object) -> Path:
    """A package of the models, in `folder`."""
    files = lay_out([compile(model) for model in models], kinds, **options)  # type: ignore[arg-type]
    write_files(folder, files)
    return folder


def run(command: Sequence[str | Path], folder: Path, **environment: str) -> str:
    """What a command prints; its whole output is the message if it fails."""
    result = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
    return result.stdout


def needs(*tools: str) -> None:
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


def build(source: Path, folder: Path, *options: str) -> Path:
    needs("cmake")
    run(["cmake", "-S", source, "-B", folder, *options], source)
    run(["cmake", "--build", folder], source)
    return folder


def test_all_kinds_share_a_folder(tmp_path: Path) -> None:
    """Every kind's own files are there, and no source twice."""
    together = lay_out([compile(DIGITS)], list(PACKAGES))
    for kind in PACKAGES:
        alone = lay_out([compile(DIGITS)], [kind])
        assert {path: text for path, text in alone.items() if path != "README.md"}.items() <= together.items()
    assert all(f"## {package.title}" in together["README.md"] for package in PACKAGES.values())
    assert together == lay_out([compile(DIGITS)], list(PACKAGES)), "byte-identical from run to run"


def test_bad_names_are_refused() -> None:
    compilation = compile(DIGITS)
    with pytest.raises(CompileError, match="one of cmake, zephyr"):
        lay_out([compilation], ["zephir"])
    with pytest.raises(CompileError, match="package-name"):
        lay_out([compilation], ["cmake"], name="two words")
    with pytest.raises(CompileError, match="package-version"):
        lay_out([compilation], ["cmake"], version="v1")
    with pytest.raises(CompileError, match="two with the C prefix digits_int8"):
        lay_out([compilation, compilation], ["cmake"])


def test_command_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tinycc", str(DIGITS), "-o", "out", "--package"]
    run([*command, "zephyr, arduino"], tmp_path, PYTHONPATH=str(ROOT))
    written = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert written == {*lay_out([compile(DIGITS)], ["zephyr", "arduino"]), ".tinycc.json"}
    refused = subprocess.run([*command, "zephir"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "one of cmake, zephyr" in refused.stderr


def test_the_build_chooses_with_either(tmp_path: Path) -> None:
    """Arm's functions are optional sources then, and their names those of Arm's library where that is linked."""
    files = lay_out([compile(DIGITS, provider="either")], ["cmake", "zephyr"])
    assert "#ifndef TINYCC_EXTERNAL_CMSIS_NN\n#define arm_" in files["src/tinycc_symbols.h"]
    assert "depends on CMSIS_NN" in files["zephyr/Kconfig"]
    bundled = lay_out([compile(DIGITS)], ["cmake", "zephyr"])
    assert "TINYCC_CMSIS_NN" not in bundled["CMakeLists.txt"]
    assert "CMSIS_NN" not in bundled["zephyr/Kconfig"]


def test_cmake_builds_installs_and_is_found(tmp_path: Path) -> None:
    package = packaged(tmp_path / "package", [DIGITS], "cmake")
    built = build(package, tmp_path / "build", "-DDIGITS_INT8_EXAMPLE=ON", f"-DCMAKE_INSTALL_PREFIX={tmp_path / 'prefix'}")
    said = run([built / "digits_int8_example"], tmp_path)
    assert len(re.findall(r"digits_int8 output 0\[\d\]: \d+ thousandths", said)) == 10
    run(["cmake", "--install", built], tmp_path)
    user = tmp_path / "user"
    user.mkdir()
    (user / "main.c").write_text(
        '#include "digits_int8.h"\nint main(void) { return (int)sizeof(digits_int8_instance) == 0; }\n'
    )
    (user / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.13)\nproject(user C)\nfind_package(digits_int8 1.0 CONFIG REQUIRED)\n"
        "add_executable(user main.c)\ntarget_link_libraries(user PRIVATE tinycc::digits_int8)\n"
    )
    found = build(user, tmp_path / "user_build", f"-DCMAKE_PREFIX_PATH={tmp_path / 'prefix'}")
    run([found / "user"], tmp_path)


def test_a_build_without_type_is_optimised(tmp_path: Path) -> None:
    package = packaged(tmp_path / "package", [DIGITS], "cmake")
    built = build(package, tmp_path / "build", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON")
    assert "-O2" in (built / "compile_commands.json").read_text()


@pytest.mark.parametrize("target", ["generic", "cortex-m4"])
def test_cmake_for_arm(target: str, tmp_path: Path) -> None:
    """Flags for C alone serve assembly, too."""
    needs("arm-none-eabi-gcc")
    package = tmp_path / "package"
    write_files(package, lay_out([compile(DIGITS, target=target)], ["cmake"]))
    options = ("-DCMAKE_SYSTEM_NAME=Generic", "-DCMAKE_C_COMPILER=arm-none-eabi-gcc", f"-DCMAKE_C_FLAGS={ARM}")
    built = build(package, tmp_path / "build", *options, "-DDIGITS_INT8_EXAMPLE=ON")
    assert "ARM" in run(["arm-none-eabi-objdump", "-f", built / "digits_int8_example"], tmp_path).upper()


def test_packages_made_apart_go_into_one_program(tmp_path: Path) -> None:
    """Equal kernels merge; a package whose kernels are of another version keeps its own."""
    digits = packaged(tmp_path / "digits", [DIGITS], "cmake")
    wine = packaged(tmp_path / "wine", [WINE], "cmake")
    symbols = {path: (path / "src" / "tinycc_symbols.h").read_text() for path in (digits, wine)}
    shared = set(re.findall(r"#define (\w+) tinycc_", symbols[digits])) & set(
        re.findall(r"#define (\w+) tinycc_", symbols[wine])
    )
    assert shared
    name = sorted(shared)[0]
    for path in wine.rglob("tinycc_symbols.h"):  # as if it were of another version
        path.write_text(re.sub(rf"(#define {name} tinycc_)[0-9a-f]{{8}}", r"\g<1>00000000", path.read_text()))
    user = tmp_path / "user"
    user.mkdir()
    both = ("digits_int8", "wine_int8")
    nets = "".join(f"static {m}_instance {m}_net;\n" for m in both)
    runs = " || ".join(f"{m}_init(&{m}_net) || {m}_invoke(&{m}_net)" for m in both)
    calls = f"{nets}int main(void)\n{{\n    return {runs};\n}}\n"
    (user / "main.c").write_text('#include "digits_int8.h"\n#include "wine_int8.h"\n' + calls)
    (user / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.13)\nproject(user C)\n"
        f"add_subdirectory({digits} digits)\nadd_subdirectory({wine} wine)\n"
        "add_executable(user main.c)\ntarget_link_libraries(user PRIVATE tinycc::digits_int8 tinycc::wine_int8)\n"
    )
    built = build(user, tmp_path / "build")
    run([built / "user"], tmp_path)
    linked = [line.split()[-1] for line in run(["nm", built / "user"], tmp_path).splitlines()]
    assert sum(line.endswith(f"_{name}") for line in linked) == 2
    for other in shared - {name}:
        assert sum(bool(re.fullmatch(rf"tinycc_[0-9a-f]{{8}}_{other}", line)) for line in linked) <= 1


def test_shared_memory_is_told_where_memory_is() -> None:
    models = [compile(model, share_arena="both") for model in (DIGITS, WINE)]
    files = lay_out(models, ["arduino", "zephyr"], name="both")
    assert "| `both_arena` | shared by the models, which never run at the same time | 1536 | |" in str(files["README.md"])
    assert "both_arena, which they share: 1536 bytes of RAM." in str(files["zephyr/Kconfig"])
    assert "both_arena, which they share, has 1536 bytes." in str(files["library.properties"])


def test_several_models_share_a_runtime(tmp_path: Path) -> None:
    package = packaged(tmp_path / "package", [DIGITS, WINE], "cmake", name="both")
    names = [path.name for path in (package / "src").iterdir()]
    assert len(names) == len(set(names))
    built = build(package, tmp_path / "build", "-DBOTH_EXAMPLE=ON")
    said = run([built / "both_example"], tmp_path)
    assert "digits_int8 output 0[9]" in said
    assert "wine_int8 output 0[2]" in said


def test_several_models_on_the_command_line(tmp_path: Path) -> None:
    """One package, one runtime, a prefix each; the problems of all of them in one message."""
    command = [sys.executable, "-m", "tinycc", str(DIGITS), str(WINE), "-o", "out"]
    run([*command, "--package-name", "both", "--target", "cortex-m4"], tmp_path, PYTHONPATH=str(ROOT))
    digits, wine = (compile(model, target="cortex-m4") for model in (DIGITS, WINE))
    written = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert written - set(lay_out([digits, wine], ["cmake"], name="both")) <= {path for path in written if path.startswith(".")}
    built = build(tmp_path / "out", tmp_path / "build", "-DBOTH_EXAMPLE=ON")
    assert "wine_int8 output 0[2]" in run([built / "both_example"], tmp_path)

    for name in ("a", "b"):
        (tmp_path / f"{name}.tflite").write_bytes(b"not a model")
    for arguments, said in (
        (["a.tflite", "b.tflite"], ("2 problems", "a.tflite: file", "b.tflite: file")),
        ([str(DIGITS), str(WINE), "--name", "x", "--ram", "1K"], ("--name, --ram: found several models",)),
        ([str(DIGITS), str(DIGITS), "-o", "twice"], ("two with the C prefix digits_int8",)),
    ):
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        refused = subprocess.run(
            [sys.executable, "-m", "tinycc", *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )
        assert refused.returncode == 2
        assert all(part in refused.stderr for part in said), refused.stderr
    assert not (tmp_path / "twice").exists()


UNO, MEGA = ("uno", "atmega328p"), ("mega:cpu=atmega2560", "atmega2560")


def sketch(folder: Path, libraries: Path, source: Path, seconds: float, board: tuple[str, str] = MEGA) -> str:
    """What a sketch prints on a board in simavr, or what its build says if it fails."""
    needs("arduino-builder", "arduino-ctags", "avr-gcc", "simavr")
    hardware = Path("/usr/share/arduino/hardware")
    if not (hardware / "arduino" / "avr").is_dir():
        pytest.skip("not installed: arduino-core-avr")
    (folder / "tools").mkdir(parents=True)
    (folder / "build").mkdir()
    ctags = "-u --language-force=c++ -f - --c++-kinds=svpf --fields=KSTtzns --line-directives"
    command = [
        *("arduino-builder", "-compile", "-hardware", str(hardware), "-tools", str(folder / "tools")),
        *("-libraries", str(libraries), "-fqbn", f"arduino:avr:{board[0]}", "-build-path", str(folder / "build")),
        *("-ide-version=10819", "-prefs=runtime.tools.avr-gcc.path=/usr", "-prefs=runtime.tools.avrdude.path=/usr"),
        *("-prefs=tools.ctags.path=/usr/bin", "-prefs=tools.ctags.cmd.path={path}/arduino-ctags"),
        f'-prefs=tools.ctags.pattern="{{cmd.path}}" {ctags} "{{source_file}}"',
        *("-prefs=compiler.cpp.extra_flags=-DDECIMAL_DIG=17", str(source)),
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    if result.returncode:
        return result.stdout + result.stderr
    elf = folder / "build" / f"{source.name}.elf"
    with subprocess.Popen(
        ["simavr", "-m", board[1], "-f", "16000000", str(elf)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as machine:
        try:
            return machine.communicate(timeout=seconds)[0]
        except subprocess.TimeoutExpired:
            machine.kill()
            return machine.communicate()[0]


def test_two_arduino_libraries_in_one_sketch(tmp_path: Path) -> None:
    libraries = tmp_path / "libraries"
    anomaly = ROOT / "examples" / "anomaly" / "anomaly_int8.tflite"
    packaged(libraries / "wine_int8", [WINE], "arduino")
    packaged(libraries / "anomaly_int8", [anomaly], "arduino")
    source = tmp_path / "two" / "two.ino"
    source.parent.mkdir()
    loops = "".join(
        f"  static {m}_instance {m}_net;\n  {m}_init(&{m}_net);\n"
        f"  memset({m}_input_0(&{m}_net), 0, {m.upper()}_INPUT_0_BYTES);\n"
        f'  Serial.print(F("{m} "));\n  Serial.println({m}_invoke(&{m}_net));\n'
        f"  Serial.println({m}_output_0(&{m}_net)[1]);\n"
        for m in ("wine_int8", "anomaly_int8")
    )
    headers = "#include <wine_int8.h>\n#include <anomaly_int8.h>\n"
    source.write_text(f"{headers}void setup() {{\n  Serial.begin(115200);\n{loops}}}\nvoid loop() {{}}\n")
    said = sketch(tmp_path / "work", libraries, source, 10)
    found = re.findall(r"(wine|anomaly)_int8 (\d+)[^-\d]+(-?\d+)", re.sub(r"\x1b\[\d*m|\.\.", "", said))
    expected = []
    for model in (WINE, anomaly):
        package = packaged(tmp_path / model.stem, [model], "cmake")
        name = model.stem
        (package / "examples" / "host" / "main.c").write_text(
            f'#include <stdio.h>\n#include <string.h>\n#include "{name}.h"\nstatic {name}_instance net;\nint main(void)\n{{\n'
            f"    {name}_init(&net);\n    memset({name}_input_0(&net), 0, {name.upper()}_INPUT_0_BYTES);\n"
            f"    {name}_invoke(&net);\n"
            f'    printf("%d\\n", (int){name}_output_0(&net)[1]);\n    return 0;\n}}\n'
        )
        built = build(package, tmp_path / f"{name}_build", f"-D{name.upper()}_EXAMPLE=ON")
        expected.append((name.removesuffix("_int8"), "0", run([built / f"{name}_example"], tmp_path).strip()))
    assert found == expected, said


def test_a_sketch_that_profiles(tmp_path: Path) -> None:
    """By micros() on the simulated Mega: what it takes is what simavr counts there without the hooks."""
    library = tmp_path / "libraries" / "wine_int8"
    compilation = compile(WINE, target="avr", profile=True)
    write_package([compilation], ["arduino"], library)
    said = sketch(tmp_path / "work", library.parent, library / "examples" / "wine_int8_profile" / "wine_int8_profile.ino", 8)
    log = tmp_path / "log.txt"
    log.write_text(re.sub(r"\x1b\[\d*m|\.+$", "", said, flags=re.MULTILINE))
    found = measured(compilation, read_log(log)[0], str(log))
    assert found.cycles == pytest.approx(bench(WINE, on="avr").cycles_estimate, rel=0.25), said
    assert found.core_hertz == 16_000_000


def test_an_avr_that_is_too_small_is_told(tmp_path: Path) -> None:
    library = packaged(tmp_path / "libraries" / "digits_int8", [DIGITS], "arduino")
    said = sketch(tmp_path / "work", library.parent, library / "examples" / "digits_int8_demo" / "digits_int8_demo.ino", 5)
    needs_more = (
        r"digits_int8 needs \d+ bytes of RAM in a sketch \(\d+ to work in, \d+ for constants, 600 .*\): 1084 more than this"
    )
    assert re.search(needs_more, said), said


def test_an_uno_has_room_for_what_the_docs_say(tmp_path: Path) -> None:
    """The demo runs on it; and the docs' table is what the packages' READMEs say."""
    table = re.findall(r"^\| `(\S+)` \| ([\d,]+) \| (.*) \|$", (ROOT / "docs/start/arduino.md").read_text(), re.MULTILINE)
    assert len(table) == 6
    for example, need, boards in table:
        readme = str(lay_out([compile(ROOT / "examples" / example)], ["arduino"])["README.md"])
        assert f"needs {need.replace(',', '')} bytes. AVR boards that have them: {boards}.\n" in readme, readme
    library = packaged(tmp_path / "libraries" / "wine_int8", [WINE], "arduino")
    demo = library / "examples" / "wine_int8_demo" / "wine_int8_demo.ino"
    said = sketch(tmp_path / "work", library.parent, demo, 5, UNO)
    assert said.count("wine_int8 output 0: 0.9961") >= 2, said


def test_what_passes_the_check_of_an_avr_has_room(tmp_path: Path) -> None:
    """The largest model that it lets through links, with 600 bytes to spare."""
    needs("avr-gcc")
    compilation = compile(WINE, target="avr")
    header = str(lay_out([compilation], ["arduino"])["src/tinycc_symbols.h"])
    counted = int(re.search(r"#if TINYCC_RAM < (\d+)", header)[1])  # type: ignore[index]
    linked = footprint(compilation)
    assert linked.linked
    assert 0 <= counted - 600 - linked.ram < 200


def test_arduino_metadata(tmp_path: Path) -> None:
    package = packaged(tmp_path, [DIGITS], "arduino")
    fields = dict(line.split("=", 1) for line in (package / "library.properties").read_text().splitlines())
    required = {"name", "version", "author", "maintainer", "sentence", "paragraph", "category", "url", "architectures"}
    assert required <= set(fields)
    assert fields["includes"] == "digits_int8.h"
    assert all(len(line.split("\t")) == 2 for line in (package / "keywords.txt").read_text().splitlines())
    assert not [path for path in (package / "src").rglob("*") if path.is_dir()]


STAND_IN = """cmake_minimum_required(VERSION 3.13)
project(stand_in C)
{functions}
set(CMAKE_C_STANDARD 99)
{settings}
add_subdirectory({package} module)
add_executable(app {main})
target_include_directories(app PRIVATE ${{includes}} {more})
target_link_libraries(app PRIVATE built m)
"""
ZEPHYR = """
function(zephyr_library_named name)
    add_library(built STATIC)
endfunction()
function(zephyr_library_sources)
    target_sources(built PRIVATE ${ARGN})
endfunction()
function(zephyr_library_include_directories)
    target_include_directories(built PRIVATE ${ARGN})
endfunction()
function(zephyr_include_directories)
    foreach(path ${ARGN})
        set(includes ${CMAKE_CURRENT_SOURCE_DIR}/${path} CACHE INTERNAL "")
    endforeach()
endfunction()
"""
IDF = """
function(idf_component_register)
    cmake_parse_arguments(it "" "" "SRCS;INCLUDE_DIRS;PRIV_INCLUDE_DIRS" ${ARGN})
    add_library(built STATIC ${it_SRCS})
    target_include_directories(built PRIVATE ${it_PRIV_INCLUDE_DIRS})
    set(includes ${CMAKE_CURRENT_SOURCE_DIR}/${it_INCLUDE_DIRS} CACHE INTERNAL "")
endfunction()
"""


def stand_in(folder: Path, package: Path, main: Path, functions: str, settings: str = "", more: str = "") -> str:
    """Builds a program with a package through functions that do what the ecosystem's do; what it prints."""
    folder.mkdir()
    text = STAND_IN.format(functions=functions, settings=settings, package=package, main=main, more=more)
    (folder / "CMakeLists.txt").write_text(text)
    built = build(folder, folder / "build")
    return run([built / "app"], folder)


def test_zephyr_module(tmp_path: Path) -> None:
    kconfiglib = pytest.importorskip("kconfiglib")
    package = packaged(tmp_path / "package", [DIGITS], "zephyr")
    module = (package / "zephyr" / "module.yml").read_text()
    assert "kconfig: zephyr/Kconfig" in module
    assert (package / re.search(r"- (samples/\S+)", module)[1] / "sample.yaml").is_file()  # type: ignore[index]
    main = tmp_path / "Kconfig"
    main.write_text(
        f'config CMSIS_NN\n\tbool "Arm"\nconfig MAIN_STACK_SIZE\n\tint "s"\nconfig PRINTK\n\tbool "p"\n'
        f'source "{package}/zephyr/Kconfig"\n'
    )
    configuration = kconfiglib.Kconfig(str(main), warn_to_stderr=False)
    configuration.load_config(str(package / "samples" / "digits_int8" / "prj.conf"))
    assert configuration.syms["TINYCC_DIGITS_INT8"].str_value == "y"
    assert not configuration.warnings
    headers = tmp_path / "zephyr_headers" / "zephyr"
    (headers / "sys").mkdir(parents=True)
    (headers / "kernel.h").write_text("")
    (headers / "sys" / "printk.h").write_text("#include <stdio.h>\n#define printk printf\n")
    sample = package / "samples" / "digits_int8" / "src" / "main.c"
    said = stand_in(tmp_path / "app", package, sample, ZEPHYR, "set(CONFIG_TINYCC_DIGITS_INT8 y)", str(headers.parent))
    assert said.endswith("digits_int8: done\n")


def test_esp_idf_component(tmp_path: Path) -> None:
    package = packaged(tmp_path / "package", [DIGITS], "esp-idf")
    app = tmp_path / "main.c"
    app.write_text(f'#include "{package}/examples/esp_idf/main/main.c"\nint main(void) {{ app_main(); return 0; }}\n')
    assert "digits_int8 output 0[9]" in stand_in(tmp_path / "app", package, app, IDF)
    needs("compote")
    run(["compote", "component", "pack", "--name", "digits_int8", "--dest-dir", tmp_path / "dist"], package)
    assert list((tmp_path / "dist").glob("digits_int8_1.0.0.tgz"))


def test_platformio_library(tmp_path: Path) -> None:
    needs("pio")
    package = packaged(tmp_path / "package", [DIGITS], "platformio")
    manifest = package / "library.json"
    assert '"license": "Apache-2.0"' in manifest.read_text()
    manifest.write_text(
        manifest.read_text().replace('  "license": "Apache-2.0",\n', "")
    )  # checked against a list on the network
    run(["pio", "pkg", "pack", package, "-o", tmp_path / "package.tar.gz"], tmp_path)
    assert (tmp_path / "package.tar.gz").is_file()


def test_cmsis_pack(tmp_path: Path) -> None:
    """What the schema asks for, in its order; every file that is named is there."""
    package = packaged(tmp_path, [DIGITS], "cmsis-pack")
    root = ElementTree.parse(package / "tinycc.digits_int8.pdsc").getroot()
    order = ["vendor", "name", "description", "url", "releases", "keywords", "components"]
    assert [child.tag for child in root] == order
    named = [file.attrib["name"] for file in root.iter("file")]
    assert all((package / name).exists() for name in named)
    sources = {f"src/{path.name}" for path in (package / "src").iterdir() if path.suffix in (".c", ".S")}
    assert sources == {name for name in named if name.startswith("src/")}


@pytest.mark.skipif("TINYCC_PACK_XSD" not in os.environ, reason="no schema: TINYCC_PACK_XSD is the path of Arm's PACK.xsd")
@pytest.mark.parametrize("models", [[DIGITS], [DIGITS, WINE]])
def test_cmsis_pack_by_its_schema(models: list[Path], tmp_path: Path) -> None:
    xmlschema = pytest.importorskip("xmlschema")
    package = packaged(tmp_path, models, "cmsis-pack")
    schema = xmlschema.XMLSchema(os.environ["TINYCC_PACK_XSD"])
    (description,) = package.glob("*.pdsc")
    assert [f"{error.path}: {error.reason}" for error in schema.iter_errors(str(description))] == []
