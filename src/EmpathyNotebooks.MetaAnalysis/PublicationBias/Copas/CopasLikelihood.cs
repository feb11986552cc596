namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The log-likelihood of the Copas selection model at given γ0, γ1 with its derivatives in μ, ρ, τ² and β, by which the effect may rise with the standard error (Copas &amp; Shi 2000, Biostatistics 1, 247-262, p. 250;
/// 2001, Statistical Methods in Medical Research 10, 251-265). With u = γ0 + γ1/s, λ = φ(u)/Φ(u), c = λ(u + λ): σ² = s²/(1 - ρ²c), S = σ² + τ², e = y - μ - βs, a = ρσ and v = (uS + ae)/√(S(S - a²)), each
/// study adds -½ ln S - e²/(2S) + ln Φ(v). ln Φ(u) and ln √(2π) are left out, as in R's metasens: they do not depend on the parameters. s² is the variance given selection.
/// </summary>
internal sealed class CopasLikelihood
{
    private readonly double[] _y;
    private readonly double[] _s;
    private readonly double[] _u;
    private readonly double[] _c;

    public CopasLikelihood(double[] y, double[] s, double gamma0, double gamma1)
    {
        _y = y;
        _s = s;
        _u = new double[y.Length];
        _c = new double[y.Length];
        for (var i = 0; i < y.Length; i++)
        {
            var u = gamma0 + gamma1 / s[i];
            var hazard = NormalTail.Hazard(-u);
            _u[i] = u;
            _c[i] = Math.Min(hazard * (u + hazard), 1 - 1e-12);
        }
    }

    /// <summary>The value, the slope and the matrix of second derivatives, row by row, in as many parameters as are given: μ, ρ, τ² and β, which may be missing and is then 0. Empty spans ask for the value alone.</summary>
    public double Evaluate(ReadOnlySpan<double> x, Span<double> slope, Span<double> second)
    {
        var p = x.Length;
        double mu = x[0], rho = x[1], tau2 = x[2], beta = p > 3 ? x[3] : 0;
        var derivatives = !slope.IsEmpty;
        slope.Clear();
        second.Clear();
        double sum = 0;
        for (var i = 0; i < _y.Length; i++)
        {
            double w = _s[i] * _s[i], c = _c[i], u = _u[i];
            double sigma2 = w / (1 - rho * rho * c), sigma = Math.Sqrt(sigma2), a = rho * sigma, total = sigma2 + tau2;
            double e = _y[i] - mu - beta * _s[i];
            double rest = 2 * total - a * a, d2 = total * (total - a * a), d = Math.Sqrt(d2), n = u * total + a * e, v = n / d;
            sum += -0.5 * Math.Log(total) - e * e / (2 * total) + NormalTail.LogLower(v, out var h);
            if (!derivatives) continue;

            // First and second derivatives of v and of the term in e, a and S.
            double bend = -h * (v + h), d3 = d2 * d, d5 = d3 * d2;
            double ve = a / d, va = e / d + n * total * a / d3, vs = u / d - n * rest / (2 * d3);
            double vea = total * total / d3, ves = -a * rest / (2 * d3);
            double vaa = (2 * e * a * total + n * total) / d3 + 3 * n * total * total * a * a / d5;
            double vas = -e * rest / (2 * d3) + (u * total * a + n * a) / d3 - 3 * n * total * a * rest / (2 * d5);
            double vss = -u * rest / d3 - n / d3 + 3 * n * rest * rest / (4 * d5);
            double le = -e / total + h * ve, la = h * va, ls = -0.5 / total + e * e / (2 * total * total) + h * vs;
            double lee = -1 / total + bend * ve * ve, lea = bend * ve * va + h * vea, les = e / (total * total) + bend * ve * vs + h * ves;
            double laa = bend * va * va + h * vaa, las = bend * va * vs + h * vas, lss = 0.5 / (total * total) - e * e / (total * total * total) + bend * vs * vs + h * vss;

            // e, a and S in the parameters: de/dμ = -1, de/dβ = -s, da/dρ, dS/dρ, dS/dτ² = 1.
            double ar = sigma2 * sigma / w, sr = 2 * rho * c * sigma2 * sigma2 / w;
            double arr = 3 * rho * c * sigma2 * sigma2 * sigma / (w * w), srr = 2 * c * sigma2 * sigma2 / w + 8 * rho * rho * c * c * sigma2 * sigma2 * sigma2 / (w * w);
            slope[0] -= le;
            slope[1] += la * ar + ls * sr;
            slope[2] += ls;
            double er = lea * ar + les * sr, rr = laa * ar * ar + 2 * las * ar * sr + lss * sr * sr + la * arr + ls * srr, rt = las * ar + lss * sr;
            second[0] += lee;
            second[1] -= er;
            second[2] -= les;
            second[p + 1] += rr;
            second[p + 2] += rt;
            second[2 * p + 2] += lss;
            if (p < 4) continue;
            slope[3] -= le * _s[i];
            second[3] += lee * _s[i];
            second[p + 3] -= er * _s[i];
            second[2 * p + 3] -= les * _s[i];
            second[3 * p + 3] += lee * _s[i] * _s[i];
        }
        for (var i = 0; i < p && derivatives; i++)
        {
            for (var j = 0; j < i; j++) second[i * p + j] = second[j * p + i];
        }
        return sum;
    }
}
