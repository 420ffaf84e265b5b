"""Every page as people see it: light and dark, on a desk and on a telephone."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.urls import get_resolver, reverse
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Response

from accounts.models import Member
from tests.browser.bakery import Bakery
from tests.browser.bakery_objectives import BakeryObjectives
from tests.browser.conftest import AXE_PATH, log_in
from tests.browser.looking import DESK, LOOKS, Seen, wrong_in

pytestmark = pytest.mark.django_db(transaction=True)

# Addresses that answer GET with something else than a page of their own.
NO_PAGES = {
    "theme",
    "accounts:slug-preview",  # a fragment
    "accounts:verification-send",
    "accounts:invitation-accept",
    "accounts:invitation-switch",
    "accounts:outbox-letter",  # a letter; its own test reads it
    "accounts:settings-change",
    "accounts:member-invite",
    "accounts:invitation-resend",
    "accounts:department-add",
    "accounts:department-shift",
    "accounts:department-restore",
    "accounts:token-revoke",
    "kpis:formula-check",  # a fragment
    "kpis:formula-completion",  # a fragment
    "kpis:start-kpis",
    "kpis:start-token",
    "kpis:start-letters",
    "kpis:order",
    "kpis:chart-png",  # files
    "kpis:series-csv",
    "kpis:why-png",
    "kpis:why-csv",
    "kpis:restore",
    "kpis:measurement-add",
    "kpis:measurement-remove",
    "kpis:action-add",
    "kpis:action-move",
    "kpis:annotation-add",
    "kpis:annotation-remove",
    "kpis:review-add",
    "okrs:objective-check",  # fragments
    "okrs:objective-key-results",
    "okrs:key-result-check",
    "okrs:objective-png",  # files
    "okrs:objective-csv",
    "okrs:key-result-png",
    "okrs:key-result-csv",
    "okrs:objective-order",
    "okrs:key-result-order",
    "okrs:check-in-add",
    "okrs:check-in-remove",
    "okrs:milestone-mark",
    "okrs:initiative-add",
    "okrs:initiative-move",
    "okrs:initiative-remove",
    "okrs:cycle-rhythms",
    "okrs:cycle-activate",
    "okrs:cycle-remove",
    "okrs:flow-check-in",
    "okrs:flow-value",
    "reports:ladder-children",  # a fragment
    "reports:ladder-png",
    "reports:ladder-csv",
    "reports:compare-csv",
    "reports:compare-png",
    "reports:my-value",
    "reports:what-if-csv",
    "reports:what-if-png",
    "reports:version",
    "account_inactive",  # nobody's account is ever switched off
    "account_confirm_email",  # needs a key out of a letter
    "account_reset_password_from_key",
    "account_set_password",  # everybody has a password
    "account_reauthenticate",  # sends on to where one came from
    "account_confirm_login_code",  # nobody logs in by code
}
PUBLIC = {"accounts:landing", "accounts:invitation", "account_login", "account_signup", "account_reset_password"}
PUBLIC |= {"account_reset_password_done", "account_reset_password_from_key_done", "account_email_verification_sent"}
# The address of violations is told to the console, where every error fails the test.
TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`Content-Security-Policy: ${event.violatedDirective} ${event.blockedURI}`));
"""


class Visit(NamedTuple):
    """A page: what the test calls it, its address, the status it answers."""

    name: str
    path: str
    status: int = 200


def test_every_page_is_sound_light_and_dark_on_a_desk_and_on_a_telephone(
    site: str,
    settings: Any,
    browser: Browser,
    bakery: Bakery,
    objectives: BakeryObjectives,
    alice: Member,
) -> None:
    settings.EMAIL_BACKEND = "accounts.mail.OutboxBackend"
    inside = [*pages_of(bakery, objectives, signed_in=True), *broken(bakery)]
    look_at(browser, site, {alice: inside, None: list(pages_of(bakery, objectives, signed_in=False))})


@pytest.mark.slow
def test_so_is_every_page_narrowed_searched_in_the_past_or_empty(
    site: str,
    browser: Browser,
    bakery: Bakery,
    objectives: BakeryObjectives,
    alice: Member,
    charlie: Member,
) -> None:
    look_at(browser, site, {alice: list(otherwise(bakery, objectives)), charlie: list(empty_pages())})


def look_at(browser: Browser, site: str, tours: dict[Member | None, list[Visit]]) -> None:
    """Fails with all that is wrong on any of the pages that each of them visits."""
    complaints: dict[str, list[str]] = {}
    seen = Seen({}, set(), set())
    for member, visits in tours.items():
        context = open_context(browser, site, member)
        page = context.new_page()
        for visit in visits:
            found = list(wrong_with(page, site, visit, seen))
            if found:
                complaints[f"{visit.name} {visit.path}"] = found
        context.close()
    assert not complaints, json.dumps(complaints, indent=1, ensure_ascii=False)


def test_what_is_no_page_is_an_address_all_the_same() -> None:
    """Every other address is visited; an entry for one that is gone would say nothing, and hide its next owner."""
    assert sorted(NO_PAGES - set(names(get_resolver().url_patterns))) == []


