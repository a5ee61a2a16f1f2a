"""What came of it: up to three published findings, each protected before it came here."""

import re

import streamlit as st

from pages.ui import typeface
from pages.ui.stage import fit, head
from services.stage.board import Board, Finding
from services.stage.show import Shown

_MOST = 3
_DAY = re.compile(r" ((?:as of )?\d{1,2}) (\w+) (\d{4})")
_GAP = 4.0
_NONE = "Outcomes are shown here once enough people have answered to speak of all of them and of none in particular."


def draw(shown: Shown, where: str) -> None:
    """The value large, its words, and small its base and day."""
    findings = shown.board.findings[:_MOST]
    title = headline(shown.board)
    if not findings:
        head.alone(title, _NONE, where=where)
        return
    head.draw(title, where=where)
    share = (fit.BROAD - _GAP * (len(findings) - 1)) / len(findings)
    sizes = fit.key(lambda frame, size: _height(frame, size, title, findings, share), largest=2)
    great = fit.great_key(_great(findings, share))
    with st.container(key=f"stage_findings_{sizes}_{great}_{where}", gap=None):
        for place, (column, finding) in enumerate(zip(st.columns(len(findings), gap=None), findings, strict=True)):
            with column, st.container(key=f"stage_finding{place}{where}", gap=None):
                st.header(f":blue[{_value(finding)}]", anchor=False)
                st.text(finding.words)
                st.text(_base(finding))


def headline(board: Board) -> str:
    """What the matches led to."""
    return f"What the {board.unit} led to"


def _value(finding: Finding) -> str:
    return finding.value.replace(" %", "\u00a0%")


def _base(finding: Finding) -> str:
    """What it is of, and below it the day."""
    return _DAY.sub("\n\\1\u00a0\\2\u00a0\\3", finding.base)


def _great(findings: tuple[Finding, ...], share: float) -> float:
    return min(fit.great(_value(finding), share, 18.0) for finding in findings)


def _height(frame: fit.Frame, size: float, title: str, findings: tuple[Finding, ...], share: float) -> float:
    small = frame.sizes[-2]
    below = max(
        fit.prose(frame, size, (f.words,), share, leading=1.3, weight=600)
        + sum(typeface.lines(line, share / small) for line in _base(f).splitlines()) * small * 1.35
        for f in findings
    )
    return head.height(frame, title) + 3.0 + _great(findings, share) * 0.74 + 5.9 + below
