// The word being typed in a formula (`data-completion="address"`) is completed from a list below the field: a combobox as
// the ARIA practices describe it. Arrow keys choose, Enter and Tab take what is chosen, Escape closes the list.

const PAUSE = 120; // milliseconds without a key, before the list is asked for

let timer = null;
let asked = null;
let choosing = null; // until the list is there in which an arrow key chooses

function listOf(field) {
  return document.getElementById(field.getAttribute("aria-controls"));
}

function options(field) {
  return [...listOf(field).children];
}

// Where the list was asked for: an option of a list for fewer letters would leave the others behind it.
function place(field) {
  return `${field.selectionStart} ${field.value}`;
}

function isOpen(field) {
  return !listOf(field).hidden;
}

function isFresh(field) {
  return isOpen(field) && listOf(field).dataset.place === place(field);
}

function activeOf(field) {
  return document.getElementById(field.getAttribute("aria-activedescendant"));
}

function choose(field, chosen) {
  for (const option of options(field)) option.setAttribute("aria-selected", String(option === chosen));
  if (!chosen) return field.removeAttribute("aria-activedescendant");
  field.setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}

function close(field) {
  clearTimeout(timer);
  asked?.abort();
  listOf(field).hidden = true;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

function show(field, html) {
  const list = listOf(field);
  list.innerHTML = html;
  list.hidden = list.children.length === 0;
  list.dataset.place = place(field);
  field.setAttribute("aria-expanded", String(!list.hidden));
  field.removeAttribute("aria-activedescendant");
}

async function ask(field) {
  clearTimeout(timer);
  asked?.abort();
  asked = new AbortController();
  const of = place(field);
  const address = new URL(field.dataset.completion, location.href);
  address.searchParams.set("text", field.value);
  address.searchParams.set("caret", field.selectionStart);
  try {
    const response = await fetch(address, { signal: asked.signal, redirect: "error" });
    const html = await response.text();
    if (response.ok && document.activeElement === field && of === place(field)) show(field, html);
  } catch (error) {
    if (error.name !== "AbortError") close(field); // what is typed works without
  }
}

async function step(field, by) {
  if (!isFresh(field)) await ask(field);
  if (!isFresh(field)) return;
  const list = options(field);
  const before = list.indexOf(activeOf(field));
  choose(field, list[(before + by + list.length + (before < 0 && by < 0)) % list.length]);
}

// One step after the other: another key may come while the list is asked for.
function chooseSoon(field, by) {
  const soon = Promise.resolve(choosing).then(() => step(field, by));
  choosing = soon;
  soon.finally(() => {
    if (choosing === soon) choosing = null;
  });
}

function take(field, option) {
  field.setRangeText(option.dataset.text, Number(option.dataset.start), Number(option.dataset.end), "end");
  close(field);
  field.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: "completed" }));
}

async function takeActive(field) {
  await choosing;
  const active = activeOf(field);
  if (active && isFresh(field)) take(field, active);
}

async function takeSame(field, text) {
  if (!isFresh(field)) await ask(field);
  const option = options(field).find((each) => each.dataset.text === text);
  if (option && isFresh(field)) take(field, option);
}

function onKey(event) {
  const field = event.target;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (!isOpen(field)) return void ask(field);
    chooseSoon(field, event.key === "ArrowDown" ? 1 : -1);
  } else if ((event.key === "Enter" || event.key === "Tab") && (choosing || (isFresh(field) && activeOf(field)))) {
    event.preventDefault();
    takeActive(field);
  } else if (event.key === "Escape" && isOpen(field)) {
    event.preventDefault();
    close(field);
  }
}

function onInput(event) {
  const field = event.target;
  clearTimeout(timer);
  choose(field, null);
  if (event.detail !== "completed") timer = setTimeout(() => ask(field), PAUSE);
}

function equip(field) {
  const list = document.createElement("ul");
  list.id = `${field.id}-completions`;
  list.className = "completions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Keys and functions");
  field.after(list);
  const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  for (const [name, value] of Object.entries(roles)) field.setAttribute(name, value);
  field.addEventListener("input", onInput);
  field.addEventListener("keydown", onKey);
  field.addEventListener("blur", () => close(field));
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // the field keeps the focus
    const option = event.target.closest("[role=option]");
    if (option) takeSame(field, option.dataset.text);
  });
}

export function completeFormulas() {
  for (const field of document.querySelectorAll("[data-completion]")) equip(field);
}
