# SPDX-License-Identifier: Apache-2.0
"""JSON schemas of what the commands print, out of the types that it is made from: docs/schemas, one a command."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from tinycc.batch.rows import Row
from tinycc.device.against import LayerAgainst
from tinycc.device.bench import Bench, LayerBench
from tinycc.errors import Problem
from tinycc.execution.comparison import Comparison
from tinycc.footprint import Footprint
from tinycc.kernels.choice import Replacement
from tinycc.ports import Port
from tinycc.provenance.folder import Checked
from tinycc.quantize import Loss, Recipe, Score
from tinycc.report.diff import Change
from tinycc.report.document import Document
from tinycc.report.graph import OperatorRow
from tinycc.report.measured import Measured
from tinycc.report.memory import Memory
from tinycc.report.operators import OperatorEntry
from tinycc.shrink import Tried
from tinycc.summary import Report
from tinycc.verification.verdict import Verdict

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
REF = "#/$defs/{model}"

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
BOOLEAN: Schema = {"type": "boolean"}


def _object(properties: Mapping[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _map(of: Schema) -> Schema:
    return {"type": "object", "additionalProperties": of}


class _Schemas:
    """Schemas of types, with what they refer to in `definitions`."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}

    def of(self, type: Any) -> Schema:
        made = _strict(TypeAdapter(type).json_schema(mode="serialization", ref_template=REF))
        self.definitions.update(made.pop("$defs", {}))
        return made

    def fields(self, type: Any) -> dict[str, Schema]:
        """The properties of a dataclass's object."""
        properties: dict[str, Schema] = self.of(type)["properties"]
        return properties


def _strict(schema: Any) -> Any:
    """Objects have the fields of their types and no others; infinities, for which JSON has no word, are null."""
    if isinstance(schema, list):
        return [_strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _strict(item) for key, item in schema.items() if key not in ("title", "default", "description")}
    if found.get("type") == "number":
        return {"type": ["number", "null"]}
    if "properties" in found:
        found |= {"required": list(found["properties"]), "additionalProperties": False}
    return found


TEXTS: Schema = {"type": "array", "items": TEXT}
_ANALYSIS = {
    "name": TEXT,
    "about": TEXT,
    "macs": {"type": "integer"},
    "proved": BOOLEAN,
    "alarms": {"type": "array", "items": _object({"place": TEXT, "text": TEXT})},
    "missing": TEXTS,
    "seconds": NUMBER,
}
_POINT = {
    **{name: {"type": "integer", "minimum": 0} for name in ("number", "ram", "flash", "cycles")},
    **{"flags": TEXT, "counted": BOOLEAN, "verified": {"type": ["string", "null"]}},
}
_PROOF = {
    **{"machine": TEXT, "tool": TEXT, "whole": BOOLEAN, "proved": BOOLEAN},
    **{"claim": {"type": ["string", "null"]}, "not_covered": TEXTS},
    "analyses": {"type": "array", "items": _object(_ANALYSIS)},
}


