"""Match review: the queue, the card, the decision."""

import streamlit as st

from pages.ui import file, identity, look
from pages.ui.review import ask, choose, decide, keys, news, offer, pick, propose, several
from pages.ui.review import card as the_card
from pages.ui.review import queue as the_queue
from services import alternatives, programmes, queue, reading, review, watch
from services import card as cards
from services.errors import NotFound

SIDES = [51, 49]

actor = identity.require()
decide.arrive()
only = the_queue.asked()
wanted = st.query_params.get("match")

with reading() as session:
    programme = programmes.main(session)
    drawn = watch.pulse(session, by=actor, programme_id=programme.id, match_ref=wanted)
    waiting = queue.queue(session, by=actor, programme_id=programme.id, only=only, around=pick.around())
    undoable = review.undoable(session, by=actor)
    today = programmes.today(session, programme.id)
    reasons = programmes.clocks(session, programme.id).decline_reasons

left = waiting.counts[queue.OPEN_AGES]
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    st.title("Match review", anchor=False, width="content")
    share = round(100 * waiting.decided_today / max(waiting.decided_today + left, 1))
    done = look.bar(share, f"{waiting.decided_today} of {waiting.decided_today + left} decided")
    st.markdown(f"**{waiting.decided_today}** decided today  {done}  **{left}** left", width="content")
    with st.container(horizontal=True, horizontal_alignment="right"):
        keys.button()
        propose.button()
with st.container(horizontal=True, vertical_alignment="center", gap="small", key="review_filters"):
    the_queue.filters(waiting, only)
    with st.container(horizontal=True, horizontal_alignment="right"):
        several.switch()

card = None
if wanted := pick.chosen(waiting):
    try:
        card = file.read(lambda session: cards.card(session, wanted, by=actor), by=actor)
        with reading() as session:
            news.of_card(session, card, by=actor)
            if decide.mode() != decide.SEVERAL:
                parts = alternatives.fit_parts(session, wanted, by=actor)
                others = alternatives.other_mentors(session, wanted, by=actor)
    except NotFound as error:
        pick.forget(str(error))

decide.settle(card)
refused = decide.refused()
found = None
if card is None:
    the_queue.nothing(left)
    offer.line(actor)
else:
    if decide.mode() != decide.SEVERAL:
        the_queue.phone(waiting)
    left_side, right_side = st.columns(SIDES, gap="small")
    with left_side.container(key="queue_pane"):
        the_queue.table(waiting, several=decide.mode() == decide.SEVERAL)
    with right_side.container(border=True, gap="small", key="card_pane"):
        if decide.mode() == decide.SEVERAL:
            found = several.panel(actor, programme.id, only, reasons, today)
        else:
            slot = st.container()
            if not refused:  # which says the same, and more
                news.line()
            ask.question(card, reasons, by=actor, today=today)
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
            with slot:
                offer.line(actor)

with st.bottom:
    walk, decision = st.columns(SIDES, gap="small", vertical_alignment="center")
    with walk.container(horizontal=True, vertical_alignment="center", gap="small", key="walk"):
        if decide.mode() != decide.SEVERAL:  # when several are ticked, none is the one that others stand around
            up, down = ":material/keyboard_arrow_up:", ":material/keyboard_arrow_down:"
            st.button("Previous", icon=up, shortcut="K", key="previous", type="tertiary", on_click=pick.go, args=(-1,))
            st.button("Next", icon=down, shortcut="J", key="next", type="tertiary", on_click=pick.go, args=(1,))
        decide.said(waiting)
    with decision.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="decision_bar"):
        if decide.mode() == decide.SEVERAL:
            several.button(found, actor)
        decide.bar(card, by=actor, undoable=undoable)

keys.open_if_asked()
propose.open_if_asked(actor)
news.follow(actor, programme.id, wanted, drawn)
