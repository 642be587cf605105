"""Reference values of autocovariance and Sub-PCA: statsmodels' acovf, and distances by the inverse of the whole covariance matrix,
and TSB-AD's Sub-PCA by scikit-learn.

    pip install numpy scipy scikit-learn statsmodels
    python sub_pca.py > ../src/window/fixtures/sub-pca.json
"""
import json
import math
from importlib.metadata import version

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.linalg import toeplitz
from scipy.spatial.distance import cdist
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler
from statsmodels.tsa.stattools import acovf

random = np.random.default_rng(11)
ticks = np.arange(240)
series = np.round(40 + 10 * np.sin(ticks * 2 * np.pi / 24) + 2 * random.standard_normal(240), 2)
series[150:160] += 15


def scores(window, share, ridge):
    covariance = toeplitz(acovf(series, adjusted=False, fft=False)[:window])
    values, vectors = np.linalg.eigh(covariance)
    values, vectors = values[::-1], vectors[:, ::-1]
    kept = int(np.argmax(np.cumsum(values) >= share * values.sum() - 1e-9)) + 1
    left = np.array([values[k:].mean() for k in range(window)])
    kept = min(kept, int(np.argmax(np.append(values <= 2 * left, True))))
    modelled = np.where(np.arange(window) < kept, values, values[kept:].mean() if kept < window else 0) + ridge * values.mean()
    inverse = np.linalg.inv(vectors @ np.diag(modelled) @ vectors.T)
    usual = np.trace(inverse @ (vectors @ np.diag(modelled - ridge * values.mean()) @ vectors.T))
    deviations = sliding_window_view(series, window) - series.mean()
    distances = np.sqrt(np.einsum("ij,jk,ik->i", deviations, inverse, deviations) / usual)
    last = len(distances) - 1
    points = [distances[max(i - window + 1, 0) : min(i, last) + 1].mean() for i in range(len(series))]
    return {"window": window, "share": share, "ridge": ridge, "axes": kept, "scores": np.round(points, 12).tolist()}


def published(window):
    """TSB-AD 1.5, models/PCA.py, decision_scores_ with its defaults."""
    windows = StandardScaler().fit_transform(sliding_window_view(series, window))
    pca = PCA().fit(windows)
    scores = np.sum(cdist(windows, pca.components_) / pca.explained_variance_ratio_, axis=1)
    before, after = math.ceil((window - 1) / 2), (window - 1) // 2
    return {"window": window, "scores": [scores[0]] * before + scores.tolist() + [scores[-1]] * after}


print(
    json.dumps(
        {
            "versions": {name: version(name) for name in ["numpy", "scipy", "scikit-learn", "statsmodels"]},
            "series": series.tolist(),
            "autocovariance": acovf(series, adjusted=False, fft=False)[:30].tolist(),
            "cases": [scores(24, 0.9, 3.0), scores(10, 0.99, 0.1), scores(30, 0.5, 1.0)],
            "published": published(8),
        }
    )
)
