"""The verdict on one acquisition, from all the rooms that judge."""

from __future__ import annotations

from memlint.ledger import Insight, Lifetime
from memlint.model.finding import Confidence
from memlint.semantics.repetition.rate import Rate
from memlint.verdicts.duty.duty import OWNED, is_handed_over
from memlint.verdicts.holder.holding import outlived_by
from memlint.verdicts.holder.owned import is_completed, judge_owned
from memlint.verdicts.release.anew import judge_added_anew
from memlint.verdicts.release.called_back import judge_called_back
from memlint.verdicts.release.displaced import judge_displaced
from memlint.verdicts.release.ends import judge_ends
from memlint.verdicts.release.handles import judge_handle
from memlint.verdicts.release.outliving import judge_outliving
from memlint.verdicts.release.overwriting import judge_overwritten
from memlint.verdicts.release.partial import judge_partial
from memlint.verdicts.release.racing import judge_racing
from memlint.verdicts.release.rearming import judge_rearming
from memlint.verdicts.release.telling import judge_telling
from memlint.verdicts.release.unmounting import judge_unmounting
from memlint.verdicts.release.updating import judge_updating
from memlint.verdicts.release.waiting import judge_waiting
from memlint.verdicts.verdict import Verdict


def judge(life: Lifetime, seen: Insight) -> Verdict | None:
    """The verdict on one acquisition; None if something lets go of it, or may."""
    if life.frequency.rate is Rate.ONCE or is_handed_over(life, seen):
        return None
    if life.resource.holder in OWNED:
        return None if is_completed(life, seen) else judge_displaced(life, seen) or judge_owned(life, seen)
    if life.resource.holder == "self":
        if _is_a_guess(life, seen):
            return None
        if life.shape.calls_back:
            return judge_called_back(life, seen)
        return judge_handle(life, seen) or judge_overwritten(
            life, seen, Confidence.MEDIUM, seen.reach.teardowns(life.call.function)
        )
    if life.resource.fires_once and life.resource.holder == "process":
        return _judge_one_shot(life, seen)
    displaced = judge_displaced(life, seen)
    if displaced is not None:
        return displaced
    confidence = outlived_by(life, seen)
    if confidence is None:
        return judge_telling(life, seen)
    return (
        judge_ends(life, seen, confidence)
        or judge_updating(life, seen, confidence)
        or judge_partial(life, seen, confidence)
        or judge_added_anew(life, seen)
        or judge_telling(life, seen)
    )


def _is_a_guess(life: Lifetime, seen: Insight) -> bool:
    """A lender that is known by its name alone, in a file that gives nothing of this name back: it may lend nothing."""
    if not life.shape.named or life.ends:
        return False
    name = seen.file.name_of(life.call.fate.place)
    returned = (call for end in life.resource.release for call in seen.file.calls_named.get(end.name, ()))
    return not any(call.receiver is not None and seen.file.name_of(call.receiver) == name for call in returned)


def _judge_one_shot(life: Lifetime, seen: Insight) -> Verdict | None:
    """What ends itself when it fires leaks if it arms itself again, or outwaits what it is for."""
    return (
        judge_rearming(life, seen)
        or judge_partial(life, seen, Confidence.MEDIUM)
        or judge_racing(life, seen)
        or judge_waiting(life, seen)
        or judge_unmounting(life, seen)
        or judge_outliving(life, seen)
    )
