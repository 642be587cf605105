"""Reference distances from scikit-learn: python3 anomaly/oracle/pca.py > anomaly/src/multivariate/fixtures/pca.json

The mean over the metrics of the squared Mahalanobis distance under (1 - s) covariance + s I, s = columns / (columns + rows), of standardised metrics:
all components of sklearn.decomposition.PCA, each projection squared over its shrunk variance.
"""
import json
import sys

import numpy as np
import sklearn
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

random = np.random.default_rng(11)


def case(count, columns):
    rows = random.normal(size=(count, columns)) @ random.normal(size=(columns, columns)) + 10 * random.normal(size=columns)
    vectors = np.concatenate([rows[:5], rows[:5] + 3 * random.normal(size=(5, columns))])
    scaler = StandardScaler().fit(rows)
    pca = PCA(svd_solver="full").fit(scaler.transform(rows))
    shrink = columns / (columns + count)
    # scikit-learn divides by n - 1, a stream that weighs all rows alike by n.
    variances = pca.explained_variance_ * (count - 1) / count
    projected = pca.transform(scaler.transform(vectors))
    squares = (projected**2 / ((1 - shrink) * variances + shrink)).sum(axis=1) / columns
    return {"rows": rows.tolist(), "vectors": vectors.tolist(), "squares": squares.tolist()}


versions = {"python": sys.version.split()[0], "numpy": np.__version__, "scikit-learn": sklearn.__version__}
json.dump({"versions": versions, "cases": [case(60, 4), case(120, 8)]}, sys.stdout)
