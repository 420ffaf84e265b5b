from decimal import Decimal

import pytest

from kpis.engine.display import round_half_away


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (2.5, 0, "3"),
        (-2.5, 0, "-3"),
        (3.5, 0, "4"),
        (1.005, 2, "1.01"),
        (-1.005, 2, "-1.01"),
        (0.125, 2, "0.13"),
        (-0.001, 2, "0.00"),
        (1234.0, 2, "1234.00"),
        (1e300, 2, f"{10**300}.00"),
        (5e-324, 3, "0.000"),
    ],
)
def test_halves_round_away_from_zero(value, decimals, shown):
    assert str(round_half_away(value, decimals)) == shown
    assert isinstance(round_half_away(value, decimals), Decimal)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_cannot_be_shown(value):
    with pytest.raises(ValueError, match="cannot be shown"):
        round_half_away(value, 2)
