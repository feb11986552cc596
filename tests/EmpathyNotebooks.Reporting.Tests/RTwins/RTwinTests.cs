using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>The text of the R code, without R.</summary>
public sealed class RTwinTests
{
    private const string Attack = "a\"; system('touch out'); \"\\\" #\n\r\t`x` %s \\U{22} \u2028 é \U0001F600 \u001b[0m";

    public static TheoryData<string> Golden => ["random effects", "regression", "multilevel"];

    [Theory]
    [MemberData(nameof(Golden))]
    public void The_script_is_the_one_that_was_compared_with_R(string kind)
    {
        var inquiry = Fits.Ask(kind);
        var script = RTwin.Of(inquiry.Fit!, inquiry.Robust).Script;
        var path = Repository.PathTo("tests", "EmpathyNotebooks.Reporting.Tests", "RTwins", kind.Replace(' ', '-') + ".R");
        if (Environment.GetEnvironmentVariable("EMPATHY_WRITE_TWINS") is not null) File.WriteAllText(path, script);

        // The last digits of numbers may differ between processors, so those beside the expressions are read as numbers.
        var (expected, actual) = (File.ReadAllText(path).ReplaceLineEndings("\n").Split('\n'), script.Split('\n'));
        Assert.Equal(expected.Select(Code), actual.Select(Code));
        foreach (var (a, b) in expected.Zip(actual).Where(p => p.First.StartsWith("say(", StringComparison.Ordinal))) Assert.Equal(Number(a), Number(b), 1e-9 * Math.Max(1, Math.Abs(Number(a))));

        static string Code(string line) => line.StartsWith("say(", StringComparison.Ordinal) ? line[..line.LastIndexOf('#')] : line;
        static double Number(string line) => double.Parse(line[(line.LastIndexOf('#') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Theory]
    [MemberData(nameof(Fits.Kinds), MemberType = typeof(Fits))]
    public void Every_kind_of_fit_has_a_script_of_plain_letters_that_compares_its_coefficients(string kind)
    {
        if (Fits.Ask(kind) is not { Fit: { } fit }) return;

        var twin = RTwin.Of(fit);

        Assert.All(twin.Script, c => Assert.True(c is '\n' or (>= ' ' and <= '~')));
        Assert.Equal(twin.Script, fit.ToR());
        foreach (var coefficient in fit.Coefficients) Assert.Contains(twin.Numbers, n => n.Value == coefficient.Estimate && n.Name.EndsWith(coefficient.Name, StringComparison.Ordinal));
        Assert.Equal(twin.Numbers.Length, twin.Script.Split('\n').Count(l => l.StartsWith("say(", StringComparison.Ordinal)));
    }

    [Fact]
    public void Hostile_labels_names_and_categories_stay_inside_their_quotes()
    {
        var plain = Script("label", "a column", "category", "other");
        var hostile = Script(Attack, Attack, Attack + "1", "x" + Attack);

        // The code outside texts and comments is the same, whatever the texts are.
        Assert.Equal(Skeleton(plain), Skeleton(hostile));
        Assert.Contains("study = c(\"a\\\"; system('touch out'); \\\"\\\\\\\" #\\U{a}\\U{d}\\U{9}`x` %s \\\\U{22} \\U{2028} \\U{e9} \\U{1f600} \\U{1b}[0m 0\"", hostile, StringComparison.Ordinal);

        static string Script(string label, string column, string category, string other)
        {
            double[] y = [0.1, 0.3, 0.2, 0.5, 0.4];
            return MetaRegression.Fit(StudyEffects.Create(y, [0.01, 0.02, 0.03, 0.01, 0.02], labels: [.. y.Select((_, i) => $"{label} {i}")],
                columns: [StudyColumn.OfTexts(column, [category, other, category, other, category])]), Moderator.Category(column)).ToR();
        }
    }

    [Fact]
    public void A_text_that_R_cannot_hold_is_refused()
    {
        foreach (var label in (string[])["a\0b", "a\uD800b", "\uDC00"])
        {
            var fit = RandomEffects.Fit(StudyEffects.Create([0.1, 0.2], [0.01, 0.02], labels: [label, "b"]));
            Assert.Contains("R has no text with the character U+", Assert.Throws<ImpossibleChoiceException>(() => fit.ToR()).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_R_does_not_have_is_refused_with_the_reason()
    {
        var kenwardRoger = RandomEffects.Fit(Fits.Effects, new() { Inference = Inference.KenwardRoger });
        Assert.Contains("metafor does not have it", Assert.Throws<ImpossibleChoiceException>(() => kenwardRoger.ToR()).Message, StringComparison.Ordinal);

        var plain = RobustVarianceModel.Fit(Fits.Effects, "sample", options: new() { Correction = SmallSampleCorrection.CR0 });
        Assert.Contains("robumeta has CR2", Assert.Throws<ImpossibleChoiceException>(() => plain.ToR()).Message, StringComparison.Ordinal);

        var related = MultilevelModel.Fit(Fits.Effects, new MultilevelOptions { Levels = ["sample"], KnownRelations = [KnownRelation.Of("rater", ["client", "observer"], new[,] { { 1, 0.5 }, { 0.5, 1 } })] });
        Assert.Contains("known correlations", Assert.Throws<ImpossibleChoiceException>(() => related.ToR()).Message, StringComparison.Ordinal);

        var low = RandomEffects.Fit(Fits.Effects, new() { ConfidenceLevel = 0.005 });
        Assert.Contains("below 1%", Assert.Throws<ImpossibleChoiceException>(() => low.ToR()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Robust_inference_of_another_fit_is_refused() =>
        Assert.Throws<ArgumentException>(() => RandomEffects.Fit(Fits.Effects).ToR(MultilevelModel.Fit(Fits.Effects, ["sample"]).Robust()));

    /// <summary>R's code with each text as "" and no comments, by R's rules of quotes and escapes.</summary>
    private static string Skeleton(string script)
    {
        var code = new System.Text.StringBuilder();
        for (var i = 0; i < script.Length; i++)
        {
            if (script[i] == '#')
            {
                while (script[i] != '\n') i++;
                // A line of comment alone, which says what a column is called, leaves nothing.
                if (code.Length == 0 || code[^1] == '\n') continue;
                code.Append('\n');
            }
            else if (script[i] is '"' or '\'' or '`')
            {
                var quote = script[i];
                for (i++; script[i] != quote; i++)
                {
                    Assert.NotEqual('\n', script[i]);
                    if (script[i] == '\\') i++;
                }
                code.Append("\"\"");
            }
            else
            {
                code.Append(script[i]);
            }
        }
        return code.ToString().Replace(",\n    ", ", ", StringComparison.Ordinal);
    }
}
