using MathNet.Numerics.Integration;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The mean corrected at the mean artifacts, and the variance without what artifacts explain that differ between studies.</summary>
internal static class DistributionCorrection
{
    public static Corrected Of(BareBones bare, ArtifactMoments artifacts, bool isInteractive)
    {
        var data = bare.Data;
        var options = data.Options;
        var correction = isInteractive
            ? new Correction(artifacts.Restriction, artifacts.GridX.Mean, artifacts.GridY.Mean, artifacts.GridU.Mean)
            : new Correction(artifacts.Restriction, artifacts.Restriction == RangeRestrictionKind.Direct ? artifacts.QxWhole.Mean : artifacts.Qx.Mean, artifacts.Qy.Mean, artifacts.U.Mean);
        var observed = bare.Estimate(options);
        foreach (var r in (double[])[bare.Mean, observed.ConfidenceInterval.Lower, observed.ConfidenceInterval.Upper, .. data.Observed]) RequireDefined(correction, r);

        var rho = correction.Correct(bare.Mean);
        var explained = isInteractive ? CrossedVariance(artifacts, rho) : SeriesVariance(artifacts, rho, out _);
        var difference = bare.Variance - bare.Error - explained;
        Func<double, double> corrected = isInteractive && artifacts.Restriction != RangeRestrictionKind.None
            ? variance => Spread(correction, bare.Mean, rho, variance)
            : artifacts.Restriction == RangeRestrictionKind.None ? variance => variance / Square(correction.Qx * correction.Qy) : variance =>
            {
                SeriesVariance(artifacts, rho, out var slope);
                return variance / Square(slope);
            };
        var shrink = Shrink(artifacts, correction, bare.Mean, isInteractive, options.Target);
        double Scaled(double variance) => variance > 0 ? corrected(variance) * shrink * shrink : 0;
        var variance = new PsychometricVariance(Scaled(bare.Variance), Scaled(bare.Error), Scaled(explained), Scaled(difference));
        var mean = rho * shrink;
        var interval = observed.ConfidenceInterval.Transform(r => correction.Correct(r) * shrink);
        var credibility = Distributions.Interval(mean, Math.Sqrt(variance.Residual), options.NormalIntervals ? null : data.Count - 1, options.CredibilityLevel);
        var estimate = new PsychometricEstimate(mean, Math.Sqrt(Scaled(bare.Variance / data.Count)), interval, variance, credibility);
        return new Corrected(estimate, [.. data.Observed.Select(r => correction.Correct(r) * shrink)],
            [.. data.Observed.Select((r, i) => bare.Errors[i] * Square(correction.Slope(r) * shrink))], bare.Weights,
            bare.Variance > 0 ? 100 * (bare.Error + explained) / bare.Variance : null, difference < 0);
    }

    /// <summary>The variance of attenuated correlations over artifacts, by the derivatives of the attenuation at the means; and its derivative by rho.</summary>
    private static double SeriesVariance(ArtifactMoments artifacts, double rho, out double slope)
    {
        double qy = artifacts.Qy.Mean, u = artifacts.U.Mean, byX, byY, byU, varianceX;
        switch (artifacts.Restriction)
        {
            case RangeRestrictionKind.Direct:
                var x = artifacts.QxWhole.Mean;
                var root = 1 / Math.Sqrt(rho * rho * x * x * (u * u - 1) + 1);
                byX = qy * rho * u * Math.Pow(root, 3);
                byY = x * rho * u * root;
                byU = qy * rho * x * (1 - rho * rho * x * x) * Math.Pow(root, 3);
                slope = qy * x * u * Math.Pow(root, 3);
                varianceX = artifacts.QxWhole.Variance;
                break;
            case RangeRestrictionKind.Indirect:
                x = artifacts.QxWhole.Mean;
                double a = 1 / Math.Sqrt((u * u - 1) * rho * rho + 1), b = 1 / Math.Sqrt((u * u - 1) * x * x + 1);
                double ratio = x * qy * u * u * a * b, r = ratio * rho;
                byX = r / x - r * x * b * b * (u * u - 1);
                byY = r / qy;
                byU = 2 * r / u - r * u * (x * x * b * b + rho * rho * a * a);
                slope = ratio - r * rho * a * a * (u * u - 1);
                varianceX = artifacts.QxWhole.Variance;
                break;
            default:
                (byX, byY, byU, slope, varianceX) = (rho * qy, rho * artifacts.Qx.Mean, 0, artifacts.Qx.Mean * qy, artifacts.Qx.Variance);
                break;
        }
        return byX * byX * varianceX + byY * byY * artifacts.Qy.Variance + byU * byU * artifacts.U.Variance;
    }

