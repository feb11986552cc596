# Run by hand in this folder after small-corrections.R: python3 small-corrections.py (mpmath). Replaces the robust errors of the sensitivity analyses in small-corrections.json by those of the same definition in 40-digit
# arithmetic: where one effect has nearly all the weight of its cluster, the square root of a nearly singular matrix leaves R with seven digits (designs 70 and 107: .29329664144 where .29329664703 is right).
import json
import mpmath as mp

mp.mp.dps = 40


def robust(y, v, w, cl):
    k, total = len(y), sum(w)
    mean = sum(a * b for a, b in zip(w, y)) / total
    names = list(dict.fromkeys(cl))
    phi = [None] * k
    for c in names:
        rows = [i for i in range(k) if cl[i] == c]
        for i in rows:
            phi[i] = sum(v[j] for j in rows) / len(rows)
    left = mp.matrix(k, k)
    for i in range(k):
        for j in range(k):
            left[i, j] = (1 if i == j else 0) - w[j] / total
    working = left * mp.diag(phi) * left.T
    variance, plain, parts = mp.mpf(0), mp.mpf(0), []
    for c in names:
        rows = [i for i in range(k) if cl[i] == c]
        m = len(rows)
        b = mp.matrix(m, m)
        for s in range(m):
            for t in range(m):
                b[s, t] = working[rows[s], rows[t]]
        values, vectors = mp.eigsy(b)
        half = vectors * mp.diag([1 / mp.sqrt(e) if e > mp.mpf("1e-12") * phi[rows[0]] else 0 for e in values]) * vectors.T
        a = mp.sqrt(phi[rows[0]]) * half * mp.matrix([w[i] for i in rows]) / total
        variance += sum(a[s] * (y[rows[s]] - mean) for s in range(m)) ** 2
        plain += sum(w[i] * (y[i] - mean) for i in rows) ** 2 / total ** 2
        parts.append([sum(left[rows[s], i] * a[s] for s in range(m)) for i in range(k)])
    p = [[sum(g * h for g, h in zip(one, other)) for other in parts] for one in parts]
    trace, squares, j = sum(p[i][i] for i in range(len(p))), sum(x * x for row in p for x in row), len(names)
    return [float(mp.nstr(x, 15)) for x in (mean, mp.sqrt(variance), trace ** 2 / squares, mp.sqrt(j / mp.mpf(j - 1) * plain))]


with open("small-corrections.json") as file:
    data = json.load(file)
quantile = mp.sqrt(2) * mp.erfinv(mp.mpf("0.95"))
for design in data["independent"]:
    y, v = [mp.mpf(str(x)) for x in design["y"]], [mp.mpf(str(x)) for x in design["v"]]
    for kind in ("mathur", "clustered"):
        expected = design.get(kind)
        if not isinstance(expected, dict):
            continue
        cl = design["cl"] if kind == "clustered" else list(range(len(y)))
        tau2 = mp.mpf(repr(expected["tau2"]))
        affirmative = [a / mp.sqrt(b) > quantile for a, b in zip(y, v)]
        expected["corrected"] = [robust(y, v, [(1 if a else ratio) / (b + tau2) for a, b in zip(affirmative, v)], cl) for ratio in (1, 3, 25)]
        if isinstance(expected["worst"], list) and len(expected["worst"]) == 4:
            rows = [i for i in range(len(y)) if not affirmative[i]]
            expected["worst"] = robust([y[i] for i in rows], [v[i] for i in rows], [1 / (v[i] + tau2) for i in rows], [cl[i] for i in rows])
with open("small-corrections.json", "w") as file:
    file.write('{"independent":[\n' + ",\n".join(json.dumps(d, separators=(",", ":")) for d in data["independent"])
               + '\n],\n"dependent":[\n' + ",\n".join(json.dumps(d, separators=(",", ":")) for d in data["dependent"]) + "\n]}\n")
