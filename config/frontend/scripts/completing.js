// The word being typed in a formula (`data-completion="address"`) is completed from a list below the field: a combobox as
// the ARIA practices describe it. Arrow keys choose, Enter and Tab take what is chosen, Escape closes the list.

const PAUSE = 120; // milliseconds without a key, before the list is asked for

let timer = null;
let asked = null;

function listOf(field) {
  return document.getElementById(field.getAttribute("aria-controls"));
}

function options(field) {
  return [...listOf(field).children];
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
  field.setAttribute("aria-expanded", String(!list.hidden));
  field.removeAttribute("aria-activedescendant");
}

async function ask(field) {
  asked?.abort();
  asked = new AbortController();
  const address = new URL(field.dataset.completion, location.href);
  address.searchParams.set("text", field.value);
  address.searchParams.set("caret", field.selectionStart);
  try {
    const response = await fetch(address, { signal: asked.signal, redirect: "error" });
    if (response.ok && document.activeElement === field) show(field, await response.text());
  } catch {
    close(field); // what is typed works without
  }
}

function choose(field, step) {
  const list = options(field);
  const before = list.findIndex((option) => option.id === field.getAttribute("aria-activedescendant"));
  const chosen = list[(before + step + list.length + (before < 0 && step < 0)) % list.length];
  for (const option of list) option.setAttribute("aria-selected", String(option === chosen));
  field.setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}

function take(field, option) {
  field.setRangeText(option.dataset.text, Number(option.dataset.start), Number(option.dataset.end), "end");
  close(field);
  field.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: "completed" }));
}

function onKey(event) {
  const field = event.target;
  const isOpen = !listOf(field).hidden;
  const active = document.getElementById(field.getAttribute("aria-activedescendant"));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (isOpen) choose(field, event.key === "ArrowDown" ? 1 : -1);
    else ask(field);
  } else if ((event.key === "Enter" || event.key === "Tab") && isOpen && active) {
    event.preventDefault();
    take(field, active);
  } else if (event.key === "Escape" && isOpen) {
    event.preventDefault();
    close(field);
  }
}

function onInput(event) {
  clearTimeout(timer);
  if (event.detail !== "completed") timer = setTimeout(() => ask(event.target), PAUSE);
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
    if (option) take(field, option);
  });
}

export function completeFormulas() {
  for (const field of document.querySelectorAll("[data-completion]")) equip(field);
}
