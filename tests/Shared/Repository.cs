using System.Reflection;

namespace EmpathyNotebooks.Tests;

/// <summary>The clone the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "RepositoryRoot").Value!;

    public static string PathTo(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>
    /// Lessons that stand for all where one way more to run them is tried: first steps, charts, explorers, reports. The genuine tool, our own runner and the browser take every lesson.
    /// </summary>
    public static IReadOnlyList<string> FewLessons { get; } = ["00-start-here.ipynb", "04-pooling.ipynb", "08-publication-bias.ipynb", "13-write-up.ipynb"];

    /// <summary>True on the build machine, where a missing browser or Jupyter fails instead of skipping.</summary>
    public static bool IsContinuousIntegration => Environment.GetEnvironmentVariable("CI") == "true";
}
