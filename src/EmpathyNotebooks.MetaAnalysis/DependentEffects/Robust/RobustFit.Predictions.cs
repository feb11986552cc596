namespace EmpathyNotebooks.MetaAnalysis;

/// <content>What the model expects at chosen values, with robust uncertainty.</content>
public sealed partial class RobustFit
{
    /// <summary>The mean effect with its robust interval, and the prediction interval of a new true effect, μ ± t·√(SE² + the variance of true effects), t as for the mean (metafor's <c>predict()</c>
    /// of a <c>robust()</c> fit).</summary>
    /// <exception cref="InvalidOperationException">The model has moderators, on whose values the mean depends; or one cluster alone determines the mean, which leaves nothing to judge its
    /// uncertainty by.</exception>
    public Prediction Predict()
    {
        if (_source.Moderators is not null || _source.Columns is not [{ Term: -1 }])
        {
            throw new InvalidOperationException("The mean effect depends on the moderators: give their values.");
        }
        return Predicted([1], _source.TrueEffectVariance(null));
    }

    /// <summary>
    /// The mean effect at some values of the moderators. With CR2 each such mean has degrees of freedom of its own by Satterthwaite's approximation, as every linear combination has. The prediction
    /// interval takes the variance of true effects from the model; null where the model has none, or has several and the values do not say whose.
    /// </summary>
    /// <param name="values">One value for each column, in the columns' own units.</param>
    /// <exception cref="InvalidOperationException">The model has no moderators, or one cluster alone determines the mean there.</exception>
    /// <exception cref="StudyDataException">A column has no value, is not in the model, or has a value or combination that no study has.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38, 0.29, 0.15], [0.010, 0.022, 0.015, 0.012, 0.020, 0.020, 0.011],
    ///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "C", "D", "E"]), StudyColumn.OfNumbers("year", [2001, 2001, 2005, 2010, 2010, 2014, 2018])]);
    /// var robust = MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], Moderator.Number("year")).Robust();
    /// Prediction at = robust.Predict(new() { ["year"] = 2012 });
    /// Console.WriteLine($"{at.Estimate:F2} {at.ConfidenceInterval}, a new effect {at.PredictionInterval}");
    /// Console.WriteLine(robust.Contrast(new() { ["year"] = 2018 }, new() { ["year"] = 2001 }));
    /// </code></example>
    public Prediction Predict(ModeratorValues values) => Predicted(Encoded(values), _source.TrueEffectVariance(values));

    /// <summary>The difference of the mean effects at two sets of values, first less second.</summary>
    /// <param name="first">Values of all columns.</param>
    /// <param name="second">Values of all columns.</param>
    /// <inheritdoc cref="Predict(ModeratorValues)" path="/exception"/>
    public Coefficient Contrast(ModeratorValues first, ModeratorValues second)
    {
        double[] a = Encoded(first), b = Encoded(second);
        for (var j = 0; j < a.Length; j++) a[j] -= b[j];
        return Combination($"({first}) − ({second})", a);
    }

    /// <summary>
    /// The mean effect with its robust interval, and the prediction interval of a new effect or of the mean of a new study; see <see cref="TrueEffects.PredictNew(IModelFit, NewTrueEffect, ModeratorValues?)"/>.
    /// A model of independent effects has no mean of a study with several.
    /// </summary>
    /// <param name="of">A new effect, the default, or the mean of a new study.</param>
    /// <param name="values">One value for each column of the moderators; null for a model without.</param>
    /// <returns>Null where the mean depends on values that are not given, or has no standard error.</returns>
    /// <exception cref="StudyDataException">A column has no value, is not in the model, or has a value or combination that no study has.</exception>
    public Prediction? PredictNew(NewTrueEffect of = NewTrueEffect.Effect, ModeratorValues? values = null) =>
        MeanAt(values) is { HasStandardError: true } mean ? NewTrueEffects.Predict(mean, VarianceOfNew(of, values), ConfidenceLevel) : null;

    /// <summary>How likely a new true effect lies above a cut-off, with robust uncertainty of the mean; the share has no standard error here.</summary>
    /// <param name="cutoff">Finite, on the scale that is pooled.</param>
    /// <param name="of">A new effect, the default, or the mean of a new study.</param>
    /// <param name="values">One value for each column of the moderators; null for a model without.</param>
    /// <returns>Null where it is not defined: as for <see cref="PredictNew"/>, or without a variance of true effects.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The cut-off is not finite.</exception>
    /// <exception cref="StudyDataException">A column has no value, is not in the model, or has a value or combination that no study has.</exception>
    public TrueEffectProbability? ProbabilityAbove(double cutoff, NewTrueEffect of = NewTrueEffect.Effect, ModeratorValues? values = null) => Beyond(cutoff, of, values, 1);

    /// <summary>How likely a new true effect lies below a cut-off.</summary>
    /// <inheritdoc cref="ProbabilityAbove"/>
    public TrueEffectProbability? ProbabilityBelow(double cutoff, NewTrueEffect of = NewTrueEffect.Effect, ModeratorValues? values = null) => Beyond(cutoff, of, values, -1);

    /// <summary>The mean at some values; null where it depends on values that are not given.</summary>
    internal Coefficient? MeanAt(ModeratorValues? values)
    {
        if (_source.Moderators is { } design) return values is null ? null : Combination("Mean", design.Encode(values));
        return values is null or { Count: 0 } ? Combination("Mean", [1]) : throw ModeratorDesign.NoModerator(values);
    }

    private TrueEffectProbability? Beyond(double cutoff, NewTrueEffect of, ModeratorValues? values, int direction)
    {
        NewTrueEffects.Check(cutoff);
        return MeanAt(values) is { HasStandardError: true } mean && VarianceOfNew(of, values) is { } variance
            ? NewTrueEffects.Beyond(mean, variance, null, cutoff, direction) : null;
    }

    private double? VarianceOfNew(NewTrueEffect of, ModeratorValues? values) => of == NewTrueEffect.Effect ? _source.TrueEffectVariance(values) : _source.StudyMeanVariance(values);

    private double[] Encoded(ModeratorValues values) => _source.Moderators is { } design
        ? design.Encode(values)
        : throw new InvalidOperationException("A model without moderators expects the same mean everywhere: Predict().");

    private Prediction Predicted(double[] row, double? variance)
    {
        var mean = Combination("Prediction", row);
        return new Prediction(mean.Estimate, mean.StandardError, mean.ConfidenceInterval, variance is { } size
            ? Distributions.Interval(mean.Estimate, Math.Sqrt(mean.StandardError * mean.StandardError + size), mean.DegreesOfFreedom, ConfidenceLevel)
            : null) { Origin = _source.Effects.Origin };
    }
}