def names(patterns: list[Any], namespace: str = "") -> Iterator[str]:
    """The names of all addresses for people; the API has its own tests."""
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            if not str(pattern.pattern).startswith("api"):
                inner = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from names(pattern.url_patterns, namespace + inner)
        elif pattern.name:
            yield namespace + pattern.name


def pages_of(bakery: Bakery, set_: BakeryObjectives, *, signed_in: bool) -> Iterator[Visit]:
    """One address of every page, with something on it."""
    slug = {"slug": "acme"}
    bob = Member.objects.get(user__name="Bob")
    department = bakery.departments["Shops"].pk
    own: dict[str, dict[str, Any]] = {
        "accounts:invitation": {"token": bakery.invitation_link},
        "accounts:member-edit": {**slug, "member_id": bob.pk},
        "accounts:member-remove": {**slug, "member_id": bob.pk},
        "accounts:department-edit": {**slug, "department_id": department},
        "accounts:department-archive": {**slug, "department_id": bakery.departments["Harbour"].pk},
        "kpis:detail": {**slug, "key": "north_sales"},
        "kpis:new-from": {**slug, "chosen": "average_basket"},
        "kpis:remove": {**slug, "key": "closed_shop"},
        "kpis:action-edit": {**slug, "key": "north_sales", "action_id": bakery.action.pk},
        "kpis:annotation-edit": {**slug, "key": "north_sales", "annotation_id": bakery.annotation.pk},
        "kpis:measurement-edit": {**slug, "key": "north_sales", "date": bakery.measured_on},
        "reports:department": {**slug, "department_id": department},
    }
    own["kpis:children"] = {**slug, "key": "net_sales"}
    of_objectives = "objective objective-edit objective-remove objective-history objective-peers key-result-new"
    for name in of_objectives.split():
        own[f"okrs:{name}"] = {**slug, "objective_id": set_.waste.pk}
    for name in ("key-result", "key-result-edit", "key-result-remove", "check-in-edit", "initiative-edit"):
        own[f"okrs:{name}"] = {**slug, "key_result_id": set_.shelves.pk}
    own["okrs:check-in-edit"]["check_in_id"] = set_.check_in.pk
    own["okrs:initiative-edit"]["initiative_id"] = set_.initiative.pk
    own["okrs:cycle-edit"] = {**slug, "cycle_id": set_.planned.pk}
    own["okrs:close"] = own["okrs:carry"] = {**slug, "cycle_id": set_.quarter.pk}
    own["okrs:retrospective"] = {**slug, "cycle_id": set_.closed.pk}
    of_waste = ("edit", "parents", "targets", "archive", "benchmarks", "history")
    keyed = {f"kpis:{name}": {**slug, "key": "waste"} for name in of_waste}
    keyed["kpis:influences"] = {**slug, "key": "visits"}
    for name in sorted(set(names(get_resolver().url_patterns)) - NO_PAGES):
        if (name in PUBLIC) != signed_in:
            site_wide = ":" not in name or name in SITE_WIDE
            yield Visit(name, reverse(name, kwargs=own.get(name) or keyed.get(name) or ({} if site_wide else slug)))


