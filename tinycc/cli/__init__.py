# SPDX-License-Identifier: Apache-2.0
"""The command line: options and printing, nothing else. Exit status 0: done; 1: verification failed; 2: bad
input; 3: a budget is exceeded; 70: a defect of tinycc."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from typing import NoReturn

import click

from tinycc.cli.batch import batch, sweep
from tinycc.cli.bench import bench
from tinycc.cli.check import check
from tinycc.cli.compile import compile
from tinycc.cli.diff import diff
from tinycc.cli.explore import explore
from tinycc.cli.group import cli
from tinycc.cli.inspect import inspect
from tinycc.cli.map import memory_map
from tinycc.cli.ops import ops
from tinycc.cli.output import print_json, refused
from tinycc.cli.profile import profile
from tinycc.cli.prove import prove
from tinycc.cli.quantize import quantize
from tinycc.cli.report import report
from tinycc.cli.sbom import sbom
from tinycc.cli.shrink import shrink
from tinycc.cli.verify import verify
from tinycc.cli.weights import weights
from tinycc.crash import DEBUG, crash_message, lacking
from tinycc.crash import EXIT_STATUS as CRASHED
from tinycc.errors import CompileError, fail

__all__ = ["cli", "main"]

for _command in (
    *(compile, quantize, shrink, verify, bench, inspect, prove, report, profile, memory_map, diff),
    *(explore, check, sbom, batch, sweep, weights, ops),
):
    cli.add_command(_command)


JSON = "--json"
INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""


def _refuse(error: CompileError, *, as_json: bool) -> NoReturn:
    """Tell what is wrong, for programs too."""
    if as_json:
        print_json(refused(error))
    click.echo(f"tinycc: error: {error}", err=True)
    sys.exit(error.exit_status)


def main() -> None:
    """Entry point of the `tinycc` command."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # A path may hold what the terminal cannot show.
    for ending in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, ending) and threading.current_thread() is threading.main_thread():
            signal.signal(getattr(signal, ending), _end)
    debug = DEBUG in sys.argv[1:]
    arguments = [argument for argument in sys.argv[1:] if argument != DEBUG]
    try:
        status = cli.main(arguments, prog_name="tinycc", standalone_mode=False)
        sys.exit(status if isinstance(status, int) else 0)
    except CompileError as error:
        _refuse(error, as_json=JSON in arguments)
    except click.ClickException as error:
        if JSON in arguments:
            print_json(refused(fail("command line", error.format_message())))
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("\ntinycc: interrupted", err=True)
        sys.exit(INTERRUPTED)
    except OSError as error:
        if error.filename is not None:
            _report(error, arguments, debug=debug)
        # Only printing is left, into a pipe or a file on a full disk. What Python still holds back must not fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        click.echo(f"tinycc: error: standard output: {error.strerror}", err=True)
        sys.exit(2)
    except Exception as error:
        if (missing := lacking(error)) is not None and not debug:
            _refuse(missing, as_json=JSON in arguments)
        _report(error, arguments, debug=debug)


def _end(number: int, frame: object) -> NoReturn:
    """A signal that ends the process, as an exception: what is under way is taken back."""
    sys.exit(128 + number)


def _report(error: Exception, arguments: list[str], *, debug: bool) -> NoReturn:
    """End with one message that asks for a report."""
    if debug:
        raise error
    message = crash_message(error, arguments)
    if JSON in arguments:
        print_json(refused(fail("tinycc", message)))
    click.echo(message, err=True)
    sys.exit(CRASHED)
