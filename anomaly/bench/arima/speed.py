"""Fits, appends and forecasts of statsmodels: cases as JSON on standard input, seconds and likelihoods as JSON on standard output."""
import json
import sys
import time
import warnings

import numpy as np
from statsmodels.tsa.arima.model import ARIMA

warnings.simplefilter("ignore")


def seconds(times, run):
    spans = []
    for _ in range(times):
        began = time.perf_counter()
        result = run()
        spans.append(time.perf_counter() - began)
    return min(spans), result


answers = []
for case in json.load(sys.stdin):
    series = np.array(case["series"])
    model = ARIMA(series, order=case["order"], seasonal_order=case["seasonal"])
    fit, result = seconds(3, model.fit)
    append, _ = seconds(5, lambda: result.append(series[-1:], refit=False))
    forecast, _ = seconds(5, lambda: result.get_forecast(24).conf_int())
    answers.append({"fit": fit, "append": append, "forecast": forecast, "logLikelihood": result.llf})
json.dump(answers, sys.stdout)
