using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>A count with what it counts: a source of records, or a reason for an exclusion.</summary>
/// <param name="Name">The source or reason.</param>
/// <param name="Count">How many, 0 or more.</param>
/// <example><code>
/// var reason = new PrismaCount("no measure of outcome", 12);
/// Console.WriteLine($"{reason.Name}: {reason.Count}");
/// </code></example>
public sealed record PrismaCount(string Name, int Count);

/// <summary>Counts of a box and those that follow from others do not agree; the message names the box and both numbers.</summary>
/// <param name="box">The box.</param>
/// <param name="given">The number given.</param>
/// <param name="expected">The number that the other boxes come to.</param>
/// <param name="because">How it follows from the others.</param>
/// <example><code>
/// try
/// {
///     new PrismaFlow { Databases = [new("all", 100)], Screened = 90 }.Check();
/// }
/// catch (PrismaCountException fault)
/// {
///     Console.WriteLine($"{fault.Box}: {fault.Given}, expected {fault.Expected}");
/// }
/// </code></example>
public sealed class PrismaCountException(string box, int given, int expected, string because)
    : Exception($"{box}: {StatisticText.Count(given)} is given, and {because} {StatisticText.Count(expected)}.")
{
    /// <summary>The box.</summary>
    public string Box { get; } = box;

    /// <summary>The number given.</summary>
    public int Given { get; } = given;

    /// <summary>The number that the other boxes come to.</summary>
    public int Expected { get; } = expected;
}

/// <summary>
/// The counts of a PRISMA 2020 flow diagram (Page et al. 2021, BMJ 372, n71): what was identified, screened, assessed and included, for new reviews and, with the studies of the version before, for updated ones. What follows from other
/// boxes can be left out; what is given is checked against them. When not to use it: to make numbers fit that were not counted; a diagram says what was done.
/// </summary>
/// <example><code>
/// var flow = new PrismaFlow
/// {
///     Databases = [new("PsycINFO", 812), new("PubMed", 433)], Registers = [new("trial registers", 12)], Duplicates = 257, RecordsExcluded = 870, ReportsNotRetrieved = 5,
///     ReportsExcluded = [new("no measure of empathy", 41), new("no correlation reported", 22)], StudiesIncluded = 55, ReportsIncluded = 62,
/// }.Check();
/// Console.WriteLine(flow);
/// </code></example>
public sealed record PrismaFlow
{
    /// <summary>Records identified from databases, one count a database; one alone for their sum.</summary>
    public ImmutableArray<PrismaCount> Databases { get; init; } = [];

    /// <summary>Records identified from registers.</summary>
    public ImmutableArray<PrismaCount> Registers { get; init; } = [];

    /// <summary>Duplicates removed before screening.</summary>
    public int Duplicates { get; init; }

    /// <summary>Records that automation tools marked as ineligible before screening; null where none were used.</summary>
    public int? MarkedByAutomation { get; init; }

    /// <summary>Records removed before screening for other reasons; null where there were none.</summary>
    public int? RemovedOtherwise { get; init; }

    /// <summary>Records screened; null to compute.</summary>
    public int? Screened { get; init; }

    /// <summary>Records excluded by title and abstract.</summary>
    public int RecordsExcluded { get; init; }

    /// <summary>Reports sought for retrieval; null to compute.</summary>
    public int? ReportsSought { get; init; }

    /// <summary>Reports not retrieved.</summary>
    public int ReportsNotRetrieved { get; init; }

    /// <summary>Reports assessed for eligibility; null to compute.</summary>
    public int? ReportsAssessed { get; init; }

    /// <summary>Reports excluded, one count a reason.</summary>
    public ImmutableArray<PrismaCount> ReportsExcluded { get; init; } = [];

    /// <summary>Records identified by other methods: websites, organisations, citation searching. Empty leaves out that arm.</summary>
    public ImmutableArray<PrismaCount> OtherMethods { get; init; } = [];

    /// <summary>Reports of other methods sought for retrieval; null where all of them were.</summary>
    public int? OtherSought { get; init; }

