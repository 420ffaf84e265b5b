// A link or button with `data-dialog="id"` opens that `<dialog>`; without script the link leads to the same form on a page.

export function openDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog) {
      event.preventDefault();
      dialog.showModal();
    }
    event.target.closest("[data-dialog-close]")?.closest("dialog")?.close();
  });
}
