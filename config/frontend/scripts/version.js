// Polls the version stamp of the page (`data-version-url`, `data-version`) and tells its live parts when it moved.
// The address answers `{"version": "..."}`. Hidden tabs do not ask; failures make the pauses longer.

const PAUSE = 5000;
const LONGEST_PAUSE = 60000;

let pause = PAUSE;
let timer = null;

async function ask(element) {
  const response = await fetch(element.dataset.versionUrl, { headers: { Accept: "application/json" }, redirect: "error" });
  if (!response.ok) throw new Error(`version: ${response.status}`);
  const { version } = await response.json();
  if (String(version) === element.dataset.version) return;
  element.dataset.version = version;
  window.htmx?.trigger(document.body, "ladder:changed");
}

async function tick(element) {
  try {
    await ask(element);
    pause = PAUSE;
  } catch {
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
  schedule(element);
}

function schedule(element, after = pause) {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(() => tick(element), after);
}

export function followVersion() {
  const element = document.querySelector("[data-version-url]");
  if (!element) return;
  schedule(element);
  // What the reader changed herself is computed within a second: do not let her wait for the next turn.
  document.addEventListener("htmx:afterRequest", (event) => event.detail.requestConfig.verb !== "get" && schedule(element, 1000));
  document.addEventListener("visibilitychange", () => schedule(element, 200));
}
