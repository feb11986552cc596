namespace EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias.ModelAveraging;

/// <summary>
/// The marginal likelihood of a model by panels of Gauss and Legendre's rule in plain variables: τ = t/(1 - t), the coefficient of PET or PEESE on a fixed range, weights as products of variables on (0, 1), the mean on a fixed range. Nothing
/// of the engine's rules is used, and the weighted density is computed study by study.
/// </summary>
internal sealed class BruteForce(double[] effects, double[] variances, BiasAssumption bias, bool hasEffect, bool hasHeterogeneity)
{
    public double PriorDeviation { get; init; } = 1;

    public double TauScale { get; init; } = 0.15;

    public double PetScale { get; init; } = 1;

    public double PeeseScale { get; init; } = 5;

    /// <summary>The marginal likelihood times the probability that the mean lies below a limit.</summary>
    public double Marginal(double upTo = double.PositiveInfinity)
    {
        if (!hasHeterogeneity) return OverMean(0, upTo);
        return Over(0, 1, 14, t =>
        {
            var tau = t / (1 - t);
            return OverMean(tau, upTo) * TauScale / (tau * tau) * Math.Exp(-TauScale / tau) / ((1 - t) * (1 - t));
        });
    }

    private double OverMean(double tau, double upTo)
    {
        if (!hasEffect) return upTo >= 0 ? OverBias(0, tau) : 0;
        double low = -3 * PriorDeviation, high = Math.Min(3 * PriorDeviation, upTo);
        if (high <= low) return 0;
        // Most panels where data are.
        var cuts = new[] { low, -0.8 * PriorDeviation, -0.4 * PriorDeviation, -0.15 * PriorDeviation, 0.05 * PriorDeviation, 0.25 * PriorDeviation, 0.45 * PriorDeviation, 0.9 * PriorDeviation, high }.Where(c => c <= high).Append(high).Distinct().ToArray();
        double sum = 0;
        for (var i = 0; i + 1 < cuts.Length; i++)
        {
            sum += Over(cuts[i], cuts[i + 1], 1, mean => OverBias(mean, tau) * Math.Exp(-mean * mean / (2 * PriorDeviation * PriorDeviation)) / (Math.Sqrt(2 * Math.PI) * PriorDeviation));
        }
        return sum;
    }

    private double OverBias(double mean, double tau)
    {
        switch (bias.Mechanism)
        {
            case BiasMechanism.None:
                return Likelihood(mean, tau, 0);
            case BiasMechanism.Pet or BiasMechanism.Peese:
                // Panels as wide as what the data leave open of b, up to where no study could follow.
                var (scale, largest) = bias.Mechanism == BiasMechanism.Pet ? (PetScale, 60.0) : (PeeseScale, 500.0);
                return Over(0, largest, 120, b => Likelihood(mean, tau, b) * 2 / (Math.PI * scale * (1 + b / scale * (b / scale))));
            default:
                var normal = Likelihood(mean, tau, 0);
                var probabilities = Probabilities(mean, tau);
                // ω_1 = u_1, ω_2 = u_1 u_2 ...: the Jacobian of the order, over its volume 1/m!.
                return normal * (bias.Steps.Length switch
                {
                    1 => OverWeight(u => Weighted(probabilities, [1, u])),
                    2 => OverWeight(u => OverWeight(v => 2 * u * Weighted(probabilities, [1, u, u * v]))),
                    _ => OverWeight(u => OverWeight(v => OverWeight(s => 6 * u * u * v * Weighted(probabilities, [1, u, u * v, u * v * s])))),
                });
        }
    }

    private double Likelihood(double mean, double tau, double slope)
    {
        double product = 1;
        for (var i = 0; i < effects.Length; i++)
        {
            var x = bias.Mechanism == BiasMechanism.Pet ? Math.Sqrt(variances[i]) : variances[i];
            var variance = variances[i] + tau * tau;
            var difference = effects[i] - mean - slope * x;
            product *= Math.Exp(-difference * difference / (2 * variance)) / Math.Sqrt(2 * Math.PI * variance);
        }
        return product;
    }

    private (int Interval, double[] Probabilities)[] Probabilities(double mean, double tau)
    {
        var m = bias.Steps.Length;
        return [.. Enumerable.Range(0, effects.Length).Select(i =>
        {
            double se = Math.Sqrt(variances[i]), deviation = Math.Sqrt(variances[i] + tau * tau), z = effects[i] / se;
            // p as a share of the normal curve, compared with the steps themselves.
            var p = bias.IsTwoSided ? 2 * Below(-Math.Abs(z)) : Below(-z);
            var interval = bias.Steps.Count(step => p > step);
            var cumulative = bias.Steps.Select(step =>
            {
                var critical = -MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, bias.IsTwoSided ? step / 2 : step) * se;
                return Below((mean - critical) / deviation) + (bias.IsTwoSided ? Below((-critical - mean) / deviation) : 0);
            }).Append(1).ToArray();
            return (interval, (double[])[.. Enumerable.Range(0, m + 1).Select(j => j == 0 ? cumulative[0] : cumulative[j] - cumulative[j - 1])]);
        })];
    }

    private static double Weighted((int Interval, double[] Probabilities)[] studies, ReadOnlySpan<double> weights)
    {
        double product = 1;
        foreach (var (interval, probabilities) in studies)
        {
            double total = 0;
            for (var j = 0; j < probabilities.Length; j++) total += weights[j] * probabilities[j];
            product *= weights[interval] / total;
        }
        return product;
    }

    private static double Below(double z) => MathNet.Numerics.Distributions.Normal.CDF(0, 1, z);

    /// <summary>Over (0, 1) by u = t⁴, with most points near 0, where a small probability of significant results makes the integrand steep.</summary>
    private static double OverWeight(Func<double, double> f) => Over(0, 1, 2, t => f(t * t * t * t) * 4 * t * t * t);

    private static double Over(double from, double to, int panels, Func<double, double> f)
    {
        double sum = 0, width = (to - from) / panels;
        for (var p = 0; p < panels; p++)
        {
            for (var i = 0; i < Nodes.Length; i++)
            {
                sum += Weights[i] * f(from + width * (p + (1 + Nodes[i]) / 2)) * width / 2;
            }
        }
        return sum;
    }

    private static readonly (double[] Nodes, double[] Weights) Rule = Legendre(8);
    private static readonly double[] Nodes = Rule.Nodes;
    private static readonly double[] Weights = Rule.Weights;

    private static (double[], double[]) Legendre(int n)
    {
        var rule = new MathNet.Numerics.Integration.GaussLegendreRule(-1, 1, n);
        return (rule.Abscissas, rule.Weights);
    }
}
