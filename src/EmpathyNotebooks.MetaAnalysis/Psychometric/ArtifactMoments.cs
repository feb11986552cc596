namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Mean and variance of an artifact over studies, the variance without sampling error.</summary>
internal readonly record struct ArtifactSpread(double Mean, double Variance)
{
    public static ArtifactSpread Perfect { get; } = new(1, 0);
}

/// <summary>An artifact as a distribution with a few values, the spread that is sampling error taken out.</summary>
internal readonly record struct ArtifactGrid(double[] Values, double[] Weights)
{
    public static ArtifactGrid Perfect { get; } = new([1], [1]);

    public double Mean => ArtifactDistribution.WeightedMean(Values, Weights);

    /// <summary>Equal values once, with their weights together; then drawn towards the mean so that their variance is that without sampling error.</summary>
    public static ArtifactGrid Of(double[] values, IReadOnlyList<double> weights, double error)
    {
        var variance = ArtifactDistribution.WeightedVariance(values, weights);
        var groups = values.Select((v, i) => (Value: v, Weight: weights[i])).GroupBy(p => p.Value, p => p.Weight).OrderBy(g => g.Key).ToArray();
        var total = weights.Sum();
        double[] distinct = [.. groups.Select(g => g.Key)], shares = [.. groups.Select(g => g.Sum() / total)];
        return Of(distinct, shares, variance, error);
    }

    /// <summary>The same for values grouped before, whose variance is given.</summary>
    public static ArtifactGrid Of(double[] distinct, double[] shares, double variance, double error)
    {
        var mean = ArtifactDistribution.WeightedMean(distinct, shares);
        var kept = Math.Max(0, variance - error);
        if (distinct.Length == 1 || kept == 0) return new ArtifactGrid([mean], [1]);
        var factor = Math.Sqrt(kept / variance);
        return new ArtifactGrid([.. distinct.Select(v => mean + (v - mean) * factor)], shares);
    }
}

/// <summary>The distributions of the artifacts, as a Taylor series and as the interactive procedure take them.</summary>
internal sealed record ArtifactMoments
{
    public required RangeRestrictionKind Restriction { get; init; }

    /// <summary>√rxx in the sample.</summary>
    public required ArtifactSpread Qx { get; init; }

    /// <summary>√rxx in the whole range.</summary>
    public required ArtifactSpread QxWhole { get; init; }

    /// <summary>√ryy in the sample.</summary>
    public required ArtifactSpread Qy { get; init; }

    /// <summary>u with direct restriction, uT with indirect.</summary>
    public required ArtifactSpread U { get; init; }

    /// <summary>√rxx: with direct restriction in the whole range, else in the sample.</summary>
    public required ArtifactGrid GridX { get; init; }

    /// <summary>The mean of √rxx in the whole range over the values.</summary>
    public required double MeanWhole { get; init; }

    public required ArtifactGrid GridY { get; init; }

    public required ArtifactGrid GridU { get; init; }

    public static ArtifactMoments Of(Artifacts data)
    {
        var options = data.Options;
        var x = Distribution(data, options.HasPredictor, options.PredictorReliabilities, data.Rxx, options.PredictorReliability);
        var y = Distribution(data, options.HasOutcome, options.OutcomeReliabilities, data.Ryy, options.OutcomeReliability);
        var u = Distribution(data, options.HasRange, options.RangeRatios, data.U, options.RangeRatio);
        return Of(options.RangeRestriction, x, y, u);
    }

