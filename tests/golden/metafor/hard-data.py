# Run by hand in this folder after hard-data.R: python3 hard-data.py (Debian package python3-mpmath). Writes hard-data-exact.json: the moment
# estimates of the same data sets in 60-digit arithmetic, since metafor loses digits where variances are eight decades apart.
import json
from mpmath import mp, matrix, mpf

mp.dps = 60
exact = []
for index, case in enumerate(json.load(open("hard-data.json"))["cases"]):
    y = matrix([mpf(repr(a)) for a in case["yi"]])
    v = [mpf(repr(a)) for a in case["vi"]]
    k = len(v)
    for moderator in (False, True) if k > 3 else (False,):
        p = 2 if moderator else 1
        x = matrix(k, p)
        for i in range(k):
            x[i, 0] = 1
            if moderator:
                x[i, 1] = case["x"][i]
        w = mp.diag([1 / a for a in v])
        projection = w - w * x * ((x.T * w * x) ** -1) * x.T * w
        q = (y.T * projection * y)[0]
        trace = sum(projection[i, i] for i in range(k))
        weights = sum(1 / a for a in v)
        dl, hs = max(mpf(0), (q - (k - p)) / trace), max(mpf(0), (q - k) / weights)
        squares = sum(abs(projection[i, j]) ** 2 for i in range(k) for j in range(k))
        se = mp.sqrt(2 * (k - p) + 4 * dl * trace + 2 * dl ** 2 * squares) / trace
        exact.append({"case": index, "moderator": moderator, "DL": float(dl), "HS": float(hs), "seDL": float(se)})
json.dump(exact, open("hard-data-exact.json", "w"))
