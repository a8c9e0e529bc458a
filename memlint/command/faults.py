"""The faults of all rooms, told as one kind: a sentence and an exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from memlint.command.streams import Fault


@contextmanager
def as_faults() -> Iterator[None]:
    """What the user can put right becomes a `Fault`; what is wrong with memlint stays what it is."""
    try:
        yield
    except OSError as error:
        raise Fault(": ".join(filter(None, [error.filename, error.strerror or str(error)]))) from error
    except Exception as error:
        if isinstance(error, _faults_of_the_house()):
            raise Fault(str(error)) from error
        raise


def _faults_of_the_house() -> tuple[type[Exception], ...]:
    from memlint.catalog.folder import CatalogError  # noqa: PLC0415 - `--version` does without
    from memlint.config.files import ConfigError  # noqa: PLC0415 - the same
    from memlint.discovery.walk import PathError  # noqa: PLC0415 - the same

    return ConfigError, PathError, CatalogError
