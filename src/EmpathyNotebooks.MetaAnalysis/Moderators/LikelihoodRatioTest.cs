namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The likelihood-ratio test of nested models: 2(ln L₁ - ln L₀) against chi². Models with different moderators need maximum likelihood: a restricted
/// likelihood depends on the design itself.
/// </summary>
/// <remarks>$$2(\ln L_1 - \ln L_0) \sim \chi^2_{p_1 - p_0}$$</remarks>
/// <param name="Statistic">2(ln L₁ - ln L₀), not below 0.</param>
/// <param name="DegreesOfFreedom">How many more parameters the larger model has.</param>
/// <param name="PValue">The upper tail of chi².</param>
/// <param name="Full">The larger model's fit statistics.</param>
/// <param name="Reduced">The smaller model's fit statistics.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.010, 0.022, 0.015, 0.012, 0.020],
///     columns: [StudyColumn.OfNumbers("year", [2001, 2004, 2010, 2012, 2018])]);
/// var full = MetaRegression.Fit(effects, Moderator.Number("year"), new() { TauSquared = TauSquaredEstimator.MaximumLikelihood });
/// var reduced = RandomEffects.Fit(effects, new() { TauSquared = TauSquaredEstimator.MaximumLikelihood });
/// LikelihoodRatioTest test = full.CompareWith(reduced);
/// </code></example>
public sealed record LikelihoodRatioTest(double Statistic, int DegreesOfFreedom, double PValue, FitStatistics Full, FitStatistics Reduced) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"χ²({StatisticText.Count(DegreesOfFreedom)}) = {StatisticText.Number(Statistic)}, {StatisticText.PValueWithSymbol(PValue)}";

    internal static LikelihoodRatioTest Create(MetaRegressionFit full, ModelData reduced, TauSquaredEstimator? estimator, in FitStatistics statistics)
    {
        if (full.Estimator != estimator || full.Estimator is not (null or TauSquaredEstimator.MaximumLikelihood))
        {
            throw new ImpossibleChoiceException("A likelihood-ratio test of moderators needs both models fitted by maximum likelihood", ChoiceFault.NeedsFullLikelihood);
        }
        if (!full.Effects.Effects.SequenceEqual(reduced.Effects.Effects) || !full.Effects.Variances.SequenceEqual(reduced.Effects.Variances))
        {
            throw new ImpossibleChoiceException("A likelihood-ratio test compares models of the same effects. Where studies are left out for a missing "
                + "moderator, fit the smaller model to the effects of the larger fit", ChoiceFault.NotComparable);
        }
        var df = full.CoefficientCount - reduced.Parameters;
        if (df < 1 || !Spans(full.Data.Design!, reduced.Design ?? DesignMatrix.Constant(reduced.Count)))
        {
            throw new ImpossibleChoiceException("A likelihood-ratio test needs nested models: the terms of the smaller one must be among those of the larger", ChoiceFault.NotComparable);
        }
        var statistic = Math.Max(0, 2 * (full.FitStatistics.LogLikelihood - statistics.LogLikelihood));
        return new LikelihoodRatioTest(statistic, df, Distributions.ChiSquaredUpper(statistic, df), full.FitStatistics, statistics) { Origin = full.Effects.Origin };
    }

    /// <summary>True when every column of the smaller design is a combination of those of the larger.</summary>
    private static bool Spans(DesignMatrix larger, DesignMatrix smaller)
    {
        var k = larger.Count;
        for (var s = 0; s < smaller.Parameters; s++)
        {
            double squares = 0;
            for (var j = 0; j < larger.Parameters; j++)
            {
                double sum = 0;
                for (var i = 0; i < k; i++) sum += larger.Orthonormal[j * k + i] * smaller.Orthonormal[s * k + i];
                squares += sum * sum;
            }
            if (Math.Abs(squares - 1) > 1e-9) return false;
        }
        return true;
    }
}
