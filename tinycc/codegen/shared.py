# SPDX-License-Identifier: Apache-2.0
"""Constants that several models of a package have: one array for all of them, in files of the package's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tinycc import __version__
from tinycc.codegen.constants import CConstant, comments, headers, tensor_names, types
from tinycc.codegen.constants import render as render_constant
from tinycc.codegen.templates import render
from tinycc.ir import DType
from tinycc.program.names import Symbols
from tinycc.program.types import Constant, Program
from tinycc.sections import Sections

Key = tuple[DType, bytes, str | None]
"""What makes constants one array: element type, bytes, and the section that is asked for."""


def key(constant: Constant, sections: Sections) -> Key:
    return constant.dtype, constant.raw, sections.of(constant.name) or sections.constants


@dataclass(frozen=True)
class User:
    """A model of a package: its C prefix, its program, where its constants shall lie."""

    name: str
    program: Program
    sections: Sections

    def keys(self) -> dict[Key, Constant]:
        """The first constant of each key."""
        return {key(constant, self.sections): constant for constant in reversed(self.program.constants)}


@dataclass(frozen=True)
class Shared:
    """The constants by key. `name`: of the files, without an ending; `saved`: bytes that flash would hold more without them."""

    name: str
    constants: Mapping[Key, CConstant]
    users: tuple[str, ...]
    saved: int

    @property
    def bytes(self) -> int:
        return sum(constant.bytes for constant in self.constants.values())

    def of(self, constant: Constant, sections: Sections) -> CConstant | None:
        return self.constants.get(key(constant, sections))

    def files(self) -> dict[str, str]:
        """NAME.c and NAME.h."""
        made = self.constants.values()
        variables: dict[str, object] = {
            **{"version": __version__, "name": self.name, "NAME": self.name.upper()},
            "bytes": self.bytes,
            "users": ", ".join(self.users),
            "constants": [(constant, section) for (_, _, section), constant in self.constants.items()],
            "placed": any(section for _, _, section in self.constants),
            "types": types(made),
            "weights_headers": headers(made),
        }
        return {f"{self.name}{end}": render(f"shared{end}.j2", **variables) for end in (".h", ".c")}


def share(package: str, users: Sequence[User]) -> Shared | None:
    """What two or more of the models have in common; None if that is nothing."""
    name, symbols = f"{package}_constants", Symbols()
    holders: dict[Key, list[tuple[User, Constant]]] = {}
    for user in users:
        for found, constant in user.keys().items():
            holders.setdefault(found, []).append((user, constant))
    common = {found: rows for found, rows in holders.items() if len(rows) > 1}
    if not common:
        return None
    texts = {user.name: _comments(user.program) for user in users}
    constants = {}
    for found, rows in common.items():
        (first, constant), rest = rows[0], [user.name for user, _ in rows[1:]]
        text = f"{first.name}: {texts[first.name][constant]}; also of {', '.join(rest)}"
        constants[found] = render_constant(constant, name, text, symbols.claim(constant.name))
    saved = sum(constants[found].bytes * (len(rows) - 1) for found, rows in common.items())
    members = {user.name for rows in common.values() for user, _ in rows}
    return Shared(name, constants, tuple(user.name for user in users if user.name in members), saved)


def _comments(program: Program) -> Mapping[Constant, str]:
    return dict(zip(program.constants, comments(program, tensor_names(program)), strict=True))
