namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Each effect corrected by its own artifacts, weighted by its size times the square of its attenuation factor (Schmidt &amp; Hunter 2015, ch. 3).</summary>
internal static class IndividualCorrection
{
    public static Corrected Of(BareBones bare)
    {
        var data = bare.Data;
        RequireKnown(data);
        double[] effects = new double[data.Count], variances = new double[data.Count], weights = new double[data.Count], scale = new double[data.Count];
        for (var i = 0; i < data.Count; i++)
        {
            var r = data.Observed[i];
            var (correction, rxxa, ryya) = For(data, i);
            var factor = correction.Factor(r);
            effects[i] = r / factor;
            var refined = correction.Refinement(r) / factor;
            variances[i] = bare.Errors[i] * refined * refined;
            weights[i] = bare.Weights[i] * factor * factor;
            scale[i] = data.Options.Target switch { PsychometricTarget.PredictorAsMeasured => rxxa, PsychometricTarget.OutcomeAsMeasured => ryya, _ => 1 };
        }
        if (data.Options.Weights is { } estimator) weights = BareBones.RandomWeights(effects, variances, estimator);
        // What is measured with error in practice is so with the mean reliability of the whole range.
        var shrink = Math.Sqrt(ArtifactDistribution.WeightedMean(scale, weights));
        effects = [.. effects.Select(e => e * shrink)];
        variances = [.. variances.Select(v => v * shrink * shrink)];
        var mean = ArtifactDistribution.WeightedMean(effects, weights);
        var (observed, error) = (ArtifactDistribution.WeightedVariance(effects, weights), ArtifactDistribution.WeightedMean(variances, weights));
        return new Corrected(BareBones.Estimate(data.Options, data.Count, mean, new PsychometricVariance(observed, error, 0, Math.Max(0, observed - error))), effects, variances, weights,
            observed > 0 ? 100 * error / observed : null, error > observed);
    }

    private static (Correction Correction, double Rxxa, double Ryya) For(Artifacts data, int i)
    {
        var (options, r) = (data.Options, data.Observed[i]);
        double rxx = options.HasPredictor ? data.Rxx[i] : 1, ryy = options.HasOutcome ? data.Ryy[i] : 1;
        if (!options.HasRange) return (new Correction(RangeRestrictionKind.None, Math.Sqrt(rxx), Math.Sqrt(ryy), 1), rxx, ryy);
        var u = data.U[i];
        var whole = RangeFormulas.UnrestrictReliability(rxx, u);
        if (!(whole > 0)) throw data.Fault(i, options.RangeRatio!, u, "and the reliability of the predictor contradict each other: the errors of the sample would exceed all variance of the whole range");
        var correction = options.RangeRestriction == RangeRestrictionKind.Direct
            ? new Correction(RangeRestrictionKind.Direct, Math.Sqrt(whole), Math.Sqrt(ryy), u)
            : new Correction(RangeRestrictionKind.Indirect, Math.Sqrt(rxx), Math.Sqrt(ryy), Math.Sqrt(RangeFormulas.TrueRatioSquared(u, rxx)));
        if (!correction.IsDefinedAt(r)) throw data.Fault(i, options.RangeRatio!, u, "is too far above 1: no correlation of the whole range is as large in this sample");
        // Above 0 wherever the correction is defined: both ask for ryy > r²(1 - 1/u²).
        var ryya = RangeFormulas.UnrestrictOutcome(ryy, options.RangeRestriction == RangeRestrictionKind.Direct ? r : r / Math.Sqrt(rxx), correction.U);
        return (correction, whole, ryya);
    }

    private static void RequireKnown(Artifacts data)
    {
        var options = data.Options;
        if (options.HasGivenDistributions)
        {
            throw new ImpossibleChoiceException("A correction of each effect needs the artifacts of each study, by columns; distributions go with the Taylor series or the interactive procedure", ChoiceFault.Incomplete, nameof(options));
        }
        foreach (var (name, values) in new[] { (options.PredictorReliability, data.Rxx), (options.OutcomeReliability, data.Ryy), (options.HasRange ? options.RangeRatio : null, data.U) })
        {
            if (name is null) continue;
            var i = Array.FindIndex(values, double.IsNaN);
            if (i >= 0) throw data.Fault(i, name, double.NaN, "must be known of each study that is corrected by its own artifacts; distributions of artifacts (the Taylor series, the interactive procedure) need some of them only");
        }
    }
}

/// <summary>What a correction gives: the estimate, and each study corrected.</summary>
internal sealed record Corrected(PsychometricEstimate Estimate, double[] Effects, double[] Variances, double[] Weights, double? PercentExplained, bool IsTruncated);
