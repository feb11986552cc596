namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What all models are fitted to and believe before the data, on the scale that is pooled, with effects turned so that selection favours values above 0.</summary>
internal sealed record AveragingData(double[] Effects, double[] Variances, double[] StandardErrors, double PriorMean, double PriorDeviation, HeterogeneityPrior Heterogeneity, double PetScale, double PeeseScale);

/// <summary>The posterior of one model.</summary>
/// <param name="LogMarginal">The logarithm of the marginal likelihood.</param>
/// <param name="Rows">The posterior given τ, one row for each τ of the rule, with weights that sum to 1.</param>
/// <param name="Tau">The density of τ in the variable of <see cref="HeterogeneityAxis"/>; null where τ is 0.</param>
internal sealed record ModelPosterior(double LogMarginal, IReadOnlyList<(double Weight, PosteriorRow Row)> Rows, GridDensity? Tau);

/// <summary>The posterior of one model given τ.</summary>
internal sealed class PosteriorRow
{
    public double Tau { get; init; }

    /// <summary>Normal parts of the posterior of the mean, with weights that sum to 1.</summary>
    public (double Weight, double Mean, double Deviation)[] Normals { get; init; } = [];

    /// <summary>The posterior of the mean where it is no mixture of normals.</summary>
    public GridDensity? Grid { get; init; }

    public double Mean { get; init; }

    public double Square { get; init; }

    /// <summary>The means of the weights of all intervals but the first.</summary>
    public double[] MeanWeights { get; init; } = [];

    /// <summary>The mean of the coefficient of PET or PEESE.</summary>
    public double Slope { get; init; }
}

/// <summary>Integrates the likelihood of one model over its parameters: τ outermost, then the coefficient of PET or PEESE or the mean, then the weights.</summary>
internal abstract class ModelIntegral(AveragingData data, bool hasEffect)
{
    private const double FirstStep = 0.5;

    // Values of τ over 26 decades are looked at, and those within a factor of 20 of the standard errors are near.
    private const int ScannedSteps = 60;
    private const int NearSteps = 6;

    protected AveragingData Data { get; } = data;

    protected bool HasEffect { get; } = hasEffect;

    protected double[] Deviations { get; } = new double[data.Effects.Length];

    public static ModelPosterior Of(AveragingData data, BiasAssumption bias, bool hasEffect, bool hasHeterogeneity)
    {
        ModelIntegral integral = bias.Mechanism == BiasMechanism.Selection ? new SelectionIntegral(data, bias, hasEffect) : new NormalIntegral(data, bias.Mechanism, hasEffect);
        return integral.Integrate(hasHeterogeneity);
    }

    /// <summary>The logarithm of the likelihood averaged over all parameters but τ, with the posterior of those given τ.</summary>
    /// <param name="tau">τ, to which <see cref="Deviations"/> are set.</param>
    /// <param name="reference">The logarithm of the average beside which this one is to be exact.</param>
    protected abstract (double Log, PosteriorRow Row) Given(double tau, double reference);

    private ModelPosterior Integrate(bool hasHeterogeneity)
    {
        if (!hasHeterogeneity)
        {
            var (log, row) = At(0, double.NegativeInfinity);
            return new ModelPosterior(log, [(1, row)], null);
        }
        var axis = new HeterogeneityAxis(Data.Heterogeneity);
        var rows = new List<PosteriorRow?>();
        LineQuadrature rule = new("The marginal likelihood over τ", 1e-5, Start(axis), FirstStep);
        var marginal = rule.LogIntegral((x, _) =>
        {
            var prior = axis.LogDensity(x);
            if (double.IsNegativeInfinity(prior))
            {
                rows.Add(null);
                return prior;
            }
            var (log, row) = At(axis.ToTau(x), rule.Peak - prior);
            rows.Add(row);
            return prior + log;
        });
        var kept = new List<(double, PosteriorRow)>();
        for (var i = 0; i < rule.Count; i++) if (rows[rule.Slots[i]] is { } row) kept.Add((rule.Weights[i], row));
        return new ModelPosterior(marginal, kept, new GridDensity(rule));
    }

    /// <summary>
    /// Where the rule over τ starts: at the size of the standard errors, where data begin to tell values of τ apart; or, where effects lie far apart, at the largest value of the likelihood without publication bias times the prior,
    /// since that of every model lies near. Rows of τ with studies hopelessly apart come late then, when little is asked of them.
    /// </summary>
    private double Start(HeterogeneityAxis axis)
    {
        var first = axis.FromTau(Math.Min(Data.StandardErrors.Order().ElementAt(Data.StandardErrors.Length / 2), Data.Heterogeneity.Largest / 2));
        var plain = new NormalIntegral(Data, BiasMechanism.None, HasEffect);
        var (best, largest) = (0, double.NegativeInfinity);
        for (var step = -ScannedSteps; step <= ScannedSteps; step++)
        {
            var x = first + step * FirstStep;
            var prior = axis.LogDensity(x);
            if (double.IsNegativeInfinity(prior)) continue;
            var value = prior + plain.At(axis.ToTau(x), double.NegativeInfinity).Log;
            if (value > largest) (best, largest) = (step, value);
        }
        if (Math.Abs(best) <= NearSteps) return first;
        // Once beforehand, so that the rules within have found their steps where most is asked of them.
        At(axis.ToTau(first + best * FirstStep), double.NegativeInfinity);
        return first + best * FirstStep;
    }

    private (double Log, PosteriorRow Row) At(double tau, double reference)
    {
        for (var i = 0; i < Deviations.Length; i++) Deviations[i] = Math.Sqrt(Data.Variances[i] + tau * tau);
        return Given(tau, reference);
    }
}
