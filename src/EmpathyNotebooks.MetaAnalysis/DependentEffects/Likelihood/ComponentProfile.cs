namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Where the likelihood, maximised over all other parameters, has fallen by half a chi² quantile below its maximum. The slope of the profile is the score of
/// the parameter held, so that Newton's method finds the limits between brackets.
/// </summary>
internal static class ComponentProfile
{
    public static ConfidenceInterval Interval(MixedModel model, double[] maximum, int parameter, double level)
    {
        var search = new VarianceSearch(model);
        var target = search.ValueAt(maximum) - Distributions.ChiSquaredQuantile(level, 1) / 2;
        var at = maximum[parameter];
        var lower = 0.0;
        if (at > 0 && Above(0, maximum).Value < 0) lower = Root(outside: 0, at);
        var outside = at;
        var scale = Math.Max(at, 1 / Math.Sqrt(search.ExpectedInformation(maximum)[parameter * model.VarianceParameters + parameter]));
        var start = maximum;
        for (var i = 0; i < 200; i++)
        {
            outside = at + Math.ScaleB(scale, i);
            (var value, _, start) = Above(outside, start);
            if (value < 0) return new ConfidenceInterval(lower, Root(outside, i == 0 ? at : at + Math.ScaleB(scale, i - 1)), level);
        }
        return new ConfidenceInterval(lower, double.PositiveInfinity, level);

        (double Value, double Slope, double[] Theta) Above(double x, double[] from)
        {
            var theta = Held(search, from, parameter, x, at);
            return (search.Likelihood.LogLikelihood - target, search.Gradient(parameter), theta);
        }

        double Root(double outside, double inside)
        {
            var (x, theta) = ((outside + inside) / 2, maximum);
            for (var i = 0; i < 200; i++)
            {
                (var value, var slope, theta) = Above(x, theta);
                if (value < 0) outside = x;
                else inside = x;
                var next = x - value / slope;
                if (!(next > Math.Min(inside, outside) && next < Math.Max(inside, outside))) next = (inside + outside) / 2;
                var change = Math.Abs(next - x);
                x = next;
                if (change <= 1e-11 * Math.Max(x, 1e-3 * at) || inside == outside) return x;
            }
            return x;
        }
    }

    /// <summary>The log-likelihood at values of one parameter with the others at their best.</summary>
    public static double[] LogLikelihoods(MixedModel model, double[] maximum, int parameter, IReadOnlyList<double> values)
    {
        var search = new VarianceSearch(model);
        var found = new double[values.Count];
        // Outwards from the maximum, each search starts where the one before it ended.
        foreach (var side in (int[][])
            [
                [.. Enumerable.Range(0, found.Length).Where(i => values[i] >= maximum[parameter]).OrderBy(i => values[i])],
                [.. Enumerable.Range(0, found.Length).Where(i => values[i] < maximum[parameter]).OrderByDescending(i => values[i])],
            ])
        {
            var theta = maximum;
            foreach (var i in side)
            {
                if (values[i] == maximum[parameter])
                {
                    found[i] = search.ValueAt(maximum);
                    continue;
                }
                theta = Held(search, theta, parameter, values[i], maximum[parameter]);
                found[i] = search.Likelihood.LogLikelihood;
            }
        }
        return found;
    }

    private static double[] Held(VarianceSearch search, double[] from, int parameter, double x, double at)
    {
        double[] theta = [.. from];
        theta[parameter] = x;
        // A start with every other variance at its bound may lie below a better maximum inside.
        for (var j = 0; j < theta.Length; j++)
        {
            if (j != parameter && theta[j] == 0) theta[j] = 1e-3 * Math.Max(x, at);
        }
        return search.Climb(theta, parameter);
    }
}
