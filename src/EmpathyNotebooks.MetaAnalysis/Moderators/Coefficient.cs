namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>One estimated number with its uncertainty: a coefficient, a contrast or a marginal mean.</summary>
/// <remarks>
/// Some have no standard error, for example a robust one that one cluster alone determines. Ask <see cref="HasStandardError"/> first where that can be; what follows from the standard error
/// then throws <see cref="InvalidOperationException"/> with <see cref="WhyNoStandardError"/>, so that no placeholder passes for a result.
/// </remarks>
/// <param name="Name">What it is, for example <c>rater: observer</c>.</param>
/// <param name="Estimate">The estimate, on the scale that is pooled.</param>
/// <param name="StandardError">Its standard error.</param>
/// <param name="Statistic">z or t: the estimate over its standard error.</param>
/// <param name="DegreesOfFreedom">The degrees of freedom of t, or null for z.</param>
/// <param name="PValue">Two-sided, of the hypothesis that it is 0.</param>
/// <param name="ConfidenceInterval">Its confidence interval.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.012],
///     columns: [StudyColumn.OfNumbers("year", [2001, 2004, 2010, 2012])]);
/// Coefficient slope = MetaRegression.Fit(effects, Moderator.Number("year")).Coefficients[1];
/// </code></example>
public readonly record struct Coefficient(string Name, double Estimate, double StandardError, double Statistic, double? DegreesOfFreedom,
    double PValue, ConfidenceInterval ConfidenceInterval) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    /// <summary>Its standard error.</summary>
    /// <exception cref="InvalidOperationException">There is none; the message says why.</exception>
    public double StandardError { get => Known(field); init; } = StandardError;

    /// <summary>z or t: the estimate over its standard error.</summary>
    /// <exception cref="InvalidOperationException">There is no standard error; the message says why.</exception>
    public double Statistic { get => Known(field); init; } = Statistic;

    /// <summary>Two-sided, of the hypothesis that it is 0.</summary>
    /// <exception cref="InvalidOperationException">There is no standard error; the message says why.</exception>
    public double PValue { get => Known(field); init; } = PValue;

    /// <summary>Its confidence interval.</summary>
    /// <exception cref="InvalidOperationException">There is no standard error; the message says why.</exception>
    public ConfidenceInterval ConfidenceInterval { get => Known(field); init; } = ConfidenceInterval;

    /// <summary>True unless the data say nothing about how uncertain the estimate is.</summary>
    public bool HasStandardError => WhyNoStandardError is null;

    /// <summary>Why there is no standard error, as a sentence; null where there is one.</summary>
    public string? WhyNoStandardError { get; private init; }

    /// <summary>An estimate of whose uncertainty the data say nothing.</summary>
    internal static Coefficient Without(string name, double estimate, string reason) =>
        new(name, estimate, 0, 0, null, 1, new ConfidenceInterval(estimate, estimate, 0.95)) { WhyNoStandardError = reason };

    /// <inheritdoc/>
    public override string ToString() => HasStandardError
        ? $"{Name} = {StatisticText.Significant(Estimate)} {ConfidenceInterval}, {StatisticText.PValueWithSymbol(PValue)}"
        : $"{Name} = {StatisticText.Significant(Estimate)} (no standard error)";

    private T Known<T>(T value) => WhyNoStandardError is null ? value : throw new InvalidOperationException(WhyNoStandardError);
}

