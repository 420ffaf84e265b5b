"""``manage.py rebuild_progress`` finds and mends what is stored otherwise."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.actors import SYSTEM
from accounts.models import Organization
from okrs.actions.checking_in import check_in
from okrs.actions.closing import close_cycle
from okrs.models import Cycle, ProgressRecord
from tests.cast import NOW
from tests.okrs.conftest import MakeKeyResult, date, is_settled


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("rebuild_progress", *arguments, stdout=output)
    return output.getvalue()


def test_what_differs_is_found_and_mended(make: MakeKeyResult, in_acme: Organization) -> None:
    wrong, missing, gone = make("Wrong"), make("Missing"), make("Gone")
    for key_result in (wrong, missing):
        check_in(SYSTEM, key_result, now=NOW, value=1, confidence="on_track")
    assert "acme: 0 differences" in run("--check")
    ProgressRecord.objects.filter(key_result_id=wrong.pk).update(progress_raw=9)
    ProgressRecord.objects.filter(key_result_id=missing.pk).delete()
    ProgressRecord.objects.create(key_result_id=gone.pk, on=date("2026-11-01"), progress_raw=1)
    ProgressRecord.objects.create(key_result_id=in_acme.pk, on=date("2026-11-01"), progress_raw=1)
    with pytest.raises(CommandError, match="4 stored rows of progress differ"):
        run("--check")
    assert not is_settled(in_acme)
    assert "acme: 4 rows of progress changed" in run("--organization", "acme")
    assert is_settled(in_acme)


def test_a_closed_cycle_stays_as_it_was_closed(make: MakeKeyResult, quarter: Cycle, in_acme: Organization) -> None:
    key_result = make()
    check_in(SYSTEM, key_result, now=NOW, value=1, confidence="on_track")
    close_cycle(SYSTEM, quarter, now=NOW)
    ProgressRecord.objects.update(progress_raw=0.5)
    assert is_settled(in_acme)


def test_an_organization_that_is_not_there(db: None) -> None:
    with pytest.raises(CommandError, match="There is no organization called 'nobody'"):
        run("--organization", "nobody")
