namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Choices that can stand in the options or beside them, but not differ.</summary>
internal static class Once
{
    /// <summary>What was given in either place.</summary>
    /// <param name="inOptions">In the options, or null.</param>
    /// <param name="beside">Beside them, or null.</param>
    /// <param name="what">What it is, in the plural.</param>
    /// <exception cref="ImpossibleChoiceException">Both are given and differ.</exception>
    public static T? Of<T>(T? inOptions, T? beside, string what)
        where T : class => beside is null || inOptions is null || beside.Equals(inOptions) ? beside ?? inOptions : throw Twice(what);

    /// <summary>The same for lists, the empty one being none.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> inOptions, IReadOnlyList<string> beside, string what) =>
        inOptions.Count == 0 || beside.Count == 0 || inOptions.SequenceEqual(beside) ? beside.Count == 0 ? inOptions : beside : throw Twice(what);

    /// <summary>The same for correlations, 0 being none.</summary>
    public static double Of(double inOptions, double beside, string what) => beside == 0 || inOptions == 0 || beside == inOptions ? beside == 0 ? inOptions : beside : throw Twice(what);

    private static ImpossibleChoiceException Twice(string what) => new($"The {what} are given twice, in the options and beside them, and differ", ChoiceFault.GivenTwice);
}
