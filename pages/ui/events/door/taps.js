// Taps at the door of one event: kept on the phone until the desk has confirmed them, and sent again until it has.
// What is kept is the latest tap of each person, by a reference that says nothing of who they are.

const KEPT = "matchdesk-door-";
const CLOCK = "matchdesk-clock";
/** Thousandths of a second: after a tap; between looks at what other phones tapped; after a failure, ever longer. */
const SOON = 250, LOOK = 15_000, AGAIN = [500, 1_000, 2_000, 4_000], PATIENCE = 10_000;

export class Taps {
  /** `here`: refs of those who came, as the page knew; `tell` is called whenever anything has changed. */
  constructor(event, here, tell) {
    Object.assign(this, { event, tell, here: new Set(here), savedAt: null, trouble: "", failed: 0, last: 0 });
    this.offset = Number(stored(CLOCK)) || 0;
    this.spare = null; // for a browser that keeps nothing
    this.now = () => this.send();
    window.addEventListener("online", this.now);
    document.addEventListener("visibilitychange", this.now);
    this.send();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    window.removeEventListener("online", this.now);
    document.removeEventListener("visibilitychange", this.now);
  }

  /** By ref: whether they came, and when by the desk's clock. */
  get waiting() {
    if (this.spare) return this.spare;
    try {
      return JSON.parse(stored(KEPT + this.event)) ?? {};
    } catch {
      return {};
    }
  }

  set waiting(taps) {
    const kept = Object.keys(taps).length ? store(KEPT + this.event, JSON.stringify(taps)) : drop(KEPT + this.event);
    this.spare = kept ? null : taps;
  }

  isHere(person) {
    return this.waiting[person]?.came ?? this.here.has(person);
  }

  tap(person) {
    const came = !this.isHere(person);
    this.last = Math.max(Math.round(Date.now() + this.offset), this.last + 1);
    this.waiting = { ...this.waiting, [person]: { came, at: this.last } };
    this.later(this.failed ? AGAIN[0] : SOON);
    this.tell();
  }

  later(pause) {
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => this.send(), pause);
  }

  async send() {
    if (this.sending || this.stopped) return;
    clearTimeout(this.timer);
    this.sending = true;
    const sent = this.waiting;
    const asked = Date.now();
    const answer = await ask(this.event, Object.entries(sent).map(([person, tap]) => ({ person, ...tap })));
    this.sending = false;
    if (answer.here) this.confirmed(answer, sent, (asked + Date.now()) / 2);
    else this.failed += 1;
    this.trouble = answer.trouble ?? "";
    const left = Object.keys(this.waiting).length;
    this.later(this.failed ? AGAIN[Math.min(this.failed, AGAIN.length) - 1] : left ? SOON : LOOK);
    this.tell();
  }

  confirmed(answer, sent, at) {
    this.failed = 0;
    this.here = new Set(answer.here);
    this.offset = answer.now - at;
    store(CLOCK, String(Math.round(this.offset)));
    const left = this.waiting;
    for (const [person, tap] of Object.entries(sent)) if (left[person]?.at === tap.at) delete left[person];
    this.waiting = left;
    this.strangers = answer.refused.length;
    this.savedAt = new Date();
  }
}

/** What the desk answers; nothing of it when it cannot be reached. */
async function ask(event, taps) {
  try {
    const response = await fetch(`/door/${encodeURIComponent(event)}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ taps }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    const said = await response.json();
    return response.ok ? said : { trouble: response.status < 500 ? said.refused : "" };
  } catch {
    return {};
  }
}

function stored(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(key, value) {
  try {
    localStorage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

function drop(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // nothing was kept then
  }
  return true;
}
