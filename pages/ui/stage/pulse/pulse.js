// Keeps a screen in step with its show: waits at /pulse for news, tells the page to draw itself anew, and marks the
// document while the server cannot be reached. A sleeping laptop, a lost network and a new server all end here.

/** Milliseconds: an answer that takes longer is lost; between two tries; the page has so long to draw what is new. */
const LOST = 7000, AGAIN = 700, DRAWS = 4000;
/** Tries of the page to draw before it is loaded anew, on the same server and on a new one, which knows no page yet. */
const TRIES = 2, TRIES_ON_NEW = 1;
/** At most one load in so many milliseconds. */
const LOADS = 15000;
const pulses = new WeakMap();

export default function pulse({ data, parentElement, setTriggerValue }) {
  const known = pulses.get(parentElement) ?? start(data.of, parentElement);
  known.drawn = data.version;
  known.draw = (version) => setTriggerValue("news", version);
  known.wake();
  return known.stop;
}

function start(of, root) {
  const state = { drawn: "", draw: () => {}, wake: () => {}, stop };
  let isOver = false, misses = 0, screen = null;
  pulses.set(root, state);
  for (const name of ["online", "pageshow"]) addEventListener(name, woken);
  document.addEventListener("visibilitychange", woken);
  woken();
  follow();
  return state;

  async function follow() {
    while (!isOver) {
      const news = await ask(of, state.drawn);
      if (isOver) return;
      if (news === null) {
        document.documentElement.dataset.stage = "lost";
        await rest(AGAIN);
        continue;
      }
      delete document.documentElement.dataset.stage;
      if (news === state.drawn) {
        misses = 0;
        continue;
      }
      if (misses++ >= (startOf(news) === startOf(state.drawn) ? TRIES : TRIES_ON_NEW)) load();
      const before = state.drawn;
      state.draw(news);
      await rest(DRAWS, () => state.drawn !== before);
      if (state.drawn !== before) misses = 0;
    }
  }

  /** Waits, but not past the moment in which the page was drawn or the machine woke up. */
  function rest(milliseconds, isDone = () => false) {
    return new Promise((go) => {
      const timer = setTimeout(go, milliseconds);
      state.wake = () => {
        if (isDone() || document.documentElement.dataset.stage === "lost") {
          clearTimeout(timer);
          go();
        }
      };
    });
  }

  async function woken() {
    state.wake();
    if (of !== "screen" || document.visibilityState !== "visible" || !navigator.wakeLock) return;
    screen = await navigator.wakeLock.request("screen").catch(() => null); // the projector's laptop must not fall asleep
  }

  function stop() {
    isOver = true;
    pulses.delete(root);
    for (const name of ["online", "pageshow"]) removeEventListener(name, woken);
    document.removeEventListener("visibilitychange", woken);
    screen?.release();
  }
}

/** What every version of one start of the server begins with. */
function startOf(version) {
  return version.split("-")[0];
}

async function ask(of, seen) {
  try {
    const answer = await fetch(`/pulse?of=${of}&seen=${encodeURIComponent(seen)}`, {
      cache: "no-store",
      signal: AbortSignal.timeout(LOST),
    });
    return answer.ok ? (await answer.json()).version : null;
  } catch {
    return null;
  }
}

/** The page's own connection did not come back though the server answers: load it anew, but never in a hurry. */
function load() {
  const last = Number(sessionStorage.getItem("stage-loaded") ?? 0);
  if (Date.now() - last < LOADS) return;
  sessionStorage.setItem("stage-loaded", String(Date.now()));
  location.reload();
}
