// `<button data-copy="id">` copies the text of that element.

import { announce } from "./messages.js";

export function copyOnClick() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    const source = button && document.getElementById(button.dataset.copy);
    if (!source) return;
    try {
      await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
      announce("Copied");
      button.dataset.copied = "";
      setTimeout(() => delete button.dataset.copied, 2000);
    } catch {
      getSelection().selectAllChildren(source); // no permission: leave it selected, ready for Ctrl-C
    }
  });
}
