"""Reference eigenvalues from numpy.linalg.eigh (LAPACK): python3 anomaly/oracle/symmetric_eigen.py > anomaly/src/linear-algebra/fixtures/symmetric-eigen.json"""
import json
import sys

import numpy as np

random = np.random.default_rng(7)


def covariance(rows, columns):
    samples = random.normal(size=(rows, columns)) @ random.normal(size=(columns, columns))
    return np.cov(samples, rowvar=False)


def turned(values):
    axes, _ = np.linalg.qr(random.normal(size=(len(values), len(values))))
    return (axes * np.array(values)) @ axes.T


def case(name, matrix):
    matrix = (matrix + matrix.T) / 2
    values, vectors = np.linalg.eigh(matrix)
    # The projector on the three leading eigenvectors has no sign and, where the gap is wide, no freedom.
    leading = vectors[:, -3:]
    return {"name": name, "matrix": matrix.tolist(), "values": values[::-1].tolist(), "leadingProjector": (leading @ leading.T).tolist()}


cases = [
    case("covariance of 12 metrics", covariance(400, 12)),
    case("covariance of 38 metrics", covariance(2000, 38)),
    case("fewer samples than metrics", covariance(6, 20)),
    case("eigenvalues of both signs", turned([9, 4, 1, 0.1, -0.1, -1, -4.5, -9.5])),
    case("eigenvalues that repeat", turned([5, 4, 3, 1, 1, 1, 1, 0, 0, 0])),
    case("eigenvalues over fourteen orders of magnitude", turned([10.0**-power for power in range(15)])),
    case("Hilbert's matrix", np.array([[1 / (row + column + 1) for column in range(8)] for row in range(8)])),
]
json.dump({"versions": {"python": sys.version.split()[0], "numpy": np.__version__}, "cases": cases}, sys.stdout)