    /// <summary>Reports of other methods not retrieved.</summary>
    public int OtherNotRetrieved { get; init; }

    /// <summary>Reports of other methods assessed for eligibility; null to compute.</summary>
    public int? OtherAssessed { get; init; }

    /// <summary>Reports of other methods excluded, one count a reason.</summary>
    public ImmutableArray<PrismaCount> OtherExcluded { get; init; } = [];

    /// <summary>New studies included.</summary>
    public int StudiesIncluded { get; init; }

    /// <summary>Reports of new studies included; null to compute.</summary>
    public int? ReportsIncluded { get; init; }

    /// <summary>Studies of the version of the review before; null for a new review.</summary>
    public int? PreviousStudies { get; init; }

    /// <summary>Reports of the studies of the version before; null where they are not counted.</summary>
    public int? PreviousReports { get; init; }

    /// <summary>All studies of an updated review; null to compute.</summary>
    public int? TotalStudies { get; init; }

    /// <summary>All reports of an updated review; null to compute, where those before were counted.</summary>
    public int? TotalReports { get; init; }

    /// <summary>True where other methods have an arm of their own.</summary>
    public bool HasOtherMethods => !OtherMethods.IsEmpty;

    /// <summary>The same counts with all that follows from others filled in.</summary>
    /// <exception cref="PrismaCountException">Counts do not add up; the message names the box and both numbers.</exception>
    /// <exception cref="ArgumentException">A count is below 0 or larger than what it is part of, nothing was identified, or a source or reason has no name or stands twice.</exception>
    public PrismaFlow Check()
    {
        Named(Databases, nameof(Databases));
        Named(Registers, nameof(Registers));
        Named(ReportsExcluded, nameof(ReportsExcluded));
        Named(OtherMethods, nameof(OtherMethods));
        Named(OtherExcluded, nameof(OtherExcluded));
        foreach (var (name, count) in (ReadOnlySpan<(string, int?)>)
        [
            (nameof(Duplicates), Duplicates), (nameof(MarkedByAutomation), MarkedByAutomation), (nameof(RemovedOtherwise), RemovedOtherwise), (nameof(RecordsExcluded), RecordsExcluded),
            (nameof(ReportsNotRetrieved), ReportsNotRetrieved), (nameof(OtherNotRetrieved), OtherNotRetrieved), (nameof(StudiesIncluded), StudiesIncluded), (nameof(PreviousStudies), PreviousStudies), (nameof(PreviousReports), PreviousReports),
        ])
        {
            if (count < 0) throw new ArgumentException($"{name}: {StatisticText.Count(count.Value)} is below 0; a box counts records, reports or studies.");
        }
        if (Databases.IsEmpty && Registers.IsEmpty && OtherMethods.IsEmpty) throw new ArgumentException("Nothing was identified: give the records of databases, registers or other methods.");
        if (!HasOtherMethods && (OtherSought is > 0 || OtherNotRetrieved > 0 || OtherAssessed is > 0 || !OtherExcluded.IsEmpty)) throw new ArgumentException("Reports of other methods are counted, and no other method: give the records it identified in OtherMethods.");
        var screened = Box("Records screened", Screened, Sum(Databases) + Sum(Registers) - Duplicates - (MarkedByAutomation ?? 0) - (RemovedOtherwise ?? 0), "records identified less those removed before screening are");
        var sought = Box("Reports sought for retrieval", ReportsSought, screened - RecordsExcluded, "records screened less those excluded are");
        var assessed = Box("Reports assessed for eligibility", ReportsAssessed, sought - ReportsNotRetrieved, "reports sought less those not retrieved are");
        var otherSought = OtherSought ?? Sum(OtherMethods);
        if (otherSought > Sum(OtherMethods)) throw new PrismaCountException("Reports of other methods sought for retrieval", otherSought, Sum(OtherMethods), "records identified by other methods are");
        var otherAssessed = Box("Reports of other methods assessed for eligibility", OtherAssessed, otherSought - OtherNotRetrieved, "reports sought less those not retrieved are");
        var left = NotBelow("Reports included from databases and registers", assessed - Sum(ReportsExcluded)) + NotBelow("Reports included from other methods", otherAssessed - Sum(OtherExcluded));
        var reports = Box("Reports of new studies included", ReportsIncluded, left, "reports assessed less those excluded are");
        if (StudiesIncluded > reports) throw new PrismaCountException("New studies included", StudiesIncluded, reports, "each has at least one report, and the reports included are");
        var isUpdate = PreviousStudies is not null || PreviousReports is not null;
        if (!isUpdate && (TotalStudies is not null || TotalReports is not null)) throw new ArgumentException("Totals are those of an updated review: give PreviousStudies, too.");
        return this with
        {
            Screened = screened, ReportsSought = sought, ReportsAssessed = assessed, ReportsIncluded = reports,
            OtherSought = HasOtherMethods ? otherSought : null, OtherAssessed = HasOtherMethods ? otherAssessed : null,
            TotalStudies = PreviousStudies is { } studies ? Box("Total studies", TotalStudies, studies + StudiesIncluded, "previous and new studies are") : null,
            TotalReports = PreviousReports is { } before ? Box("Total reports", TotalReports, before + reports, "previous and new reports are") : null,
        };
    }

