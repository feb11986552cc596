namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// A weighted mean of effects in clusters with weights of any origin, and its cluster-robust standard error, as robumeta has it for weights of the user: the working covariance of a cluster is its mean sampling variance times
/// the identity, φI; the adjustment is √φ B^-½ with B = [(I - H)Φ(I - H)'] of the cluster; degrees of freedom are Satterthwaite's with equal variances. Since B is φI plus what spans 1 and w, two numbers a cluster are enough.
/// </summary>
internal sealed class InterceptSandwich
{
    /// <summary>So many clusters are taken pair by pair, which cannot cancel.</summary>
    private const int FewClusters = 40;

    private readonly double[] _y;
    private readonly int[][] _rows;
    private readonly double[] _phi;

    public InterceptSandwich(double[] y, double[] v, int[] clusters)
    {
        _y = y;
        _rows = [.. Enumerable.Range(0, y.Length).GroupBy(i => clusters[i]).OrderBy(g => g.Key).Select(g => g.ToArray())];
        _phi = [.. _rows.Select(rows => rows.Average(i => v[i]))];
    }

    public int ClusterCount => _rows.Length;

    /// <summary>The mean with these weights, not all 0; by CR2 and Satterthwaite, or by CR1 with one degree of freedom fewer than clusters.</summary>
    public Coefficient Solve(string name, double[] w, bool smallSample, double level)
    {
        // Differences from one effect, so that equal effects have exactly their value as mean.
        double origin = _y[0], total = 0, sum = 0;
        for (var i = 0; i < w.Length; i++)
        {
            total += w[i];
            sum += w[i] * (_y[i] - origin);
        }
        var mean = origin + sum / total;
        if (!double.IsFinite(mean)) throw new ConvergenceException("The weighted mean", "the effects or variances are too large or too small for double precision", 0, NonConvergence.Precision);
        if (ClusterCount < 2) return Coefficient.Without(name, mean, "All effects come from one cluster, so that nothing shows how clusters differ.");
        var (variance, df) = smallSample ? Adjusted(w, total, mean) : (Plain(w, total, mean), ClusterCount - 1);
        var size = 2e-14 * _y.Max(Math.Abs);
        if (!(variance > size * size))
        {
            return Coefficient.Without(name, mean, "The effects that count are all equal, so that the robust standard error would be 0, which says nothing about how uncertain the mean is.");
        }
        var se = Math.Sqrt(variance);
        return new Coefficient(name, mean, se, mean / se, df, Distributions.TwoSided(mean / se, df), Distributions.Interval(mean, se, df, level));
    }

    private double Plain(double[] w, double total, double mean)
    {
        double variance = 0;
        foreach (var rows in _rows)
        {
            double score = 0;
            foreach (var i in rows) score += w[i] * (_y[i] - mean) / total;
            variance += score * score;
        }
        return variance * ClusterCount / (ClusterCount - 1);
    }

