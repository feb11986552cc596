using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The fit without one study.</summary>
/// <param name="Index">The row of the study left out, counted from 0.</param>
/// <param name="Label">Its label.</param>
/// <param name="Fit">The same model fitted to all others.</param>
public sealed record LeaveOneOutRow(int Index, string Label, PooledFit Fit);

/// <summary>How much the result hangs on single studies.</summary>
public static class Sensitivity
{
    /// <summary>
    /// Fits the same model k times, each time without one study (metafor's leave1out). A study whose absence moves the result far deserves a look; it
    /// is no reason to drop it.
    /// </summary>
    /// <param name="fit">The fit of all studies.</param>
    /// <exception cref="InsufficientStudiesException">There would be too few studies left for the model.</exception>
    /// <example><code>
    /// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015]));
    /// foreach (var row in fit.LeaveOneOut()) Console.WriteLine($"{row.Label}: {row.Fit.Estimate}");
    /// </code></example>
    public static ImmutableArray<LeaveOneOutRow> LeaveOneOut(this PooledFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var rows = ImmutableArray.CreateBuilder<LeaveOneOutRow>(fit.Count);
        var others = Math.Max(0, fit.Count - 1);
        // One buffer slides over the data: before the row left out it holds what follows, after it what precedes.
        double[] yi = [.. fit.Effects.Effects.AsSpan()[Math.Min(1, fit.Count)..]];
        double[] vi = [.. fit.Effects.Variances.AsSpan()[Math.Min(1, fit.Count)..]];
        for (var left = 0; left < fit.Count; left++)
        {
            if (left > 0)
            {
                yi[left - 1] = fit.Effects.Effects[left - 1];
                vi[left - 1] = fit.Effects.Variances[left - 1];
            }
            rows.Add(new LeaveOneOutRow(left, fit.Effects.Labels[left],
                fit.Model.Without(left).Fit(fit.Effects.Without(left), yi.AsSpan(0, others), vi.AsSpan(0, others))));
        }
        return rows.MoveToImmutable();
    }
}
