# Run by hand in this folder: python3 tetrachoric.py > tetrachoric.json (needs mpmath).
# The tetrachoric correlation and its variance in 40-digit arithmetic: Phi2(h, k; rho) = a/n with the cuts from the margins (the model has as
# many parameters as the table has free counts, so this is the maximum-likelihood estimate), variance by the delta method from the multinomial.
import json
from mpmath import mp, mpf, quad, linspace, erfc, erfinv, sqrt, exp, pi, findroot, nstr

mp.dps = 40


def normal(x):
    return erfc(-x / sqrt(2)) / 2


def quantile(p):
    return sqrt(2) * erfinv(2 * p - 1)


def density(h, k, r):
    return exp(-(h * h - 2 * h * k * r + k * k) / (2 * (1 - r * r))) / (2 * pi * sqrt(1 - r * r))


def both_below(h, k, r):
    return normal(h) * normal(k) + quad(lambda t: density(h, k, t), linspace(0, r, 9))


def tetrachoric(a, b, c, d):
    n = mpf(a + b + c + d)
    h, k = quantile((a + b) / n), quantile((a + c) / n)
    r = findroot(lambda x: both_below(h, k, x) - a / n, (mpf(-0.95), mpf(0.95)), solver="anderson", tol=1e-60, maxsteps=400)
    s = sqrt(1 - r * r)
    by_row, by_column = normal((k - r * h) / s), normal((h - r * k) / s)
    shares = [mpf(x) / n for x in (a, b, c, d)]
    slopes = [(1 - by_row - by_column), -by_row, -by_column, mpf(0)]
    mean = sum(p * g for p, g in zip(shares, slopes))
    return r, (sum(p * g * g for p, g in zip(shares, slopes)) - mean ** 2) / (n * density(h, k, r) ** 2)


cases = []
for table in [(12, 88, 25, 75), (4, 119, 11, 128), (40, 10, 7, 60), (3, 1, 2, 30), (50, 50, 50, 50.5), (0.5, 20.5, 5.5, 18.5)]:
    y, v = tetrachoric(*table)
    cases.append({"inputs": dict(zip(["ai", "bi", "ci", "di"], table)), "yi": float(nstr(y, 17)), "vi": float(nstr(v, 17))})
print(json.dumps(cases, indent=1))
