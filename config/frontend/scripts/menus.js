// `<details class="menu">`: Escape and a click elsewhere close it, arrow keys walk through its entries.

const openMenus = () => document.querySelectorAll("details.menu[open]");

function walk(menu, step) {
  const entries = [...menu.querySelectorAll("a[href], button, input")].filter((node) => node.offsetParent);
  const next = entries.indexOf(document.activeElement) + step;
  entries[(next + entries.length) % entries.length]?.focus();
}

function onKey(event) {
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu || event.target.matches("input:not([type=radio]), textarea")) return;
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    walk(menu, event.key === "ArrowDown" ? 1 : -1);
  }
}

export function menus() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
}