def otherwise(bakery: Bakery, set_: BakeryObjectives) -> Iterator[Visit]:
    """Pages that show something else than where ``pages_of`` visits them: narrowed, searched, of other kinds."""
    home = reverse("reports:home", kwargs={"slug": "acme"})
    bob = Member.objects.get(user__name="Bob")
    department = bakery.departments["Shops"].pk
    for key in ("profit", "turnover", "gift_cards", "closed_shop", "wholesale"):
        yield Visit(f"KPI {key}", f"{home}kpis/{key}/")
    yield Visit("first KPIs of a shop", f"{home}start/?business=shop")
    yield Visit("ladder as a tree", f"{home}ladder/?view=tree")
    yield Visit("lanes in focus", f"{home}ladder/?view=tree&focus=waste&since=month")
    yield Visit("ladder narrowed", f"{home}ladder/?level=operational&department={department}")
    yield Visit("nothing fits on the ladder", f"{home}ladder/?category=compliance&view=tree")
    yield Visit("KPIs narrowed", f"{home}kpis/?level=operational&q=a&status=off_track")
    yield Visit("strategic KPIs at home", f"{home}?level=strategic")
    yield Visit("KPIs offered for comparison", f"{home}compare/?kpi=north_sales&indicator=leading")
    yield Visit("ladder as it was known", f"{home}ladder/?as_of={bakery.measured_on}&since=week")
    yield Visit("two KPIs", f"{home}compare/?kpi=north_sales&kpi=harbour_sales&against=year")
    yield Visit("departments side by side", f"{home}compare/?what=departments")
    yield Visit("what if", f"{home}what-if/?kpi=north_sales&period=&value=1000&kpi=gift_cards&period=&value=x")
    yield Visit("ladder in focus", f"{home}ladder/?focus=waste")
    yield Visit("Bob's ladder", f"{home}my-ladder/?member={bob.pk}")
    yield Visit("KPIs off track", f"{home}kpis/?status=off_track")
    yield Visit("leading KPIs of the library", f"{home}kpis/new/?indicator=leading")
    yield Visit("nothing in the library", f"{home}kpis/new/?q=zeppelin")
    yield Visit("no KPI fits", f"{home}kpis/?q=zeppelin")
    for result in (set_.leftover, set_.programme, set_.kept):
        yield Visit(f"key result {result}", f"{home}key-results/{result.pk}/")
    yield Visit("key result as it was known", f"{home}key-results/{set_.shelves.pk}/?as_of={set_.check_in.on}")
    yield Visit("objective of the company", f"{home}objectives/{set_.company.pk}/")
    yield Visit("objective from a template", f"{home}objectives/new/?template=operations-1")
    yield Visit("objectives of the year", f"{home}objectives/?cycle={set_.year.pk}")
    yield Visit("objectives off track", f"{home}objectives/?status=off_track")
    yield Visit("no objective fits", f"{home}objectives/?q=zeppelin")
    yield Visit("a cycle without objectives", f"{home}objectives/?cycle={set_.planned.pk}")
    yield Visit("milestones to be changed", f"{home}key-results/{set_.programme.pk}/edit/")
    yield Visit("check in again", f"{home}check-ins/?at={set_.shelves.pk}&said={set_.shelves.pk}")
    yield Visit("everything said", f"{home}check-ins/?did={set_.shelves.pk}&skip={set_.kept.pk}")
    yield Visit("everybody's check-ins", f"{home}check-ins/team/?department=all")
    yield Visit("objectives as a list", f"{home}objectives/tree/?view=list&levels=1")
    yield Visit("objectives in focus", f"{home}objectives/tree/?focus={set_.waste.pk}")
    yield Visit("lessons of a cycle", f"{home}cycles/{set_.quarter.pk}/close/?step=lessons")
    yield Visit("what goes on", f"{home}cycles/{set_.quarter.pk}/close/?step=carry")
    yield Visit("a cycle so far", f"{home}cycles/{set_.quarter.pk}/")
    yield Visit("found in closed cycles", f"{home}cycles/archive/?q=orders")
    yield Visit("found in no closed cycle", f"{home}cycles/archive/?q=zeppelin")
    yield Visit("an empty department", f"{home}departments/{bakery.departments['Web shop'].pk}/")


SITE_WIDE = {f"accounts:{name}" for name in ("landing", "organization-list", "organization-new", "profile", "outbox")}


def empty_pages() -> Iterator[Visit]:
    """An organization in which nothing has been done yet."""
    for name in (
        "",
        "my-ladder/",
        "ladder/",
        "kpis/",
        "objectives/",
        "objectives/tree/",
        "cycles/",
        "cycles/archive/",
        "check-ins/",
        "check-ins/team/",
        "start/",
        "settings/departments/",
        "settings/tokens/",
    ):
        yield Visit("nothing yet", f"/globex/{name}")


def broken(bakery: Bakery) -> list[Visit]:
    return [
        Visit("no such page", "/nowhere/at/all/", 404),
        Visit("another's organization", "/globex/", 404),
    ]


def open_context(browser: Browser, site: str, member: Member | None) -> BrowserContext:
    context = browser.new_context(reduced_motion="reduce")
    context.add_init_script(TELL_VIOLATIONS)
    if member:
        log_in(context, site, member)
    return context


def wrong_with(page: Page, site: str, visit: Visit, seen: Seen) -> Iterator[str]:
    """Everything that is wrong with the page as it stands after loading."""
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        is_its_own_status = message.location.get("url", "").endswith(visit.path) and visit.status >= 400
        if message.type in ("error", "warning") and not is_its_own_status:
            errors.append(message.text)

    page.on("console", note)
    page.once("pageerror", lambda error: errors.append(str(error)))
    try:
        page.set_viewport_size(DESK)
        yield from wrong_answer(page.goto(site + visit.path), visit)
        yield from wrong_frame(page, visit, seen)
        page.add_script_tag(url=AXE_PATH)
        for name, look in LOOKS.items():
            yield from (f"{name}: {complaint}" for complaint in wrong_in(page, look, seen))
    except Error as error:
        errors.append(error.message)
    page.remove_listener("console", note)
    yield from errors


def wrong_answer(response: Response | None, visit: Visit) -> Iterator[str]:
    assert response is not None
    if response.status != visit.status or response.request.redirected_from:
        yield f"answers {response.status} at {response.url}, not {visit.status}"


def wrong_frame(page: Page, visit: Visit, seen: Seen) -> Iterator[str]:
    if page.locator("h1").count() != 1:
        yield f"has {page.locator('h1').count()} h1"
    title = page.title()
    if not title.endswith(" · Ladder") or title.startswith(" ·"):
        yield f"is titled “{title}”"
    elif visit.status == 200 and seen.titles.setdefault(title, visit.path.split("?")[0]) != visit.path.split("?")[0]:
        yield f"is titled “{title}”, and so is {seen.titles[title]}"
