"""Answers remembered from run to run, each by a digest of all that it follows from.

One file, replaced as a whole: a run that is stopped leaves the old one, and of two runs at once the last one wins.
What it holds is never trusted. A file that is damaged, or was written for something else, is as good as none; and since
it may have come with somebody's repository, an answer is a text, and of that only plain values can be made (`plain`).
Of the file itself nothing is kept but where each answer stands in it: one is read when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import blake2b
from os import SEEK_END
from pathlib import Path
from struct import Struct
from tempfile import NamedTemporaryFile, SpooledTemporaryFile
from typing import IO, NamedTuple, cast

from memlint.model.plain import dump, load

_NAME = "answers"
_MARK = b"memlint cache 2\n"
_LENGTH = 16
_SIZES = Struct("<III")
"""What an entry begins with: the lengths of a file's absolute path, of the key of an answer about it, and of that."""
_MOST = 256 << 20
"""Bytes from which a cache is none: what does not fit is found out anew."""
_IN_MEMORY = 1 << 16
_PIECE = 1 << 20
_KEPT_OUT = {
    ".gitignore": "*\n",
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n# Made by memlint; it may be deleted at any time.\n",
}
"""What keeps the folder out of repositories, and out of backups (bford.info/cachedir: Cache Directory Tagging)."""


class _Entry(NamedTuple):
    """Where an answer about a file stands: the whole entry, and the answer at its end."""

    path: str
    key: bytes
    start: int
    size: int
    answer: int


class Cache:
    """What was answered about files: by their absolute paths, and by digests of what each answer follows from.

    It must be closed: it reads the file of earlier runs while it is asked, and what is new waits in one of its own.
    """

    def __init__(self, before: IO[bytes] | None = None, entries: Iterable[_Entry] = ()) -> None:
        self._before = before
        self._known: dict[str, dict[bytes, _Entry]] = {}
        for entry in entries:
            self._known.setdefault(entry.path, {})[entry.key] = entry
        self._asked: set[str] = set()
        self._recalled: set[bytes] = set()
        self._news = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - `close` closes it

    @property
    def has_news(self) -> bool:
        """Whether this run was told what the cache did not know."""
        return self._news.tell() > 0

    def close(self) -> None:
        """Forget what is new, and leave the file of earlier runs alone."""
        self._news.close()
        if self._before is not None:
            self._before.close()

    def knows(self, path: str) -> bool:
        """Whether anything was ever answered about a file."""
        return path in self._known

    def recall(self, path: str, key: bytes) -> object | None:
        """What was answered about this file when it followed from the same; None if nobody knows."""
        self._asked.add(path)
        entry = self._known.get(path, {}).get(key)
        if entry is None:
            return None
        try:
            found = load(self._read(entry)[-entry.answer :])
        except OSError:
            return None
        if found is not None:
            self._recalled.add(key)
        return found

    def keep(self, path: str, key: bytes, answer: object) -> None:
        """Remember an answer; what earlier runs were told of the same file is forgotten unless it was recalled."""
        with suppress(RecursionError):  # it is too deep to be written down
            texts = (path.encode("utf-8", "surrogatepass"), key, dump(answer))
            self._news.write(_SIZES.pack(*map(len, texts)) + b"".join(texts))

    def entries(self) -> Iterator[bytes]:
        """What this run was told or recalled, and what earlier ones were told of other files that are still there."""
        news, size = cast("IO[bytes]", self._news), self._news.tell()
        news.seek(0)
        yield from (_read_at(news, entry) for entry in _entries(news, size))
        for path in (path for path in self._known if path in self._asked):
            yield from (self._read(entry) for key, entry in self._known[path].items() if key in self._recalled)
        for path in (path for path in self._known if path not in self._asked and _is_there(path)):
            yield from map(self._read, self._known[path].values())

    def _read(self, entry: _Entry) -> bytes:
        return _read_at(self._before, entry) if self._before is not None else b""


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
        file = (folder / _NAME).open("rb")
    except OSError:
        return Cache()
    try:
        end = _end_of_entries(file, basis)
        if end:
            file.seek(len(_MARK) + _LENGTH)
            return Cache(file, list(_entries(file, end)))
    except (OSError, ValueError):
        pass
    file.close()
    return Cache()


def _end_of_entries(file: IO[bytes], basis: bytes) -> int:
    """Where the entries end, if they were written for `basis` and are whole; 0 if not."""
    size = file.seek(0, SEEK_END)
    file.seek(0)
    if size > _MOST or file.read(len(_MARK) + _LENGTH) != _MARK + basis:
        return 0
    sum_ = blake2b(digest_size=_LENGTH)
    while piece := file.read(min(_PIECE, size - _LENGTH - file.tell())):
        sum_.update(piece)
    return size - _LENGTH if file.read() == sum_.digest() else 0


def write(folder: Path, basis: bytes, cache: Cache) -> None:
    """Replace what the folder holds, and close the cache. Raises `OSError` where that is not possible."""
    if folder.is_symlink():
        raise OSError("it is a link, which may lead anywhere")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in _KEPT_OUT.items():
        if not (folder / name).exists():
            (folder / name).write_text(text, encoding="ascii")
    sum_ = blake2b(digest_size=_LENGTH)
    with NamedTemporaryFile(dir=folder, delete=False) as file:
        try:
            room = _MOST - file.write(_MARK + basis) - _LENGTH
            for entry in cache.entries():
                room -= len(entry)
                if room < 0:
                    break
                sum_.update(entry)
                file.write(entry)
            file.write(sum_.digest())
            file.close()
            cache.close()  # Windows replaces no file that somebody reads
            Path(file.name).replace(folder / _NAME)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def _entries(file: IO[bytes], end: int) -> Iterator[_Entry]:
    """Those that stand whole before `end`; the file may be read elsewhere meanwhile."""
    at = file.tell()
    while at + _SIZES.size <= end:
        file.seek(at)
        path, key, answer = _SIZES.unpack(file.read(_SIZES.size))
        size = _SIZES.size + path + key + answer
        if at + size > end:
            return
        name = file.read(path).decode("utf-8", "surrogatepass")
        yield _Entry(name, file.read(key), at, size, answer)
        at += size


def _read_at(file: IO[bytes], entry: _Entry) -> bytes:
    file.seek(entry.start)
    return file.read(entry.size)