/// <summary>A test that several coefficients are 0 together.</summary>
/// <remarks>Where <see cref="Exists"/> is false, its numbers throw <see cref="InvalidOperationException"/> with <see cref="WhyNone"/>.</remarks>
/// <param name="Statistic">Wald's chi² (QM), or F when there are denominator degrees of freedom.</param>
/// <param name="DegreesOfFreedom">How many coefficients are tested.</param>
/// <param name="DenominatorDegreesOfFreedom">Those of F, or null for chi².</param>
/// <param name="PValue">The upper tail.</param>
public readonly record struct ModeratorTest(double Statistic, int DegreesOfFreedom, double? DenominatorDegreesOfFreedom, double PValue) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    /// <summary>Wald's chi² (QM), or F when there are denominator degrees of freedom.</summary>
    /// <exception cref="InvalidOperationException">There is no such test; the message says why.</exception>
    public double Statistic { get => Known(field); init; } = Statistic;

    /// <summary>The upper tail.</summary>
    /// <exception cref="InvalidOperationException">There is no such test; the message says why.</exception>
    public double PValue { get => Known(field); init; } = PValue;

    /// <summary>True unless these data allow no such test.</summary>
    public bool Exists => WhyNone is null;

    /// <summary>Why there is no test, as a sentence; null where there is one.</summary>
    public string? WhyNone { get; private init; }

    /// <summary>A test that these data do not allow.</summary>
    internal static ModeratorTest None(int coefficients, string reason) => new(0, coefficients, null, 1) { WhyNone = reason };

    /// <inheritdoc/>
    public override string ToString() => WhyNone is { } reason ? "no test (" + reason.TrimEnd('.') + ")" : (DenominatorDegreesOfFreedom is { } df
        ? $"F({StatisticText.Count(DegreesOfFreedom)}, {StatisticText.DegreesOfFreedom(df)}) = "
        : $"Q_M({StatisticText.Count(DegreesOfFreedom)}) = ") + $"{StatisticText.Number(Statistic)}, {StatisticText.PValueWithSymbol(PValue)}";

    private double Known(double value) => WhyNone is null ? value : throw new InvalidOperationException(WhyNone);
}

/// <summary>The test of one term: all its coefficients, the other terms being in the model.</summary>
/// <param name="Term">The term, for example <c>rater</c> or <c>rater × year</c>.</param>
/// <param name="Test">The test.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.35, 0.18, 0.22, 0.41, 0.09, 0.27, 0.30, 0.15],
///     [0.010, 0.022, 0.015, 0.012, 0.020, 0.018, 0.009, 0.025], EffectMeasure.FisherZ, columns: [
///     StudyColumn.OfTexts("rater", ["client", "observer", "therapist", "client", "observer", "therapist", "client", "observer"]),
///     StudyColumn.OfNumbers("year", [1998, 2001, 2003, 2006, 2009, 2011, 2014, 2016])]);
/// foreach (TermTest term in MetaRegression.Fit(effects, Moderator.Category("rater") + Moderator.Number("year").CenteredAt(2005)).TermTests)
///     Console.WriteLine($"{term.Term}: {term.Test}");
/// </code></example>
public readonly record struct TermTest(string Term, ModeratorTest Test) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin => Test.Origin;

    /// <inheritdoc/>
    public override string ToString() => $"{Term}: {Test}";
}

/// <summary>What a model expects at some values of its moderators.</summary>
/// <param name="Estimate">The mean of true effects there, on the scale that is pooled.</param>
/// <param name="StandardError">Its standard error.</param>
/// <param name="ConfidenceInterval">The interval of that mean.</param>
/// <param name="PredictionInterval">Where the true effect of a new study would lie; null for a model without tau².</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfNumbers("year", [2001, 2004, 2010, 2012, 2018])]);
/// Prediction at = MetaRegression.Fit(effects, Moderator.Number("year").CenteredAt(2010)).Predict(new() { ["year"] = 2015 });
/// Console.WriteLine($"z = {at.Estimate:F2} {at.ConfidenceInterval}, as r {at.BackTransform(effects.Measure).Estimate:F2}");
/// </code></example>
public readonly record struct Prediction(double Estimate, double StandardError, ConfidenceInterval ConfidenceInterval,
    ConfidenceInterval? PredictionInterval) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    /// <summary>One line on the scale that is pooled, for example <c>0.2750 [0.2012, 0.3488], prediction interval [−0.0120, 0.5620]</c>.</summary>
    public override string ToString() => StatisticText.Significant(Estimate) + $" {ConfidenceInterval}" + (PredictionInterval is { } pi ? $", prediction interval {pi}" : "");

    /// <summary>The same on the scale a reader knows, for example r.</summary>
    /// <param name="measure">The measure of the effects, <see cref="StudyEffects.Measure"/>.</param>
    public BackTransformedEstimate BackTransform(EffectMeasure measure)
    {
        ArgumentNullException.ThrowIfNull(measure);
        return new(measure.ToDisplay(Estimate), ConfidenceInterval.Transform(measure.ToDisplay), PredictionInterval?.Transform(measure.ToDisplay));
    }
}
