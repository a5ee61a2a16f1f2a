"""The one palette. `.streamlit/config.toml` gives the same colours to Streamlit; a test compares the two."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Hue:
    """One colour of status: marks stand out 3:1 from paper, text 7:1 from paper, panel, side and its own tint."""

    mark: str
    tint: str
    text: str


@dataclass(frozen=True)
class Tokens:
    """The colours of one theme, named by what they mean."""

    paper: str
    panel: str  # fields, heads of tables
    side: str  # the side bar
    ink: str
    line: str  # edges of cards and fields
    grid: str  # between the rows of a table
    rule: str  # the baseline of a chart
    context: str  # everything in a chart that is not its subject
    track: str  # the empty part of a bar
    red: Hue  # overdue, refused
    orange: Hue  # due; on charts the objective
    yellow: Hue  # milestones
    green: Hue  # met, done
    blue: Hue  # the accent, and on charts the subject
    gray: Hue  # fresh, on hold, notes

    @property
    def quiet(self) -> str:
        """Notes, and the labels of axes."""
        return self.gray.text

    @property
    def chosen(self) -> str:
        """The subject: this cohort, this count."""
        return self.blue.mark

    @property
    def objective(self) -> str:
        """Objectives and nothing else, always dashed."""
        return self.orange.mark

    @property
    def gold(self) -> str:
        """Milestones and the moment of celebration."""
        return self.yellow.mark


LIGHT = Tokens(
    paper="#FFFFFF",
    panel="#F4F6F8",
    side="#F4F6F8",
    ink="#131C2B",
    line="#D5DCE4",
    grid="#E4E9EF",
    rule="#8793A1",
    context="#8595A7",
    track="#D9E0E8",
    red=Hue("#B3261E", "#FDECEA", "#8C1D18"),
    orange=Hue("#B34700", "#FFF0E3", "#7F3300"),
    yellow=Hue("#C98200", "#FFF4D6", "#6E4400"),
    green=Hue("#0B6B52", "#E3F4EE", "#07543F"),
    blue=Hue("#0A5594", "#E6F0FA", "#0A4A82"),
    gray=Hue("#5B6878", "#EDF0F4", "#434F60"),
)

DARK = Tokens(
    paper="#0A1424",
    panel="#14213A",
    side="#0D1A2E",
    ink="#F4F6FA",
    line="#2C3B55",
    grid="#1F2D47",
    rule="#5D6F8C",
    context="#5F7797",
    track="#33435F",
    red=Hue("#FF9A8F", "#43191D", "#FFB4AB"),
    orange=Hue("#FFB27A", "#40240F", "#FFC79E"),
    yellow=Hue("#FFD166", "#382B08", "#FFDA85"),
    green=Hue("#6FD3B0", "#0C372E", "#8FE0C3"),
    blue=Hue("#8CC8FF", "#12345C", "#B5DBFF"),
    gray=Hue("#9AA8BC", "#24334F", "#B9C4D4"),
)


def bar_path(value: float, *, dark: bool) -> str:
    """The served picture of a bar filled to `value` out of 100, in steps of five; more than full is full."""
    return f"app/static/bars/{'d' if dark else 'l'}{5 * round(min(max(value, 0), 100) / 5)}.svg"
