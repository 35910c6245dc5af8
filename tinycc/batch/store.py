# SPDX-License-Identifier: Apache-2.0
"""Rows on disk: what is there after a run was killed is what the next one need not do again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from tinycc.batch.rows import Row, row_of
from tinycc.errors import CompileError, Problem


class Store(Protocol):
    """A folder of rows."""

    def rows(self) -> Mapping[str, Row]:
        """All that are there, by key."""

    def add(self, rows: Iterable[Row]) -> None:
        """Keep rows: whole, or not at all if the process ends meanwhile."""


class Lines:
    """`results.jsonl`: a row a line. A last line that was cut short is not there."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "results.jsonl"

    def rows(self) -> Mapping[str, Row]:
        if not self._path.exists():
            return {}
        whole = self._path.read_bytes().rpartition(b"\n")[0]
        found = (row_of(json.loads(line)) for line in whole.decode().splitlines())
        return {row.key: row for row in found}

    def add(self, rows: Iterable[Row]) -> None:
        text = "".join(json.dumps(row.to_json()) + "\n" for row in rows)
        self._cut()
        with self._path.open("ab") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())

    def _cut(self) -> None:
        """Take off what a process that was killed has left of a line."""
        if self._path.exists():
            data = self._path.read_bytes()
            os.truncate(self._path, data.rfind(b"\n") + 1)


class Parts:
    """A Parquet data set: a file of rows for each time some are added. Raises CompileError without pyarrow."""

    def __init__(self, folder: Path) -> None:
        try:
            import pyarrow  # noqa: F401
        except ImportError as error:
            hint = "pip install 'tinycc-ml[sweep]'"
            raise CompileError([Problem("sweep", "no pyarrow", "the library that writes Parquet", hint)]) from error
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def rows(self) -> Mapping[str, Row]:
        import pyarrow.parquet as parquet

        tables = (parquet.read_table(path) for path in sorted(self._folder.glob("part-*.parquet")))
        found = (row_of(item) for table in tables for item in table.to_pylist())
        return {row.key: row for row in found}

    def add(self, rows: Iterable[Row]) -> None:
        import pyarrow
        import pyarrow.parquet as parquet

        listed = list(rows)
        if not listed:
            return
        number = len(list(self._folder.glob("part-*.parquet")))
        place = self._folder / f"part-{number:05}.parquet"
        temporary = place.with_name(f".{place.name}")
        parquet.write_table(pyarrow.Table.from_pylist([row.to_json() for row in listed], schema=_schema()), temporary)
        os.replace(temporary, place)


def _schema() -> object:
    """The same columns in every file, whatever its rows lack."""
    import pyarrow

    texts = [(name, pyarrow.string()) for name in ("key", "name", "status", "problem")]
    numbers = [(name, pyarrow.int64()) for name in ("ram", "flash", "macs", "cycles", "layers")]
    return pyarrow.schema([*texts, *numbers, ("seconds", pyarrow.float64())])
