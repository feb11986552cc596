namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Where climbs begin: the likelihood can have several peaks, and the highest is wanted.</summary>
internal sealed partial class VarianceSearch
{
    /// <summary>With more terms than these there are too many ways to share out quarters; one term at a time then has all.</summary>
    private const int MostTermsInQuarters = 4;

    private const int Eighths = 8;

    /// <summary>How far below a peak, in units of the log-likelihood, a place may lie from which another is still looked for.</summary>
    private const double WorthAClimb = 3;

    /// <summary>
    /// Two variances share their sum in eighths otherwise than at the peak, the sum being that of the peak or somewhat less or more: each place from which the likelihood falls to both sides and
    /// which is not below the peak by more than a climb may make good. What a term has less another has more, so that a second peak along the sum does not show when one variance is changed alone.
    /// </summary>
    private List<double[]> OtherShares(double[] peak, double highest)
    {
        int[] variances = [.. Offsets().Where(at => at.Term.ParameterCount == 1 && at.Term.IsLinear).Select(at => at.Offset)];
        var starts = new List<double[]>();
        var values = new double[Eighths + 1];
        foreach (var (first, second) in from i in variances from j in variances where i < j select (i, j))
        {
            var sum = peak[first] + peak[second];
            if (sum == 0) continue;
            foreach (var total in (double[])[sum / 2, sum, 2 * sum])
            {
                double[][] thetas = [.. Enumerable.Range(0, values.Length).Select(share => With(share, total))];
                for (var share = 0; share < values.Length; share++) values[share] = ValueAt(thetas[share]);
                var own = Eighths * peak[first] / sum;
                for (var share = 0; share < values.Length; share++)
                {
                    var isTop = (share == 0 || values[share] > values[share - 1]) && (share == values.Length - 1 || values[share] >= values[share + 1]);
                    if (isTop && Math.Abs(share - own) > 1 && values[share] > highest - WorthAClimb) starts.Add(thetas[share]);
                }
            }

            double[] With(int share, double total)
            {
                double[] theta = [.. peak];
                theta[first] = total * share / Eighths;
                theta[second] = total - theta[first];
                return theta;
            }
        }
        return starts;
    }

    private IEnumerable<(RandomTerm Term, int Offset)> Offsets()
    {
        var n = 0;
        foreach (var term in _model.Terms)
        {
            yield return (term, n);
            n += term.ParameterCount;
        }
    }

    /// <summary>Changes one parameter after the other to values all over its range; a place above the peak found, or null.</summary>
    private double[]? Higher(double[] peak, double highest)
    {
        double[]? found = null;
        var n = 0;
        // Finer than for starts: a second peak can lie between sizes eight times apart, with all of them below the first.
        var sizes = Sizes(2);
        // Where a term is not linear in its parameters a variance of 0 has no slope that would tell a small one from none.
        double[] finer = [.. sizes, .. Enumerable.Range(1, 10).Select(i => sizes[^1] * Math.ScaleB(1, -3 * i))];
        foreach (var term in _model.Terms)
        {
            var tried = term.IsLinear ? sizes : (IReadOnlyList<double>)finer;
            var rho = term.CorrelationParameter;
            for (var j = 0; j < term.ParameterCount && _n > 1; j++)
            {
                foreach (var other in term.Probes(j, tried)) Consider(j, other, null);
                // Without variance a correlation says nothing, and which variance would help hangs on it: both together.
                if (rho < 0 || j == rho || peak[n + j] > 1e-3 * Math.Sqrt(sizes[0])) continue;
                foreach (var correlation in term.Probes(rho, tried))
                {
                    foreach (var other in term.Probes(j, tried)) Consider(j, other, correlation);
                }
            }
            n += term.ParameterCount;

            void Consider(int j, double other, double? correlation)
            {
                double[] theta = [.. peak];
                theta[n + j] = other;
                if (correlation is { } given) theta[n + rho] = given;
                var value = ValueAt(theta);
                if (value > highest + 1e-9 * (1 + Math.Abs(highest))) (found, highest) = (theta, value);
            }
        }
        return found;
    }

    private List<double> Sizes(double ratio)
    {
        var sizes = new List<double>();
        double most = 4 * TypicalVariance(), least = Math.Max(_model.Errors.Variances.Min(), 1e-12 * most);
        for (var size = most; sizes.Count < 3 || size > least / 4; size /= ratio) sizes.Add(size);
        return sizes;
    }

    /// <summary>
    /// Of a grid of sizes, from the smallest sampling variance to beyond the variance of the effects, and of shares of the terms in quarters: each place from which the likelihood
    /// falls to the sizes beside it and to every share that differs by a quarter. For each kind of start, since correlations may lead to others.
    /// </summary>
    private List<double[]> Starts()
    {
        var terms = _model.Terms;
        var sizes = Sizes(8);
        var shares = Shares(terms.Count, terms.Count > MostTermsInQuarters ? 1 : 4);
        var peaks = new List<(double Value, double[] Theta)>();
        var values = new double[shares.Count, sizes.Count];
        for (var kind = 0; kind < terms.Max(t => t.StartCount); kind++)
        {
            double[][] thetas = [.. shares.SelectMany(share => sizes.Select(size => StartOf(kind, share, size)))];
            for (var i = 0; i < thetas.Length; i++) values[i / sizes.Count, i % sizes.Count] = ValueAt(thetas[i]);
            for (var i = 0; i < thetas.Length; i++)
            {
                int share = i / sizes.Count, size = i % sizes.Count;
                var value = values[share, size];
                // Of equal places the first.
                var isPeak = (size == 0 || value > values[share, size - 1]) && (size == sizes.Count - 1 || value >= values[share, size + 1]);
                for (var other = 0; other < shares.Count && isPeak; other++)
                {
                    if (other != share && AreBeside(shares[share], shares[other])) isPeak = other < share ? value > values[other, size] : value >= values[other, size];
                }
                if (isPeak) peaks.Add((value, thetas[i]));
            }
        }
        List<double[]> starts = [.. peaks.OrderByDescending(peak => peak.Value).Select(peak => peak.Theta)];
        // A peak at the end, where no term has a variance.
        var none = new double[_n];
        if (terms.All(t => t.ParameterCount == 1 && t.IsLinear) && double.IsFinite(ValueAt(none)))
        {
            DerivativesAt(none);
            if (_gradient.All(g => g <= 0)) starts.Add(none);
        }
        return starts;
    }

    /// <summary>All ways to divide some parts among the terms.</summary>
    private static List<int[]> Shares(int terms, int parts)
    {
        if (terms == 1) return [[parts]];
        return [.. Enumerable.Range(0, parts + 1).SelectMany(first => Shares(terms - 1, parts - first).Select(rest => (int[])[first, .. rest]))];
    }

    private static bool AreBeside(int[] left, int[] right) => left.Zip(right, (l, r) => Math.Abs(l - r)).Sum() == 2;

    private double[] StartOf(int kind, int[] shares, double size)
    {
        var theta = new double[_n];
        var n = 0;
        for (var t = 0; t < _model.Terms.Count; t++)
        {
            var term = _model.Terms[t];
            var share = Math.Max((double)shares[t] / shares.Sum(), term.ParameterCount == 1 ? 0 : 0.1);
            term.Start(Math.Min(kind, term.StartCount - 1), size * share, theta.AsSpan(n, term.ParameterCount));
            n += term.ParameterCount;
        }
        return theta;
    }
}
