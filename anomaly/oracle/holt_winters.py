"""Reference values of Holt-Winters: python3 holt_winters.py > ../src/forecast/fixtures/holt-winters.json (needs numpy, pandas and statsmodels)."""
import json, sys, warnings
import numpy as np, pandas as pd, statsmodels
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

warnings.simplefilter("ignore")

def series(n, period):
    t = np.arange(n)
    season = 4 * np.sin(2 * np.pi * t / period) if period else 0
    return 50 + 0.1 * t + season + 1.5 * np.sin(t * t * 0.37) + np.where(t > n * 0.6, 3, 0)

def case(name, n, period, trend, damped, alpha, beta, gamma, phi):
    y = pd.Series(series(n, period), index=pd.date_range('2024-01-01', periods=n, freq='h'))
    rng = np.linspace(-3, 3, period) if period else None
    model = ETSModel(y, error="add", trend="add" if trend else None, damped_trend=damped, seasonal="add" if period else None, seasonal_periods=period or None,
                     initialization_method="known", initial_level=48.0, initial_trend=0.2 if trend else None, initial_seasonal=rng)
    names = model.param_names
    known = {"smoothing_level": alpha, "smoothing_trend": beta, "smoothing_seasonal": gamma, "damping_trend": phi, "initial_level": 48.0, "initial_trend": 0.2}
    params = []
    for each in names:
        if each.startswith("initial_seasonal"):
            params.append(rng[int(each.split(".")[1])])
        else:
            params.append(known[each])
    fit = model.smooth(np.array(params))
    steps = 3 * (period or 4)
    prediction = fit.get_prediction(start=y.index[-1] + pd.Timedelta(hours=1), end=y.index[-1] + pd.Timedelta(hours=steps))
    frame = prediction.summary_frame(alpha=0.1)
    free = ETSModel(y, error="add", trend="add" if trend else None, damped_trend=damped, seasonal="add" if period else None, seasonal_periods=period or None,
                    initialization_method="heuristic").fit(disp=False)
    return {"name": name, "values": y.tolist(), "period": period, "trend": "none" if not trend else "damped" if damped else "additive",
            "alpha": alpha, "beta": beta, "gamma": gamma, "phi": phi, "level": 48.0, "slope": 0.2 if trend else 0.0, "season": [] if rng is None else rng.tolist(),
            "fitted": fit.fittedvalues.tolist(), "sse": float(np.sum(fit.resid ** 2)), "mean": frame["mean"].tolist(), "lower": frame.iloc[:, 1].tolist(), "upper": frame.iloc[:, 2].tolist(),
            "heuristicSse": float(np.sum(free.resid ** 2))}

cases = [
    case("level alone", 80, 0, False, False, 0.3, 0, 0, 1),
    case("trend", 80, 0, True, False, 0.4, 0.1, 0, 1),
    case("damped trend", 80, 0, True, True, 0.4, 0.1, 0, 0.9),
    case("season without trend", 96, 12, False, False, 0.25, 0, 0.2, 1),
    case("trend and season", 120, 12, True, False, 0.3, 0.05, 0.15, 1),
    case("damped trend and season", 120, 24, True, True, 0.2, 0.04, 0.3, 0.95),
]
json.dump({"versions": {"statsmodels": statsmodels.__version__, "numpy": np.__version__}, "cases": cases}, sys.stdout)