    public static ArtifactMoments Of(RangeRestrictionKind restriction, ArtifactDistribution? x, ArtifactDistribution? y, ArtifactDistribution? u)
    {
        var (qx, errorX) = Root(x);
        var (qy, errorY) = Root(y);
        double[] rootsX = Roots(x), rootsY = Roots(y);
        if (restriction == RangeRestrictionKind.None || u is null)
        {
            return new ArtifactMoments
            {
                Restriction = RangeRestrictionKind.None, Qx = qx, QxWhole = qx, Qy = qy, U = ArtifactSpread.Perfect, MeanWhole = qx.Mean, GridU = ArtifactGrid.Perfect,
                GridX = x is null ? ArtifactGrid.Perfect : ArtifactGrid.Of(rootsX, x.Weights, errorX), GridY = y is null ? ArtifactGrid.Perfect : ArtifactGrid.Of(rootsY, y.Weights, errorY),
            };
        }
        double mean = u.Mean, reliability = x?.Mean ?? 1;
        var spread = ArtifactDistribution.WeightedVariance(u.Values, u.Weights);
        var errorU = u.AreSampleSizes ? ArtifactDistribution.WeightedMean([.. u.Weights.Select(n => mean * mean / (2 * (n - 1)))], u.Weights) : 0;
        var wholeSquared = RangeFormulas.UnrestrictReliability(qx.Mean * qx.Mean, mean);
        double[] whole = [.. rootsX.Select(q => RangeFormulas.UnrestrictReliability(q * q, mean))];
        if (!(wholeSquared > 0) || whole.Any(w => !(w > 0))) throw Contradiction();
        var slope = qx.Mean * mean * mean / Math.Sqrt(wholeSquared);
        whole = [.. whole.Select(Math.Sqrt)];
        var moments = new ArtifactMoments
        {
            Restriction = restriction, Qx = qx, Qy = qy, QxWhole = new ArtifactSpread(Math.Sqrt(wholeSquared), slope * slope * qx.Variance),
            MeanWhole = x is null ? 1 : ArtifactDistribution.WeightedMean(whole, x.Weights), U = new ArtifactSpread(mean, Math.Max(0, spread - errorU)),
            GridX = x is null ? ArtifactGrid.Perfect : restriction == RangeRestrictionKind.Direct ? ArtifactGrid.Of(whole, x.Weights, slope * slope * errorX) : ArtifactGrid.Of(rootsX, x.Weights, errorX),
            GridY = y is null ? ArtifactGrid.Perfect : ArtifactGrid.Of(rootsY, y.Weights, errorY),
            GridU = ArtifactGrid.Of([.. u.Values], u.Weights, errorU),
        };
        if (restriction == RangeRestrictionKind.Direct) return moments;
        // uT at the means, once with the square of the mean √rxx and once with the mean rxx, which differ by the variance of √rxx: half way between.
        double[] reliabilities = [qx.Mean * qx.Mean, reliability];
        double ratio = 0, slopes = 0;
        foreach (var rxx in reliabilities)
        {
            ratio += Ratio(mean, rxx) / 2;
            var by = RangeFormulas.TrueRatioSlope(mean, rxx);
            slopes += by * by / 2;
        }
        var at = RangeFormulas.TrueRatioSlope(mean, reliability);
        return moments with
        {
            U = new ArtifactSpread(ratio, slopes * Math.Max(0, spread - errorU)),
            GridU = ArtifactGrid.Of([.. u.Values.Select(v => Ratio(v, reliability))], u.Weights, at * at * errorU),
        };
    }

    private static double Ratio(double u, double rxx) => RangeFormulas.TrueRatioSquared(u, rxx) is > 0 and < double.PositiveInfinity and var squared ? Math.Sqrt(squared) : throw Contradiction();

    private static UndeterminedException Contradiction() =>
        new("A correction for range restriction by distributions", "range ratios and reliabilities contradict each other, since some ratio leaves no true variance at the mean reliability", "a correction for direct restriction, or for unreliability alone, may be defined");

    private static double[] Roots(ArtifactDistribution? distribution) => distribution is null ? [1] : [.. distribution.Values.Select(Math.Sqrt)];

    /// <summary>Mean and variance of √reliability, and the variance that is sampling error: (1 - q²)²/(n - 1) as of a correlation.</summary>
    private static (ArtifactSpread, double) Root(ArtifactDistribution? distribution)
    {
        if (distribution is null) return (ArtifactSpread.Perfect, 0);
        var roots = Roots(distribution);
        var mean = ArtifactDistribution.WeightedMean(roots, distribution.Weights);
        var rest = 1 - mean * mean;
        var error = distribution.AreSampleSizes ? ArtifactDistribution.WeightedMean([.. distribution.Weights.Select(n => rest * rest / (n - 1))], distribution.Weights) : 0;
        return (new ArtifactSpread(mean, Math.Max(0, ArtifactDistribution.WeightedVariance(roots, distribution.Weights) - error)), error);
    }

    private static ArtifactDistribution? Distribution(Artifacts data, bool isCorrected, ArtifactDistribution? given, double[] values, string? column)
    {
        if (!isCorrected) return null;
        if (given is not null) return given;
        int[] known = [.. Enumerable.Range(0, values.Length).Where(i => !double.IsNaN(values[i]))];
        if (known.Length == 0) throw new StudyDataException("must be known of one study at least", "", column: column);
        return ArtifactDistribution.OfStudies(known.Select(i => values[i]), known.Select(i => data.Sizes[i]));
    }
}
