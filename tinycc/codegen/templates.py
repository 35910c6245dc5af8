# SPDX-License-Identifier: Apache-2.0
"""Text out of `templates/`: everything is decided before, templates lay out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import jinja2

from tinycc import __version__
from tinycc.codegen.ctext import wrapped
from tinycc.data import data_path


def render(template: str, **variables: object) -> str:
    """A template of `templates/`, filled in."""
    return _environment().get_template(template).render(variables)


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(data_path("templates")),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )


def arena_header(arena: str, users: Sequence[tuple[str, int]]) -> dict[str, str]:
    """The file that declares an arena which models share: (name, bytes that it takes) of each."""
    kind = f"{arena}_arena"
    return {f"{kind}.h": render("arena.h.j2", version=__version__, arena_type=kind, users=users)}


def weights_array(name: str, weights: bytes) -> str:
    """A block of weights as a header with an array."""
    return render("bin.h.j2", version=__version__, name=name, bytes=len(weights), text=wrapped(map(str, weights)))
