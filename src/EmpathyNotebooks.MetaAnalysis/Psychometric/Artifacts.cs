using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What is known of the studies, checked: effects, sizes and artifacts, NaN where an artifact is not known.</summary>
internal sealed class Artifacts
{
    private Artifacts(StudyEffects effects, PsychometricOptions options) => (Effects, Options) = (effects, options);

    public StudyEffects Effects { get; }

    public PsychometricOptions Options { get; }

    /// <summary>The effects as they are pooled: r or d, corrected for small samples where that was asked for.</summary>
    public required double[] Observed { get; init; }

    public required double[] Sizes { get; init; }

    public required double[] Rxx { get; init; }

    public required double[] Ryy { get; init; }

    public required double[] U { get; init; }

    public bool IsDifference { get; private init; }

    public int Count => Observed.Length;

    /// <summary>True where all artifacts that are corrected for are known of all studies.</summary>
    public bool AreComplete => !Options.HasGivenDistributions && !Rxx.Concat(Ryy).Concat(U).Any(double.IsNaN);

    public static Artifacts Of(StudyEffects effects, PsychometricOptions options)
    {
        var isDifference = effects.Measure.Code is "SMD" or "SMDH" or "SMD1" or "SMD1H";
        if (!isDifference && effects.Measure.Code is not ("COR" or "UCOR" or "ZCOR" or "RPB" or "PHI"))
        {
            throw new ImpossibleChoiceException($"A psychometric meta-analysis is one of correlations (COR, UCOR, ZCOR, RPB, PHI) or standardized mean differences (SMD, SMDH, SMD1, SMD1H), not of {effects.Measure.Code}", ChoiceFault.UndefinedForFit, nameof(effects));
        }
        if (isDifference && (options.HasPredictor || options.HasRange))
        {
            throw new ImpossibleChoiceException("Of standardized mean differences the reliability of the outcome is corrected for; for the range, or for groups that are known with error, convert them to correlations", ChoiceFault.UndefinedForFit, nameof(options));
        }
        Twice(options.PredictorReliability, options.PredictorReliabilities, "the reliability of the predictor");
        Twice(options.OutcomeReliability, options.OutcomeReliabilities, "the reliability of the outcome");
        Twice(options.RangeRatio, options.RangeRatios, "the range ratio");
        if (options.HasRange && options.RangeRatio is null && options.RangeRatios is null)
        {
            throw new ImpossibleChoiceException("A correction for range restriction needs the range ratios u", ChoiceFault.Incomplete, nameof(options)) { Choices = [nameof(options.RangeRatio), nameof(options.RangeRatios)] };
        }
        if (!options.HasRange && (options.RangeRatio ?? (object?)options.RangeRatios) is not null)
        {
            throw new ImpossibleChoiceException("Range ratios are given, but not how the range was restricted", ChoiceFault.Incomplete, nameof(options)) { Choices = [nameof(options.RangeRestriction)] };
        }
        if (effects.Count < 2) throw new InsufficientStudiesException("A psychometric meta-analysis", 2, effects.Count);
        if (!effects.HasSampleSizes && !HasGroupSizes(effects)) throw new StudyDataException("must be known: the studies are weighted by their sample sizes", column: "n");
        var sizes = Enumerable.Range(0, effects.Count).Select(i => Size(effects, i)).ToArray();
        return new Artifacts(effects, options)
        {
            IsDifference = isDifference,
            Observed = [.. effects.Effects.Select((y, i) => Value(effects, options, y, sizes[i]))],
            Sizes = sizes,
            Rxx = Column(effects, options.PredictorReliability, v => v is > 0 and <= 1, "must be a reliability above 0 and at most 1"),
            Ryy = Column(effects, options.OutcomeReliability, v => v is > 0 and <= 1, "must be a reliability above 0 and at most 1"),
            U = Column(effects, options.RangeRatio, v => v > 0, "must be a positive ratio of standard deviations"),
        };
    }

    /// <summary>The sampling variance of an effect of this size.</summary>
    public double SamplingVariance(double effect, int study)
    {
        var n = Sizes[study];
        if (!IsDifference) return (1 - effect * effect) * (1 - effect * effect) / (n - 1);
        var (n1, n2) = HasGroupSizes(Effects) ? (Ingredient(Effects, "n1i", study)!.Value, Ingredient(Effects, "n2i", study)!.Value) : (n / 2, n / 2);
        return (n - 1) / (n - 3) * (n / (n1 * n2) + effect * effect / (2 * n));
    }

    /// <summary>A fault of one study.</summary>
    public StudyDataException Fault(int study, string column, double value, string expected) =>
        new(expected, double.IsNaN(value) ? "" : value.ToString(CultureInfo.InvariantCulture), study + 1, Effects.Labels[study], column);

    private static void Twice(string? column, ArtifactDistribution? given, string what)
    {
        if (column is not null && given is not null) throw new ImpossibleChoiceException($"For {what} there are a column and a distribution: give one", ChoiceFault.GivenTwice, "options");
    }

    private static double Value(StudyEffects effects, PsychometricOptions options, double y, double n)
    {
        var value = effects.Measure.Code == "ZCOR" ? Math.Tanh(y) : y;
        return options.CorrectsSmallSampleBias && effects.Measure.Code is ("ZCOR" or "COR" or "RPB" or "PHI") ? value / Bias(n) : value;
    }

    private static double Bias(double n) => (2 * n - 2) / (2 * n - 1);

    private static double Size(StudyEffects effects, int study)
    {
        var n = effects.HasSampleSizes ? effects.SampleSizes[study] : Ingredient(effects, "n1i", study)!.Value + Ingredient(effects, "n2i", study)!.Value;
        return n >= 4 ? n : throw new StudyDataException("must be a sample size of at least 4", n.ToString(CultureInfo.InvariantCulture), study + 1, effects.Labels[study], "n");
    }

    private static bool HasGroupSizes(StudyEffects effects) =>
        Enumerable.Range(0, effects.Count).All(i => Ingredient(effects, "n1i", i) is > 0 && Ingredient(effects, "n2i", i) is > 0);

    private static double? Ingredient(StudyEffects effects, string name, int study) => effects.Ingredients.FirstOrDefault(c => c.Name == name)?.Number(study);

    private static double[] Column(StudyEffects effects, string? name, Func<double, bool> isRight, string expected)
    {
        if (name is null) return [];
        var column = effects.Column(name);
        if (!column.IsNumeric) throw new StudyDataException("holds texts where numbers are needed", column: name, kind: StudyDataFault.TextForNumber);
        var values = new double[effects.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = column.Number(i) ?? double.NaN;
            if (!double.IsNaN(values[i]) && !isRight(values[i])) throw new StudyDataException(expected, values[i].ToString(CultureInfo.InvariantCulture), i + 1, effects.Labels[i], name);
        }
        return values;
    }
}
