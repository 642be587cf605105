"""Forecasts of statsmodels from rolling origins: series, orders and origins as JSON on standard input, means and intervals as JSON on standard output."""
import json
import sys
import warnings

import numpy as np
from statsmodels.tsa.arima.model import ARIMA

warnings.simplefilter("ignore")
answers = []
for case in json.load(sys.stdin):
    trend = ("t" if case["order"][1] else "c") if case["constant"] else "n"
    result = ARIMA(np.array(case["known"]), order=case["order"], trend=trend).fit()
    told = 0
    forecasts = []
    for origin in case["origins"]:
        if origin > told:
            result = result.append(np.array(case["later"][told:origin]), refit=False)
        told = origin
        forecast = result.get_forecast(case["steps"])
        interval = forecast.conf_int(alpha=1 - case["level"])
        forecasts.append({"mean": forecast.predicted_mean.tolist(), "lower": interval[:, 0].tolist(), "upper": interval[:, 1].tolist()})
    answers.append(forecasts)
json.dump(answers, sys.stdout)
