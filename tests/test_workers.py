from __future__ import annotations

import os
import signal

import pytest

from memlint.workers import spread

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills processes")


def halved(number: int) -> int:
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    return number // 2


def lost(number: int) -> int:
    return -number


@pytest.mark.parametrize(("jobs", "share"), [(1, 1), (3, 1), (3, 50), (2, 10_000)])
def test_answers_come_in_the_order_of_the_items(jobs: int, share: int) -> None:
    items = list(range(100, 40, -1))

    assert spread(halved, lost, items, items, jobs, share) == [number // 2 for number in items]


def test_what_a_worker_dies_of_is_lost_alone() -> None:
    items = [20, 13, 8, 13, 4]

    assert spread(halved, lost, items, items, 2, 20) == [10, -13, 4, -13, 2]


def test_a_fault_of_the_work_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        spread(_fails, lost, [1, 2], [1, 1], 2, 1)


def _fails(number: int) -> int:
    return number // 0
