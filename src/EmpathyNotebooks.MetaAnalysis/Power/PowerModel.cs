namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What the analysis that is planned will know of τ².</summary>
/// <example><code>
/// var plan = new MeanPlan(PlannedStudies.Alike(10, 0.027), effect: 0.2) { TauSquared = 0.02, Inference = Inference.Normal };
/// foreach (var model in Enum.GetValues&lt;PowerModel&gt;()) Console.WriteLine($"{model}: {(plan with { Model = model }).Power().Power:F3}");
/// </code></example>
public enum PowerModel
{
    /// <summary>
    /// It estimates τ², as every random-effects analysis does, and the test suffers from that: the default. The power is averaged over the distribution of the estimate (that of Paule and Mandel, which REML
    /// follows closely). Jackson &amp; Turner (2017), Research Synthesis Methods 8, 290-302, did so for DerSimonian and Laird's.
    /// </summary>
    Estimated,

    /// <summary>It knows τ²: what formulas in closed form assume (Hedges &amp; Pigott 2001, Psychological Methods 6, 203-217; Valentine, Pigott &amp; Rothstein 2010, JEBS 35, 215-247). Too optimistic with few studies.</summary>
    Known,

    /// <summary>It takes true effects as equal, weights 1/v. Where <see cref="MeanPlan.TauSquared"/> is above 0 that is wrong, and "power" is then partly false alarm; a warning says so.</summary>
    EqualEffects,
}
