namespace EmpathyNotebooks.Data;

/// <summary>Names of columns as people write them: Mean.treat, mean_treat and MeanTreat are one.</summary>
internal static class ColumnNames
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

    /// <summary>Letters and digits in lower case.</summary>
    public static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>Each word before and after each other: meantreat, treatmean.</summary>
    public static string[] Both(IEnumerable<string> words, IEnumerable<string> others) =>
        [.. words.SelectMany(w => others.SelectMany(o => (string[])[w + o, o + w])).Distinct()];
}
