# SPDX-License-Identifier: Apache-2.0
"""Writing the output folder: everything or nothing, whatever interrupts it.

The files are written beside the folder first. A folder that holds nothing else is then exchanged for the new one in one step.
One that holds files of others gets the new files one by one, by a journal: what ends in between is finished by the next run.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tinycc.codegen.made import LIST, Made, check_owner, listing, stale
from tinycc.errors import fail

STAGING = ".tinycc-"
"""What the names of temporary folders begin with."""
JOURNAL, LOCK = "journal", "lock"
WORK = "work"
"""Of temporary folders for builds."""
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


def write_files(out: Path, files: Mapping[str, str | bytes], made: Made | None = None, *, replace: bool = False) -> None:
    """Write `files` (relative path -> text or bytes) below `out`, which is made if need be.

    `made` says whose they are: the folder may hold no other model's then, unless `replace` lets these take their place, and
    what an earlier call with the same has put there and is not among `files` goes.

    A full disk, a missing permission, a folder in the way or a signal leaves `out` as it was; what even a killed process has
    begun, the next call finishes or sweeps away. Raises CompileError.
    """
    try:
        _recover(out.parent, out.name)
        _recover(out)
        _check_own(out, files)
        gone: tuple[str, ...] = ()
        if made is not None:
            if not replace:
                check_owner(out, made)
            gone = stale(out, files, made, replace=replace)
            files = {**files, LIST: listing(out, files, made)}
        alone = _holds_nothing_else(out, {*files, *gone})
        if out.parent.exists() and not out.parent.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        with _folder(out.parent if alone else out) as place, _staging(place, out.name if alone else "") as staging:
            new = Path(staging, "new")
            _stage(new, files)
            if not alone or not _exchanged(new, out):
                if alone:
                    out.mkdir(exist_ok=True)
                _moved_one_by_one(staging, out, tuple(files), gone)
    except OSError as error:
        place_text = f" at {error.filename}" if error.filename not in (None, str(out)) else ""
        found = f"{error.strerror or error}{place_text}"
        raise fail(f"output folder {out}", found, "a folder that can be written", "It is as it was before.") from error


def write_file(path: str | os.PathLike[str], content: bytes, expected: str) -> None:
    """Put a single file where it was asked for, whole or not at all. Raises CompileError; `expected` says what is one."""
    place = Path(path)
    if place.is_dir() or not os.fspath(path):
        raise fail("-o", f"{os.fspath(path)!r}, a folder" if place.is_dir() else "an empty name", expected)
    temporary = place.with_name(f".{place.name}.part")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, place)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise fail("-o", f"{os.fspath(path)}: {error.strerror}", "a file that can be written") from error


def _stage(new: Path, files: Mapping[str, str | bytes]) -> None:
    """All files below `new`, on the disk."""
    new.mkdir()
    for path, content in files.items():
        (new / path).parent.mkdir(parents=True, exist_ok=True)
        (new / path).write_bytes(content if isinstance(content, bytes) else content.encode())
    for path in files:
        _sync(new / path)


def _sync(path: Path) -> None:
    """Have the system write a file or a folder to the disk."""
    if os.name != "posix" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _holds_nothing_else(out: Path, files: Collection[str]) -> bool:
    """Whether all of `out` may go: it holds none but these files, and nothing points into it."""
    if out.is_symlink() or os.path.ismount(out) or (out.exists() and not out.is_dir()):
        return False
    here = Path.cwd()
    if out.resolve() in (here, *here.parents):
        return False
    folders = {parent.as_posix() for path in files for parent in Path(path).parents}
    for path in out.rglob("*") if out.exists() else ():
        known = folders if path.is_dir() else files
        if path.is_symlink() or path.relative_to(out).as_posix() not in known:
            return False
    return True


def _exchanged(new: Path, out: Path) -> bool:
    """Put `new` in the place of `out` in one step; False where the system cannot."""
    if not out.exists():
        os.replace(new, out)
        _sync(out.parent)
        return True
    shutil.copymode(out, new)
    if not sys.platform.startswith("linux"):
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    done: bool = rename(_AT_FDCWD, os.fsencode(new), _AT_FDCWD, os.fsencode(out), _RENAME_EXCHANGE) == 0
    if not done and ctypes.get_errno() not in (errno.EINVAL, errno.ENOSYS, errno.EPERM):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    if done:
        _sync(out.parent)
    return done


def _moved_one_by_one(staging: Path, out: Path, paths: Sequence[str], gone: Sequence[str]) -> None:
    """Move the staged files into `out`, and those that are to go out of it. A move that fails takes the ones before it back."""
    with ExitStack() as moves:
        for path in paths:
            moves.enter_context(_folder((out / path).parent))
            if (out / path).is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(out / path))
        journal = staging / JOURNAL
        plan = json.dumps({"out": str(out.resolve()), "paths": paths, "gone": gone})
        (staging / f"{JOURNAL}.new").write_text(plan, encoding="utf-8")
        _sync(staging / f"{JOURNAL}.new")
        os.replace(staging / f"{JOURNAL}.new", journal)
        _sync(staging)
        moves.callback(journal.unlink)
        for path in paths:
            moves.enter_context(_moved(staging / "new" / path, out / path, staging / "old" / path))
        for path in gone:
            moves.enter_context(_removed(out / path, staging / "old" / path))
    _without_empty_folders(out, gone)


def _recover(folder: Path, name: str = "") -> None:
    """Finish what a killed process had begun to move, and sweep away what it had not: its temporary folders in `folder`, those
    for the output folder `name` alone."""
    prefix = _prefix(name)
    found = [path for path in folder.iterdir() if path.name.startswith(prefix)] if folder.is_dir() else []
    for staging in sorted(found):
        if staging.is_symlink() or not staging.is_dir() or not _mine(staging):
            continue
        with _locked(staging) as mine:
            if mine:
                _finish(staging)
                shutil.rmtree(staging, ignore_errors=True)


def _mine(path: Path) -> bool:
    """Whether it is this user's: a folder for temporary files is everybody's."""
    try:
        return os.name != "posix" or path.stat().st_uid == os.getuid()
    except FileNotFoundError:
        return False


def _finish(staging: Path) -> None:
    """Do the moves that a journal says and that are not done."""
    try:
        journal = json.loads((staging / JOURNAL).read_text(encoding="utf-8"))
        out, paths = Path(journal["out"]), [str(path) for path in journal["paths"]]
        gone = [str(path) for path in journal.get("gone", ())]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return
    for path in paths:
        if (staging / "new" / path).is_file() and (out / path).resolve().is_relative_to(out):
            (out / path).parent.mkdir(parents=True, exist_ok=True)
            os.replace(staging / "new" / path, out / path)
    for path in gone:
        if (out / path).resolve().is_relative_to(out):
            (out / path).unlink(missing_ok=True)
    _without_empty_folders(out, gone)


def _without_empty_folders(out: Path, gone: Sequence[str]) -> None:
    """Take away the folders in which nothing is left."""
    for folder in sorted({out / parent for path in gone for parent in Path(path).parents} - {out}, reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _prefix(name: str) -> str:
    return f"{STAGING}{name}-" if name else STAGING


@contextmanager
def _staging(place: Path, name: str) -> Iterator[Path]:
    """A temporary folder in `place` for the output folder `name`, locked as long as this process lives. It has its name, by
    which others sweep, only once it is locked."""
    staging = Path(tempfile.mkdtemp(prefix=".tinycc_", dir=place))
    try:
        with _locked(staging):
            staging = staging.rename(staging.with_name(_prefix(name) + staging.name.removeprefix(".tinycc_")))
            yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def _locked(staging: Path) -> Iterator[bool]:
    """Whether the folder is nobody else's; it is this process's within."""
    if os.name != "posix":
        yield True
        return
    import fcntl

    try:
        lock = (staging / LOCK).open("a")
    except FileNotFoundError:  # Another process has just swept it away.
        yield False
        return
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


MARK = "tinycc"
"""In the first lines of every generated file at the top of the folder."""
HEADING = "SPDX-License-Identifier: Apache-2.0"
"""In the first line of every file of the runtime."""


def _check_own(out: Path, files: Mapping[str, str | bytes]) -> None:
    """Refuse to replace a file that tinycc has not made: a firmware project's CMakeLists.txt, say, or a kernel of one's own."""
    for path, content in files.items():
        place = out / path
        mark = (MARK if "/" not in path else HEADING).encode() if isinstance(content, str) else content[:4]
        begin = content[:1000] if isinstance(content, bytes) else content[:1000].encode()
        if mark in begin and place.is_file():
            with place.open("rb") as file:
                if mark not in file.read(1000):
                    found, hint = f"a file {path} that tinycc did not make", "Give the model a folder of its own."
                    raise fail(f"output folder {out}", found, "none that would be overwritten", hint)


@contextmanager
def _folder(path: Path) -> Iterator[Path]:
    """A folder and its parents, made if need be. What was made goes again if the body fails."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    try:
        path.mkdir(parents=True, exist_ok=True)
        yield path
    except BaseException:
        if missing:
            shutil.rmtree(missing[-1], ignore_errors=True)
        raise


@contextmanager
def _moved(source: Path, target: Path, backup: Path) -> Iterator[None]:
    """`source` as `target`. What was there before is copied to `backup`, and is back if the body fails."""
    existed = target.exists()
    if existed:
        backup.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(target, backup)
    os.replace(source, target)
    try:
        yield
    except BaseException:
        if existed:
            os.replace(backup, target)
        else:
            target.unlink()
        raise


@contextmanager
def _removed(target: Path, backup: Path) -> Iterator[None]:
    """Without `target`, which is back if the body fails."""
    backup.parent.mkdir(parents=True, exist_ok=True)
    os.replace(target, backup)
    try:
        yield
    except BaseException:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(backup, target)
        raise


@contextmanager
def workspace() -> Iterator[Path]:
    """A temporary folder for builds, gone afterwards; so are those of processes that were killed."""
    place = Path(tempfile.gettempdir())
    _recover(place, WORK)
    with _staging(place, WORK) as staging:
        (staging / "files").mkdir()
        yield staging / "files"
