using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What more studies would add.</summary>
public static class NextStudies
{
    // Outcomes within six standard deviations; between two points at which the conclusion differs the edge is sought.
    private const double Reach = 6;
    private const int Points = 240;

    /// <summary>What one more study (or several) of so many people would add.</summary>
    /// <param name="fit">A model without moderators with one variance of true effects. Where effects share samples the new study has one effect, and the model is not fitted again.</param>
    /// <param name="people">How many people each new study has.</param>
    /// <param name="options">True effect, variance by size, number of studies, threshold; the defaults if not said.</param>
    /// <exception cref="ImpossibleChoiceException">The model has moderators or no one τ², weights of its own, or nothing says the variance of a study of that size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are too few people for the formula of the variance.</exception>
    public static NextStudyResult NextStudy(this IModelFit fit, int people, NextStudyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new NextStudyOptions();
        var size = options.Variance ?? VarianceBySize.Like(fit.Effects)
            ?? throw new ImpossibleChoiceException($"Nothing says what variance a study of {people} people has, as the sample sizes of these studies are not known", ChoiceFault.Incomplete, nameof(options)) { Choices = [nameof(NextStudyOptions.Variance)] };
        return Compute(fit, size.At(people), people, size.Formula, options);
    }

    /// <summary>The same for a study whose sampling variance is given.</summary>
    /// <param name="fit">As in <see cref="NextStudy"/>.</param>
    /// <param name="variance">The variance, positive and finite.</param>
    /// <param name="options">As in <see cref="NextStudy"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The variance is not positive and finite.</exception>
    public static NextStudyResult NextStudyOfVariance(this IModelFit fit, double variance, NextStudyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Compute(fit, PlannedStudies.Variance(variance, nameof(variance)), null, "given", options ?? new NextStudyOptions());
    }

    private static NextStudyResult Compute(IModelFit fit, double variance, double? people, string formula, NextStudyOptions options)
    {
        if (fit.Mean is not { HasStandardError: true } now) throw new ImpossibleChoiceException("What the next study adds is defined for models with one mean and its standard error", ChoiceFault.UndefinedForFit, nameof(fit));
        if (fit is IFitGeometry { HasGivenWeights: true }) throw new ImpossibleChoiceException("A new study has no weight among weights of one's own", ChoiceFault.NeedsOwnWeights, nameof(fit));
        if (fit.IsRandomEffects && fit.TauSquared is null) throw new ImpossibleChoiceException("What the next study adds is defined for models with one variance of true effects", ChoiceFault.UndefinedForFit, nameof(fit));
        if (!fit.Measure.HasNullValue) throw new ImpossibleChoiceException($"No value of {fit.Measure.Name} means no effect, so that no conclusion can change", ChoiceFault.UndefinedEstimate, nameof(fit));
        var tau2 = fit.TauSquared ?? 0;
        var centre = options.TrueEffect ?? now.Estimate;
        // With τ² held: what the studies there are weigh, and what the new ones do.
        var held = fit is PooledFit pooled ? pooled.Effects.Variances.Sum(v => 1 / (v + tau2)) : 1 / (now.StandardError * now.StandardError);
        var added = options.Studies / (variance + tau2);
        var z = Distributions.NormalQuantile(Level.UpperTail(fit.ConfidenceLevel));
        var spread = Math.Sqrt(tau2 + variance + (options.TrueEffect is null ? now.StandardError * now.StandardError : 0));
        var distance = now.Estimate - options.Threshold;
        var refits = fit is PooledFit and { Count: >= 1 } && options.Studies == 1 ? Refits((PooledFit)fit, variance, centre, spread) : null;
        return new NextStudyResult(fit.Effects.Origin, options, people, variance, formula, now, fit.ConfidenceLevel)
        {
            ExpectedEffect = centre,
            EffectStandardDeviation = spread,
            ExpectedWidth = refits?.Width,
            ProbabilitySignificant = refits?.Significant,
            ProbabilityOfChange = refits?.Change,
            SignificantOutcomes = refits?.Outcomes ?? [],
            WidthHeldNow = 2 * z / Math.Sqrt(held),
            WidthHeld = 2 * z / Math.Sqrt(held + added),
            ConditionalPower = Conditional(now.Estimate, centre, held, added, z),
            ValueOfSample = Loss(distance, Math.Sqrt(added / (held * (held + added)))),
            ValueOfPerfect = Loss(distance, 1 / Math.Sqrt(held)),
            Warnings = Warn(fit, options, refits is null),
        };
    }

