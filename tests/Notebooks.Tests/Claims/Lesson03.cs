namespace EmpathyNotebooks.Notebooks.Tests.Claims;

internal sealed class Lesson03() : LessonClaims("03-coding-and-checking")
{
    private const string Hasty = "RandomEffects.Fit(hasty.Correlations(\"r\", \"n\")).BackTransformed", Mended = "RandomEffects.Fit(mended.Correlations(\"r\", \"n\")).BackTransformed",
        Plain = "RandomEffects.Fit(plain.Correlations()).BackTransformed", Checked = "coded.Check()";

    protected override void State()
    {
        // The table of the puzzle is that of the code.
        Holds("| Paper 1 | 2008 | well-being | .31 | 64 | | Paper 2 | 2010 | well-being | .24 | 112 | | Paper 3 | 2011 | symptoms | −.35 | 58 | | Paper 4 | 2013 | well-being | 28 | 90 | | Paper 5 | 2015 | well-being | .27 | 143 | | Paper 6 | 2015 | well-being | .27 | 143 | | Total | | | .28 | 610 |",
            "coded.Count == 7 && new[] { .31, .24, -.35, 28, .27, .27, .28 }.SequenceEqual(coded.Frame.GetColumn<double>(\"r\").Values) && new[] { 64.0, 112, 58, 90, 143, 143, 610 }.SequenceEqual(coded.Frame.GetColumn<double>(\"n\").Values)");
        Given("Papers 1 and 2, and one of 5 and 6", Because.Input);
        Given("who finds the 28, a correlation typed as a percentage", Because.Input);
        Holds("papers 5 and 6 agree in year, outcome, $r$ and $n$", "sheet.Split('\\n')[5].Replace(\"Paper 5\", \"Paper 6\") == sheet.Split('\\n')[6]");
        Given("Or it is paper 3: fewer symptoms are better, so its −.35", Because.Input);
        Holds("Eight lines, one of them the names of the columns.", "sheet.Split('\\n').Length == 8");
        Holds("All four are found. The two *errors* cannot be true or cannot be pooled: the 28, and the total. The three *warnings* can be true", $"{Checked}.CountOf(CheckSeverity.Error) == 2 && {Checked}.CountOf(CheckSeverity.Warning) == 3"
            + $" && {Checked}.Findings.Select(f => f.Study).ToHashSet().SetEquals(new[] {{ \"Paper 3\", \"Paper 4\", \"Paper 6\", \"Total\" }}) && {Checked}.Findings.Any(f => f.Value == \"28\" && f.Severity == CheckSeverity.Error)");
        Holds("Paper 3 stands out because its effect \"would lie among them with the other sign\"", run => run.Output("var madeUp").Contains("would lie among them with the other sign", StringComparison.Ordinal));
        Says("The hasty average is «.16», with an interval from «−.18» to «.47» that includes zero. The mended one is «.28», from «.23» to «.33».", $"{Hasty}.Estimate", $"{Hasty}.ConfidenceInterval.Lower", $"{Hasty}.ConfidenceInterval.Upper",
            $"{Mended}.Estimate", $"{Mended}.ConfidenceInterval.Lower", $"{Mended}.ConfidenceInterval.Upper");
        Holds("the hasty analysis finds differences between studies that the papers do not have", "RandomEffects.Fit(hasty.Correlations(\"r\", \"n\")).Heterogeneity.ISquared > .6 && RandomEffects.Fit(mended.Correlations(\"r\", \"n\")).TauSquared == 0");
        Says("The plain mean of the «16» correlations is «.155».", "frame.RowCount", "frame.GetColumn<double>(\"ri\").Mean()");
        Says("a study with «55» people as much as one with «771»", "frame.GetColumn<double>(\"ni\").Min()", "frame.GetColumn<double>(\"ni\").Max()");
        Given("is spoken \"given n, is n below 100\"", Because.Input);
        Holds("Seven of the 16 studies have fewer than 100 people.", "frame.GetColumn<double>(\"ni\").Values.Count(n => n < 100) == 7 && frame.RowCount == 16");
        Given("those of at least 300, in ascending order", Because.Input);
        Holds("Four studies, from 326 to 771 people.", "new[] { 326.0, 537, 749, 771 }.SequenceEqual(frame.GetColumn<double>(\"ni\").Values.Where(n => n >= 300).OrderBy(n => n))");
        Holds("all three are small: .05, .01 and −.09",
            "new[] { .05, .01, -.09 }.SequenceEqual(frame.Where(row => row.Value.GetAs<string>(\"controls\") == \"multiple\").GetColumn<double>(\"ri\").Values)");
        Says("the average of the «13» plain correlations is «.18», from «.12» to «.23»; with them it was «.15»", "plain.Count", $"{Plain}.Estimate", $"{Plain}.ConfidenceInterval.Lower", $"{Plain}.ConfidenceInterval.Upper",
            "RandomEffects.Fit(Datasets.Molloy2014().Correlations()).BackTransformed.Estimate");
        Holds("\"Nothing found\": one unusual row among four", run => run.Output("string trials").Contains("nothing found", StringComparison.Ordinal));
        Says("Deviations of 1.3 and 1.2 among others of 8 and 9 are standard errors: 1.3 times the root of 38 is «8.0».", "1.3 * Math.Sqrt(38)");
        Given("Deviations of 1.3 and 1.2 among others of 8 and 9 are standard errors: 1.3 times the root of 38 is", Because.Input);
        Says("make a difference of «4.4» standard deviations out of one of «0.7»", "(24.6 - 19.1) / Math.Sqrt((1.3 * 1.3 + 1.2 * 1.2) / 2)", "(24.6 - 19.1) / Math.Sqrt((38 * 1.3 * 1.3 + 40 * 1.2 * 1.2) / 2)");
        Holds("a correlation typed as 3/10 is third of October for ever. In the made-up rows below it has happened. Read as text, the library sees it and says so", run => run.Output("StudyTable.Parse(\"study,r,n").Contains("is a date", StringComparison.Ordinal));
        Given("about a fifth of the papers", Because.Published);
        Holds("They agree on 8 of 10 studies, .80.", "seen == .8 && first.Length == 10");
        Says("let them agree on «.46»", "chance");
        Says("$(.80 - .46)/(1 - .46) = «.63»$", "(seen - chance) / (1 - chance)");
        Holds("$(.80 - .46)/(1 - .46)", "seen == .8 && Math.Abs(chance - .46) < 1e-9");
        Given("(or: a random 20% of)", Because.Input);
        Says("was «80»% (Cohen's $\\kappa = «.63»$)", "seen", "(seen - chance) / (1 - chance)");
        Given("those for which \"given n, n above 50\" holds", Because.Input);
        Given("Two coders agree on 90% of studies", Because.Input);
        Says("would agree on about «82»%", ".9 * .9 + .1 * .1");
        Says("is about «.44» here", "(.9 - .82) / (1 - .82)");
        Given("A table of 40 studies", Because.Input);
        Given("have at least 100 people?", Because.Input);
        Holds("Nine.", "frame.GetColumn<double>(\"ni\").Values.Count(n => n >= 100) == 9");
        Given("found a correlation above .25?", Because.Input);
        Holds("There are four.", "frame.Where(row => row.Value.GetAs<string>(\"design\") == \"prospective\" && row.Value.GetAs<double>(\"ri\") > .25).RowCount == 4");
        Says("`Datasets.McDaniel1994()`, «160» studies of job interviews", "Datasets.McDaniel1994().Count");
        Holds("Two studies have three warnings between them: study 33 with a correlation of .99, and study 130 with .87.", "Datasets.McDaniel1994().Check().Findings is { Length: 3 } f && f.All(one => one.Severity == CheckSeverity.Warning)"
            + " && f.Select(one => one.Study + \" \" + one.Value).Distinct().SequenceEqual(new[] { \"33 0.99\", \"130 0.87\" })");
        Given("a correlation of .99 between an interview and later performance", Because.Input);
    }
}
