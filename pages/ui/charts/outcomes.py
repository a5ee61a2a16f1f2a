"""What became of the mentees: shares of those reached at follow-up, cohort by cohort, against the objective."""

import altair as alt
import pandas as pd

from pages.ui.charts import rows
from pages.ui.charts.style import DASHED, done, halo
from pages.ui.theme import Tokens
from pages.ui.words import listed, per_cent

_FEW = "too few to show"
#: So near an edge, as a share of the scale, the objective's name leans inwards.
_EDGE = 0.2


def shares(frame: pd.DataFrame, t: Tokens, *, chosen: str | None, objective: float | None) -> alt.LayerChart:
    """cohort, note ("of 38, Apr 2006"), employed, in_field (per cents, may be missing), in the order given.

    A row without its share employed says so; `absent` may hold other words for it than "too few to show".
    """
    table = _table(frame)
    low, high = _span(table, objective)
    words = rows.Ends(["employed"], [""], [1], left=rows.wide([*table["in_field_text"], "in their field"]) + 16)
    scale = alt.Scale(domain=[low, high], range=words.reach())
    mine = table["cohort"].eq(chosen)
    named = table["in_field"].first_valid_index()  # the shares are named once, where both are to be seen
    named = table["employed"].first_valid_index() if named is None else named
    table = table.assign(mine=mine, named=table.index == named)
    bold = str(table.loc[mine, "row"].iloc[0]) if mine.any() else ""
    base = alt.Chart().encode(y=rows.y([*table["row"]], t, bold=bold))
    x, field = alt.X("employed:Q", axis=None, scale=scale), alt.X("in_field:Q", axis=None, scale=scale)
    subject = alt.when("datum.mine")
    colour = subject.then(alt.value(t.chosen)).otherwise(alt.value(t.context))
    known, both = base.transform_filter("isValid(datum.employed)"), base.transform_filter("isValid(datum.in_field)")
    layers = [
        both.mark_rule(strokeWidth=2.5).encode(x=field, x2=alt.X2("employed"), color=colour),
        *(_objective(objective, (objective - low) / (high - low), scale, t) if objective is not None else []),
        known.mark_text(align="left", dx=11, fontWeight=700, **halo(t)).encode(x=x, text=alt.Text("employed_text:N")),
        both.mark_text(align="right", dx=-11, **halo(t)).encode(x=field, text=alt.Text("in_field_text:N")),
        both.mark_point(size=105, fill=t.paper, strokeWidth=2.5).encode(x=field, stroke=colour),
        known.mark_point(size=150).encode(x=x, color=colour),
        known.mark_text(align="left", dx=11, fontWeight=700).encode(
            x=x, text=alt.Text("employed_text:N"), color=subject.then(alt.value(t.chosen)).otherwise(alt.value(t.ink))
        ),
        both.mark_text(align="right", dx=-11, **halo(t)).encode(x=field, text=alt.Text("in_field_text:N")),
        both.mark_text(align="right", dx=-11).encode(
            x=field,
            text=alt.Text("in_field_text:N"),
            color=subject.then(alt.value(t.chosen)).otherwise(alt.value(t.quiet)),
        ),
        base.transform_filter("!isValid(datum.employed)")
        .mark_text(align="left", color=t.quiet)
        .encode(x=alt.value(8), text=alt.Text("absent:N")),
        *_names(known.transform_filter("datum.named"), x, field, t),
    ]
    return done(alt.layer(*layers, data=table, height=alt.Step(50)), t, top=18, bottom=26)


def shares_words(frame: pd.DataFrame, *, objective: float | None) -> str:
    """Each cohort with its base, both shares, and the objective."""
    parts = [
        f"{row.cohort}{f' ({row.note})' if row.note else ''} {row.absent or _said(row)}"
        for row in _table(frame).itertuples()
    ]
    if not parts:
        return "No mentee has been followed up yet."
    goal = f" The objective is {per_cent(objective)} employed." if objective is not None else ""
    return f"Share of mentees reached at follow-up: {'; '.join(parts)}.{goal}"


def _said(row: object) -> str:
    both = [f"{row.employed_text} employed", f"{row.in_field_text} in their field" if row.in_field_text else ""]
    return listed(word for word in both if word)


def _table(frame: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame({"cohort": rows.told(frame, "cohort"), "note": rows.told(frame, "note")})
    table["row"] = [rows.name(c, n) for c, n in zip(table["cohort"], table["note"], strict=True)]
    table["employed"] = [*rows.numbers(frame["employed"])]
    table["in_field"] = rows.numbers(frame["in_field"]).to_numpy()
    table["in_field"] = table["in_field"].where(table["employed"].notna())
    for share in ("employed", "in_field"):
        table[f"{share}_text"] = ["" if pd.isna(value) else per_cent(value) for value in table[share]]
    missing = rows.told(frame, "absent", _FEW)
    table["absent"] = ["" if pd.notna(value) else word for value, word in zip(table["employed"], missing, strict=True)]
    return table


def _span(table: pd.DataFrame, objective: float | None) -> tuple[float, float]:
    """From the least to the most that is shown, and never so close that a point looks like a leap."""
    seen = [*table["employed"].dropna(), *table["in_field"].dropna(), *([] if objective is None else [objective])]
    low, high = (min(seen), max(seen)) if seen else (0, 100)
    room = max(30 - (high - low), 0) / 2
    return max(low - room, 0), high + room


def _names(base: alt.Chart, x: alt.X, field: alt.X, t: Tokens) -> list[alt.Chart]:
    """What the filled point is, and the hollow one."""
    employed, in_field = base.encode(x=x, text=alt.value("employed")), base.transform_filter("isValid(datum.in_field)")
    in_field = in_field.encode(x=field, text=alt.value("in their field"))
    right, left = {"align": "left", "dx": 2, "dy": -18}, {"align": "right", "dx": -4, "dy": -18}
    return [
        employed.mark_text(**right, **halo(t)),
        in_field.mark_text(**left, **halo(t)),
        employed.mark_text(**right, color=t.quiet),
        in_field.mark_text(**left, color=t.quiet),
    ]


def _objective(goal: float, place: float, scale: alt.Scale, t: Tokens) -> list[alt.Chart]:
    """`place` is how far right it stands, 0 to 1; near an edge its name leans inwards."""
    rule = alt.Chart(pd.DataFrame({"goal": [float(goal)], "name": [f"objective {per_cent(goal)} employed"]})).encode(
        x=alt.X("goal:Q", axis=None, scale=scale)
    )
    lean = "left" if place < _EDGE else "right" if place > 1 - _EDGE else "center"
    text = rule.mark_text(color=t.objective, fontWeight=600, align=lean, baseline="top", dy=8)
    return [rule.mark_rule(color=t.objective, **DASHED), text.encode(y=alt.value("height"), text=alt.Text("name:N"))]
