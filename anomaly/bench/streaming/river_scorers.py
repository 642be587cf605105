"""Times river's online scorers: {series, ticks} on standard input, {scorer: microseconds per sample} on standard output. Learning and scoring, as one does per sample."""
import json
import random
import sys
import time

from river import anomaly, stats

ask = json.load(sys.stdin)
random.seed(1)
noise = [random.gauss(0, 1) for _ in range(1 << 14)]


class ZScore:
    """A running mean and variance, and the distance from them."""

    def __init__(self):
        self.mean = stats.EWMean(1 / 64)
        self.variance = stats.EWVar(1 / 64)

    def push(self, value):
        deviation = self.variance.get() ** 0.5
        score = abs(value - self.mean.get()) / deviation if deviation > 0 else 0.0
        self.mean.update(value)
        self.variance.update(value)
        return score


class Scored:
    """An anomaly detector of river that is asked, then told."""

    def __init__(self, make):
        self.detector = make()

    def push(self, value):
        score = self.detector.score_one(None, value)
        self.detector.learn_one(None, value)
        return score


def timed(make):
    bank = [make() for _ in range(ask["series"])]
    for tick in range(70):
        for index, each in enumerate(bank):
            each.push(noise[(index + tick * 7919) % len(noise)])
    began = time.process_time()
    for tick in range(ask["ticks"]):
        for index, each in enumerate(bank):
            each.push(noise[(index + tick * 7919) % len(noise)])
    return (time.process_time() - began) * 1e6 / (ask["series"] * ask["ticks"])


print(
    json.dumps(
        {
            "z-score of EWMean and EWVar": timed(ZScore),
            "GaussianScorer": timed(lambda: Scored(anomaly.GaussianScorer)),
            "StandardAbsoluteDeviation": timed(lambda: Scored(anomaly.StandardAbsoluteDeviation)),
        }
    )
)
