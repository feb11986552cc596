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
            double[] theta = [.. from];
            theta[parameter] = x;
            // A start with every other variance at its bound may lie below a better maximum inside.
            for (var j = 0; j < theta.Length; j++)
            {
                if (j != parameter && theta[j] == 0) theta[j] = 1e-3 * Math.Max(x, at);
            }
            theta = search.Climb(theta, parameter);
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
}
