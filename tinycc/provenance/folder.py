# SPDX-License-Identifier: Apache-2.0
"""Whether a folder of C is what tinycc made: every file as it was written, and the same bytes when it is compiled again.

The list that `tinycc.codegen.made` keeps in the folder says what each of its parts was made of:
`{"tinycc": version, "models": [{"file", "sha256", "options"}], "package": {"kinds", "name", "version"}}`, the last for
packages alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tinycc.codegen.made import LIST, digest, file_digest, origins, owner, parts
from tinycc.compiler import compile as compile_model
from tinycc.compiler import load
from tinycc.errors import CompileError, Problem, fail
from tinycc.frontends import ModelFile, open_source
from tinycc.options import Options
from tinycc.packages.layout import lay_out


@dataclass(frozen=True)
class MadeOf:
    """A model that a folder's C was made of: its file's name and SHA-256, and the options as `Options.updated` takes them."""

    file: str
    sha256: str
    options: Mapping[str, object]


@dataclass(frozen=True)
class Origin:
    """What a part of a folder was made of; `package`: the arguments of `lay_out`, None for C without a package."""

    tinycc: str
    models: tuple[MadeOf, ...]
    package: Mapping[str, object] | None


@dataclass(frozen=True)
class Checked:
    """What came of a check. `files`: how many are listed; `changed` and `missing` among them; `remade`: those that come out
    otherwise, or not at all, when the models are compiled again, None where that was not asked for."""

    origins: tuple[Origin, ...]
    files: int
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    remade: tuple[str, ...] | None

    @property
    def passed(self) -> bool:
        return not (self.changed or self.missing or self.remade)


def check_folder(out: str | os.PathLike[str], models: Sequence[str | os.PathLike[str]] = ()) -> Checked:
    """Hold the C in the folder `out` against the list of what was written there; with `models`, all those it was made of, also
    against what they give when they are compiled again. Raises CompileError for a folder that says nothing, and for
    models that are not its own."""
    folder = Path(out)
    listed = listed_files(folder)
    found = {path: file_digest(folder / path) for path in listed}
    missing = tuple(sorted(path for path, sha in found.items() if not sha))
    changed = tuple(sorted(path for path, sha in found.items() if sha and sha != listed[path]))
    known = made_of(folder)
    remade = _remade(folder, known, models) if models else None
    return Checked(tuple(known.values()), len(listed), changed, missing, remade)


def listed_files(folder: Path) -> dict[str, str]:
    """What tinycc wrote into a folder: path -> SHA-256. Raises CompileError where nothing says so."""
    found = {path: sha for part in parts(folder).values() for path, sha in part.items()}
    if not owner(folder) or not found:
        raise fail(f"folder {folder}", f"no list {LIST} of files", "a folder that tinycc -o has written")
    return found


def made_of(folder: Path) -> dict[str, Origin]:
    """Part of a folder -> what it was made of. Raises CompileError where the list does not say it."""
    return {part: _origin(folder, part, origins(folder).get(part)) for part in parts(folder)}


def _origin(folder: Path, part: str, said: object) -> Origin:
    """An entry of the list, which anybody may have written. Raises CompileError."""
    try:
        if not isinstance(said, dict):
            raise TypeError
        models = tuple(MadeOf(str(row["file"]), str(row["sha256"]), dict(row["options"])) for row in said["models"])
        package = said.get("package")
        return Origin(str(said["tinycc"]), models, None if package is None else dict(package))
    except (KeyError, TypeError, ValueError) as error:
        place = f"{folder / LIST}: made of" + (f" ({part})" if part else "")
        raise fail(place, "nothing that can be read", "the models and their options", "Compile once more.") from error


def _remade(folder: Path, known: Mapping[str, Origin], given: Sequence[str | os.PathLike[str]]) -> tuple[str, ...]:
    """The listed files of all parts that other bytes, or none, come of."""
    models = {file.sha256: file for file in (open_source(path).file for path in given)}
    wanted = {row.sha256: row.file for origin in known.values() for row in origin.models}
    problems = [
        Problem(f"model {name}", "not given", f"the file with the SHA-256 {sha}")
        for sha, name in wanted.items()
        if sha not in models
    ] + [
        Problem(f"model {file.name}", f"the SHA-256 {sha}", f"one that the C in {folder} was made of")
        for sha, file in models.items()
        if sha not in wanted
    ]
    if problems:
        raise CompileError(problems)
    listed = parts(folder)
    return tuple(sorted(path for part, origin in known.items() for path in _differing(listed[part], _files(origin, models))))


def _files(origin: Origin, models: Mapping[str, ModelFile]) -> Mapping[str, str | bytes]:
    """What this version of tinycc makes of the same, path -> content. A model may be called otherwise by now."""
    made = []
    for row in origin.models:
        options = Options().updated(**row.options)
        made.append(compile_model(load(replace(models[row.sha256], name=row.file), options), options=options))
    if origin.package is None:
        return made[0].written
    kinds, name, version = (origin.package.get(key) for key in ("kinds", "name", "version"))
    kinds = [str(kind) for kind in kinds] if isinstance(kinds, list) else []
    return lay_out(made, kinds, name=None if name is None else str(name), version=str(version))


def _differing(listed: Mapping[str, str], files: Mapping[str, str | bytes]) -> Iterable[str]:
    return (path for path, sha in listed.items() if path not in files or digest(files[path]) != sha)
