namespace EmpathyNotebooks.Reporting;

/// <summary>The methods that were asked for among others and have no answer.</summary>
internal static class UnansweredTable
{
    public static Table Of(IEnumerable<Unanswered> methods, string title = "Not computed")
    {
        var table = new Table(title, ("method", Align.Left), ("why, and what answers instead", Align.Left));
        foreach (var (method, reason) in methods) table.Row(method, reason);
        return table;
    }
}
