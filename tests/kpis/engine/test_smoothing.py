"""The methods' recursions and the growth of their errors, against numbers that others printed."""

import numpy as np
import pytest

from kpis.engine.forecast.histories import Histories, prepare
from kpis.engine.forecast.methods import Drift, Naive, SeasonalDrift, SeasonalNaive
from kpis.engine.forecast.smoothing import Grid, Smoothing, Start, first_line, first_seasons
from tests.kpis.engine.published import AIR_PASSENGERS, AUSTRALIAN_AIRLINES, SHEEP, VISITOR_NIGHTS

NAN = float("nan")


def history(values):
    """One series as it stands, not scaled."""
    rows = np.atleast_2d(np.asarray(values, dtype=float))
    known = ~np.isnan(rows)
    return Histories(np.where(known, rows, 0.0), known, known.argmax(axis=1).astype(np.int64))


def one_cell(level, trend, season=0.0, damping=1.0):
    return Grid(*(np.array([number]) for number in (level, trend, season, damping)))


def start(level, trend, seasons=None):
    return Start(np.array([level]), np.array([trend]), None if seasons is None else np.array([seasons]))


def read(method, values):
    for column in range(len(values)):
        method.learn(column)
    return method


def holt(values, grid, begin):
    return read(Smoothing(history(values), grid, begin), values)


def test_holts_method_gives_the_forecasts_of_the_book():
    """R. J. Hyndman, G. Athanasopoulos, "Forecasting: principles and practice", 1st ed., section 7.2: alpha 0.8, beta*
    0.2, started from the first value and the first change; the five forecasts are also in statsmodels' tests."""
    y = AUSTRALIAN_AIRLINES
    method = holt(y, one_cell(0.8, 0.8 * 0.2), start(y[0], y[1] - y[0]))
    assert method.ahead(5)[0].round(2).tolist() == [43.76, 45.59, 47.43, 49.27, 51.10]


def test_damped_holt_gives_the_forecasts_of_r():
    """R: ets(livestock, model = "AAN", damped = TRUE, phi = 0.98), as quoted in statsmodels' tests."""
    grid = one_cell(0.97402626, 0.97402626 * 0.00010006, damping=0.98)
    method = holt(SHEEP, grid, start(252.59039965, 6.90265918))
    expected = [417.7982003, 421.3426083, 424.8161281, 428.2201775, 431.5561459, 434.8253949]
    assert method.ahead(6)[0] == pytest.approx(expected, abs=1e-4)
    assert method.squares[0, 0] / len(SHEEP) == pytest.approx(195.4397925, abs=1e-3)


def test_additive_holt_winters_gives_the_forecasts_of_r():
    """R: ets(austourists, model = "AAA", damped = FALSE), as quoted in statsmodels' results."""
    begin = start(23.06996036, 0.57786622, [8.50287244, -8.97988612, -1.17750326, 1.65451693])
    method = holt(VISITOR_NIGHTS, one_cell(0.20281952, 0.00016979, 0.4645238), begin)
    assert method.ahead(4)[0] == pytest.approx([75.34454396, 50.75845291, 63.05022495, 67.48394643], abs=1e-5)
    assert (method.level[0, 0], method.trend[0, 0]) == pytest.approx((62.55981214, 0.57809173), abs=1e-6)


def test_multiplicative_holt_winters_gives_the_forecasts_of_r():
    """R: ets(austourists, model = "MAM", damped = FALSE), as quoted in statsmodels' results; its states follow the
    same recursions, and its point forecasts go on from them (R averages simulations for the rest)."""
    begin = start(24.74993982, 0.51242558, [1.23309134, 0.77017133, 0.95960345, 1.03713388])
    smoothing = Smoothing(
        history(VISITOR_NIGHTS), one_cell(0.31562139, 0.00010001, 0.00010005), begin, is_multiplicative=True
    )
    method = read(smoothing, VISITOR_NIGHTS)
    assert (method.level[0, 0], method.trend[0, 0]) == pytest.approx((62.40820042, 0.51332787), abs=1e-5)
    assert method.ahead(4)[0] == pytest.approx([77.58807372, 48.8558019, 61.36513172, 66.85524201], abs=1e-4)


def test_missing_value_leaves_the_states_to_go_on_by_themselves():
    """By hand: alpha 0.5 without trend, started at 10: after 14, nothing, 6 the level is 12, 12, 9."""
    method = holt([14.0, NAN, 6.0], one_cell(0.5, 0.0), start(10.0, 0.0))
    assert method.ahead(2).tolist() == [[9.0, 9.0]]
    assert method.squares.tolist() == [[16.0 + 36.0]]


def test_best_parameters_are_those_with_the_least_squared_errors():
    """A line is followed without error if the trend is right; a step is followed by a large alpha."""
    grid = Grid.of("0.1 0.9", "0.1")
    step = read(Smoothing(history([0.0] * 5 + [10.0] * 5), grid, start(0.0, 0.0)), range(10))
    assert step.best().tolist() == [1]
    noise = np.random.default_rng(3).normal(size=100)
    assert read(Smoothing(history(noise), grid, start(0.0, 0.0)), noise).best().tolist() == [0]