    /// <summary>Pr(|mW + w·y| &gt; z√(W + w)), y ~ N(θ, 1/w).</summary>
    private static double Conditional(double estimate, double mean, double held, double added, double z) =>
        RejectionRate.Normal(estimate * held + mean * added, Math.Sqrt(added), z * Math.Sqrt(held + added), Alternative.TwoSided);

    /// <summary>The unit normal loss integral: s(φ(u) - u(1 - Φ(u))), u = |d|/s.</summary>
    private static double Loss(double distance, double s)
    {
        var u = Math.Abs(distance) / s;
        return Math.Max(0, s * (Math.Exp(-u * u / 2) / Math.Sqrt(2 * Math.PI) - u * Distributions.NormalCumulative(-u)));
    }

    private static Refitted Refits(PooledFit fit, double variance, double centre, double spread)
    {
        double[] y = [.. fit.Effects.Effects, 0], v = [.. fit.Effects.Variances, variance];
        var k = fit.Count;
        PooledFit At(double u)
        {
            y[k] = centre + spread * u;
            return fit.Refit(StudyEffects.Create(y, v, fit.Effects.Measure));
        }
        int Conclusion(PooledFit with) => with.PValue <= 1 - fit.ConfidenceLevel ? Math.Sign(with.Estimate - with.Effects.Measure.NullValue) : 0;

        var now = Conclusion(fit);
        var edges = new List<(double U, int From)>();
        double width = 0, weight = 0, last = -Reach;
        var before = 0;
        for (var i = 0; i <= Points; i++)
        {
            var u = Reach * (2.0 * i / Points - 1);
            var with = At(u);
            var density = Math.Exp(-u * u / 2);
            width += density * with.ConfidenceInterval.Width;
            weight += density;
            var conclusion = Conclusion(with);
            if (i > 0 && conclusion != before)
            {
                double low = last, high = u;
                for (var halving = 0; halving < 45; halving++)
                {
                    var middle = (low + high) / 2;
                    if (Conclusion(At(middle)) == before) low = middle;
                    else high = middle;
                }
                edges.Add(((low + high) / 2, before));
            }
            (before, last) = (conclusion, u);
        }
        edges.Add((double.PositiveInfinity, before));

        double significant = 0, same = 0, from = double.NegativeInfinity;
        var outcomes = ImmutableArray.CreateBuilder<ConfidenceInterval>();
        foreach (var (to, conclusion) in edges)
        {
            var mass = from > 0 ? Distributions.NormalCumulative(-from) - Distributions.NormalCumulative(-to) : Distributions.NormalCumulative(to) - Distributions.NormalCumulative(from);
            if (conclusion != 0)
            {
                significant += mass;
                outcomes.Add(new ConfidenceInterval(centre + spread * from, centre + spread * to, fit.ConfidenceLevel));
            }
            if (conclusion == now) same += mass;
            from = to;
        }
        return new Refitted(width / weight, Math.Clamp(significant, 0, 1), Math.Clamp(1 - same, 0, 1), outcomes.ToImmutable());
    }

    private static ImmutableArray<string> Warn(IModelFit fit, NextStudyOptions options, bool isHeld)
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        if (isHeld) warnings.Add("The model was not fitted again: what is said holds the variance of true effects as it is, and tests by the normal distribution.");
        if (options.TrueEffect is null) warnings.Add("The next study is expected where the mean lies now; where significant results were selected, that is too far from no effect.");
        if (fit.Count < 5) warnings.Add($"{StatisticText.Count(fit.Count, "effect")} say little of how true effects differ, on which all of this rests.");
        return warnings.ToImmutable();
    }

    private sealed record Refitted(double Width, double Significant, double Change, ImmutableArray<ConfidenceInterval> Outcomes);
}
