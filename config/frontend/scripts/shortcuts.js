// `/` and Ctrl-K (Command-K) put the cursor into the search field.

const isWriting = (node) => node.matches?.("input, textarea, select, [contenteditable]");

export function shortcuts() {
  document.addEventListener("keydown", (event) => {
    const command = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isWriting(event.target);
    const search = document.getElementById("search");
    if (!search || !(command || slash)) return;
    event.preventDefault();
    search.focus();
    search.select();
  });
}
