"""Reference values for Isolation Forest from scikit-learn:

    python isolation-forest.py > ../src/multivariate/fixtures/isolation-forest.json

Trees of a fitted forest with the scores that it gives, and how well forests of 20 seeds find the outliers of one data set.
Values are multiples of 1/64, which scikit-learn's 32 bits hold exactly.
"""
import json
import platform

import numpy as np
import sklearn
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score

rng = np.random.default_rng(20)


def exact(values):
    return np.round(values * 64) / 64


# Two clouds of different width and a thin line between them; outliers lie in the box around all of it, some of them inside.
normal = np.vstack([
    rng.normal([0, 0, 0, 5], [1, 1, 2, 0.5], size=(240, 4)),
    rng.normal([6, 6, 0, -5], [0.5, 2, 1, 0.5], size=(160, 4)),
    np.column_stack([np.linspace(0, 6, 40), np.linspace(0, 6, 40), np.zeros(40), np.linspace(5, -5, 40)]) + rng.normal(0, 0.2, size=(40, 4)),
])
outliers = rng.uniform([-3, -5, -6, -7], [8, 11, 6, 7], size=(60, 4))
rows = exact(np.vstack([normal, outliers]))
labels = np.r_[np.zeros(len(normal), int), np.ones(len(outliers), int)]
order = rng.permutation(len(rows))
rows, labels = rows[order], labels[order]

forest = IsolationForest(n_estimators=12, max_samples=100, contamination=0.1, random_state=1).fit(rows)
trees = [
    {
        "left": tree.tree_.children_left.tolist(),
        "right": tree.tree_.children_right.tolist(),
        "feature": tree.tree_.feature.tolist(),
        "threshold": tree.tree_.threshold.tolist(),
        "samples": tree.tree_.n_node_samples.tolist(),
    }
    for tree in forest.estimators_
]
areas = [roc_auc_score(labels, -IsolationForest(random_state=seed).fit(rows).score_samples(rows)) for seed in range(20)]
print(json.dumps({
    "versions": {"python": platform.python_version(), "numpy": np.__version__, "scikit-learn": sklearn.__version__},
    "rows": rows.tolist(),
    "labels": labels.tolist(),
    "subsample": 100,
    "trees": trees,
    "scores": (-forest.score_samples(rows[:60])).tolist(),
    "threshold": -forest.offset_,
    "predicted": (forest.predict(rows[:60]) == -1).astype(int).tolist(),
    "areas": areas,
}))
