using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Regression across the funnel for effects that share samples.</summary>
internal static class DependentFunnel
{
    public static FunnelRegression Regress(IModelFit fit, FunnelPredictor predictor, PetPeeseOptions options)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var method = FunnelRegression.MethodOf(predictor);
        Check(fit, method);
        if (fit.Count < 3) throw new InsufficientStudiesException(method, 3, fit.Count, StudyCount.Effects);
        var values = PetPeeseCorrection.Predictors(fit.Effects, predictor, options.StandardErrorColumn);
        // Whether there is a slope to know: the line itself is not used.
        _ = WeightedLine.Fit(method, fit.Effects.Effects.AsSpan(), [.. fit.Effects.Variances.Select(v => 1 / v)], values, PetPeeseCorrection.Constant(options.StandardErrorColumn), PetPeeseCorrection.Instead);

        var name = $"({FunnelRegression.SlopeOf(predictor)})";
        var regression = fit.Options.WithModerators(Moderator.Number(name)).FitTo(With(fit.Effects, name, values));
        var (combination, clusters) = Robust(regression, options.Weighting);
        var slope = combination(FunnelRegression.SlopeOf(predictor), [0, 1]);
        return new FunnelRegression(predictor, fit.Count, At, slope)
        {
            Origin = fit.Effects.Origin,
            ClusterCount = clusters,
            WorkingModel = regression,
            Column = options.StandardErrorColumn,
            Warnings =
            [
                .. PetPeeseCorrection.Warnings(fit.Effects, options, clusters, "clusters", fit.ISquared),
                .. FewDegreesOfFreedom(At(0), regression.Clusters!.Column),
                .. regression.Warnings,
            ],
        };

        Coefficient At(double standardError) => combination("Mean", [1, predictor == FunnelPredictor.StandardError ? standardError : standardError * standardError]);
    }

    /// <summary>The methods need one mean and the model's own weights.</summary>
    public static void Check(IModelFit fit, string method)
    {
        if (fit.Moderators is not null || fit.Coefficients.Length != 1) throw new ImpossibleChoiceException($"{method} corrects one mean effect: fit a model without moderators and with one mean for all outcomes", ChoiceFault.UndefinedEstimate);
        if (fit.Options is DependentOptions { Weights: not null }) throw new ImpossibleChoiceException($"{method} has weights of its own", ChoiceFault.NeedsOwnWeights);
    }

    /// <summary>Cluster-robust linear combinations of the coefficients with the weights asked for, and how many clusters there are.</summary>
    private static (Func<string, double[], Coefficient> Combination, int Clusters) Robust(IModelFit fit, DependentWeighting weighting)
    {
        if (!Enum.IsDefined(weighting)) throw new ArgumentOutOfRangeException(nameof(weighting), weighting, "There is no such weighting.");
        if (weighting == DependentWeighting.InverseSamplingCovariance)
        {
            if (fit is not DependentFit model) throw new ImpossibleChoiceException("Inverse sampling covariance weights need the sampling covariance of a multilevel model, which robust variance estimation has not", ChoiceFault.UndefinedEstimate);
            var sandwich = GivenWeightSandwich.OfSamplingCovariance(model);
            return ((name, row) => sandwich.Combination(name, row) with { Origin = model.Effects.Origin }, sandwich.ClusterCount);
        }
        var robust = fit is RobustVarianceFit variance ? variance.Robust : ((DependentFit)fit).Robust();
        return ((name, row) => robust.LinearCombination(name, row), robust.ClusterCount);
    }

    /// <summary>A t-test with so few degrees of freedom is not to be trusted (Tipton 2015, Psychological Methods 20, 375-393).</summary>
    public static IEnumerable<string> FewDegreesOfFreedom(Coefficient mean, string cluster)
    {
        if (!mean.HasStandardError) yield return mean.WhyNoStandardError!;
        else if (mean.DegreesOfFreedom is { } df and < 4)
        {
            yield return $"The robust test of the adjusted mean has {StatisticText.DegreesOfFreedom(df)} degrees of freedom, fewer than 4: too few clusters ({cluster}) determine it for its p-value to be trusted (Tipton 2015).";
        }
    }

    private static StudyEffects With(StudyEffects effects, string name, double[] values) => StudyEffects.Create(effects.Effects, effects.Variances, effects.Measure, effects.Labels,
        effects.HasSampleSizes ? effects.SampleSizes : null, [.. effects.Columns.Where(c => c.Name != name), StudyColumn.OfNumbers(name, values.Select(v => (double?)v))], effects.Origin);
}
