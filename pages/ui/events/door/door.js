// The door of an event on a phone: search, one tap for who comes, tapped again to undo.

import { score, words } from "./search.js";
import { Taps } from "./taps.js";

/** People not invited that a search shows at most. */
const STRANGERS = 20;
const doors = new WeakMap();

export default function door({ data, parentElement }) {
  const known = doors.get(parentElement);
  if (known?.drawn === JSON.stringify(data)) return known.close; // drawn again for the theme, or after a reconnection
  const typed = known?.typed() ?? "";
  known?.close();
  const opened = open(data, parentElement, typed);
  doors.set(parentElement, opened);
  return opened.close;
}

function open(data, root, typed) {
  const frame = make("div", "door");
  const find = make("input", "find");
  Object.assign(find, { type: "search", id: "find", autocomplete: "off", spellcheck: false, value: typed });
  const label = make("label", "label", "Search by name");
  label.htmlFor = "find";
  const count = make("p", "count");
  const state = make("p", "state");
  state.setAttribute("role", "status");
  const list = make("ul", "people");
  const heading = make("h2", "uninvited", "Not invited: tap to add");
  const others = make("ul", "people");
  const bar = make("div", "bar");
  bar.append(label, find, count, state);
  frame.append(bar, list, heading, others);

  const guests = data.guests.map(([ref, name, side, folded, isInvited]) => {
    const line = make("li");
    const button = make("button", "guest");
    button.type = "button";
    const mark = make("span", "mark");
    button.append(make("span", "name", name), make("span", "side", side), mark);
    button.addEventListener("click", () => taps.tap(ref));
    line.append(button);
    return { ref, line, button, mark, words: folded.split(" "), isInvited };
  });
  const taps = new Taps(data.event, data.here, draw);
  const noticed = new MutationObserver(hush);
  noticed.observe(document.body, { childList: true });
  find.addEventListener("input", arrange);
  find.addEventListener("focus", () => find.select());

  /** Who is listed: everybody invited, or those whose name fits, the best first. */
  function arrange() {
    const asked = words(find.value);
    const fit = guests.map((guest) => ({ guest, fits: asked.length ? score(asked, guest.words) : 1 }));
    const shown = fit.filter(({ fits }) => fits).sort((a, b) => b.fits - a.fits);
    const [invited, walkedIn] = [true, false].map((isInvited) =>
      shown.map(({ guest }) => guest).filter((guest) => guest.isInvited === isInvited),
    );
    const strangers = asked.length ? walkedIn.slice(0, STRANGERS) : walkedIn.filter(({ ref }) => taps.isHere(ref));
    list.replaceChildren(...invited.map(({ line }) => line));
    others.replaceChildren(...strangers.map(({ line }) => line));
    heading.textContent = asked.length ? "Not invited: tap to add" : "Came without being invited";
    heading.hidden = !strangers.length;
    if (asked.length && !invited.length && !strangers.length) list.append(make("li", "nobody", "Nobody has that name."));
  }

  function draw() {
    let [came, invited, walkedIn] = [0, 0, 0];
    for (const { ref, button, mark, isInvited } of guests) {
      const isHere = taps.isHere(ref);
      button.setAttribute("aria-pressed", String(isHere));
      mark.textContent = isHere ? "✓ Here" : isInvited ? "" : "Add";
      invited += isInvited;
      came += isInvited && isHere;
      walkedIn += !isInvited && isHere;
    }
    count.textContent = `${came} of ${invited} invited are here${walkedIn ? `, and ${walkedIn} not invited` : ""}`;
    const waiting = Object.keys(taps.waiting).length;
    const said = say(waiting, taps);
    if (state.textContent !== said) state.textContent = said; // else a screen reader says it at every look
    state.classList.toggle("waits", Boolean(waiting || taps.failed));
    if (!find.value) arrange();
  }

  root.append(frame);
  arrange();
  draw();
  return {
    drawn: JSON.stringify(data),
    typed: () => find.value,
    close() {
      taps.stop();
      noticed.disconnect();
      frame.remove();
      doors.delete(root);
    },
  };
}

/** The page's own notice of a lost connection would lie over the list and take the taps; the door tells it itself. */
function hush() {
  for (const notice of document.querySelectorAll('[data-testid="stDialog"]')) {
    if (notice.textContent.includes("Connection error")) notice.querySelector('button[aria-label="Close"]')?.click();
  }
}

function say(waiting, { trouble, failed, strangers, savedAt }) {
  const many = `${waiting} ${waiting === 1 ? "tap" : "taps"} not yet sent`;
  if (trouble) return waiting ? `${many}. ${trouble}` : trouble;
  if (failed) return waiting ? `${many}: no connection. They are kept on this phone.` : "No connection. Go on tapping.";
  if (waiting) return many;
  if (strangers) return "Somebody who was tapped is no longer among your people.";
  if (!savedAt) return "Connecting";
  return `All saved at ${savedAt.toTimeString().slice(0, 5)}`;
}

function make(tag, kind = "", text = "") {
  const element = document.createElement(tag);
  if (kind) element.className = kind;
  if (text) element.textContent = text;
  return element;
}
