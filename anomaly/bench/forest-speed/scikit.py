"""Times scikit-learn's Isolation Forest: a list of {rows, trees, features} on standard input,
one of times on standard output. Processor time, medians after one run that warms up."""
import json
import statistics
import sys
import time

import numpy as np
from sklearn.ensemble import IsolationForest


def timed(repeats, act):
    act()
    spans = []
    for _ in range(repeats):
        began = time.process_time()
        act()
        spans.append(time.process_time() - began)
    return statistics.median(spans)


answers = []
for case in json.load(sys.stdin):
    rows, trees, features = case["rows"], case["trees"], case["features"]
    vectors = np.random.default_rng(1).normal(size=(rows, features))
    forest = IsolationForest(n_estimators=trees, random_state=1)
    # Over a million vectors one run is long enough.
    repeats = 1 if rows > 200_000 else 5
    fit = timed(3, lambda: forest.fit(vectors[:10_000]))
    batch = timed(repeats, lambda: forest.score_samples(vectors))
    one = vectors[:1]
    single = timed(20, lambda: forest.score_samples(one))
    answers.append({"fit": fit, "batch": batch / rows, "single": single})
print(json.dumps(answers))
