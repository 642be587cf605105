"""Reference values for calibration, combination and AR coefficients.

python3 -m pip install numpy scipy statsmodels libspot
python3 anomaly/oracle/calibration.py anomaly/src
"""
import json
import sys
from pathlib import Path

import libspot
import numpy as np
import scipy
import statsmodels
from scipy.linalg import solve_toeplitz
from scipy.stats import cauchy, false_discovery_control, genpareto
from statsmodels.stats.multitest import multipletests

random = np.random.default_rng(11)
versions = {
    "python": sys.version.split()[0],
    "numpy": np.__version__,
    "scipy": scipy.__version__,
    "statsmodels": statsmodels.__version__,
    "libspot": libspot.__version__,
}


def pareto(shape, scale, count):
    excesses = genpareto.rvs(shape, scale=scale, size=count, random_state=random)
    fitted_shape, _, fitted_scale = genpareto.fit(excesses, floc=0)
    return {
        "excesses": excesses.tolist(),
        "shape": fitted_shape,
        "scale": fitted_scale,
        "likelihood": float(genpareto.logpdf(excesses, fitted_shape, scale=fitted_scale).sum()),
        "tails": [[y, float(genpareto.sf(y, fitted_shape, scale=fitted_scale))] for y in (0.1 * scale, scale, 5 * scale)],
    }


def spot(name, values, first, risk):
    reference = libspot.Spot(q=risk, low=0, discard_anomalies=1, level=0.98, max_excess=200)
    reference.fit(values[:first])
    thresholds = [reference.anomaly_threshold]
    anomalies = []
    for index, value in enumerate(values[first:]):
        if reference.step(value) == libspot.ANOMALY:
            anomalies.append(index)
        if index % 500 == 499:
            thresholds.append(reference.anomaly_threshold)
    return {"name": name, "values": np.round(values, 5).tolist(), "first": first, "risk": risk, "thresholds": thresholds, "anomalies": anomalies}


def stream(draw):
    values = np.round(draw(4000), 5)
    values[[2200, 3300]] = values.max() * 3
    return values


def discoveries(p, rate):
    return {
        "p": p.tolist(),
        "rate": rate,
        "positive": multipletests(p, rate, method="fdr_bh")[0].tolist(),
        "any": multipletests(p, rate, method="fdr_by")[0].tolist(),
        "adjustedAgrees": bool(((false_discovery_control(p) <= rate) == multipletests(p, rate, method="fdr_bh")[0]).all()),
    }


def combination(p, weights):
    statistic = float(np.sum(weights / np.sum(weights) / np.tan(np.pi * p)))
    return {"p": p.tolist(), "weights": weights.tolist(), "combined": float(cauchy.sf(statistic))}


def coefficients(name, values):
    covariances = np.array([np.mean(values[lag:] * values[: len(values) - lag]) * (len(values) - lag) / len(values) for lag in range(9)])
    ridged = covariances.copy()
    ridged[0] *= 1 + 1e-4
    return {"name": name, "covariances": covariances.tolist(), "coefficients": solve_toeplitz(ridged[:8], covariances[1:9]).tolist()}


def auto_regressive(phi, count=4000):
    values = np.zeros(count)
    for at in range(count):
        values[at] = random.normal() + sum(weight * values[at - lag - 1] for lag, weight in enumerate(phi) if at > lag)
    return values


mixed = np.concatenate([random.uniform(size=90), random.uniform(0, 1e-4, size=10)])
write = lambda path, content: (Path(sys.argv[1]) / path).write_text(json.dumps({"versions": versions, **content}) + "\n")
write(
    "calibration/fixtures/pareto.json",
    {"fits": [pareto(*case) for case in [(0.3, 2, 200), (0.0, 1, 200), (-0.2, 5, 150), (0.8, 1e-3, 100), (0.1, 1e6, 50)]]},
)
write(
    "calibration/fixtures/spot.json",
    {"streams": [spot("normal", stream(random.standard_normal), 1000, 1e-4), spot("exponential", stream(random.standard_exponential), 1000, 1e-3)]},
)
write(
    "calibration/fixtures/discoveries.json",
    {"ticks": [discoveries(mixed, 0.05), discoveries(mixed, 0.2), discoveries(random.uniform(size=100), 0.1), discoveries(np.full(5, 0.01), 0.05)]},
)
write(
    "ensemble/fixtures/cauchy.json",
    {
        "cases": [
            combination(np.array([0.2, 0.5, 0.9]), np.ones(3)),
            combination(np.array([1e-8, 0.5, 0.9, 0.3]), np.array([1.0, 2.0, 0.5, 1.5])),
            combination(np.array([0.7, 0.8, 0.9]), np.ones(3)),
            combination(np.array([1e-12, 1e-3]), np.array([0.1, 3.0])),
            combination(np.array([0.05]), np.ones(1)),
        ]
    },
)
write(
    "streaming/fixtures/auto-regression.json",
    {"models": [coefficients("AR(1)", auto_regressive([0.9])), coefficients("AR(2) that swings", auto_regressive([1.6, -0.9])), coefficients("white", auto_regressive([]))]},
)
