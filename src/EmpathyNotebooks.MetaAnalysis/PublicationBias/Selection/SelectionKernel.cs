namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// What a selection function gives to the likelihood of one study: ln w at its effect, and A = E[w] over what the study could have found, with the moments ∫ w Heₙ(u) φ(u) du from which all derivatives of A
/// follow, u = (y - μ)/√η. For ∂ⁿA/∂μⁿ = Hₙ η^(-n/2), and ∂A/∂η = ½ ∂²A/∂μ². Selected is what is large: for the other side effects are turned around before.
/// </summary>
internal abstract class SelectionKernel(int parameters)
{
    /// <summary>How many parameters the function has, d.</summary>
    public int Parameters => parameters;

    /// <summary>The length of the moments: H₀ to H₄; of each parameter three ∫ (∂w/∂θ) Heₙ φ; and d x d second derivatives of A.</summary>
    public int Moments => 5 + 3 * parameters + parameters * parameters;

    /// <summary>Does once what depends on the parameters alone.</summary>
    public virtual void Prepare(ReadOnlySpan<double> theta)
    {
    }

    /// <summary>ln w at the study's own effect with its derivatives, d and d x d.</summary>
    public abstract double LogWeight(int study, ReadOnlySpan<double> theta, Span<double> first, Span<double> second);

    /// <summary>The moments of a study, at a mean and a total variance.</summary>
    public abstract void Fill(int study, double mean, double rootEta, ReadOnlySpan<double> theta, Span<double> moments);

    /// <summary>Φ(z) and 1 - Φ(z), both with the digits of a tail.</summary>
    protected static (double Lower, double Upper) Tails(double z)
    {
        if (z > 0)
        {
            var upper = Distributions.NormalCumulative(-z);
            return (1 - upper, upper);
        }
        var lower = Distributions.NormalCumulative(z);
        return (lower, 1 - lower);
    }

    /// <summary>φ(z).</summary>
    protected static double Density(double z) => 0.398942280401432677939946 * Math.Exp(-0.5 * z * z);

    /// <summary>Adds w times the moments of the normal distribution between two points: Φ(high) - Φ(low), and Heₙ₋₁φ at the low end less that at the high one.</summary>
    protected static void AddInterval(Span<double> moments, double weight, double low, double high)
    {
        double probability;
        double dLow = 0, dHigh = 0;
        if (double.IsNegativeInfinity(low))
        {
            probability = Distributions.NormalCumulative(high);
            dHigh = Density(high);
            low = 0;
        }
        else if (double.IsPositiveInfinity(high))
        {
            probability = Distributions.NormalCumulative(-low);
            dLow = Density(low);
            high = 0;
        }
        else
        {
            probability = low > 0 ? Distributions.NormalCumulative(-low) - Distributions.NormalCumulative(-high) : Distributions.NormalCumulative(high) - Distributions.NormalCumulative(low);
            (dLow, dHigh) = (Density(low), Density(high));
        }
        moments[0] += weight * probability;
        moments[1] += weight * (dLow - dHigh);
        moments[2] += weight * (low * dLow - high * dHigh);
        if (moments.Length < 5) return;
        moments[3] += weight * ((low * low - 1) * dLow - (high * high - 1) * dHigh);
        moments[4] += weight * ((low * low - 3) * low * dLow - (high * high - 3) * high * dHigh);
    }
}

/// <summary>
/// Weights that are constant between bounds, as in step functions of p and in truncated distributions. The parameters are the logarithms of the weights after the first.
/// </summary>
internal sealed class StepKernel : SelectionKernel
{
    private readonly double[] _bounds;
    private readonly int[] _weightOf;
    private readonly int[] _group;
    private readonly int _count;
    private readonly double[] _weights;

    /// <param name="bounds">The bounds of each study, falling, on the scale of the effects.</param>
    /// <param name="weightOf">Which weight each interval between the bounds has, the first being 0.</param>
    /// <param name="group">Which weight each study has.</param>
    /// <param name="parameters">How many weights there are after the first.</param>
    public StepKernel(double[] bounds, int[] weightOf, int[] group, int parameters)
        : base(parameters)
    {
        (_bounds, _weightOf, _group, _count) = (bounds, weightOf, group, weightOf.Length - 1);
        _weights = new double[parameters + 1];
    }

