"""
Change points of made-up series by Apache Otava itself, as JSON on stdout.
    pip install apache-otava==0.8.0
    python3 scripts/otava-fixtures/change-points.py > test/reports/history/otava.json
"""
import json
import random
from importlib.metadata import version

from otava.analysis import TTestSignificanceTester, compute_change_points, split


def series(seed):
    draw = random.Random(seed)
    length = draw.choice([5, 12, 30, 49, 50, 51, 80, 120])
    kind = draw.choice(["level", "step", "steps", "heavy", "outlier", "spread"])
    level, spread, values = 1.0, 0.007, []
    at = sorted(draw.sample(range(1, length), min(length - 1, 3)))
    for index in range(length):
        if kind in ("step", "heavy") and index == at[0]:
            level += draw.choice([-0.03, 0.02, 0.03, 0.05])
        if kind == "steps" and index in at:
            level += draw.choice([-0.05, -0.02, 0.02, 0.03, 0.08])
        if kind == "spread" and index == at[0]:
            spread = 0.03
        noise = draw.gauss(0, 1)
        if kind == "heavy":
            noise /= max(0.2, abs(draw.gauss(0, 1)))
        value = level + spread * noise
        if kind == "outlier" and index in at:
            value += 0.05
        values.append(round(value, 5))
    return kind, values


def recomputed(values, window, max_p):
    """
    Otava's weak points, merged with both neighbours of a removed point compared anew, as the method is described. Otava
    0.8.0 means to (analysis.merge), but its index is one too far to the right: the left neighbour keeps the p that it
    had against a segment that no longer exists.
    """
    points = split(list(values), window, max_p * 10)
    tester = TTestSignificanceTester(max_p)
    while points:
        weakest = max(points, key=lambda point: point.stats.pvalue)
        if weakest.stats.pvalue < max_p:
            break
        points.remove(weakest)
        intervals = tester.get_intervals(points)
        points = [tester.change_point(point.to_candidate(), values, intervals) for point in points]
    return described(points)


def untouched(values, window, max_p):
    return described(compute_change_points(list(values), window_len=window, max_pvalue=max_p)[0])


def described(points):
    return [
        {"index": int(p.index), "p": float(p.stats.pvalue), "meanBefore": float(p.stats.mean_1), "meanAfter": float(p.stats.mean_2)}
        for p in points
    ]


def case(kind, values, window, max_p):
    merged, otava = recomputed(values, window, max_p), untouched(values, window, max_p)
    return {
        "kind": kind, "windowLength": window, "maxP": max_p, "values": values,
        "changePoints": merged, "otavaIndexes": [point["index"] for point in otava],
    }


cases = []
for seed in range(120):
    kind, values = series(seed)
    cases.append(case(kind, values, *[(50, 0.001), (50, 0.0001), (30, 0.001), (50, 0.01)][seed % 4]))
# Series that are easy to write down, and those without spread.
for values in ([1.0], [1.0, 1.0], [1.0, 2.0], [1.0] * 10, [1.0] * 6 + [2.0] * 6, [1.0] * 9 + [1.5], [1.0, 1.1, 0.9, 5.0, 5.1, 4.9]):
    cases.append(case("plain", values, 50, 0.001))
print("{")
print(f' "origin": "apache-otava {version("apache-otava")} from PyPI, by scripts/otava-fixtures/change-points.py",')
print(' "cases": [')
print(",\n".join("  " + json.dumps(case) for case in cases))
print(" ]\n}")
