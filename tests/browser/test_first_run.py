"""The first ten minutes: a founder from signing up to her ladder, and an employee from her invitation to the company's
number that she moved."""

import datetime as dt
import re
import shlex
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from playwright.sync_api import Browser, Page, expect

from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

FOUNDER, EMPLOYEE = "ada@example.com", "ben@example.com"


def last_months(count: int) -> list[dt.date]:
    """The first days of the months before this one, oldest first."""
    month = dt.datetime.now(dt.UTC).date().replace(day=1)
    months = []
    for _ in range(count):
        month = (month - dt.timedelta(days=1)).replace(day=1)
        months.append(month)
    return months[::-1]


def spreadsheet() -> str:
    """Twelve months as a European spreadsheet copies them: each month the shop and the web sell 1,000 more."""
    head = "Month\tSales in the shop\tOnline sales\tReturns\tNumber of sales"
    rows = [
        f"{month:%b %Y}\t€ {31 + n}.500,00\t{9 + n}.200,50\t{1000 - 10 * n},00\t{800 + n}"
        for n, month in enumerate(last_months(12))
    ]
    return "\n".join([head, *rows])


def letter_to(address: str, page: Page) -> str:
    """The link in the newest letter to somebody, once it has been sent."""

    def links() -> list[str]:
        texts = [letter.body for letter in mail.outbox if letter.to == [address]]
        return [found.group() for text in texts if (found := re.search(r"https?://\S+", text))]

    for _ in range(150):
        if links():
            return links()[-1]
        page.wait_for_timeout(100)
    raise AssertionError(f"No letter to {address}: {[(letter.to, letter.subject) for letter in mail.outbox]}")


def push(page: Page, line: str) -> None:
    """What a terminal does with the line."""
    words = shlex.split(line)
    headers = dict(word.split(": ", 1) for word in words if ": " in word and not word.startswith("{"))
    answer = page.request.post(words[1], headers=headers, data=words[-1])
    assert answer.json() == {"received": 1, "created": 1, "updated": 0, "unchanged": 0, "warnings": []}, answer.text()


def sign_up(page: Page, name: str, address: str) -> None:
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail").fill(address)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()


def test_a_founder_and_an_employee_in_their_first_ten_minutes(
    site: str, worker: None, page: Page, browser: Browser, accessible: Callable[[], None]
) -> None:
    # Ada signs up and founds an organization.
    page.goto(f"{site}/accounts/signup/")
    sign_up(page, "Ada", FOUNDER)
    page.goto(letter_to(FOUNDER, page))
    page.get_by_role("button", name="Yes, verify it").click()
    page.goto(f"{site}/organizations/new/")
    page.get_by_label("Name").fill("Corner Shop")
    page.get_by_role("button", name="Create it").click()

    # She runs a shop, and invites Ben beside his number.
    expect(page.get_by_role("heading", name="What do you run?")).to_be_visible()
    accessible()
    page.get_by_role("link", name="A shop").click()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(5)
    ben = page.get_by_role("group", name="Online sales")
    ben.get_by_label("Who owns it? E-mail").fill(EMPLOYEE)
    accessible()
    page.get_by_role("button", name="Next: your numbers").click()

    # She pastes twelve months; the preview appears by itself, one click stores it.
    page.get_by_label("Your numbers").fill(spreadsheet())
    expect(page.get_by_text("48 values, dates running down")).to_be_visible()
    expect(page.get_by_label("Sales in the shop")).to_have_value("kpi:sales_in_the_shop")
    accessible()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.set_viewport_size({"width": 1280, "height": 720})
    page.get_by_role("button", name="Store 48 values").click()

    # A target is suggested for each of the five, the sum included.
    expect(page.get_by_role("heading", name="What do you want to reach?")).to_be_visible()
    expect(page.get_by_role("group", name="Net sales").get_by_label("Target", exact=True)).to_have_value("53300")
    expect(page.get_by_role("button", name="Set these targets")).to_be_visible()
    accessible()
    page.get_by_role("button", name="Set these targets").click()

    # The ladder draws itself.
    expect(page.get_by_role("heading", name="Your ladder")).to_be_visible()
    net_sales = page.get_by_role("link", name=re.compile(r"^Net sales: € 61.8"))
    expect(net_sales).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^Online sales: .*on track"))).to_be_visible()
    accessible()
    page.get_by_role("button", name="Make a token and show the line").click()
    expect(page.locator("#curl")).to_contain_text("Bearer ldr_")
    expect(page.get_by_text("Waiting for the first number for Sales in the shop")).to_be_visible()
    accessible()
    push(page, page.locator("#curl").inner_text())
    expect(page.get_by_text("1,250 arrived for Sales in the shop")).to_be_visible()
    page.get_by_role("link", name="Done, show me my home").click()
    expect(page).to_have_url(f"{site}/corner-shop/")

    # Ben accepts, and lands on his ladder.
    theirs = browser.new_context().new_page()
    theirs.goto(letter_to(EMPLOYEE, page))
    theirs.get_by_role("link", name="Create your account").click()
    sign_up(theirs, "Ben", EMPLOYEE)
    theirs.get_by_role("button", name="Accept and go on").click()
    expect(theirs).to_have_url(f"{site}/corner-shop/my-ladder/")
    expect(theirs.get_by_text("Online sales → Net sales")).to_be_visible()
    expect(theirs.locator(".tread").filter(has_text="Net sales")).to_contain_text("€ 61.8 k")
    assert Axe().run(theirs).violations_count == 0

    # He enters what last month came to after all, and watches the company's number move.
    theirs.get_by_label("Date").fill(str(last_months(1)[0]))
    theirs.get_by_label("Value").fill("30200.50")
    theirs.get_by_role("button", name="Save").click()
    expect(theirs.locator(".tread").filter(has_text="Net sales")).to_contain_text("€ 71.8 k")
    theirs.context.close()
