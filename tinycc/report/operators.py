# SPDX-License-Identifier: Apache-2.0
"""What is supported, read from the operators' own declarations: a table for the terminal, a page for the documentation."""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from rich.table import Table

from tinycc.errors import fail
from tinycc.frontends.tflite.rows import rows
from tinycc.ir import DType
from tinycc.kernels.base import Variant, variants
from tinycc.ops.base import Operator, Signature, paragraphs
from tinycc.ops.control import If, While
from tinycc.ops.elementwise.pointwise import Pointwise
from tinycc.report.cases import ORACLES, cases, oracle

COLUMNS = {"int8": "int8", "int16": "int16x8", "int16x8": "int16x8", "uint8": "uint8", "float32": "float32", "hybrid": "hybrid"}
"""Column of the overview, by the first word of a type; those with int4 or int2 in them have one, too, all others the last."""
HEADINGS = (*dict.fromkeys(COLUMNS.values()), "int4", "int2", "others")
JOINTS = (" to ", " by ", " at ")
"""Between the types of a combination: `int8 to float32`."""
TABLE = "`tk_lut`, a table of 256 results"
UNSIGNED = "uint8"
CONTROL: dict[str, list[type[Operator]]] = {"IF": [If], "WHILE": [While]}
"""What the front end reads itself, not by rows."""

INTRODUCTION = """\
# Supported operators

Made by `tinycc ops --markdown` from the declarations in `tinycc/ops` and `tinycc/kernels`. An operator with other types or
outside its conditions is refused with a message that names it; nothing is approximated silently.

T: the C equals TensorFlow Lite Micro, bit for bit for integers, within rounding for floats. L: TFLM lacks it; the C equals
LiteRT. ·: taken, without a test case of its own. Two letters: each for some combinations of types, which the operator's
section tells apart.

`int16x8` is int16 activations, with int8 weights where there are weights; `hybrid` float32 activations with int8 weights.
complex64 are two floats in C, the real part first: 1e-5 of the range of either holds for them as for float32.
Quantized uint8, per tensor, is taken wherever int8 is: it becomes int8 when the model is read, and its arithmetic is
LiteRT's. Only inputs and outputs of the model stay uint8.

int4 and int2 are types of constants: weights, which stay packed in flash, and what is folded when the model is read. Some
operators are gone when the model is read: VAR_HANDLE, READ_VARIABLE, ASSIGN_VARIABLE and CALL_ONCE become state,
STABLEHLO_COMPOSITE becomes its decomposition.
"""


@dataclass(frozen=True)
class Form:
    """An operator for one combination of types: its kernels, and what settles it."""

    type: str
    kernels: tuple[str, ...]
    oracle: str
    count: int

    @property
    def column(self) -> str:
        word = self.type.replace(",", " ").split()[0]
        packed = next((name for name in ("int4", "int2") if name in self.type or word.endswith(f"x{name[3:]}")), None)
        return packed or COLUMNS.get(word, HEADINGS[-1])

    @property
    def settled(self) -> str:
        return f"{self.oracle}, {self.count} cases" if self.oracle else ""


def _front_end_operators() -> list[tuple[str, list[type[Operator]]]]:
    """Every name in the file, with the classes that it is made into."""
    made = {kind: list(row.ops) for kind, row in rows().items()} | CONTROL
    return sorted(made.items(), key=lambda row: _shown(row[0]).lower())


def _shown(kind: str) -> str:
    """The name of an operator, custom or not."""
    return kind.removeprefix("CUSTOM:")


def forms(kind: str, classes: Sequence[type[Operator]]) -> list[Form]:
    """All combinations of types, in the order of their declaration, and uint8 where int8 stands for it."""
    found: dict[str, Form] = {}
    for cls in classes:
        for signature in cls.signatures:
            found.setdefault(signature.name, _form(kind, signature.name, _kernels(cls, signature)))
    if UNSIGNED not in found and any(signature.name.startswith("int8") for cls in classes for signature in cls.signatures):
        found[UNSIGNED] = _form(kind, UNSIGNED, ("as int8",))
    return list(found.values())


