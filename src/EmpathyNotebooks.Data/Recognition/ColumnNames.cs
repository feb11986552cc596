using System.Globalization;
using System.Text.RegularExpressions;

namespace EmpathyNotebooks.Data;

/// <summary>Names of columns as people write them: Mean.treat, mean_treat and MeanTreat are one.</summary>
internal static partial class ColumnNames
{
    private static readonly string[] First = ["1", "1i", "i1", "g1", "group1"];
    private static readonly string[] Second = ["2", "2i", "i2", "g2", "group2"];

    private static readonly string[] Treated = ["e", "exp", "experimental", "t", "ti", "tx", "trt", "treat", "treated", "treatment", "i", "int", "interv", "intervention", "active", "tg", "eg", "ig"];
    private static readonly string[] Control = ["c", "ci", "con", "cont", "ctl", "ctrl", "control", "controls", "comp", "comparison", "placebo", "pbo", "plac", "cg"];
    private static readonly string[] After = ["post", "after", "posttest", "t2"];
    private static readonly string[] Before = ["pre", "before", "pretest", "baseline", "t1"];

    /// <summary>People, whose number a column of such a name holds where no column is named as a sample size.</summary>
    public static IReadOnlyList<string> People { get; } = [.. new[] { "participants", "patients", "subjects", "people", "persons", "individuals", "respondents", "clients", "children", "students", "subj" }.SelectMany(w => (string[])[w, "n" + w, "no" + w, "noof" + w, "numberof" + w, "num" + w])];

    /// <summary>How two groups are told apart: by number, or as treated and controls; a table has one way.</summary>
    public static IReadOnlyList<(string[] One, string[] Two)> Groups { get; } = [(First, Second), (Treated, Control)];

    /// <summary>The occasions of a change.</summary>
    public static (string[] After, string[] Before) Occasions { get; } = (After, Before);

    /// <summary>Letters and digits in lower case, of a name as the file has it.</summary>
    public static string Plain(string name) => string.Concat(Given(name).Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>What one of several columns of one name is called, which tells them apart by their places.</summary>
    /// <param name="name">The name in the file.</param>
    /// <param name="place">The place of the column, from 0.</param>
    public static string At(string name, int place) => string.Create(CultureInfo.InvariantCulture, $"{name} (column {place + 1})");

    /// <summary>The name that a column has without its place, whatever place that is.</summary>
    public static string Given(string name) => name.EndsWith(')') || (name.Length > 0 && char.IsAsciiDigit(name[^1])) ? Placed().Replace(name, "") : name;

    /// <summary>The name in the file of a column that is called so; a name that speaks of another place is the file's own.</summary>
    /// <param name="name">What the column is called.</param>
    /// <param name="place">The place of the column, from 0.</param>
    public static string InFile(string name, int place) => Given(name) is var given && name.StartsWith(At(given, place), StringComparison.Ordinal) ? given : name;

    // Where the file has such a name already, a number follows.
    [GeneratedRegex(@"(?<=.) \(column [0-9]+\)( [0-9]+)?\z", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Placed();

    /// <summary>Each word before and after each other: meantreat, treatmean.</summary>
    public static string[] Both(IEnumerable<string> words, IEnumerable<string> others) =>
        [.. words.SelectMany(w => others.SelectMany(o => (string[])[w + o, o + w])).Distinct()];
}
