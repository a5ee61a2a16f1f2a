"""Certificates as a PDF, a letter page in landscape each."""

from collections.abc import Sequence

from services.exports.letters import plain
from services.exports.palette import COLOURS
from services.exports.typeset import typeset
from services.recognition import Certificate
from services.wording import counted, day


def certificates(given: Sequence[Certificate]) -> bytes:
    """One page for each, in their order. There is at least one."""
    pages = [
        {
            "name": one.name,
            "programme": one.programme,
            "organisation": one.organisation,
            "reason": f"for {counted(one.completed, 'match', 'matches')} completed as a mentor",
            "day": day(one.day),
        }
        for one in map(plain, given)
    ]
    return typeset("certificate.typ", {"colours": COLOURS, "pages": pages}, given[0].day)
