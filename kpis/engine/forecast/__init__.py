"""Forecasts with an interval and an honest backtest, of thousands of series at once.

``histories`` aligns the series, ``methods`` and ``smoothing`` are what can be done with them, ``backtest`` tries a
method from what was known in the past, ``models`` says which ones suit, ``forecasting`` chooses; ``chances`` turns a
forecast into the probability of a target.
"""

from kpis.engine.forecast.chances import probability
from kpis.engine.forecast.forecasting import Forecast, Refused, forecast
from kpis.engine.forecast.models import Model
from kpis.engine.forecast.seasons import season_length

__all__ = ["Forecast", "Model", "Refused", "forecast", "probability", "season_length"]