    /// <summary>The flow in words, box by box.</summary>
    public override string ToString()
    {
        var flow = Check();
        string Listed(ImmutableArray<PrismaCount> counts) => counts.Length == 0 ? "" : $" ({string.Join(", ", counts.Select(c => $"{c.Name} {StatisticText.Count(c.Count)}"))})";
        static string N(int? count) => StatisticText.Count(count ?? 0);
        var removed = Duplicates + (MarkedByAutomation ?? 0) + (RemovedOtherwise ?? 0);
        return (flow.PreviousStudies is { } before ? $"Studies of the previous version: {N(before)}. " : "")
            + $"Identified from databases and registers: {N(Sum(Databases) + Sum(Registers))}{Listed([.. Databases, .. Registers])}. Removed before screening: {N(removed)}. Screened: {N(flow.Screened)}; excluded: {N(RecordsExcluded)}. "
            + $"Reports sought: {N(flow.ReportsSought)}; not retrieved: {N(ReportsNotRetrieved)}. Assessed: {N(flow.ReportsAssessed)}; excluded: {N(Sum(ReportsExcluded))}{Listed(ReportsExcluded)}. "
            + (HasOtherMethods ? $"Identified by other methods: {N(Sum(OtherMethods))}{Listed(OtherMethods)}. Reports sought: {N(flow.OtherSought)}; not retrieved: {N(OtherNotRetrieved)}. Assessed: {N(flow.OtherAssessed)}; excluded: {N(Sum(OtherExcluded))}{Listed(OtherExcluded)}. " : "")
            + $"Included: {N(StudiesIncluded)} new studies in {N(flow.ReportsIncluded)} reports." + (flow.TotalStudies is { } total ? $" In all: {N(total)} studies{(flow.TotalReports is { } all ? $" in {N(all)} reports" : "")}." : "");
    }

    internal static int Sum(ImmutableArray<PrismaCount> counts) => counts.Sum(c => c.Count);

    private static int Box(string name, int? given, int expected, string because)
    {
        if (given is { } number && number != expected) throw new PrismaCountException(name, number, expected, because);
        return NotBelow(name, expected);
    }

    private static int NotBelow(string name, int count) => count >= 0 ? count : throw new ArgumentException($"{name}: the boxes before come to {StatisticText.Count(count)}; more was removed or excluded than there was.");

    private static void Named(ImmutableArray<PrismaCount> counts, string box)
    {
        if (counts.IsDefault) throw new ArgumentException($"{box}: give an empty list for none.");
        foreach (var count in counts)
        {
            if (string.IsNullOrWhiteSpace(count.Name)) throw new ArgumentException($"{box}: a count of {StatisticText.Count(count.Count)} has no name.");
            if (count.Count < 0) throw new ArgumentException($"{box}, {count.Name}: {StatisticText.Count(count.Count)} is below 0.");
        }
        if (counts.GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new ArgumentException($"{box}: {twice.Key} stands twice.");
    }
}