def _form(kind: str, type: str, kernels: tuple[str, ...]) -> Form:
    return Form(type, kernels, oracle(kind, type), sum(cases().get(kind, {}).get(type, {}).values()))


def _kernels(cls: type[Operator], signature: Signature) -> tuple[str, ...]:
    """What computes these types."""
    found = [f"`{variant.name}`" for variant in variants(cls) if signature.name in variant.signatures]
    if not found and issubclass(cls, Pointwise) and signature.outputs[0] is DType.INT8:
        return (TABLE,)
    return tuple(dict.fromkeys(found)) or ("none: no code needed",)


def _needs(variant: Variant[Any]) -> str:
    """When a kernel applies, or ""."""
    features = sorted(feature.value for feature in variant.features)
    needs = [*(f"the target has {feature}" for feature in features), *(paragraphs(fact)[0] for fact in variant.facts)]
    return "; ".join(needs)


def _conditions(classes: Sequence[type[Operator]]) -> Iterator[str]:
    """An item for each kernel that has conditions; one for those that differ in what stands behind `by` and have the same."""
    found: dict[tuple[str, str], list[str]] = {}
    for variant in (variant for cls in classes for variant in variants(cls)):
        if needs := _needs(variant):
            found.setdefault((variant.name.partition(" by ")[0], needs), []).append(f"`{variant.name}`")
    for (_, needs), names in found.items():
        yield f"- {', '.join(dict.fromkeys(names))}: {needs}"


def summary(types: Sequence[str]) -> str:
    """`int8 by int32, int8 by int64` -> `int8 by int32, int64`, if all combinations are there; else one after the other."""
    for joint in JOINTS:
        if len(types) < 2 or not all(joint in type for type in types):
            continue
        left, right = (list(dict.fromkeys(part)) for part in zip(*(type.split(joint, 1) for type in types), strict=True))
        if {f"{a}{joint}{b}" for a in left for b in right} == set(types):
            return f"{', '.join(left)}{joint}{' or '.join(right)}"
        rows = [(a, [b for b in right if f"{a}{joint}{b}" in types]) for a in left]
        return "; ".join(f"{a}{joint}{' or '.join(ends)}" for a, ends in rows)
    return ", ".join(types)


