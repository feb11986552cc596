using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Notebooks.Tests;

/// <summary>The lessons of the course in their order; a test holds this list against the folder of the notebooks.</summary>
internal static class Course
{
    /// <summary>The names of the files, without ending.</summary>
    public static readonly string[] Names =
    [
        "00-start-here", "01-the-question", "02-effect-sizes", "03-coding-and-checking", "04-pooling", "05-heterogeneity", "06-dependent-effects", "07-moderators",
        "08-publication-bias", "09-sensitivity", "10-bayes", "11-power", "12-empathy-in-context", "13-write-up", "14-your-own-data",
    ];

    /// <summary>What they are called in links.</summary>
    public static readonly string[] Titles =
    [
        "Start here", "The question", "Effect sizes", "Coding and checking", "One answer from many", "Heterogeneity and prediction", "Many effects per sample", "Moderators",
        "Publication bias", "Sensitivity", "Bayesian synthesis", "Power", "Empathy in context", "The write-up", "Your own data",
    ];

    /// <summary>The folder of the lessons.</summary>
    public static string Folder { get; } = Repository.PathTo("notebooks");

    /// <summary>The lessons that the folder holds.</summary>
    public static IReadOnlyList<string> Written { get; } = [.. Directory.EnumerateFiles(Folder, "*.ipynb").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    /// <summary>The lessons that the folder holds, as rows of a theory.</summary>
    public static TheoryData<string> Lessons => new(Written);

    /// <summary>The place of a lesson in the course.</summary>
    public static int Number(string lesson) => Array.IndexOf(Names, lesson);

    /// <summary>A lesson as it is stored.</summary>
    public static NotebookDocument Load(string lesson) => NotebookDocument.Load(Path.Combine(Folder, lesson + ".ipynb"));
}

/// <summary>Shows a writer every fault at once, whole.</summary>
internal static class Faults
{
    /// <summary>Fails with all faults, one a line.</summary>
    public static void None(IEnumerable<string> faults)
    {
        var all = faults.ToList();
        if (all.Count > 0) Assert.Fail($"{all.Count} {(all.Count == 1 ? "fault" : "faults")}:\n{string.Join('\n', all)}");
    }
}
