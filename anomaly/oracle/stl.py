"""Reference values of STL: python3 stl.py > ../src/forecast/fixtures/stl.json (needs numpy and statsmodels)."""
import json, sys
import numpy as np, statsmodels
from statsmodels.tsa.seasonal import STL

def series(n, period, outliers):
    t = np.arange(n)
    y = 10 + 0.05 * t + 3 * np.sin(2 * np.pi * t / period) + np.cos(6 * np.pi * t / period) * t / n + 0.3 * np.sin(t * t * 0.7)
    if outliers:
        y[[n // 4, n // 2, n // 2 + 5]] += [12, -9, 15]
    return y

def case(name, n, period, outliers=False, **options):
    y = series(n, period, outliers)
    fit = STL(y, period=period, **options).fit()
    return {"name": name, "period": period, "options": options, "values": y.tolist(), "seasonal": fit.seasonal.tolist(), "trend": fit.trend.tolist(), "weights": fit.weights.tolist()}

cases = [
    case("plain", 96, 12),
    case("robust", 96, 12, True, robust=True),
    case("jumps", 120, 24, seasonal_jump=1, trend_jump=4, low_pass_jump=3),
    case("wide season, straight parts", 90, 7, seasonal=15, trend=21, seasonal_deg=0, low_pass_deg=0, trend_deg=1),
]
json.dump({"versions": {"statsmodels": statsmodels.__version__, "numpy": np.__version__}, "cases": cases}, sys.stdout)
