"""How a page is looked at: light and dark on a desk, and on a telephone; and what may be wrong with it then.

Axe takes long, so it is not asked again what an earlier page answered: see ``TEXTS`` and ``TURNED``.
"""

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from playwright.sync_api import Page, ViewportSize

DESK = ViewportSize(width=1280, height=800)
TELEPHONE = ViewportSize(width=390, height=844)
# Targets smaller than 24 by 24 px, except links within a line of text, whose size the text gives.
SMALL_TARGETS = """
[...document.querySelectorAll("a[href], button, input, select, textarea, summary, [role=button]")]
  .filter((node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((node) => getComputedStyle(node).display !== "inline" && !node.closest(".visually-hidden, svg"))
  .map((node) => [node, node.getBoundingClientRect()])
  .filter(([node, box]) => box.width > 1 && (box.width < 23.5 || box.height < 23.5))
  .filter(([node]) => !node.labels?.length)
  .map(([node, box]) => `${node.outerHTML.slice(0, 90)} is ${Math.round(box.width)} x ${Math.round(box.height)}`)
"""
# Regions that scroll and can be reached by no key.
UNREACHABLE = """
[...document.body.querySelectorAll("*")]
  .map((node) => [node, getComputedStyle(node)])
  .filter(([node, style]) => (style.overflowX !== "visible" && node.scrollWidth > node.clientWidth + 1) ||
    (style.overflowY !== "visible" && node.scrollHeight > node.clientHeight + 1))
  .filter(([node, style]) => /auto|scroll/.test(style.overflow) && style.display !== "inline" && node.checkVisibility())
  .filter(([node]) => ![node, ...node.querySelectorAll("*")].some((inner) => inner.tabIndex >= 0 && !inner.disabled))
  .map(([node]) => `${node.outerHTML.slice(0, 90)} scrolls and takes no focus`)
"""
# Texts by their colours, grounds and whether they are large, and within a line also by how they are told from it as
# links: the answer of what axe found for one of them is the answer for all.
TEXTS = """
(() => {
  const texts = (window.texts = new Map()), grounds = new Map();
  const ground = (node) => {
    if (!grounds.has(node)) grounds.set(node, groundOf(node));
    return grounds.get(node);
  };
  const groundOf = (node) => {
    const style = getComputedStyle(node), placed = ["absolute", "fixed", "sticky"].includes(style.position);
    const own = [style.backgroundColor, style.backgroundImage, style.opacity, placed ? node.className : ""].join();
    if (!node.parentElement || (style.backgroundColor.startsWith("rgb(") && own.endsWith("none,1,"))) return own;
    return (own === "rgba(0, 0, 0, 0),none,1," ? "" : own + "|") + ground(node.parentElement);
  };
  const isInline = (node) => getComputedStyle(node).display === "inline";
  const link = (node) => {
    const link = node.closest("a[href]"), style = link && getComputedStyle(link);
    if (!link || !isInline(link)) return "";
    let line = link.parentElement;
    while (isInline(line)) line = line.parentElement;
    return [style.textDecorationLine, style.borderBottomWidth, style.fontStyle, getComputedStyle(line).color].join();
  };
  for (const node of document.body.querySelectorAll("*")) {
    if (![...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()) && !node.placeholder) continue;
    if (!node.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const style = getComputedStyle(node), size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const own = [style.color, style.fill, isLarge, style.textShadow, node.disabled];
    const kind = [...own, link(node), ground(node)].join();
    if (!texts.has(kind)) texts.set(kind, node.closest("a[href]") && link(node) ? node.closest("a[href]") : node);
  }
  return [...texts.keys()];
})()
"""
# What is displayed otherwise than in the first look at the page: by tags, classes and attributes, and where something
# appears or vanishes by all that is in it. The rules that ask for neither sizes nor scrolling depend on the width by
# this alone.
TURNED = """
(() => {
  const nodes = [...document.body.querySelectorAll("*")];
  const first = (window.first ??= new Map(nodes.map((node) => [node, getComputedStyle(node).display])));
  const inside = (node) => node.outerHTML.replace(/="[^"]+"/g, "").replace(/>[^<]*[^<\\s][^<]*/g, ">…");
  const alone = (node) => [node.tagName, node.className, node.getAttributeNames()].join(" ");
  const turned = new Set();
  for (const node of nodes) {
    const before = first.get(node) ?? "none", now = getComputedStyle(node).display;
    if (before === now) continue;
    const what = [before, now].includes("none") ? inside(node) : "";
    turned.add([alone(node.parentElement), alone(node), before, now, what].join(" / "));
  }
  return [...turned];
})()
"""
LAYOUT = f"""({{
  width: document.documentElement.scrollWidth, small: {SMALL_TARGETS}, unreachable: {UNREACHABLE}, turned: {TURNED}
}})"""
OF_TEXTS = ["color-contrast", "link-in-text-block"]
EVERYTHING = {"rules": {name: {"enabled": False} for name in OF_TEXTS}}


class Look(NamedTuple):
    """How a page is looked at."""

    color_scheme: Literal["light", "dark"]
    viewport: ViewportSize


# Each page is loaded once and looked at in turn.
LOOKS = {"light": Look("light", DESK), "dark": Look("dark", DESK), "telephone": Look("light", TELEPHONE)}


class Seen(NamedTuple):
    """What earlier pages showed: addresses by title, kinds of texts, and what narrow pages display otherwise."""

    titles: dict[str, str]
    texts: set[str]
    turned: set[str]


def wrong_in(page: Page, look: Look, seen: Seen) -> Iterator[str]:
    page.emulate_media(color_scheme=look.color_scheme)
    if page.viewport_size != look.viewport:
        page.set_viewport_size(look.viewport)
    if look.color_scheme == "light":
        yield from wrong_layout(page, look, seen)
    if texts := _new(page.evaluate(TEXTS), seen.texts):
        yield from violations(page, {"runOnly": OF_TEXTS}, texts)


def wrong_layout(page: Page, look: Look, seen: Seen) -> Iterator[str]:
    """What is wrong whatever the colours."""
    layout = page.evaluate(LAYOUT)
    if layout["width"] > look.viewport["width"]:
        yield f"is {layout['width']} px wide on {look.viewport['width']}"
    yield from layout["small"] + layout["unreachable"]
    if look.viewport == DESK or _new(layout["turned"], seen.turned):
        yield from violations(page, EVERYTHING)


def violations(page: Page, options: dict[str, Any], texts: list[str] | None = None) -> Iterator[str]:
    """What axe finds on the page, or of some kinds of its texts only."""
    within = "texts.map((kind) => window.texts.get(kind))" if texts else "document"
    asked = {"resultTypes": ["violations"], **options}
    found = page.evaluate(f"([options, texts]) => axe.run({within}, options)", [asked, texts])["violations"]
    return (f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"][:3])


def _new(kinds: list[str], seen: set[str]) -> list[str]:
    """Those not seen before; from now on they are."""
    new = [kind for kind in kinds if kind not in seen]
    seen.update(new)
    return new
