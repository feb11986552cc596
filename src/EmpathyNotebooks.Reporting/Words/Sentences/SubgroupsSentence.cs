using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>The means of groups and the test between them.</summary>
internal static class SubgroupsSentence
{
    public static string Of(FitSubgroups groups)
    {
        var level = groups.Fit.ConfidenceLevel;
        var means = string.Join("; ", groups.Groups.Select(g => $"{g.Name}, k = {StatisticText.Count(g.Rows.Length)}, " + (g.Estimate is { } mean
            ? ApaText.Result(groups.Fit.Effects.Select(g.Rows).Measure, mean) : $"no mean ({(g.Absence ?? "it depends on further moderators").TrimEnd('.')})")));
        var text = groups.Between is { Exists: true } test
            ? ApaText.IsFound(test.PValue, level) ? $"The means of the groups of {groups.Column} differed, {ApaText.Test(test)}" : $"A difference between the groups of {groups.Column} was not detected, {ApaText.Test(test)}, which does not show that there is none"
            : $"Between the groups of {groups.Column} there is no test{(groups.Between is { WhyNone: { } why } ? $" ({why.TrimEnd('.')})" : "")}";
        if (groups.RobustBetween is { Exists: true } robust) text += $" (cluster-robust: {ApaText.Test(robust)})";
        return $"{text}: {means}.";
    }
}
