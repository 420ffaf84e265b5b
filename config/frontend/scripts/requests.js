// Requests by htmx carry the CSRF token; forms have it as a field, links and buttons outside of forms need the header.

export function sendToken() {
  document.addEventListener("htmx:configRequest", (event) => {
    const field = document.querySelector("input[name=csrfmiddlewaretoken]");
    if (field && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = field.value;
  });
}
