"""Reference values of seasonal ARIMA models from statsmodels: python arima-statsmodels.py > ../src/forecast/fixtures/arima-statsmodels.json

Likelihoods are SARIMAX's with exact diffuse initialisation and without its shortcut to the steady state. Each counts -log(2 pi)/2 for every sample
that differences use up; the library does not.
"""
import json
import sys
import warnings

import numpy as np
import scipy
import statsmodels
from statsmodels.tsa.statespace.sarimax import SARIMAX

warnings.simplefilter("ignore")
random = np.random.default_rng(20)
STEPS = 30


def simulated(count, ar, ma, season=1, seasonal_ar=0.0, seasonal_ma=0.0, integrate=0, seasonal_integrate=0, level=0.0):
    left_out = 400
    total = count + left_out
    noise = random.normal(size=total)
    driven = noise.copy()
    driven[season:] += seasonal_ma * noise[:-season]
    series = np.zeros(total)
    for time in range(total):
        series[time] = driven[time]
        series[time] += sum(weight * driven[time - lag] for lag, weight in enumerate(ma, 1) if time >= lag)
        series[time] += sum(weight * series[time - lag] for lag, weight in enumerate(ar, 1) if time >= lag)
    for time in range(season, total):
        series[time] += seasonal_ar * series[time - season]
    series = series[left_out:] + level
    for _ in range(integrate):
        series = np.cumsum(series)
    for _ in range(seasonal_integrate):
        for time in range(season, count):
            series[time] += series[time - season]
    return np.round(series, 6)


def with_gaps(series, *gaps):
    series = series.copy()
    for start, end in gaps:
        series[start:end] = np.nan
    return series


def case(name, series, order, seasonal=(0, 0, 0, 0), ar=(), ma=(), seasonal_ar=(), seasonal_ma=(), constant=None, variance=1.0):
    lost = order[1] + seasonal[1] * seasonal[3]
    model = SARIMAX(series, order=order, seasonal_order=seasonal, trend=None if constant is None else "c", use_exact_diffuse=lost > 0)
    model.ssm.tolerance = 0
    params = [*ar, *ma, *seasonal_ar, *seasonal_ma, variance]
    if constant is not None:
        params = [constant * (1 - sum(ar)) * (1 - sum(seasonal_ar)), *params]
    result = model.smooth(np.array(params))
    forecast = result.get_forecast(STEPS)
    interval = forecast.conf_int(alpha=0.1)
    fitted = model.fit(disp=0, maxiter=500)
    known = lambda values: [None if np.isnan(value) else float(value) for value in values]
    return {
        "name": name,
        "order": order,
        "seasonal": seasonal,
        "series": known(series),
        "ar": ar,
        "ma": ma,
        "seasonalAr": seasonal_ar,
        "seasonalMa": seasonal_ma,
        "constant": constant,
        "variance": variance,
        "lost": lost,
        "logLikelihood": result.llf,
        "lastErrors": known(result.filter_results.standardized_forecasts_error[0, -40:]),
        "mean": known(forecast.predicted_mean),
        "lower": known(interval[:, 0]),
        "upper": known(interval[:, 1]),
        "fittedLogLikelihood": fitted.llf,
    }


arma = simulated(250, [0.6, 0.2], [0.4, -0.3], level=5)
walk = simulated(200, [0.5], [0.3], integrate=1, level=0.2)
curve = simulated(120, [0.4], [-0.3], integrate=2)
month = simulated(160, [0.5], [0.3], season=12, seasonal_ar=0.6, seasonal_ma=-0.3, level=-3)
airline = simulated(150, [], [-0.4], season=12, seasonal_ma=-0.6, integrate=1, seasonal_integrate=1)
day = simulated(240, [0.7], [], season=24, seasonal_ma=-0.5, seasonal_integrate=1)
cases = [
    case("ARMA(2,2) with mean", arma, (2, 0, 2), ar=[0.6, 0.2], ma=[0.4, -0.3], constant=5.1, variance=1.1),
    case("ARMA(2,2) with mean and gaps", with_gaps(arma, (3, 5), (60, 61), (100, 140), (200, 203)), (2, 0, 2), ar=[0.6, 0.2], ma=[0.4, -0.3], constant=5.1),
    case("AR(1) near the unit root", arma, (1, 0, 0), ar=[0.995], constant=4.0),
    case("MA(1) near the edge", arma, (0, 0, 1), ma=[0.98], constant=5.0, variance=2.0),
    case("ARIMA(1,1,1)", walk, (1, 1, 1), ar=[0.5], ma=[0.3], variance=0.9),
    case("ARIMA(1,1,1) with drift", walk, (1, 1, 1), ar=[0.5], ma=[0.3], constant=0.2, variance=0.9),
    case("ARIMA(1,1,1) with gaps, one next to the start", with_gaps(walk, (1, 3), (70, 75), (198, 199)), (1, 1, 1), ar=[0.5], ma=[0.3]),
    case("ARIMA(1,2,1)", curve, (1, 2, 1), ar=[0.4], ma=[-0.3]),
    case("ARIMA(1,2,1) without its second sample", with_gaps(curve, (1, 2)), (1, 2, 1), ar=[0.4], ma=[-0.3]),
    case("SARIMA(1,0,1)(1,0,1)12 with mean", month, (1, 0, 1), (1, 0, 1, 12), [0.5], [0.3], [0.6], [-0.3], constant=-3.0, variance=1.2),
    case("SARIMA(0,1,1)(0,1,1)12", airline, (0, 1, 1), (0, 1, 1, 12), ma=[-0.4], seasonal_ma=[-0.6]),
    case("SARIMA(0,1,1)(0,1,1)12 with gaps, in the first season too", with_gaps(airline, (2, 5), (9, 10), (60, 75), (149, 150)), (0, 1, 1), (0, 1, 1, 12), ma=[-0.4], seasonal_ma=[-0.6]),
    case("SARIMA(1,0,0)(0,1,1)24", day, (1, 0, 0), (0, 1, 1, 24), ar=[0.7], seasonal_ma=[-0.5]),
    case("SARIMA(2,0,1)(1,0,0)12, gaps", with_gaps(month, (20, 33), (80, 82)), (2, 0, 1), (1, 0, 0, 12), [0.3, 0.1], [0.5], [0.6], constant=-2.0),
]
versions = {"python": sys.version.split()[0], "statsmodels": statsmodels.__version__, "numpy": np.__version__, "scipy": scipy.__version__}
json.dump({"madeBy": "anomaly/oracle/arima-statsmodels.py", "versions": versions, "level": 0.9, "steps": STEPS, "cases": cases}, sys.stdout)
