"""Match review: the queue, the card, the decision."""

import streamlit as st

from pages.ui import identity, look
from pages.ui.review import card as the_card
from pages.ui.review import choose, decide, pick, propose
from pages.ui.review import queue as the_queue
from services import alternatives, programmes, queue, reading, review
from services import card as cards
from services.errors import NotFound

SIDES = [49, 51]

actor = identity.require()

with reading() as session:
    programme = programmes.main(session)
    waiting = queue.queue(session, by=actor, programme_id=programme.id)
    undoable = review.undoable(session, by=actor)
    today = programmes.today(session, programme.id)
    reasons = programmes.clocks(session, programme.id).decline_reasons

left = int((waiting.rows["age"] != "held").sum())
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    st.title("Match review", anchor=False, width="content")
    share = round(100 * waiting.decided_today / max(waiting.decided_today + left, 1))
    done = look.bar(share, f"{waiting.decided_today} of {waiting.decided_today + left} decided")
    st.markdown(f"**{waiting.decided_today}** decided today  {done}  **{left}** left", width="content")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Propose matches", key="propose"):
            propose.dialog(actor)

rows = the_queue.filters(waiting.rows)
card = None
if wanted := pick.chosen(rows):
    try:
        with reading() as session:
            card = cards.card(session, wanted, by=actor)
            parts = alternatives.fit_parts(session, wanted, by=actor)
            others = alternatives.other_mentors(session, wanted, by=actor)
    except NotFound as error:
        pick.forget(str(error))

decide.refused()
if card is None:
    with st.container(border=True, horizontal_alignment="center", key="caught_up"):
        st.header(
            ":green[:material/task_alt:] All caught up" if left == 0 else "Nothing under this filter", anchor=False
        )
        st.markdown("Nothing waits for a decision here. Propose matches, or import new mentees and mentors.")
else:
    the_queue.phone(rows)
    left_side, right_side = st.columns(SIDES, gap="small")
    with left_side.container(key="queue_pane"):
        the_queue.table(rows)
    with right_side.container(border=True, gap="small", key="card_pane"):
        decide.question(card, reasons, by=actor, today=today)
        choose.question(card, by=actor)
        the_card.head(card)
        the_card.side_by_side(card, parts)
        the_card.warnings(card)
        below = [side.container(gap="xxsmall") for side in st.columns([54, 46], gap="small")]
        if card.state.value == "proposed":  # the plan has other mentors only while the question is open
            with below.pop(0):
                the_card.others(card, others, by=actor)
        with below[0]:
            the_card.history(card)

with st.bottom:
    walk, decision = st.columns(SIDES, gap="small", vertical_alignment="center")
    with walk.container(horizontal=True, vertical_alignment="center", gap="small", key="walk"):
        up, down = ":material/keyboard_arrow_up:", ":material/keyboard_arrow_down:"
        st.button("Previous", icon=up, shortcut="K", key="previous", type="tertiary", on_click=pick.go, args=(-1,))
        st.button("Next", icon=down, shortcut="J", key="next", type="tertiary", on_click=pick.go, args=(1,))
        decide.said()
    with decision:
        decide.bar(card, by=actor, undoable=undoable)
