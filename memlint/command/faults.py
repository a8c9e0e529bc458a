"""How what goes wrong while a command runs is told: every fault of the house as a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from memlint.command.streams import Fault, Misuse

INTERRUPTED = 130

Answer = TypeVar("Answer")


class Interrupted(Fault):
    """Ctrl-C: not a fault, but a sentence too."""

    exit_code = INTERRUPTED


def told(command: Callable[[], Answer]) -> Answer:
    """What a command answers with; every fault of the house becomes a sentence."""
    try:
        return command()
    except (Fault, Misuse):
        raise
    except KeyboardInterrupt:
        raise Interrupted("interrupted") from None
    except OSError as error:
        raise Fault(": ".join(filter(None, [error.filename, error.strerror or str(error)]))) from error
    except Exception as error:
        if isinstance(error, _faults_of_the_house()):
            raise Fault(str(error)) from error
        raise


def _faults_of_the_house() -> tuple[type[Exception], ...]:
    from memlint.catalog.folder import CatalogError  # noqa: PLC0415 - when there is one
    from memlint.config.files import ConfigError  # noqa: PLC0415 - when there is one
    from memlint.discovery.walk import PathError  # noqa: PLC0415 - when there is one

    return ConfigError, PathError, CatalogError