    /// <summary>Cut-points of p; effects are turned so that selected ones are large.</summary>
    public static StepKernel OfPValues(ReadOnlySpan<double> y, ReadOnlySpan<double> s, IReadOnlyList<double> cuts, bool twoSided)
    {
        int k = y.Length, m = cuts.Count, n = twoSided ? 2 * m : m;
        var (bounds, group, weightOf) = (new double[k * n], new int[k], new int[n + 1]);
        var z = new double[m];
        for (var j = 0; j < m; j++) z[j] = -Distributions.NormalQuantile(twoSided ? cuts[j] / 2 : cuts[j]);
        for (var j = 0; j <= n; j++) weightOf[j] = j <= m ? j : n - j;
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < m; j++)
            {
                bounds[i * n + j] = s[i] * z[j];
                if (twoSided) bounds[i * n + n - 1 - j] = -s[i] * z[j];
            }
            var p = twoSided ? Distributions.NormalTwoSided(y[i] / s[i]) : Distributions.NormalCumulative(-y[i] / s[i]);
            while (group[i] < m && p > cuts[group[i]]) group[i]++;
        }
        return new StepKernel(bounds, weightOf, group, m);
    }

    /// <summary>One bound for all effects; the weight of those beyond it is 1.</summary>
    /// <param name="y">The effects.</param>
    /// <param name="bound">The bound.</param>
    /// <param name="isAbove">True where an effect that is the bound itself counts as beyond it.</param>
    public static StepKernel Truncated(ReadOnlySpan<double> y, double bound, bool isAbove = false)
    {
        var group = new int[y.Length];
        for (var i = 0; i < y.Length; i++) group[i] = y[i] > bound || isAbove && y[i] == bound ? 0 : 1;
        var bounds = new double[y.Length];
        Array.Fill(bounds, bound);
        return new StepKernel(bounds, [0, 1], group, 1);
    }

    /// <summary>How many effects each weight concerns.</summary>
    public int[] Counts(ReadOnlySpan<double> weights = default)
    {
        var counts = new int[Parameters + 1];
        for (var i = 0; i < _group.Length; i++)
        {
            if (weights.IsEmpty || weights[i] > 0) counts[_group[i]]++;
        }
        return counts;
    }

    public override void Prepare(ReadOnlySpan<double> theta)
    {
        _weights[0] = 1;
        for (var j = 0; j < theta.Length; j++) _weights[j + 1] = Math.Exp(theta[j]);
    }

    public override double LogWeight(int study, ReadOnlySpan<double> theta, Span<double> first, Span<double> second)
    {
        first.Clear();
        second.Clear();
        var group = _group[study];
        if (group == 0) return 0;
        first[group - 1] = 1;
        return theta[group - 1];
    }

    public override void Fill(int study, double mean, double rootEta, ReadOnlySpan<double> theta, Span<double> moments)
    {
        moments.Clear();
        var d = Parameters;
        Span<double> own = stackalloc double[5];
        double lower = 0, upper = 0, density = 0, u = 0;
        for (var j = 0; j <= _count; j++)
        {
            var (aboveLower, aboveUpper, aboveDensity, above) = (lower, upper, density, u);
            if (j < _count)
            {
                u = (_bounds[study * _count + j] - mean) / rootEta;
                (lower, upper) = Tails(u);
                density = Density(u);
            }
            else
            {
                (lower, upper, density, u) = (0, 1, 0, 0);
            }
            own[0] = j == 0 ? upper : j == _count ? aboveLower : u > 0 ? upper - aboveUpper : aboveLower - lower;
            own[1] = density - aboveDensity;
            own[2] = u * density - above * aboveDensity;
            own[3] = (u * u - 1) * density - (above * above - 1) * aboveDensity;
            own[4] = (u * u - 3) * u * density - (above * above - 3) * above * aboveDensity;
            var index = _weightOf[j];
            var weight = _weights[index];
            for (var n = 0; n < 5; n++) moments[n] += weight * own[n];
            if (index == 0) continue;
            var at = 5 + 3 * (index - 1);
            for (var n = 0; n < 3; n++) moments[at + n] += weight * own[n];
            moments[5 + 3 * d + (index - 1) * (d + 1)] += weight * own[0];
        }
    }
}
