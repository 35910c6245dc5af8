# SPDX-License-Identifier: Apache-2.0
"""What sizes and marks need of a linked program: sections, symbols, loadable segments; read by pyelftools."""

from __future__ import annotations

import io
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from elftools.elf.elffile import ELFFile


class Elf:
    """A linked program. All numbers in bytes."""

    def __init__(self, path: Path) -> None:
        from elftools.elf.elffile import ELFFile

        self._file: ELFFile = ELFFile(io.BytesIO(path.read_bytes()))

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Size by section name."""
        return {section.name: section["sh_size"] for section in self._file.iter_sections()}

    @cached_property
    def symbols(self) -> dict[str, int]:
        """Address by name; of local symbols that share one, the last."""
        from elftools.elf.sections import SymbolTableSection

        tables = (section for section in self._file.iter_sections() if isinstance(section, SymbolTableSection))
        return {symbol.name: symbol["st_value"] for table in tables for symbol in table.iter_symbols()}

    @cached_property
    def functions(self) -> dict[str, int]:
        """Size by name of the functions that the file holds."""
        from elftools.elf.sections import SymbolTableSection

        tables = (section for section in self._file.iter_sections() if isinstance(section, SymbolTableSection))
        symbols = (symbol for table in tables for symbol in table.iter_symbols())
        return {s.name: s["st_size"] for s in symbols if s["st_info"]["type"] == "STT_FUNC" and s["st_shndx"] != "SHN_UNDEF"}

    @cached_property
    def arm_architecture(self) -> int | None:
        """Tag_CPU_arch of the build attributes; None where there are none. Linking takes the highest of all parts."""
        section: Any = self._file.get_section_by_name(".ARM.attributes")
        parts = section.iter_subsections() if section is not None else ()
        tags = (tag for part in parts for inner in part.iter_subsubsections() for tag in inner.iter_attributes())
        return next((int(tag.value) for tag in tags if tag.tag == "TAG_CPU_ARCH"), None)

    @property
    def segments(self) -> list[tuple[int, bytes]]:
        """(load address, content) of everything that is loaded."""
        loaded = (segment for segment in self._file.iter_segments("PT_LOAD") if segment["p_filesz"])
        return [(segment["p_paddr"], segment.data()) for segment in loaded]

    def content(self, name: str) -> bytes:
        """A section's bytes; none if there is no such section."""
        section = self._file.get_section_by_name(name)
        return b"" if section is None else section.data()