    private (double Variance, double DegreesOfFreedom) Adjusted(double[] w, double total, double mean)
    {
        double equal = 0;
        var (shares, squaresOfShares) = (new double[_rows.Length], new double[_rows.Length]);
        for (var c = 0; c < _rows.Length; c++)
        {
            foreach (var i in _rows[c])
            {
                var share = w[i] / total;
                shares[c] += share;
                squaresOfShares[c] += share * share * _phi[c];
                equal += share * share;
            }
        }
        var count = _rows.Length;
        var (own, across, sums) = (new double[count], new double[count], new double[count]);
        // What the clusters before and after each have, summed without taking its own away again.
        var after = new (double Share, double Square)[count];
        for (var c = count - 2; c >= 0; c--) after[c] = (after[c + 1].Share + shares[c + 1], after[c + 1].Square + squaresOfShares[c + 1]);
        (double Share, double Square) before = (0, 0);
        double variance = 0;
        for (var c = 0; c < count; c++)
        {
            var (rows, phi) = (_rows[c], _phi[c]);
            double m = rows.Length, root = Math.Sqrt(m), average = 0, residual = 0;
            foreach (var i in rows)
            {
                average += w[i] / total / m;
                residual += (_y[i] - mean) / root;
            }
            double spread = 0, along = 0;
            foreach (var i in rows)
            {
                var distance = w[i] / total - average;
                spread += distance * distance;
                along += distance * (_y[i] - mean);
            }
            // Shares of the weight and residuals along 1/√m and along what the shares have beside their mean.
            double p1 = average * root, p2 = Math.Sqrt(spread);
            if (p2 <= 1e-14 * p1) p2 = 0;
            var e2 = p2 == 0 ? 0 : along / p2;
            double others = before.Share + after[c].Share, beside = before.Square + after[c].Square;
            before = (before.Share + shares[c], before.Square + squaresOfShares[c]);
            // B = φLL' + m·Σ(φ shares²)·e₁e₁' with L = I - √m·e₁p', and 1 - √m·p₁ the share of the other clusters: written so, nothing cancels where one effect has nearly all the weight.
            double b11 = phi * (others * others + m * p2 * p2) + m * beside, b12 = -root * phi * p2, determinant = phi * (phi * others * others + m * beside);
            var (a1, a2) = InverseRoot(b11, b12, phi, determinant, p1, p2, 1e-12 * phi);
            (a1, a2) = (a1 * Math.Sqrt(phi), a2 * Math.Sqrt(phi));
            var score = a1 * residual + a2 * e2;
            variance += score * score;
            own[c] = a1 * a1 + a2 * a2;
            across[c] = p1 * a1 + p2 * a2;
            sums[c] = root * a1;
        }
        return (variance, Satterthwaite(own, across, sums, equal));
    }

    /// <summary>(tr P)²/ΣP² for P = diag(own) - across·sums' - sums·across' + equal·sums·sums', with many clusters without a loop over their pairs.</summary>
    private static double Satterthwaite(double[] own, double[] across, double[] sums, double equal)
    {
        var count = own.Length;
        double trace = 0, squares = 0;
        double Rest(int i, int j) => -across[i] * sums[j] - sums[i] * across[j] + equal * sums[i] * sums[j];
        if (count <= FewClusters)
        {
            for (var i = 0; i < count; i++)
            {
                for (var j = 0; j < i; j++) squares += 2 * Rest(i, j) * Rest(i, j);
                var product = own[i] + Rest(i, i);
                trace += product;
                squares += product * product;
            }
            return trace * trace / squares;
        }
        double aa = BlockMatrix.Dot(across, across), ss = BlockMatrix.Dot(sums, sums), mixed = BlockMatrix.Dot(across, sums);
        squares = 2 * aa * ss + 2 * mixed * mixed + equal * equal * ss * ss - 4 * equal * mixed * ss;
        for (var i = 0; i < count; i++)
        {
            trace += own[i] + Rest(i, i);
            squares += own[i] * own[i] + 2 * own[i] * Rest(i, i);
        }
        return trace * trace / squares;
    }

    /// <summary>B^-½p for a symmetric 2 x 2 matrix with its determinant, an eigenvalue of nothing left out.</summary>
    private static (double First, double Second) InverseRoot(double b11, double b12, double b22, double determinant, double p1, double p2, double nothing)
    {
        // Without spread of the weights only the first direction is there.
        if (p2 == 0) return (b11 > nothing ? p1 / Math.Sqrt(b11) : 0, 0);
        var trace = b11 + b22;
        if (determinant > nothing * trace)
        {
            // B^½ = (B + sI)/√(tr + 2s), s² the determinant.
            var s = Math.Sqrt(determinant);
            var scale = s * Math.Sqrt(trace + 2 * s);
            return (((b22 + s) * p1 - b12 * p2) / scale, ((b11 + s) * p2 - b12 * p1) / scale);
        }
        var (sin, cos) = Math.SinCos(Math.Atan2(2 * b12, b11 - b22) / 2);
        var along = trace > nothing ? (cos * p1 + sin * p2) / Math.Sqrt(trace) : 0;
        return (cos * along, sin * along);
    }
}
