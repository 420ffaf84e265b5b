// A refreshed part (`data-live`, with an id) keeps the reader's place: what is being typed is never replaced, unchanged parts are left alone,
// opened details stay open, rows chosen for a form elsewhere stay chosen, focus and scroll stay, and figures that changed (`data-watch="name"`) light up for a moment.

const last = new Map(); // id of a live part -> what it shows, as `contents` gives it
const places = new Map(); // id of a live part -> what was open, scrolled and shown before the swap

// What a part says, without the tokens of its forms, which are different in every answer.
function contents(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  for (const field of template.content.querySelectorAll("[name=csrfmiddlewaretoken]")) field.remove();
  return template.innerHTML;
}

// A field one merely stands in can be put back as it was, and so can a chosen row; one that is half filled cannot, wherever one stands.
function isHalfFilled(field) {
  if (!field.checkVisibility() || field.matches("[type=checkbox][form]")) return false;
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  if (field.matches("select")) return field.selectedIndex !== Math.max([...field.options].findIndex((option) => option.defaultSelected), 0);
  return field.value !== field.defaultValue;
}

function isTyping(part) {
  return [...part.querySelectorAll("input, textarea, select")].some(isHalfFilled);
}

function watched(part) {
  return new Map([...part.querySelectorAll("[data-watch]")].map((node) => [node.dataset.watch, node.textContent.trim()]));
}

function remember(part) {
  const within = (selector) => [...part.querySelectorAll(selector)];
  places.set(part.id, {
    focus: part.contains(document.activeElement) ? document.activeElement.id : "",
    open: new Map(within("details[id]").map((node) => [node.id, node.open])),
    chosen: within("input[type=checkbox][form][id]:checked").map((node) => node.id),
    scroll: new Map(within("[id]").filter((node) => node.scrollLeft || node.scrollTop).map((node) => [node.id, [node.scrollLeft, node.scrollTop]])),
    values: watched(part),
  });
}

function restore(part) {
  const place = places.get(part.id);
  if (!place) return;
  places.delete(part.id);
  for (const [id, open] of place.open) {
    const node = document.getElementById(id);
    if (node) node.open = open;
  }
  for (const id of place.chosen) {
    const node = document.getElementById(id);
    if (node) node.checked = true;
  }
  for (const [id, [left, top]] of place.scroll) document.getElementById(id)?.scrollTo(left, top);
  if (place.focus) document.getElementById(place.focus)?.focus({ preventScroll: true });
  highlight(part, place.values);
}

function highlight(part, before) {
  for (const node of part.querySelectorAll("[data-watch]")) {
    if (before.get(node.dataset.watch) === node.textContent.trim()) continue;
    node.classList.add("changed");
    node.addEventListener("animationend", () => node.classList.remove("changed"), { once: true });
  }
}

function refreshAfterTyping(part) {
  part.addEventListener(
    "focusout",
    () => setTimeout(() => (isTyping(part) ? refreshAfterTyping(part) : window.htmx.trigger(document.body, "ladder:changed")), 0),
    { once: true },
  );
}

// Only refreshes are held back: what the reader sends herself from inside a live part is swapped at once.
function isRefresh(event) {
  return event.detail.requestConfig?.elt?.hasAttribute("data-live") ?? false;
}

function beforeSwap(event) {
  const part = event.detail.target;
  if (!part?.hasAttribute("data-live")) return;
  if (isRefresh(event)) {
    if (isTyping(part)) {
      event.detail.shouldSwap = false;
      refreshAfterTyping(part);
      return;
    }
    const answer = contents(event.detail.serverResponse);
    if (last.get(part.id) === answer) {
      event.detail.shouldSwap = false;
      return;
    }
    if (event.detail.shouldSwap) last.set(part.id, answer);
  } else {
    last.delete(part.id);
  }
  if (event.detail.shouldSwap) remember(part);
}

export function keepPlace() {
  for (const part of document.querySelectorAll("[data-live]")) last.set(part.id, contents(part.outerHTML));
  document.addEventListener("htmx:beforeSwap", beforeSwap);
  document.addEventListener("htmx:afterSettle", () => {
    for (const id of [...places.keys()]) {
      const part = document.getElementById(id);
      if (part) restore(part);
    }
  });
}
