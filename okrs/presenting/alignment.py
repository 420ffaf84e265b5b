"""How objectives serve each other, ready to be drawn and listed."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString

from okrs.drawing.alignment import Box, Row
from okrs.models import Cycle
from okrs.presenting.check_ins import done_words, stands_at
from okrs.presenting.figures import bar, mark, percent
from okrs.presenting.words import counted
from okrs.reading import KeyResultView, ObjectiveView

SMALL = 24
LEVELS, ALL_LEVELS = 2, 100


@dataclass(frozen=True)
class Result:
    """A key result of a branch, with what is aligned to it."""

    view: KeyResultView
    slug: str
    is_focus: bool = False
    children: list["Branch"] = field(default_factory=list)

    @property
    def id(self) -> UUID:
        return self.view.id

    @property
    def title(self) -> str:
        return str(self.view.key_result.title)

    @property
    def href(self) -> str:
        return reverse("okrs:key-result", args=[self.slug, self.id])

    @property
    def owner(self) -> str:
        return str(self.view.key_result.owner) if self.view.key_result.owner else ""

    @property
    def kpi(self) -> str:
        return str(self.view.key_result.kpi.name) if self.view.key_result.kpi else ""

    @property
    def kpi_href(self) -> str:
        kpi = self.view.key_result.kpi
        return reverse("kpis:detail", args=[self.slug, kpi.key]) if kpi else ""

    @property
    def stands_at(self) -> str:
        return stands_at(self.view)

    @property
    def progress(self) -> str:
        return percent(self.view.progress_raw)

    @property
    def status(self) -> SafeString:
        return mark(self.view.status)

    @property
    def row(self) -> Row:
        return Row(
            str(self.id), self.title, self.progress, self.view.status, self.href, self.owner, self.kpi, self.is_focus
        )


@dataclass(frozen=True)
class Branch:
    """An objective with what is aligned to it; ``below`` says what is folded away, empty where nothing is."""

    view: ObjectiveView
    slug: str
    depth: int
    cycle: Cycle | None = None
    is_focus: bool = False
    below: str = ""
    unfold: str = ""
    focus: str = ""
    results: list[Result] = field(default_factory=list)
    children: list["Branch"] = field(default_factory=list)

    @property
    def id(self) -> UUID:
        return self.view.id

    @property
    def title(self) -> str:
        return str(self.view.objective.title)

    @property
    def href(self) -> str:
        return reverse("okrs:objective", args=[self.slug, self.id])

    @property
    def level(self) -> str:
        """Whose it is: the company's, or a department's."""
        own = self.view.objective
        return str(own.department.name) if own.department else "Company"

    @property
    def whose(self) -> str:
        """As in "Fresh · Alice"; with its cycle where that is another one than the page's."""
        own = self.view.objective
        other = self.view.cycle.name if self.cycle and self.view.cycle.pk != self.cycle.pk else ""
        return " · ".join(part for part in (self.level, str(own.owner) if own.owner else "", other) if part)

    @property
    def bar(self) -> SafeString:
        return bar(self.view.progress, self.view.expected, self.view.status, done_words(self.view))

    @property
    def progress(self) -> str:
        return percent(self.view.progress)

    @property
    def status(self) -> SafeString:
        return mark(self.view.status)

    def box(self, of: str = "") -> Box:
        """The same as it is drawn; choosing one focuses on it, choosing the focus opens its page."""
        children = [child.box() for child in self.children]
        children += [child.box(str(result.id)) for result in self.results for child in result.children]
        return Box(
            title=self.title,
            whose=self.whose,
            progress=self.view.progress,
            expected=self.view.expected,
            percent=self.progress,
            status=self.view.status,
            href=self.href if self.is_focus else self.focus,
            of=of,
            hidden=self.below,
            unfold=self.unfold,
            is_focus=self.is_focus,
            is_closed=self.view.cycle.is_closed,
            rows=[result.row for result in self.results],
            children=children,
        )


class Alignment:
    """The objectives that a page shows, by id, with who serves whom."""

    def __init__(self, views: Mapping[UUID, ObjectiveView]) -> None:
        self.views = views
        self.parent = {child.id: view.id for view in views.values() for child in view.aligned}

    def above(self, id: UUID) -> list[UUID]:
        """What an objective serves, the nearest first."""
        found: list[UUID] = []
        while (higher := self.parent.get(id)) is not None and higher not in found:
            found.append(higher)
            id = higher
        return found

    def around(self, ids: Iterable[UUID]) -> "Alignment":
        """These with everything above and below them."""
        kept: set[UUID] = set()
        for id in ids:
            kept |= {id, *self.above(id), *(view.id for view in self.views[id].beneath())}
        return Alignment({id: view for id, view in self.views.items() if id in kept})

    @property
    def roots(self) -> list[ObjectiveView]:
        """Those that serve none that is shown, the longest cycle's first."""
        loose = [view for id, view in self.views.items() if self.parent.get(id) not in self.views]
        return sorted(loose, key=lambda view: (-view.span.days, bool(view.objective.department_id)))


class Grower:
    """Grows branches as far as they are unfolded. ``address`` is the page's, to which choices are added."""

    def __init__(
        self,
        alignment: Alignment,
        slug: str,
        address: str,
        *,
        cycle: Cycle | None,
        levels: int | None = None,
        opened: Collection[str] = (),
        focus: UUID | None = None,
    ) -> None:
        self.alignment, self.slug, self.address, self.cycle, self.focus = alignment, slug, address, cycle, focus
        self.levels = levels or (ALL_LEVELS if len(alignment.views) <= SMALL else LEVELS)
        self.opened = opened

    def branches(self) -> list[Branch]:
        return [self._branch(view, 1) for view in self.alignment.roots]

    def _branch(self, view: ObjectiveView, depth: int) -> Branch:
        aligned = [child for child in view.aligned if child.id in self.alignment.views]
        is_open = depth < self.levels or str(view.id) in self.opened or not aligned
        return Branch(
            view,
            self.slug,
            depth,
            cycle=self.cycle,
            is_focus=view.id == self.focus,
            below="" if is_open else below_words(view),
            unfold=f"{self.address}&open={view.id}",
            focus=f"{self.address}&focus={view.id}",
            results=[self._result(view, one, depth, is_open=is_open) for one in view.key_results],
            children=self._grown(view.children, depth) if is_open else [],
        )

    def _result(self, view: ObjectiveView, one: KeyResultView, depth: int, *, is_open: bool) -> Result:
        children = self._grown(view.of_key_results.get(one.id, []), depth) if is_open else []
        return Result(one, self.slug, one.id == self.focus, children)

    def _grown(self, views: Iterable[ObjectiveView], depth: int) -> list[Branch]:
        return [self._branch(child, depth + 1) for child in views if child.id in self.alignment.views]


def below_words(view: ObjectiveView) -> str:
    """What lies below: "4 objectives, 2 off track"."""
    below = list(view.beneath())[1:]
    off = Counter(one.status for one in below)["off_track"]
    return counted(len(below), "objective") + (f", {off} off track" if off else "")