    /// <summary>
    /// The variance of attenuated correlations over all combinations of artifacts, times c/(c - 1) for c combinations. Artifacts are crossed, so that an attenuated correlation is a product of independent factors, and the
    /// variance of the product follows from those of the factors: no combination is visited but those of u and rxx where direct restriction binds them.
    /// </summary>
    private static double CrossedVariance(ArtifactMoments artifacts, double rho)
    {
        var (x, y, u) = (artifacts.GridX, artifacts.GridY, artifacts.GridU);
        var ofY = Spread(y.Values, y.Weights);
        ArtifactSpread attenuated;
        if (artifacts.Restriction == RangeRestrictionKind.Direct)
        {
            double[] values = new double[x.Values.Length * u.Values.Length], weights = new double[values.Length];
            var at = 0;
            for (var i = 0; i < x.Values.Length; i++)
            {
                for (var j = 0; j < u.Values.Length; j++, at++) (values[at], weights[at]) = (RangeFormulas.Restrict(rho * x.Values[i], u.Values[j]), x.Weights[i] * u.Weights[j]);
            }
            attenuated = Product(Spread(values, weights), ofY);
        }
        else
        {
            double[] restricted = artifacts.Restriction == RangeRestrictionKind.None ? [rho] : [.. u.Values.Select(v => RangeFormulas.Restrict(rho, v))];
            attenuated = Product(Product(Spread(restricted, u.Weights), Spread(x.Values, x.Weights)), ofY);
        }
        var combinations = (double)x.Values.Length * y.Values.Length * u.Values.Length;
        return combinations < 2 ? 0 : attenuated.Variance * combinations / (combinations - 1);
    }

    private static ArtifactSpread Spread(double[] values, double[] weights)
    {
        var mean = ArtifactDistribution.WeightedMean(values, weights);
        return new ArtifactSpread(mean, ArtifactDistribution.WeightedMean([.. values.Select(v => Square(v - mean))], weights));
    }

    /// <summary>Mean and variance of a product of independent factors, without differences of large numbers.</summary>
    private static ArtifactSpread Product(ArtifactSpread a, ArtifactSpread b) =>
        new(a.Mean * b.Mean, a.Variance * Square(b.Mean) + b.Variance * Square(a.Mean) + a.Variance * b.Variance);

    /// <summary>The mean square of corrected correlations around rho, for correlations of the sample that are normal around their mean, within four standard deviations.</summary>
    private static double Spread(Correction correction, double mean, double rho, double variance)
    {
        var sd = Math.Sqrt(variance);
        RequireDefined(correction, mean - 4 * sd);
        RequireDefined(correction, mean + 4 * sd);
        return GaussLegendreRule.Integrate(z => Square(correction.Correct(mean + z * sd) - rho) * NormalCurve.Density(z), -4, 4, 128);
    }

    private static double Shrink(ArtifactMoments artifacts, Correction correction, double mean, bool isInteractive, PsychometricTarget target)
    {
        if (target == PsychometricTarget.TrueScores) return 1;
        if (target == PsychometricTarget.PredictorAsMeasured) return artifacts.Restriction == RangeRestrictionKind.None ? correction.Qx : isInteractive ? artifacts.MeanWhole : artifacts.QxWhole.Mean;
        if (artifacts.Restriction == RangeRestrictionKind.None) return correction.Qy;
        var r = artifacts.Restriction == RangeRestrictionKind.Direct ? mean : mean / correction.Qx;
        double Whole(double q)
        {
            var squared = RangeFormulas.UnrestrictOutcome(q * q, r, correction.U);
            return squared > 0 ? Math.Sqrt(squared) : throw new UndeterminedException("A correction for range restriction by distributions", "reliabilities of the outcome and range ratios contradict each other", "a correlation between the constructs may be defined");
        }
        return isInteractive ? ArtifactDistribution.WeightedMean([.. artifacts.GridY.Values.Select(Whole)], artifacts.GridY.Weights) : Whole(correction.Qy);
    }

    private static void RequireDefined(Correction correction, double r)
    {
        if (!correction.IsDefinedAt(r))
        {
            throw new UndeterminedException("A correction for range restriction by distributions", "with a mean ratio above 1 no correlation of the whole range is as large in the samples as some of these may be", "a correction for unreliability alone is defined");
        }
    }

    private static double Square(double value) => value * value;
}
