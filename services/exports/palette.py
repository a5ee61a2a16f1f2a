"""The colours of print: the light theme's, copied because services know no page; a test compares the two."""

PAPER = "#FFFFFF"
PANEL = "#F4F6F8"
INK = "#131C2B"
QUIET = "#434F60"
LINE = "#D5DCE4"
RULE = "#8793A1"
CONTEXT = "#8595A7"
CHOSEN = "#0A5594"
OBJECTIVE = "#B34700"
GOOD = "#07543F"
BAD = "#8C1D18"

#: By the names that the template of the PDF uses.
COLOURS = {
    "paper": PAPER,
    "panel": PANEL,
    "ink": INK,
    "quiet": QUIET,
    "line": LINE,
    "rule": RULE,
    "context": CONTEXT,
    "chosen": CHOSEN,
    "objective": OBJECTIVE,
    "good": GOOD,
    "bad": BAD,
}
