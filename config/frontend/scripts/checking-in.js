// Checking in by keyboard alone: 1, 2 and 3 say how sure one is, Enter saves and goes on, S skips.

const CONFIDENCE = ["Digit1", "Digit2", "Digit3"];
const WRITING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";

const form = () => document.querySelector("form[data-check-in]");

// The offered value is selected, so that typing replaces it; that takes the focus too, so only where the step itself is new.
function select(part) {
  part.querySelector("form[data-check-in] input[data-selected]")?.select();
}

// A number has no letters, so S skips from its field too; digits there are the number's, unless Alt is held.
function meaning(event, here) {
  const writing = event.target.closest(WRITING);
  const inNumber = writing?.matches(".number-input") && here.contains(writing);
  if (event.key === "Enter") return writing?.matches("[data-enter-saves]") && !event.shiftKey ? "save" : event.target === document.body ? "save" : "";
  if (event.key.toLowerCase() === "s" && !event.altKey && (!writing || inNumber)) return "skip";
  const digit = event.code.replace("Numpad", "Digit");
  return CONFIDENCE.includes(digit) && (!writing || (event.altKey && here.contains(writing))) ? digit : "";
}

function choose(here, digit) {
  const choice = here.querySelectorAll("input[name=confidence]")[CONFIDENCE.indexOf(digit)];
  if (!choice) return;
  choice.checked = true;
  choice.focus();
}

export function checkInByKeys() {
  document.addEventListener("keydown", (event) => {
    const here = form();
    if (!here || event.ctrlKey || event.metaKey || event.isComposing || event.repeat) return;
    const meant = meaning(event, here);
    if (!meant) return;
    event.preventDefault();
    if (meant === "save") here.requestSubmit();
    else if (meant === "skip") document.querySelector("[data-skip]")?.click();
    else choose(here, meant);
  });
  document.addEventListener("htmx:afterSettle", (event) => select(event.target));
  select(document);
}