def operators_table() -> Table:
    """Operator, types with the runtime that settles them, kernels."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("operator", *(f"equals {name}" for name in ORACLES.values()), "untested", "kernels"):
        table.add_column(heading, overflow="fold")
    for kind, classes in _front_end_operators():
        all_forms = forms(kind, classes)
        settled = [summary([form.type for form in all_forms if form.oracle == name]) for name in (*ORACLES.values(), "")]
        symbols = dict.fromkeys(variant.name for cls in classes for variant in variants(cls))
        table.add_row(_shown(kind), *settled, ", ".join(symbols) or "none: no code needed")
    return table


def _find(name: str) -> tuple[str, list[type[Operator]]]:
    """An operator by name. Raises CompileError for none."""
    wanted = name.upper()
    kinds = {_shown(kind).upper(): (kind, classes) for kind, classes in _front_end_operators()}
    if wanted not in kinds:
        near = difflib.get_close_matches(wanted, kinds, 3)
        hint = f"Is {' or '.join(near)} meant?" if near else "`tinycc ops` lists all."
        raise fail("ops", f"no operator {name[:100]!r}", "one that is supported", hint)
    return kinds[wanted]


@dataclass(frozen=True)
class OperatorEntry:
    """An operator of TFLite files, as data. `conditions`: what is required of it, in words."""

    name: str
    formula: str
    forms: tuple[Form, ...]
    conditions: tuple[str, ...]


def operators_json(name: str | None) -> list[dict[str, Any]]:
    """All operators, or the one of that name. Raises CompileError."""
    chosen = _front_end_operators() if name is None else [_find(name)]
    return [asdict(_entry(kind, classes)) for kind, classes in chosen]


def _entry(kind: str, classes: Sequence[type[Operator]]) -> OperatorEntry:
    conditions = dict.fromkeys(paragraphs(condition)[0] for cls in classes for condition in cls.conditions)
    formula = " ".join(paragraphs(cls)[0] + "." for cls in classes)
    return OperatorEntry(_shown(kind), formula, tuple(forms(kind, classes)), tuple(conditions))


def operator_text(name: str) -> str:
    """One operator: its formula, types, kernels and conditions. Raises CompileError for none."""
    kind, classes = _find(name)
    return "\n".join([_shown(kind), "", *_section(kind, classes)])


def operators_list(width: int) -> str:
    """For narrow terminals: a paragraph for each operator, in which no word is split."""
    lines = []
    for kind, classes in _front_end_operators():
        types = ", ".join(form.type for form in forms(kind, classes))
        text = textwrap.wrap(types, width, initial_indent="  ", subsequent_indent="  ", break_long_words=False)
        lines += [_shown(kind), *text]
    return "\n".join(lines)


def operators_markdown() -> str:
    """The supported-operators page."""
    kinds = _front_end_operators()
    lines = [INTRODUCTION, f"| operator | {' | '.join(HEADINGS)} |", f"|---|{'---|' * len(HEADINGS)}"]
    lines += [_overview(kind, forms(kind, classes)) for kind, classes in kinds]
    for kind, classes in kinds:
        lines += ["", f"## {_shown(kind)}", "", *_section(kind, classes)]
    return "\n".join(lines) + "\n"


def _overview(kind: str, all_forms: Sequence[Form]) -> str:
    cells = [_letters(form for form in all_forms if form.column == heading) for heading in HEADINGS[:-1]]
    others = [form for form in all_forms if form.column == HEADINGS[-1]]
    words = list(dict.fromkeys(form.type.split()[0] for form in others))
    cells.append(", ".join(f"{word} {_letters(form for form in others if form.type.split()[0] == word)}" for word in words))
    return f"| [{_shown(kind)}](#{_shown(kind).lower()}) | {' | '.join(cells)} |"


def _letters(found: Iterable[Form]) -> str:
    """The oracles' initials; a dot where there is none but types are."""
    oracles = [form.oracle for form in found]
    return " ".join(name[0] for name in ORACLES.values() if name in oracles) or ("·" if oracles else "")


def _section(kind: str, classes: Sequence[type[Operator]]) -> list[str]:
    """Formula, a table of types, conditions, LiteRT's difference."""
    lines = [*(paragraphs(cls)[0] + "." for cls in classes), "", "| types | kernels | equals |", "|---|---|---|"]
    rows = sorted(forms(kind, classes), key=lambda form: (form.kernels, form.oracle))
    order = {form.type: number for number, form in enumerate(forms(kind, classes))}
    grouped = [list(group) for _, group in groupby(rows, key=lambda form: (form.kernels, form.oracle))]
    for group in sorted(grouped, key=lambda group: min(order[form.type] for form in group)):
        types = summary([form.type for form in sorted(group, key=lambda form: order[form.type])])
        total = sum(form.count for form in group)
        settled = f"{group[0].oracle}, {total} case{'s' * (total != 1)}" if total else ""
        lines.append(f"| {types} | {', '.join(group[0].kernels)} | {settled} |")
    if needs := tuple(_conditions(classes)):
        lines += ["", "Of the kernels for a type, the cheapest is taken whose conditions hold:", "", *needs]
    conditions = dict.fromkeys(paragraphs(condition)[0] for cls in classes for condition in cls.conditions)
    if conditions:
        lines += ["", "Requires:", "", *(f"- {condition}" for condition in conditions)]
    for rule in dict.fromkeys(cls.litert_rule for cls in classes if cls.litert_rule):
        lines += ["", f"Where LiteRT differs: {rule}."]
    return lines
