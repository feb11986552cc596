using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>What is asked about, and with which options: a fit, or counts pooled as tables.</summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ));
/// var inquiry = Inquiry.Of(fit) with { Said = new OptionValues(new Dictionary&lt;string, object&gt; { ["--beyond"] = 0.1 }) };
/// foreach (var answer in Questions.Ask(inquiry)) Console.WriteLine(answer.Sentence);
/// </code></example>
public sealed record Inquiry
{
    private RobustFit? _robust;
    private BiasAdjustments? _adjustments;

    private Inquiry(IModelFit? fit, TwoByTwoFit? counts) => (Fit, Counts) = (fit, counts);

    /// <summary>About a fit.</summary>
    /// <param name="fit">The fit, of any kind.</param>
    public static Inquiry Of(IModelFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return new Inquiry(fit, null);
    }

    /// <summary>About counts pooled as tables.</summary>
    /// <param name="counts">The pooled tables or rates.</param>
    public static Inquiry Of(TwoByTwoFit counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        return new Inquiry(null, counts);
    }

    /// <summary>The fit; null for counts pooled as tables.</summary>
    public IModelFit? Fit { get; }

    /// <summary>Counts pooled as tables or rates; null for fits of effects.</summary>
    public TwoByTwoFit? Counts { get; }

    /// <summary>What was said of options.</summary>
    public OptionValues Said
    {
        get;
        init => (field, _adjustments) = (value, null);
    } = OptionValues.None;

    /// <summary>The correction of cluster-robust inference beside a model of dependent effects; null, the default, for none.</summary>
    public SmallSampleCorrection? Correction
    {
        get;
        init => (field, _robust) = (value, null);
    }

    /// <summary>True where effects shared samples before they were averaged.</summary>
    public bool IsAveraged { get; init; }

    /// <summary>What was taken from the table without being said, and what a reader should know of it.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Takes how far an answer that takes long has come; null, the default, for nobody. Reports come from several threads.</summary>
    public IProgress<AnswerProgress>? Progress { get; init; }

    /// <summary>Ends answers that take long before they are there.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>What the effects measure.</summary>
    public EffectMeasure Measure => Fit?.Measure ?? Counts!.Measure;

    /// <summary>The level of all intervals.</summary>
    public double Level => Fit?.ConfidenceLevel ?? Counts!.Options.ConfidenceLevel;

    /// <summary>True where effects share samples, so that robust inference is a question.</summary>
    public bool HasClusters => IsAveraged || Fit?.Clusters is not null;

    /// <summary>Cluster-robust inference; null where it was not asked for or there are no clusters.</summary>
    public RobustFit? Robust => _robust ??= Fit switch
    {
        RobustVarianceFit robust => robust.Robust,
        DependentFit dependent when Correction is { } correction => dependent.Robust(correction),
        _ => null,
    };

    /// <summary>The mean adjusted for publication bias, for the side that was said; what takes long is computed once for all who ask.</summary>
    internal BiasAdjustments Adjustments => _adjustments ??= Fit!.AdjustForBias(new() { Alternative = TriangulationQuestion.SideOf(Said) });

    /// <summary>The coefficients, those of robust variance estimation with their robust errors.</summary>
    internal IReadOnlyList<Coefficient> Coefficients => Fit is not null ? Fit.Coefficients
        : [new Coefficient("Intercept", Counts!.Estimate, Counts.StandardError, Counts.Statistic, null, Counts.PValue, Counts.ConfidenceInterval)];

    /// <summary>Progress of one answer; null where nobody takes it.</summary>
    internal IProgress<double>? ProgressOf(string question) => Progress is { } all ? new Part(question, all) : null;

    private sealed class Part(string question, IProgress<AnswerProgress> all) : IProgress<double>
    {
        public void Report(double value) => all.Report(new AnswerProgress(question, value));
    }

    /// <summary>What is defined for some fits only was asked of another.</summary>
    /// <param name="option">The option.</param>
    /// <param name="where">For which fits it is defined.</param>
    internal static QuestionException Undefined(string option, string where) => new(option, $"{option} is defined for {where}.") { Where = where };
}

/// <summary>How far an answer has come.</summary>
/// <param name="Question">The name of the question, in a few words.</param>
/// <param name="Share">From 0 to 1.</param>
public readonly record struct AnswerProgress(string Question, double Share);

/// <summary>A question was asked that the fit does not define an answer to; the message names the option and says for which fits there is one.</summary>
/// <param name="option">The option, as on the command line.</param>
/// <param name="message">What would be right.</param>
public sealed class QuestionException(string option, string message) : Exception(message)
{
    /// <summary>The option, as on the command line.</summary>
    public string Option { get; } = option;

    /// <summary>For which fits there is an answer, where that is what is wrong; null where it is not.</summary>
    public string? Where { get; init; }

    /// <summary>Why there is no answer, without the option's name, as a report says it; null where the message alone says it.</summary>
    public string? Reason { get; init; }
}
