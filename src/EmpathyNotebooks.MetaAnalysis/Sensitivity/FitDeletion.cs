using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A fit without one effect or one cluster.</summary>
/// <param name="Name">The label of the effect, or the cluster.</param>
/// <param name="Rows">The effects left out, as rows of the fit counted from 0.</param>
/// <param name="Fit">The same model fitted to the others, the columns of its design as they are; null where the others do not allow it.</param>
/// <param name="Absence">Why there is no fit; null where there is one.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
/// IModelFit fit = MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], samplingCorrelation: 0.6);
/// foreach (FitDeletion sample in fit.LeaveOneOut(EffectClusters.OfFit))
///     Console.WriteLine($"Without {sample.Name} ({sample.Rows.Length} effects): {sample.Fit?.Mean?.ToString() ?? sample.Absence}");
/// </code></example>
public sealed record FitDeletion(string Name, ImmutableArray<int> Rows, IModelFit? Fit, string? Absence)
{
    /// <summary>One line, for example <c>without Sample 01: r = .28, 95% CI [.23, .33], p &lt; .001 (REML, Hartung-Knapp, k = 15)</c>, or the reason why there is no fit.</summary>
    public override string ToString() => $"without {Name}: {Fit?.ToString() ?? Absence}";
}

/// <summary>A fit to the first effects in some order.</summary>
/// <param name="Count">How many effects are in.</param>
/// <param name="Name">What was added last: the label of an effect, a cluster, or the value that the effects added together share.</param>
/// <param name="Added">The effects added in this step, as rows of the fit counted from 0.</param>
/// <param name="Fit">The same model fitted to all so far; null where they do not allow it yet. Of a pooled fit, the first effect alone is that effect with a normal interval.</param>
/// <param name="Absence">Why there is no fit; null where there is one.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"]), StudyColumn.OfNumbers("year", [2001, 2001, 2005, 2004, 2010, 2010, 2012, 2018])]);
/// IModelFit fit = MultilevelModel.Fit(effects, ["sample"], samplingCorrelation: 0.6);
/// foreach (FitStep step in fit.CumulativeBy("year", cluster: EffectClusters.OfFit))
///     Console.WriteLine($"{step.Count} effects, up to {step.Name}: {step.Fit?.Mean?.ToString() ?? step.Absence}");
/// </code></example>
public sealed record FitStep(int Count, string Name, ImmutableArray<int> Added, IModelFit? Fit, string? Absence)
{
    /// <summary>One line, for example <c>up to Sample 03: r = .28, 95% CI [.23, .33], p &lt; .001 (REML, Hartung-Knapp, k = 3)</c>, or the reason why there is no fit.</summary>
    public override string ToString() => $"up to {Name}: {Fit?.ToString() ?? Absence}";
}
