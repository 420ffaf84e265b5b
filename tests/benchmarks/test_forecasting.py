"""Forecasts of 1,000 monthly series of 60 to 120 points, backtest included, against a second and against the naive."""

from collections.abc import Callable
from time import process_time

import numpy as np
import pytest
from numpy.typing import NDArray

from kpis.engine.forecast import forecast
from tests.benchmarks.results import Results, Row, milliseconds

pytestmark = pytest.mark.benchmark
SERIES = 1_000
SHORTEST, LONGEST = 60, 120
HORIZON = 12
ORIGINS, LEADS = 36, 3
ROUNDS = 5
SECOND = 1.0
TITLE = "Forecasts of 1,000 monthly series of 60 to 120 points"


def made_up() -> NDArray[np.float64]:
    """Sales of any kind: level, trend, season that adds or multiplies, noise, and a missing month here and there."""
    random, months = np.random.default_rng(1), np.arange(LONGEST)
    level, trend = random.uniform(50, 5000, (SERIES, 1)), random.normal(0.002, 0.004, (SERIES, 1))
    season = random.normal(0, random.choice([0, 0.1, 0.2], (SERIES, 1)), (SERIES, 12))[:, months % 12]
    noise = random.normal(0, 0.08, (SERIES, LONGEST))
    values = level * (1 + trend * months) * (1 + season) * (1 + noise)
    values[random.random(values.shape) < 0.01] = np.nan
    starts = random.integers(0, LONGEST - SHORTEST + 1, (SERIES, 1))
    return np.where(months >= starts, values, np.nan)


def naive(values: NDArray[np.float64]) -> None:
    """The last known value, its spread and its backtest, one series after another in NumPy."""
    leads = np.arange(1, HORIZON + 1)
    for series in values:
        known = series[~np.isnan(series)]
        origins = np.arange(len(known) - 1 - ORIGINS, len(known) - 1)
        targets = origins[:, None] + np.arange(1, LEADS + 1)
        errors = known[np.minimum(targets, len(known) - 1)] - known[origins, None]
        errors = errors[targets < len(known)]
        mean, spread = np.full(HORIZON, known[-1]), np.sqrt(np.mean(errors**2) * leads)
        assert np.abs(errors).mean() >= 0
        assert (mean - spread <= mean + spread).all()


def processor_seconds(action: Callable[[], object]) -> float:
    """The shortest time on the processor: other programs take none of it."""
    times = []
    for _ in range(ROUNDS):
        began = process_time()
        action()
        times.append(process_time() - began)
    return min(times)


def test_forecasting(results: Results) -> None:
    values = made_up()
    took = processor_seconds(lambda: forecast(values, season_length=12, horizon=HORIZON))
    alone = processor_seconds(lambda: forecast(values[0], season_length=12, horizon=HORIZON))
    loop = processor_seconds(lambda: naive(values))
    assert forecast(values, season_length=12, horizon=HORIZON).is_offered.mean() > 0.9
    results.add(
        TITLE,
        Row("one second / all of them", milliseconds(SECOND), milliseconds(took), SECOND / took, ">= 1"),
        Row("all of them / naive forecasts in a loop", milliseconds(loop), milliseconds(took), took / loop),
        Row("one alone / its share of all", milliseconds(took / SERIES), milliseconds(alone), alone * SERIES / took),
    )
