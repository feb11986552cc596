namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// What the options of a choice are to each other (Del Giudice &amp; Gangestad 2021, Advances in Methods and Practices in Psychological Science 4, 1-15). Averaging over options that are not
/// equivalent hides the better among the worse, and makes a multiverse look more uncertain, or more certain, than the question is.
/// </summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, 0.38], [0.006, 0.010, 0.009, 0.005, 0.012, 0.011], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("rater", ["client", "client", "observer", "client", "observer", "observer"])]);
/// var result = Multiverse.Of(effects)
///     .ChooseEstimator("No estimator of τ² is best everywhere (Langan et al. 2019).", Equivalence.Equivalent, TauSquaredEstimator.RestrictedMaximumLikelihood, TauSquaredEstimator.PauleMandel)
///     .ChooseSubset("rater", "Clients and observers see different things.", Equivalence.NonEquivalent)
///     .Run();
/// foreach (MultiversePart part in result.Parts) Console.WriteLine(part);
/// </code></example>
public enum Equivalence
{
    /// <summary>The options answer the same question equally well, so that any could have been taken: results are averaged over them.</summary>
    Equivalent,

    /// <summary>It is not known which option is better: results are averaged over them, with that reservation.</summary>
    Uncertain,

    /// <summary>
    /// The options answer different questions, or one is better than another: results are never averaged over them. They split the multiverse into parts, one for each combination of such options.
    /// </summary>
    NonEquivalent,
}
