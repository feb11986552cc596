using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// What the mean effect would be if one story of publication bias were true: a row of a table that holds methods side by side. On the scale that is pooled.
/// </summary>
/// <param name="Method">The method, as papers name it: "PET-PEESE", "trim and fill (L0)".</param>
/// <param name="Estimate">The mean adjusted for bias.</param>
/// <param name="ConfidenceInterval">Its interval; null where the method defines none.</param>
/// <param name="Count">The studies (or effects) that the estimate rests on; with trim and fill, those given.</param>
/// <param name="Assumption">In a short sentence, what must hold for the estimate to be right; what else a method assumes, such as normal true effects, its documentation says.</param>
/// <param name="Warnings">What speaks against relying on it with these data.</param>
public sealed record AdjustedEstimate(string Method, double Estimate, ConfidenceInterval? ConfidenceInterval, int Count, string Assumption, ImmutableArray<string> Warnings);
