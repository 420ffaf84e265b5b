// Messages: those in the page are read out once, those sent by a response (`ladder:message`) become toasts.

const SHOWN_FOR = 6000;

export function announce(text) {
  const region = document.getElementById("announcer");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 50); // an emptied region first, so that equal texts are read twice
}

export function toast(text, level = "info") {
  const list = document.getElementById("toasts");
  if (!list) return;
  const item = document.createElement("div");
  item.className = `message ${level}`;
  item.textContent = text;
  list.append(item);
  announce(text);
  if (level !== "error") setTimeout(() => item.remove(), SHOWN_FOR);
  else item.append(closeButton(item));
}

function closeButton(item) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "icon-button ms-auto";
  button.textContent = "×";
  button.setAttribute("aria-label", "Close");
  button.addEventListener("click", () => item.remove());
  return button;
}

export function announceMessages() {
  const texts = [...document.querySelectorAll("#messages .message-text")].map((node) => node.textContent.trim());
  if (texts.length) announce(texts.join(". "));
  document.body.addEventListener("ladder:message", (event) => toast(event.detail.text, event.detail.level));
  document.body.addEventListener("htmx:sendError", (event) => {
    if (!isQuiet(event)) toast("No connection. Nothing was lost; try again in a moment.", "error");
  });
  document.body.addEventListener("htmx:responseError", (event) => {
    if (!isQuiet(event)) toast(explain(event.detail.xhr.status), "error");
  });
}

// A live part that could not be refreshed stays as it was; the next change tries again.
function isQuiet(event) {
  return event.detail.elt?.hasAttribute("data-live");
}

function explain(status) {
  if (status === 403) return "Your role does not allow this. Ask an owner or admin of the organization.";
  if (status === 404) return "This is no longer here. Reload the page to see what is.";
  if (status >= 500) return "Something went wrong on our side; nothing was changed. Try again in a moment.";
  return "This could not be done. Reload the page and try again.";
}
