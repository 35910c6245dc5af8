# SPDX-License-Identifier: Apache-2.0
"""The report of a model: true figures, a page that a browser shows without a fault, and what changed between two of them."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from conftest import ROOT

from tinycc.cli import cli
from tinycc.codegen.profile import build_id, timed
from tinycc.compiler import Compilation, compile
from tinycc.device.bench import bench
from tinycc.errors import CompileError
from tinycc.report.diff import changes, markdown, read_report
from tinycc.report.document import Document, document, to_json
from tinycc.report.mcus import MCUS
from tinycc.report.measured import Log, Timing, measured
from tinycc.report.page import page, write_page
from tinycc.target import TARGETS

DIGITS = ROOT / "examples" / "digits" / "digits_int8.tflite"
DIGITS_FLOAT = ROOT / "examples" / "digits" / "digits_float32.tflite"
WIDTHS = (390, 820, 1400)
"""Of a telephone, a tablet and a desk."""


def test_figures_are_those_of_the_compile() -> None:
    compilation = compile(DIGITS, target="cortex-m4")
    made = document(compilation)
    assert (made.ram, made.macs) == (compilation.report.arena_bytes, compilation.report.macs)
    assert sum(layer.macs for layer in made.layers) == made.macs
    assert [layer.kernel for layer in made.layers] == [step.kernel for step in compilation.program.all_steps]
    assert not any(layer.is_float for layer in made.layers)
    assert any(layer.is_float for layer in document(compile(DIGITS_FLOAT)).layers)


@pytest.mark.parametrize("target", ["generic", "cortex-m4"])
def test_blocks_share_no_byte(target: str) -> None:
    (memory,) = document(compile(DIGITS, target=target, without=["stream"])).memories
    assert max(block.offset + block.bytes for block in memory.blocks) == memory.bytes
    for one, two in combinations(memory.blocks, 2):
        together = one.first < two.last and two.first < one.last
        assert not together or one.offset + one.bytes <= two.offset or two.offset + two.bytes <= one.offset, (one, two)


def test_blocks_of_streams_begin_before_they_end() -> None:
    (memory,) = document(compile(DIGITS, optimize="ram", stream_input=True)).memories
    assert all(block.first <= block.last for block in memory.blocks)


def test_every_operator_of_the_file_is_a_layer_or_gone() -> None:
    compilation = compile(DIGITS)
    made = document(compilation)
    assert len(made.layers) + len(made.gone) == len(list(compilation.model.graph.all_ops))


def test_parts_are_held_against_the_model_as_compiled_for_their_core() -> None:
    fits = {fit.name: fit for fit in document(compile(DIGITS)).fits}
    assert {mcu.core for mcu in MCUS} <= set(TARGETS)
    for core, name in (("cortex-m4", "nRF52840"), ("cortex-m0", "nRF51822")):
        assert fits[name].need_ram >= compile(DIGITS, target=core).report.arena_bytes
    slower, faster = fits["RA4M1"], fits["STM32L432KC"]
    assert slower.milliseconds * slower.mhz == pytest.approx(faster.milliseconds * faster.mhz)


@pytest.mark.skipif(not shutil.which("qemu-system-arm"), reason="no emulator for Arm")
def test_estimated_cycles_are_near_the_counted_ones() -> None:
    made, counted = document(compile(DIGITS, target="cortex-m4")), bench(DIGITS, on="cortex-m4")
    assert counted.cycles_estimate is not None
    assert made.cycles == pytest.approx(counted.cycles_estimate, rel=0.5)


def test_the_page_needs_no_other_file() -> None:
    text = page(document(compile(DIGITS)))
    loads = re.findall(r"<(?:link|img|iframe|script)\b[^>]*?(?:src|href)=\"([^\"]*)\"", text)
    assert loads == ["data:,"]
    assert "digits_int8.tflite on generic" in text


def test_names_of_the_model_are_no_markup(tmp_path: Path) -> None:
    hostile = tmp_path / "<script>alert(1)<script>.tflite"
    shutil.copy(DIGITS, hostile)
    assert "<script>alert" not in page(document(compile(hostile)))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    webdriver = pytest.importorskip("selenium.webdriver")
    driver, chromium = shutil.which("chromedriver"), shutil.which("chromium")
    if driver is None or chromium is None:
        pytest.skip("no chromium with its driver is installed")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    opened = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield opened
    opened.quit()


def with_profile(compilation: Compilation) -> Document:
    """A report, and what a board may have measured."""
    rows = tuple(Timing(step.number, 10, 1000 * step.number, 90, 110) for step in timed(compilation.program))
    build, target = build_id(compilation.program), compilation.program.target.name
    log = Log("digits", "", build, target, 64_000_000, 64_000_000, overhead=0, runs=10, between=5, steps=rows)
    return document(compilation, measured(compilation, log, "log.txt"))


def test_a_browser_shows_the_page(browser: Any, tmp_path: Path) -> None:
    """At three widths nothing sticks out, nothing is loaded or goes wrong, and a block says what it is."""
    place = tmp_path / "report.html"
    write_page(place, page(with_profile(compile(DIGITS, target="cortex-m4"))))
    for width in WIDTHS:
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        browser.get(place.as_uri())
        out = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert browser.execute_script(out) <= 0, f"something is wider than {width} pixels"
        drawn = "return [...document.querySelectorAll('.js-plotly-plot')].map(c => c.querySelectorAll('.point, .lines').length)"
        assert all(browser.execute_script(drawn)), "an empty chart"
    block = browser.find_element("css selector", ".js-plotly-plot .point path")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", block)
    chains = pytest.importorskip("selenium.webdriver.common.action_chains")
    chains.ActionChains(browser).move_to_element(block).pause(0.5).perform()
    told = "return [...document.querySelectorAll('.hoverlayer .hovertext')].map(found => found.textContent).join()"
    assert "serving_default_input" in browser.execute_script(told)
    assert not [entry for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    assert len(browser.execute_cdp_cmd("Page.printToPDF", {})["data"]) > 10_000


def test_paper_has_whole_tables(browser: Any, tmp_path: Path) -> None:
    """On a page of A4 nothing is cut off, and what a click would open is open."""
    place = tmp_path / "report.html"
    write_page(place, page(with_profile(compile(DIGITS, target="cortex-m4"))))
    metrics = {"width": 718, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    browser.get(place.as_uri())
    browser.execute_script("window.dispatchEvent(new Event('beforeprint'))")
    cut = "return [...document.querySelectorAll('.wide')].map(table => table.scrollWidth - table.clientWidth)"
    assert set(browser.execute_script(cut)) == {0}
    assert browser.execute_script("return [...document.querySelectorAll('details')].every(part => part.open)")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_keys_reach_what_scrolls_and_nothing_calls_a_server(browser: Any, tmp_path: Path) -> None:
    place = tmp_path / "report.html"
    write_page(place, page(with_profile(compile(DIGITS))))
    browser.get(place.as_uri())
    count = "return document.querySelectorAll(arguments[0]).length"
    assert browser.execute_script(count, ".wide") == browser.execute_script(
        count, ".wide[tabindex='0'][role=region][aria-label]"
    )
    assert browser.execute_script(count, ".modebar-btn") == 0
    keys = pytest.importorskip("selenium.webdriver.common.keys")
    seen = []
    for _ in range(12):
        browser.switch_to.active_element.send_keys(keys.Keys.TAB)
        seen.append(browser.switch_to.active_element.tag_name)
    assert {"a", "div", "summary"} <= set(seen)


def test_what_a_screen_reader_finds(browser: Any, tmp_path: Path) -> None:
    """A language, a title, one first heading, a name for each chart, and headers for each table."""
    place = tmp_path / "report.html"
    write_page(place, page(with_profile(compile(DIGITS))))
    browser.get(place.as_uri())
    count = "return document.querySelectorAll(arguments[0]).length"
    assert browser.title.startswith("digits_int8.tflite on generic")
    assert browser.execute_script(count, "html[lang=en]") == browser.execute_script(count, "h1") == 1
    charts = browser.execute_script(count, ".chart")
    assert browser.execute_script(count, ".chart[role=img][aria-label]") == charts == 4
    tables = "return [...document.querySelectorAll('table')].filter(t => !t.querySelector('th[scope=col]')).length"
    assert browser.execute_script(tables) == 0


def run(*arguments: str) -> Any:
    return CliRunner().invoke(cli, arguments, catch_exceptions=True)


def written(path: Path, target: str) -> str:
    path.write_text(json.dumps(to_json(document(compile(DIGITS, target=target)))))
    return str(path)


def test_diff_of_a_report_with_itself(tmp_path: Path) -> None:
    same = written(tmp_path / "same.json", "generic")
    rows = changes(read_report(same), read_report(same))
    assert {row.by for row in rows} == {0}
    assert markdown(rows).count("| = |") == len(rows) == 4


def test_diff_tells_what_changed_and_holds_limits(tmp_path: Path) -> None:
    before, after = written(tmp_path / "a.json", "generic"), written(tmp_path / "b.json", "cortex-m4")
    ram = {row.what: row for row in changes(read_report(before), read_report(after))}["RAM: arena"]
    assert ram.by == json.loads(Path(after).read_text())["ram"] - json.loads(Path(before).read_text())["ram"] > 0
    assert run("diff", before, after, "--max-ram", f"+{ram.by}").exit_code == 0
    refused = run("diff", before, after, "--max-ram", f"+{ram.by - 1}", "--max-cycles", "0%")
    assert isinstance(refused.exception, CompileError)
    assert refused.exception.exit_status == 3
    assert "--max-ram: found RAM: arena grew by" in str(refused.exception)
    assert "--max-cycles" not in str(refused.exception)
    assert run("diff", after, before, "--max-ram", "0").exit_code == 0


def test_flash_is_compared_like_with_like(tmp_path: Path) -> None:
    """As linked by the same compiler for the same core, else by the estimates, which every report has."""
    linked = {**json.loads(Path(written(tmp_path / "x.json", "cortex-m4")).read_text()), "linked": True, "flash_how": "by gcc"}
    linked["flash"]["code"] += 5000 - linked["flash_bytes"]
    linked["flash_bytes"] = 5000
    larger = {**linked, "flash_bytes": 5100, "flash": {**linked["flash"], "code": linked["flash"]["code"] + 100}}
    elsewhere = {**larger, "linked": False, "flash_how": "with an estimate", "flash_bytes": linked["flash_estimate"]}
    paths = []
    for name, made in (("linked", linked), ("larger", larger), ("elsewhere", elsewhere)):
        paths.append(tmp_path / f"{name}.json")
        paths[-1].write_text(json.dumps(made))
    found = {row.what: row.by for row in changes(read_report(paths[0]), read_report(paths[1]))}
    assert (found["flash, as linked"], found["flash: code"]) == (100, 100)
    refused = run("diff", str(paths[0]), str(paths[1]), "--max-flash", "99")
    assert "flash, as linked grew by 100, from 5,000 to 5,100" in str(refused.exception)
    found = {row.what: row.by for row in changes(read_report(paths[0]), read_report(paths[2]))}
    assert found["flash, with an estimate of code"] == 0
    assert not [what for what in found if what.startswith("flash:")]
    assert run("diff", str(paths[0]), str(paths[2]), "--max-flash", "0").exit_code == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [("", "no JSON"), ("[]", "JSON that is no report"), ("{}", "JSON that is no report"), (None, "No such file")],
)
def test_diff_of_what_is_no_report(content: str | None, said: str, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    if content is not None:
        path.write_text(content)
    assert said in str(run("diff", str(path), str(path)).exception)


@pytest.mark.parametrize("growth", ["-1", "1.5K", "x", "1e3", "+2%%"])
def test_growth_that_is_none(growth: str, tmp_path: Path) -> None:
    same = written(tmp_path / "same.json", "generic")
    assert run("diff", same, same, "--max-flash", growth).exit_code == 2


def test_report_command(tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    result = run("report", str(DIGITS), "-o", str(out), "--against", written(tmp_path / "old.json", "cortex-m4"), "--json")
    assert json.loads(result.output)["ram"] == compile(DIGITS).report.arena_bytes
    assert 'id="changes"' in out.read_text(encoding="utf-8")
    assert "neither -o nor --json" in str(run("report", str(DIGITS)).exception)
    assert "a folder" in str(run("report", str(DIGITS), "-o", str(tmp_path)).exception)


def test_map_command() -> None:
    text = run("map", str(DIGITS)).output
    report = compile(DIGITS).report
    assert text.startswith(f"arena: {report.arena_bytes:,} bytes")
    (memory,) = json.loads(run("map", str(DIGITS), "--json").output)["memories"]
    assert memory["bytes"] == report.arena_bytes