def _commands(s: _Schemas) -> dict[str, dict[str, Schema]]:
    """Command -> the properties of what it prints when all is well."""
    ports = {"type": "array", "items": s.of(Port)}
    head = {"model": TEXT, "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"}, "inputs": ports, "outputs": ports}
    compared = {"type": "array", "items": _object({**s.fields(Port), **s.fields(Comparison)})}
    verdict = {**s.fields(Verdict), "passed": BOOLEAN, "headline": TEXT, "outputs": compared}
    bench = s.fields(Bench)
    layer = _object({**s.fields(LayerBench), "instructions_per_mac": {"type": ["number", "null"]}})
    measured = _object({**bench, "layers": {"type": "array", "items": layer}})
    change = {**s.fields(Change), "by": {"type": "integer"}, "share": {"type": ["number", "null"]}}
    rows = {"type": "array", "items": s.of(Row)}
    replaced = {"type": "array", "items": s.of(Replacement)}
    whole, or_none = {"type": "integer"}, {"type": ["integer", "null"]}
    apart = {"callers_bytes": whole, "weights_bytes": or_none}
    compiled = {**head, **s.fields(Report), **apart, "footprint": s.of(Footprint), "replaced": replaced}
    return {
        "compile": compiled,
        "compile_several": {
            "models": {"type": "array", "items": _object(compiled), "minItems": 2},
            "shared_arena_bytes": or_none,
            "shared_constant_bytes": whole,
            "saved_constant_bytes": whole,
        },
        "weights": {
            **head,
            "firmware": TEXT,
            "layout": TEXT,
            "crc": whole,
            "bytes": whole,
            "out": {"type": ["string", "null"]},
        },
        "quantize": {
            **{**head, "recipe": s.of(Recipe), "calibrated": {"type": "integer"}, "judged": {"type": "integer"}},
            **{"scores": {"type": "array", "items": s.of(Score)}, "losses": {"type": "array", "items": s.of(Loss)}},
            "notes": TEXTS,
        },
        "shrink": {
            **{**head, "samples": whole, "rows": {"type": "array", "items": s.of(Tried), "minItems": 2}},
            "layers": {"type": "array", "items": _object({"name": TEXT, "kind": TEXT, "weights": whole})},
            "kept": TEXTS,
        },
        "verify": {**head, **verdict},
        "verify_on": {**head, "passed": BOOLEAN, "targets": _map(_object(verdict))},
        "bench": {
            **{**head, "targets": _map(measured), "ratios": _map(_map(NUMBER))},
            "against_cmsis_nn": _map({"type": "array", "items": s.of(LayerAgainst)}),
        },
        "map": {**head, "memories": {"type": "array", "items": s.of(Memory)}},
        "profile": {"models": {"type": "array", "items": _object({**head, "profile": s.of(Measured)}), "minItems": 1}},
        "report": {**head, **s.fields(Document), "flash_bytes": {"type": "integer"}},
        "inspect": {**head, "after": TEXT, "operators": {"type": "array", "items": s.of(OperatorRow)}, "text": TEXT},
        "prove": {**head, **_PROOF},
        "explore": {**head, "points": {"type": "array", "items": _object(_POINT), "minItems": 1}},
        "check": {"folder": TEXT, "passed": BOOLEAN, **s.fields(Checked)},
        "diff": {"before": TEXT, "after": TEXT, "changes": {"type": "array", "items": _object(change)}},
        "batch": {"page": TEXT, "rows": rows},
        "sweep": {"page": TEXT, "rows": rows, "best": rows},
        "ops": {"operators": {"type": "array", "items": s.of(OperatorEntry)}},
        "failure": {"source": TEXT, "problems": {"type": "array", "items": s.of(Problem), "minItems": 1}},
    }


def schemas() -> dict[str, Schema]:
    """Name -> schema, complete."""
    names = _commands(_Schemas())
    made = {}
    for name in names:
        s = _Schemas()
        version = {"type": ["string", "null"]}
        properties = {"tinycc": TEXT, "versions": _map(version), **_commands(s)[name]}
        schema = {"$schema": DIALECT, "title": f"tinycc {name} --json", **_object(properties)}
        made[name] = schema | {"$defs": _used(schema, s.definitions)}
    return made


def _used(schema: Schema, definitions: Mapping[str, Schema]) -> dict[str, Schema]:
    """The definitions that a schema refers to, and those that they refer to."""
    found: dict[str, Schema] = {}
    pending = [json.dumps(schema)]
    while pending:
        text = pending.pop()
        for name in sorted(set(definitions) - set(found)):
            if f'"#/$defs/{name}"' in text:
                found[name] = definitions[name]
                pending.append(json.dumps(definitions[name]))
    return dict(sorted(found.items()))


def texts() -> dict[str, str]:
    """File name -> content."""
    return {f"{name}.schema.json": json.dumps(schema, indent=2) + "\n" for name, schema in schemas().items()}


def write_schemas() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in texts().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