def closed_form(lead, alpha, beta=0.0, gamma=0.0, phi=1.0, m=1):
    """R. J. Hyndman, G. Athanasopoulos, "Forecasting: principles and practice", 3rd ed., section 8.7, as multiples of
    sigma squared: the variances of (A,A,N), (A,Ad,N) and (A,A,A)."""
    if phi < 1:
        first = beta * phi * lead / (1 - phi) ** 2 * (2 * alpha * (1 - phi) + beta * phi)
        shrunk = beta * phi * (1 - phi**lead) / ((1 - phi) ** 2 * (1 - phi**2))
        return (
            1
            + alpha**2 * (lead - 1)
            + first
            - shrunk * (2 * alpha * (1 - phi**2) + beta * phi * (1 + 2 * phi - phi**lead))
        )
    seasons = (lead - 1) // m
    trend = (lead - 1) * (alpha**2 + alpha * beta * lead + beta**2 * lead * (2 * lead - 1) / 6)
    return 1 + trend + gamma * seasons * (2 * alpha + gamma + beta * m * (seasons + 1))


@pytest.mark.parametrize(
    ("parameters", "seasons"),
    [
        ({"alpha": 0.3, "beta": 0.1}, None),
        ({"alpha": 0.4, "beta": 0.2, "phi": 0.9}, None),
        ({"alpha": 0.3, "beta": 0.05, "gamma": 0.2, "m": 4}, [0.0] * 4),
    ],
)
def test_errors_grow_as_the_book_says(parameters, seasons):
    grid = one_cell(parameters["alpha"], parameters["beta"], parameters.get("gamma", 0.0), parameters.get("phi", 1.0))
    growth = Smoothing(history([0.0]), grid, start(0.0, 0.0, seasons)).growth(13)[0]
    assert growth**2 == pytest.approx([closed_form(lead, **parameters) for lead in range(1, 14)])


def test_simple_methods_by_hand():
    """5, missing, 7, 11 with a season of two: naive 11; a drift of 2 a period; season 7, 11, and 2 more a season."""
    values = [5.0, NAN, 7.0, 11.0]
    naive, drift = read(Naive(history(values)), values), read(Drift(history(values)), values)
    assert naive.ahead(3).tolist() == [[11, 11, 11]]
    assert drift.ahead(3).tolist() == [[13, 15, 17]]
    assert drift.growth(2)[0] == pytest.approx([(1 + 1 / 3) ** 0.5, (2 * (1 + 2 / 3)) ** 0.5])
    seasonal, changing = (
        read(kind(history(values), season_length=2), values) for kind in (SeasonalNaive, SeasonalDrift)
    )
    assert seasonal.ahead(3).tolist() == [[7, 11, 7]]
    assert seasonal.growth(3)[0] == pytest.approx([1, 1, 2**0.5])
    assert changing.ahead(3).tolist() == [[9, 13, 11]]
    assert changing.growth(1)[0] == pytest.approx([2**0.5])


def test_starting_line_is_found_exactly():
    begin = first_line(history([NAN, NAN, *(20 + 3 * np.arange(30))]))
    assert (begin.level[0], begin.trend[0]) == pytest.approx((17, 3))


def test_starting_seasons_are_found_exactly():
    season = np.array([5.0, -3.0, 0.0, -2.0])
    values = np.concatenate([[NAN] * 3, 100 + 2 * np.arange(12) + np.tile(season, 3)])
    begin = first_seasons(history(values), 4, is_multiplicative=False)
    assert (begin.level[0], begin.trend[0]) == pytest.approx((98, 2))
    assert begin.seasons[0] == pytest.approx(np.roll(season, 3))
    ratios = np.array([1.2, 0.8, 1.1, 0.9])
    begin = first_seasons(history(np.tile(100 * ratios, 3)), 4, is_multiplicative=True)
    assert begin.seasons[0] == pytest.approx(ratios)


def test_histories_end_with_their_last_value_and_begin_with_the_longest():
    prepared = prepare(np.array([[NAN, NAN, 3.0, 4.0, NAN], [1000.0, NAN, 2.0, 3.0, 4.0]]))
    assert prepared.order.tolist() == [1, 0]
    assert prepared.gap.tolist() == [0, 1]
    assert prepared.histories.start.tolist() == [0, 3]
    assert prepared.histories.values[1, 3:].tolist() == [3 / 8, 4 / 8]
    assert prepared.histories.known.sum(axis=1).tolist() == [4, 2]


def test_at_no_time_anything_later_is_known():
    """What is forecast after 100 of 144 months is what is forecast from 100 months."""
    whole, part = (history(values) for values in (AIR_PASSENGERS, AIR_PASSENGERS[:100]))
    for maker in (
        lambda histories: Smoothing(histories, Grid.of("0.1 0.5 0.9", "0.1 0.5"), first_line(histories)),
        lambda histories: Smoothing(
            histories,
            Grid.of("0.1 0.5", "0.1", "0.2 0.6"),
            first_seasons(histories, 12, is_multiplicative=True),
            is_multiplicative=True,
        ),
        lambda histories: SeasonalDrift(histories, 12),
    ):
        one, other = (read(maker(histories), range(100)) for histories in (whole, part))
        assert one.ahead(12).tobytes() == other.ahead(12).tobytes()
