# SPDX-License-Identifier: Apache-2.0
"""Output folders as ecosystems expect them: one tree of sources, and beside it what each build system reads.

    src/        all sources and headers, flat            include/   the public headers, for build systems that want them apart
    CMakeLists.txt, zephyr/, library.properties, ...     samples/, examples/   a program for each ecosystem

Any kinds can share a folder: none of their files has the name of another's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Package:
    """What an ecosystem needs beside the sources: path -> template of `templates/packages`. Paths hold `{name}`, the package's.

    `include`: whether public headers lie in include/. `checked`: with what tool a test checks it.
    """

    kind: str
    title: str
    files: Mapping[str, str]
    include: bool
    checked: str


SEVERAL = "tinycc_models"
"""The name of a package of several models that has no other."""
_CMAKE = {"CMakeLists.txt": "CMakeLists.txt.j2"}

PACKAGES: Mapping[str, Package] = {
    package.kind: package
    for package in (
        Package(
            "cmake",
            "CMake library: add_subdirectory, or install and find_package",
            {**_CMAKE, "cmake/{name}Config.cmake": "config.cmake.j2", "examples/host/main.c": "main.c.j2"},
            include=True,
            checked="CMake: built, installed and found again, for the host and for arm-none-eabi",
        ),
        Package(
            "zephyr",
            "Zephyr module with Kconfig and a sample",
            {
                **_CMAKE,
                "zephyr/module.yml": "module.yml.j2",
                "zephyr/Kconfig": "Kconfig.j2",
                "samples/{name}/CMakeLists.txt": "zephyr_sample.cmake.j2",
                "samples/{name}/prj.conf": "prj.conf.j2",
                "samples/{name}/sample.yaml": "sample.yaml.j2",
                "samples/{name}/src/main.c": "zephyr_main.c.j2",
            },
            include=True,
            checked="Zephyr's kconfiglib, and a build against a stand-in for zephyr_library_*; not with Zephyr itself",
        ),
        Package(
            "arduino",
            "Arduino library with a sketch",
            {
                "library.properties": "library.properties.j2",
                "keywords.txt": "keywords.txt.j2",
                "examples/{name}_demo/{name}_demo.ino": "demo.ino.j2",
            },
            include=False,
            checked="arduino-builder with the AVR core, the sketch run in simavr",
        ),
        Package(
            "esp-idf",
            "ESP-IDF component with a project",
            {
                **_CMAKE,
                "idf_component.yml": "idf_component.yml.j2",
                "examples/esp_idf/CMakeLists.txt": "idf_project.cmake.j2",
                "examples/esp_idf/main/CMakeLists.txt": "idf_main.cmake.j2",
                "examples/esp_idf/main/idf_component.yml": "idf_main.yml.j2",
                "examples/esp_idf/main/main.c": "idf_main.c.j2",
            },
            include=True,
            checked="compote component pack, a build against a stand-in for idf_component_register; not with ESP-IDF itself",
        ),
        Package(
            "platformio",
            "PlatformIO library with a project",
            {
                "library.json": "library.json.j2",
                "examples/platformio/platformio.ini": "platformio.ini.j2",
                "examples/platformio/src/main.c": "main.c.j2",
            },
            include=False,
            checked="pio pkg pack; not built, since PlatformIO fetches its compilers",
        ),
        Package(
            "cmsis-pack",
            "CMSIS-Pack description",
            {"tinycc.{name}.pdsc": "package.pdsc.j2"},
            include=True,
            checked="Arm's PACK.xsd 1.7.60, and that every file is there; not with packchk",
        ),
    )
}
