# SPDX-License-Identifier: Apache-2.0
"""Bills of materials in CycloneDX 1.6: of the C in a folder, and of tinycc as it is installed. By the same things the same
bytes: neither has a serial number or a time stamp."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tinycc import __version__
from tinycc.codegen.made import owner
from tinycc.errors import fail
from tinycc.provenance.folder import listed_files, made_of

if TYPE_CHECKING:
    from cyclonedx.model import HashType
    from cyclonedx.model.component import Component
    from cyclonedx.model.license import DisjunctiveLicense

DISTRIBUTION = "tinycc-ml"
LICENCE = "Apache-2.0"
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_OPTIONAL = re.compile(r"extra\s*==")


def bill_of_folder(out: str | os.PathLike[str]) -> str:
    """JSON: the C of a folder as a library that consists of its files and stands on its models. Raises CompileError."""
    folder = Path(out)
    files = listed_files(folder)
    models = {(row.file, row.sha256) for origin in made_of(folder).values() for row in origin.models}
    _need_library()
    from cyclonedx.model.component import Component, ComponentType

    root = Component(name=owner(folder), type=ComponentType.LIBRARY, bom_ref="c", licenses=[_licence()])
    parts = [
        Component(
            name=path, type=ComponentType.FILE, bom_ref=f"file:{path}", hashes=[_sha256(files[path])], licenses=[_licence()]
        )
        for path in sorted(files)
    ] + [
        Component(name=name, type=ComponentType.MACHINE_LEARNING_MODEL, bom_ref=f"model:{sha}", hashes=[_sha256(sha)])
        for name, sha in sorted(models)
    ]
    return _text(root, parts)


def bill_of_tinycc() -> str:
    """JSON: the installed distribution and all that it requires, with their versions. Raises CompileError."""
    _need_library()
    found = {name: importlib.metadata.version(name) for name in sorted(_required(DISTRIBUTION))}
    return _text(_distribution(DISTRIBUTION, __version__), [_distribution(*item) for item in found.items()])


def _required(root: str) -> set[str]:
    """Installed distributions that one requires, directly or not, extras apart."""
    pending, found = [root], set[str]()
    while pending:
        try:
            requires = importlib.metadata.requires(pending.pop()) or ()
        except importlib.metadata.PackageNotFoundError:  # Where its marker says: not on this platform.
            continue
        names = {_canonical(match[0]) for text in requires if not _OPTIONAL.search(text) and (match := _NAME.match(text))}
        pending += names - found
        found |= names
    return {name for name in found if _installed(name)}


def _canonical(name: str) -> str:
    """As the index of packages spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _installed(name: str) -> bool:
    try:
        return bool(importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return False


def _need_library() -> None:
    if not _installed("cyclonedx-python-lib"):
        raise fail("bill of materials", "no package cyclonedx-python-lib", "it installed", "pip install 'tinycc-ml[sbom]'")


def _distribution(name: str, version: str, ref: str = "") -> Component:
    from cyclonedx.model.component import Component, ComponentType
    from packageurl import PackageURL

    licences = [_licence()] if name == DISTRIBUTION else []
    url = PackageURL("pypi", name=name, version=version)
    return Component(
        name=name, version=version, type=ComponentType.LIBRARY, bom_ref=ref or str(url), purl=url, licenses=licences
    )


def _licence() -> DisjunctiveLicense:
    from cyclonedx.model.license import DisjunctiveLicense

    return DisjunctiveLicense(id=LICENCE)


def _sha256(digest: str) -> HashType:
    from cyclonedx.model import HashAlgorithm, HashType

    return HashType(alg=HashAlgorithm.SHA_256, content=digest)


def _text(root: Component, parts: Iterable[Component]) -> str:
    from cyclonedx.model.bom import Bom, BomMetaData
    from cyclonedx.model.tool import ToolRepository
    from cyclonedx.output.json import JsonV1Dot6

    listed = list(parts)
    bom = Bom(
        metadata=BomMetaData(
            component=root, tools=ToolRepository(components=[_distribution(DISTRIBUTION, __version__, ref="tool")])
        ),
        components=listed,
    )
    bom.register_dependency(root, listed)
    content = json.loads(JsonV1Dot6(bom).output_as_string())
    del content["serialNumber"], content["metadata"]["timestamp"]
    return json.dumps(content, indent=1, sort_keys=True) + "\n"
