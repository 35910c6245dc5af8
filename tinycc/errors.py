# SPDX-License-Identifier: Apache-2.0
"""What a user can cause, said once and in full: place, found, expected, hint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

MANY = 5
"""From more problems than this on, a message ends with a count by kind."""
LONGEST = 400
"""Characters of one part of a message: what a hostile file puts there may be megabytes."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with the input, as a person would want it told.

    `where` names the place inside the model (`op 7 FULLY_CONNECTED "fc1"`), `found` and `expected` say what is there and
    what would be right, `hint` says what to do about it. `kind` is what a summary counts it as (the operator's kind).
    """

    where: str
    found: str
    expected: str = ""
    hint: str = ""
    kind: str = ""

    @property
    def statement(self) -> str:
        """The problem without the hint."""
        text = f"{_cut(self.where)}: found {_cut(self.found)}"
        return f"{text}; expected {_cut(self.expected)}." if self.expected else f"{text}."

    def __str__(self) -> str:
        return f"{self.statement} {self.hint}".rstrip()

    def placed(self, operator: str, kind: str) -> Problem:
        """At an operator, where what found it did not know which one it was looking at."""
        return self if self.kind else replace(self, where=f"{operator}, {self.where}", kind=kind)


class CompileError(Exception):
    """The input cannot be compiled. Carries every problem that was found, not only the first."""

    exit_status = 2
    """Of the command line."""

    def __init__(self, problems: Problem | Iterable[Problem], source: str = "") -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(dict.fromkeys(problems))
        self.source = source
        super().__init__(str(self))

    def __str__(self) -> str:
        prefix = f"{_cut(self.source)}: " if self.source else ""
        if len(self.problems) == 1:
            return f"{prefix}{self.problems[0]}"
        return "\n".join([f"{prefix}{len(self.problems)} problems", *(f"  {line}" for line in self._lines())])

    def _lines(self) -> Iterator[str]:
        """A line per problem, each hint with the first that it is for, and for many problems a count by kind."""
        hints: set[str] = set()
        alike: dict[object, list[Problem]] = {}
        for problem in self.problems:
            key = (problem.kind, problem.expected, problem.hint) if problem.kind else problem
            alike.setdefault(key, []).append(problem)
        for problem, *others in alike.values():
            more = f" The same of {len(others)} more: {_places(others)}." if others else ""
            yield (problem.statement if problem.hint in hints else str(problem)) + more
            hints.add(problem.hint)
        kinds = Counter(problem.kind for problem in self.problems if problem.kind)
        if len(self.problems) > MANY and kinds:
            yield "by operator: " + ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())


def fail(where: str, found: str, expected: str = "", hint: str = "", kind: str = "") -> CompileError:
    """A CompileError with a single problem, to be raised by the caller."""
    return CompileError(Problem(where, found, expected, hint, kind))


def between(lowest: int, highest: int) -> str:
    """The whole numbers from `lowest` to `highest`, in words."""
    if lowest > highest:
        return "none, as the file has none"
    return f"{lowest} to {highest}" if lowest < highest else f"{lowest}"


def _places(problems: list[Problem]) -> str:
    """Where they are, a few of them."""
    shown = ", ".join(_cut(problem.where) for problem in problems[:MANY])
    return f"{shown}, ..." if len(problems) > MANY else shown


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 4]} ..."
