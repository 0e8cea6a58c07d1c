"""Counters and histograms that cost next to nothing to count in: plain figures, made into Prometheus' own when asked for."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

Labels = tuple[str, ...]


class Tally(Collector):
    """A counter by labels."""

    def __init__(self, name: str, about: str, names: Labels = ()) -> None:
        self._name, self._about, self._names = name, about, names
        self._counts: Counter[Labels] = Counter() if names else Counter({(): 0})

    def add(self, labels: Labels = (), count: float = 1) -> None:
        """Counts something."""
        self._counts[labels] += count  # type: ignore[assignment]  # typeshed counts whole things only

    def collect(self) -> Iterable[Metric]:
        """The figures so far."""
        family = CounterMetricFamily(self._name, self._about, labels=self._names)
        for labels, count in self._counts.items():
            family.add_metric(labels, count)
        yield family


class Spread(Collector):
    """A histogram of seconds by one label."""

    def __init__(self, name: str, about: str, label: str, bounds: Sequence[float]) -> None:
        self._name, self._about, self._label, self._bounds = name, about, label, bounds
        self._counts: dict[str, list[int]] = {}
        self._sums: Counter[str] = Counter()

    def add(self, label: str, seconds: float) -> None:
        """Counts a time into the first bucket that is not too small for it."""
        counts = self._counts.get(label)
        if counts is None:
            counts = self._counts[label] = [0] * (len(self._bounds) + 1)
        counts[bisect_left(self._bounds, seconds)] += 1
        self._sums[label] += seconds  # type: ignore[assignment]  # typeshed counts whole things only

    def collect(self) -> Iterable[Metric]:
        """The figures so far."""
        family = HistogramMetricFamily(self._name, self._about, labels=(self._label,))
        names = [*(str(float(bound)) for bound in self._bounds), "+Inf"]
        for label, counts in self._counts.items():
            family.add_metric((label,), list(zip(names, accumulate(counts), strict=True)), self._sums[label])
        yield family
