"""Answers remembered from run to run, each by a digest of all that it follows from.

One file, replaced as a whole: a run that is stopped leaves the old one, and of two runs at once the last one wins.
What it holds is never trusted. A file that is damaged, or was written for something else, is as good as none; and since
it may have come with somebody's repository, nothing is called to read it but memlint's own classes of plain values.
"""

from __future__ import annotations

import io
import pickle
import sys
from collections.abc import Iterable, Iterator
from enum import Enum
from hashlib import blake2b
from pathlib import Path
from tempfile import NamedTemporaryFile, SpooledTemporaryFile
from typing import IO, cast

_Entry = tuple[str, bytes, bytes]
"""The absolute path of a file, the key of an answer about it, and the answer, pickled."""

_NAME = "answers"
_MARK = b"memlint cache 1\n"
_LENGTH = 16
_SIZE_LIMIT = 256 << 20
_IN_MEMORY = 1 << 16
_KEPT_OUT = {
    ".gitignore": "*\n",
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n# Made by memlint; it may be deleted at any time.\n",
}
"""What keeps the folder out of repositories, and out of backups (bford.info/cachedir: Cache Directory Tagging)."""


class Cache:
    """What was answered about files: by their absolute paths, and by digests of what each answer follows from.

    It must be closed: what is new waits in a file of its own until it is written.
    """

    def __init__(self, before: Iterable[_Entry] = ()) -> None:
        self._before: dict[str, dict[bytes, bytes]] = {}
        for path, key, answer in before:
            self._before.setdefault(path, {})[key] = answer
        self._asked: set[str] = set()
        self._recalled: set[bytes] = set()
        self._news = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - `close` closes it

    @property
    def has_news(self) -> bool:
        """Whether this run was told what the cache did not know."""
        return self._news.tell() > 0

    def close(self) -> None:
        """Forget what is new."""
        self._news.close()

    def recall(self, path: str, key: bytes) -> object | None:
        """What was answered about this file when it followed from the same; None if nobody knows."""
        self._asked.add(path)
        answer = self._before.get(path, {}).get(key)
        if answer is None:
            return None
        found = _load(io.BytesIO(answer))
        if found is not None:
            self._recalled.add(key)
        return found

    def keep(self, path: str, key: bytes, answer: object) -> None:
        """Remember an answer; what earlier runs were told of the same file is forgotten unless it was recalled."""
        pickle.dump((path, key, pickle.dumps(answer, protocol=5)), cast("IO[bytes]", self._news), protocol=5)

    def entries(self) -> Iterator[_Entry]:
        """What this run was told or recalled, and what earlier ones were told of other files that are still there."""
        self._news.seek(0)
        yield from _entries(cast("IO[bytes]", self._news))
        for path, answers in self._before.items():
            keys = answers.keys() & self._recalled if path in self._asked else answers if _is_there(path) else ()
            yield from ((path, key, answers[key]) for key in keys)


def _is_there(path: str) -> bool:
    try:
        return Path(path).exists()
    except OSError:  # behind a folder that nobody may enter any more
        return False


def digest(*parts: bytes | str) -> bytes:
    """A name for what is made of these, in this order: 16 bytes of BLAKE2b (RFC 7693)."""
    found = blake2b(digest_size=_LENGTH)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        found.update(b"%d:" % len(data) + data)
    return found.digest()


def read(folder: Path, basis: bytes) -> Cache:
    """The cache of a folder, if all it holds follows from `basis`; an empty one otherwise."""
    try:
        file = folder / _NAME
        data = file.read_bytes() if file.stat().st_size < _SIZE_LIMIT else b""
    except OSError:
        return Cache()
    head, body, sum_ = data[: len(_MARK) + _LENGTH], data[len(_MARK) + _LENGTH : -_LENGTH], data[-_LENGTH:]
    if head != _MARK + basis or sum_ != blake2b(body, digest_size=_LENGTH).digest():
        return Cache()
    return Cache(_entries(io.BytesIO(body)))


def write(folder: Path, basis: bytes, cache: Cache) -> None:
    """Replace what the folder holds. Raises `OSError` where that is not possible."""
    if folder.is_symlink():
        raise OSError("it is a link, which may lead anywhere")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in _KEPT_OUT.items():
        if not (folder / name).exists():
            (folder / name).write_text(text, encoding="ascii")
    sum_ = blake2b(digest_size=_LENGTH)
    with NamedTemporaryFile(dir=folder, delete=False) as file:
        try:
            file.write(_MARK + basis)
            for entry in cache.entries():
                line = pickle.dumps(entry, protocol=5)
                sum_.update(line)
                file.write(line)
            file.write(sum_.digest())
            file.close()
            Path(file.name).replace(folder / _NAME)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def _entries(lines: IO[bytes]) -> Iterator[_Entry]:
    while isinstance(entry := _load(lines), tuple):
        yield cast("_Entry", entry)


def _load(pickled: IO[bytes]) -> object | None:
    """The next value; None at the end, and for what is no value of ours."""
    try:
        return cast("object", _Values(pickled).load())
    except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError, EOFError):
        return None
    except (ImportError, MemoryError, RecursionError, pickle.UnpicklingError):
        return None


class _Values(pickle.Unpickler):
    """Reads nothing but plain values and memlint's own (Python's documentation, pickle, "Restricting Globals")."""

    def find_class(self, module: str, name: str) -> object:
        found = getattr(sys.modules.get(module), name, None) if module.startswith("memlint.") else None
        if isinstance(found, type) and (issubclass(found, Enum) or hasattr(found, "__match_args__")):
            return found
        raise pickle.UnpicklingError(f"{module}.{name} is no value of memlint")
