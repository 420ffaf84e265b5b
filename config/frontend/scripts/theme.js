// The theme form works by itself; with script the page changes at once instead of loading again.

export function switchTheme() {
  document.addEventListener("submit", async (event) => {
    const theme = event.submitter?.closest("[data-theme-form]") && event.submitter.value;
    if (!theme) return;
    event.preventDefault();
    const body = new FormData(event.target, event.submitter);
    document.documentElement.dataset.bsTheme = theme;
    for (const button of document.querySelectorAll("[data-theme-form] button")) {
      button.setAttribute("aria-pressed", String(button.value === theme));
    }
    await fetch(event.target.action, { method: "POST", body, redirect: "manual" });
  });
}
