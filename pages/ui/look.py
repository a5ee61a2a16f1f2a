"""How every page is dressed, beyond what the theme in `.streamlit/config.toml` can say."""

import streamlit as st

from pages.ui.theme import DARK, LIGHT, Tokens, bar_path

# Rules for what no theme option reaches in Streamlit 1.67; each says why. No data is ever put in here.
_DRESS = """
<style>
/* horizontal page padding is not configurable; the default spends 160 px on it */
[data-testid="stMainBlockContainer"] { padding-inline: 1.75rem; max-width: 1680px }
[data-testid="stBottomBlockContainer"] { padding: .5rem 1.75rem .55rem; max-width: 1680px }
/* the title stands at one height on every page, whatever stands beside it */
[data-testid="stSidebar"] ~ * h1 { padding-block: .375rem }
[data-testid="stSidebar"] ~ * [data-testid="stMarkdownContainer"]:has(> * > h1) { margin-bottom: 0 }
/* a hairline above the decision bar, so that what scrolls ends somewhere */
[data-testid="stBottom"] > div { border-top: 1px solid color-mix(in srgb, currentColor 16%, transparent) }
/* working panes end above the decision bar at any height of the window; native heights are pixels only */
@media (min-width: 641px) {
  .st-key-queue_pane, .st-key-card_pane {
    flex: none !important; height: calc(100dvh - 12.6rem) !important; min-height: 26rem !important
  }
  .st-key-card_pane { overflow: auto }
}
/* people: both panes end with the window; on a phone the person takes the place of the list */
@media (min-width: 641px) {
  .st-key-pairs_pane, .st-key-pair_pane {
    flex: none !important; height: calc(100dvh - 5.8rem) !important; min-height: 26rem !important
  }
  .st-key-people_pane, .st-key-person_pane {
    flex: none !important; height: calc(100dvh - 8.6rem) !important; min-height: 26rem !important
  }
  :is(.st-key-person_pane, .st-key-pair_pane) { overflow: auto }
  [data-testid="stLayoutWrapper"]:has(> .st-key-people_back) { display: none }
}
@media (max-width: 640px) {
  [data-testid="stHorizontalBlock"]:has(.st-key-people_back) > [data-testid="stColumn"]:has(.st-key-people_pane) {
    display: none
  }
}
/* two entries on a phone: they take the place of the list of pairs */
@media (max-width: 640px) {
  [data-testid="stHorizontalBlock"]:has(.st-key-merge_back) > [data-testid="stColumn"]:has(.st-key-pairs_pane) {
    display: none
  }
}
/* the queue: a table where there is room, one line on a phone, unless rows are to be ticked */
@media (min-width: 641px) { [data-testid="stLayoutWrapper"]:has(> .st-key-queue_line) { display: none } }
@media (max-width: 640px) {
  .st-key-walk, [data-testid="stColumn"]:has(.st-key-queue_pane):not(:has(.st-key-queue_ticks)) { display: none }
  .st-key-queue_pane { height: auto !important; flex: none !important }
}
/* follow-ups on a phone: whoever is to be asked next stands above the list */
@media (max-width: 640px) { [data-testid="stColumn"]:has(.st-key-follow_up_card) { order: -1 } }
/* what was recorded stands beside the counts, in a line that is as high before as after */
.st-key-follow_up_said { min-height: 2.5rem }
/* a row breaks before its button loses its words */
[data-testid="stLayoutWrapper"]:has(> [data-testid="stHorizontalBlock"] > .st-key-propose) { flex-basis: max-content }
/* no keyboard on a phone: no list of keys, and no letters on buttons */
@media (max-width: 640px) { :is(.st-key-keys, [data-testid="stMain"] button kbd) { display: none } }
/* what was done stays on one line beside Previous and Next, so that the bar never grows */
.st-key-walk { flex-wrap: nowrap; overflow: hidden }
.st-key-walk > :last-child { flex: 1 1 0; min-width: 0 }
.st-key-walk p { white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
/* the card's table on a phone: four columns in 300 pixels */
@media (max-width: 640px) {
  .st-key-card_pane [data-testid="stTable"] :is(th, td) {
    padding: .4rem .25rem; font-size: .8rem; overflow-wrap: anywhere
  }
  .st-key-card_pane [data-testid="stTable"] :is(th, td) p { font-size: inherit }
  .st-key-card_pane img[src*="/static/bars/"] { width: 44px }
}
/* the next matches of a coach: a line each, read from the left, high enough for a thumb */
[class*="st-key-owed_"] button { justify-content: flex-start; text-align: left; min-height: 2.95rem }
@media (pointer: coarse) {
  :is(.st-key-log_card, .st-key-week_said, .st-key-follow_up_card, .st-key-answer) button { min-height: 2.95rem }
}
[class*="st-key-owed_"] button > div { justify-content: flex-start }
/* an event on a phone: its title, the door first as wide as a thumb reaches, and what else can be done */
@media (max-width: 640px) {
  [data-testid="stLayoutWrapper"]:has(> .st-key-event_bar) { flex: 1 0 100% }
  .st-key-event_bar { justify-content: flex-start }
  .st-key-event_bar > .st-key-event_door { order: -1; flex: 1 0 100% }
  .st-key-event_door :is(div, button) { width: 100% }
  .st-key-event_bar > :has(> [data-testid="stPopover"]) { display: none }
}
/* on a touch screen the tables' hover toolbar is there for good, over what stands above them */
@media (pointer: coarse) {
  :is(.st-key-event_list, .st-key-events_past, .st-key-invite_list, .st-key-waitlist_table, [class*="st-key-linked_"])
    [data-testid="stElementToolbar"] {
    display: none
  }
}
/* a ruled band of figures, and ruled panels: boxes would say "button", rules say "read on" */
[class*="st-key-figures"] {
  border-block: 1px solid color-mix(in srgb, currentColor 22%, transparent); padding-block: .9rem .5rem
}
[class*="st-key-panel_"] { border-top: 2px solid currentColor; padding-top: .8rem; margin-top: .9rem }
[class*="st-key-panel_"] h2 { padding: 0 0 .9rem; text-wrap: balance }
/* on a phone the choice of cohort and day stands below the title, as wide as the page */
@media (max-width: 640px) {
  .st-key-scope_header > *, .st-key-scope { flex: 1 0 100% !important; width: 100%; justify-content: flex-start }
}
/* the fact sheet's number is its headline, as in print */
.st-key-sheet_headline [data-testid="stMetricValue"] { color: var(--accent-mark); line-height: 1 }
.st-key-sheet_headline [data-testid="stMetricValue"] * {
  font-size: clamp(4.5rem, 9vw, 8.5rem); font-weight: 800; line-height: 1
}
/* page links in cards: the text stands under the card's text, not the hover padding */
.st-key-cards [data-testid="stPageLink"] a { position: relative; left: -.5rem; min-height: 2.5rem }
/* a link among buttons of the same row of cards stands as high as they do */
.st-key-to_milestones [data-testid="stPageLink"] a { top: -.25rem }
/* what needs someone: a table where there is room, links on a phone */
@media (min-width: 641px) { [data-testid="stLayoutWrapper"]:has(> .st-key-lines_phone) { display: none } }
@media (max-width: 640px) { [data-testid="stLayoutWrapper"]:has(> .st-key-lines_table) { display: none } }
.st-key-lines_phone [data-testid="stPageLink"] a { min-height: 2.75rem; padding-inline: 0 }
.st-key-lines_phone [data-testid="stPageLink"] a * { white-space: normal; overflow: visible }
.st-key-cards [class*="st-key-see_why"] button { min-height: 2.5rem; padding-block: 0; margin-block: -.25rem }
/* what lies around begins in line with the lines */
.st-key-around > :first-child h2 { padding-top: .45rem }
/* the sentence gives way to its button, and on a phone stands above it */
.st-key-lead > :first-child { flex: 1 1 20rem; min-width: 0 }
@media (max-width: 640px) { .st-key-cards [data-testid="stMetricLabel"] p { font-size: .8rem } }
/* two bands of figures stand apart as one: the second needs no rule of its own above it */
:has(> .st-key-figures) + * > .st-key-figures_care { border-top: 0; padding-top: 0 }
/* more views than a phone is wide take a second line */
@media (max-width: 640px) { .st-key-view [data-testid="stButtonGroup"] > div { flex-wrap: wrap; padding-left: 1px } }
/* thumbs: choices at least 44 px high on touch screens */
@media (pointer: coarse) { [data-testid="stButtonGroup"] button { min-height: 2.95rem } }
/* the queue's hover toolbar would cover the filters above it; what it offers is offered elsewhere */
:is(.st-key-queue_pane, .st-key-matches_table, .st-key-lines_table, .st-key-people_pane, .st-key-caseload_rows,
  .st-key-follow_up_table, .st-key-duplicates_table)
  [data-testid="stElementToolbar"] { display: none }
/* small words Streamlit fades below 7:1: heads of tables, shortcut letters, the choice that is on */
[data-testid="stTable"] th p { color: var(--quiet) }
button:not(:disabled) kbd { color: var(--quiet) !important; opacity: 1 !important }
[data-testid="stButtonGroup"] button[data-selected="true"] p { color: var(--accent-text) }
/* what stands on the accent: Streamlit writes white, which the dark theme's light accent leaves at 1.7:1 */
[data-testid^="stBaseButton-primary"]:not(:disabled) :is(p, span, kbd) { color: var(--on-accent) !important }
[data-testid="stCheckbox"] polyline { stroke: var(--on-accent) !important }
/* signing in is the one thing to do there; the form's library draws its button as a lesser one */
.st-key-door [data-testid="stBaseButton-secondaryFormSubmit"] {
  background: var(--accent-text); border-color: transparent
}
.st-key-door [data-testid="stBaseButton-secondaryFormSubmit"] p { color: var(--on-accent); padding-inline: 1.5rem }
/* the first heading of a card stands where its text would */
:is(.st-key-card_pane, .st-key-follow_up_card, .st-key-person_pane, .st-key-pair_pane) > :first-child h2 {
  padding-top: 0
}
/* on paper: no menu and nothing to press, and no finding parted from its chart */
@media print {
  :is([data-testid="stSidebar"], [data-testid="stCheckbox"], [data-testid="stDownloadButton"],
    [data-testid="stTooltipIcon"],
    [data-testid="stPageLink"], [class*="st-key-open_"], .st-key-view, .st-key-sheet_mode) { display: none }
  [class*="st-key-panel_"], [data-testid="stMetric"] { break-inside: avoid }
  h2 { break-after: avoid }
  [data-testid="stMetricValue"] { font-size: 1.5rem }
}
/* fit bars stand in the middle of their line of text */
img[src*="/static/bars/"] { vertical-align: middle }
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"], [data-testid="stBottomBlockContainer"] { padding-inline: 1rem }
}
</style>
"""


def is_dark() -> bool:
    """Whether this viewer's browser shows the dark theme."""
    return st.context.theme.type == "dark"


def tokens() -> Tokens:
    """The palette this viewer sees; charts take it as an argument."""
    return DARK if is_dark() else LIGHT


def dress() -> None:
    """Apply the rules above; the frame calls it once on every run, before the page."""
    t = tokens()
    # On :root and not by color-scheme: popovers and dialogs hang outside the part of the page that carries one.
    named = {"quiet": t.quiet, "accent-text": t.blue.text, "on-accent": t.paper, "accent-mark": t.chosen}
    colours = f":root {{ {'; '.join(f'--{name}: {colour}' for name, colour in named.items())} }}"
    st.html(f"<style>{colours}</style>{_DRESS}")


def bar(value: float, alt: str) -> str:
    """Markdown for a small bar filled to `value` out of 100; `alt` is our own words, never a person's."""
    return f"![{alt}]({bar_path(value, dark=is_dark())})"
