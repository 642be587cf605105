"""Reference values of the benchmark's scorers, from TSB-AD (its own files; the package pulls in torch) and scikit-learn, on synthetic series.

    pip download --no-deps TSB-AD==1.5 && unzip TSB_AD-1.5-py3-none-any.whl -d tsb
    pip install numpy scipy scikit-learn statsmodels matplotlib
    python vus.py tsb > ../bench/scoring/fixtures/vus.json
"""
import importlib.util
import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score, precision_recall_curve

root = Path(sys.argv[1])


def load(path):
    spec = importlib.util.spec_from_file_location(Path(path).stem, root / "TSB_AD" / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


metrics = load("evaluation/basic_metrics.py")
windows = load("utils/slidingWindows.py")
random = np.random.default_rng(7)


def labels_of(length, *ranges):
    labels = np.zeros(length, dtype=int)
    for first, end in ranges:
        labels[first:end] = 1
    return labels


def case(name, labels, scores, window):
    scores = np.round(np.asarray(scores, dtype=float), 3)
    _, _, _, _, _, _, _, vus = metrics.generate_curve(labels, scores, window, "opt", 250)
    precision, recall, _ = precision_recall_curve(labels, scores)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-300)
    return {
        "name": name,
        "labels": "".join(map(str, labels)),
        "scores": scores.tolist(),
        "window": window,
        "vusPr": float(vus),
        "aucPr": float(average_precision_score(labels, scores)),
        "bestF1": float(f1.max()),
    }


def noisy(labels, gain):
    blurred = np.convolve(labels, np.ones(9) / 9, mode="same")
    return random.random(len(labels)) + gain * blurred


one = labels_of(400, (200, 230))
many = labels_of(700, (50, 51), (55, 60), (120, 180), (186, 187), (400, 420), (690, 695))
edges = labels_of(500, (0, 20), (300, 330), (480, 500))
start = labels_of(300, (0, 30))
cases = [
    case("one range, a good score", one, noisy(one, 2), 100),
    case("one range, chance", one, random.random(400), 30),
    case("ranges that merge as they widen", many, noisy(many, 1), 125),
    case("ranges at both ends", edges, noisy(edges, 0.7), 60),
    case("one range at the start", start, noisy(start, 0.5), 11),
    case("scores with ties", many, np.round(noisy(many, 1), 1), 50),
    case("one score for all", one, np.zeros(400), 50),
    case("fewer samples than thresholds", labels_of(90, (40, 43), (70, 71)), noisy(labels_of(90, (40, 43), (70, 71)), 1), 20),
    case("no widening", many, noisy(many, 1), 0),
    case("a negative score", one, noisy(one, 2) - 5, 40),
]

ticks = np.arange(900)
series = {
    "a day of 96 samples": np.sin(ticks * 2 * np.pi / 96) + 0.1 * random.standard_normal(900),
    "noise": random.standard_normal(900),
    "flat": np.full(500, 3.0),
    "a ramp": ticks[:300] * 0.5,
    "short": random.standard_normal(60),
    "a period that is too short": np.tile([0.0, 1.0, 0.0, 0.0], 100),
}
found = [
    {"name": name, "series": np.round(values, 3).tolist(), "window": int(windows.find_length_rank(np.round(values, 3).reshape(-1, 1), rank=1))}
    for name, values in series.items()
]
versions = {"TSB-AD": "1.5", **{name: version(name) for name in ["numpy", "scipy", "scikit-learn", "statsmodels"]}}
print(json.dumps({"versions": versions, "cases": cases, "windows": found}))
