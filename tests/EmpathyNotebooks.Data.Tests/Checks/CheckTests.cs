using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data.Tests.Checks;

/// <summary>What is found in tables with one fault each, and that nothing is found where nothing is wrong.</summary>
public sealed class CheckTests
{
    private const string Good = "study,r,n\nA,.31,120\nB,.22,85\nC,.28,64\nD,.10,140\nE,.35,77\nF,.26,51\n";

    private static TableFinding[] Found(string text, CheckKind kind, TableCheckOptions? options = null) => [.. StudyTable.Parse(text, "s.csv").Check(options).Findings.Where(f => f.Kind == kind)];

    [Fact]
    public void Nothing_is_found_in_what_is_right()
    {
        var check = StudyTable.Parse(Good).Check();
        Assert.Empty(check.Findings);
        Assert.Equal("6 rows: nothing found", check.Summary);
        Assert.Null(check.Worst);
        Assert.Equal(6, check.Effects!.Count);
        Assert.All(new[] { Datasets.Molloy2014(), Datasets.McDaniel1994() }, table => Assert.Equal(0, table.Check().CountOf(CheckSeverity.Error)));
    }

    [Fact]
    public void Every_faulty_value_is_listed_at_once_with_row_column_and_value()
    {
        var check = StudyTable.Parse("study,r,n\nA,.31,120\nB,1.2,85\nC,.28,3\nD,,140\nE,.35,77.5\nF,-1,51\nG,.2,60\n", "s.csv").Check();

        Assert.Equal(
            [
                "row 3 (\"B\"), column r: \"1.2\" must be a correlation between -1 and 1, both excluded.",
                "row 4 (\"C\"), column n: \"3\" must be a sample size of at least 4: Fisher's z has the variance 1 / (n - 3).",
                "row 5 (\"D\"), column r: an empty cell must be a correlation between -1 and 1, both excluded; it is missing, and the analysis needs it.",
                "row 6 (\"E\"), column n: \"77.5\" must be a sample size, a whole number of people.",
                "row 7 (\"F\"), column r: \"-1\" must be a correlation between -1 and 1, both excluded.",
            ],
            check.Findings.Where(f => f.Severity == CheckSeverity.Error).Select(f => f.ToString()));
        Assert.Equal(2, check.Effects!.Count);
        Assert.Equal("7 rows: 5 errors", check.Summary);
    }

    [Fact]
    public void Many_faults_are_counted_and_do_not_take_long()
    {
        var check = StudyTable.Parse("study,r,n\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => string.Create(CultureInfo.InvariantCulture, $"S{i},{(i % 2 == 0 ? "1.5" : ".2")},{20 + i}\n")))).Check();
        Assert.InRange(check.Findings.Count(f => f.Kind == CheckKind.Value), 200, 600);
        Assert.Contains(check.Findings, f => f.Problem.StartsWith("more rows are at fault than are listed", StringComparison.Ordinal));
    }

    [Theory]
    // kind, severity, rows, table
    [InlineData(CheckKind.LargeCorrelation, CheckSeverity.Warning, "3", "study,r,n\nA,.31,120\nB,.95,85\nC,.28,64\n")]
    [InlineData(CheckKind.Percent, CheckSeverity.Error, "", "study,r,n\nA,31,120\nB,22,85\nC,.28,64\n")]
    [InlineData(CheckKind.SummaryRow, CheckSeverity.Error, "5", "study,r,n\nA,.31,120\nB,.22,85\nC,.28,64\nTotal,.27,269\n")]
    [InlineData(CheckKind.RepeatedLabel, CheckSeverity.Warning, "", "study,r,n\nA,.31,120\nB,.22,85\nC,.28,64\n")]
    [InlineData(CheckKind.SpreadsDisagree, CheckSeverity.Error, "3", "study,yi,vi,sei\nA,.3,.04,.2\nB,.2,.01,.2\nC,.1,.09,.3\n")]
    [InlineData(CheckKind.SameNumbers, CheckSeverity.Warning, "4", "study,r,n\nA,.31,120\nB,.22,85\nC,.31,120\n")]
    [InlineData(CheckKind.FlippedSign, CheckSeverity.Warning, "7", "study,r,n\nA,.31,120\nB,.22,85\nC,.28,64\nD,.20,140\nE,.35,77\nF,-.30,151\nG,.25,90\nH,.33,90\n")]
    [InlineData(CheckKind.Outlier, CheckSeverity.Warning, "7", "study,r,n\nA,.31,120\nB,.22,85\nC,.28,64\nD,.20,140\nE,.35,77\nF,.89,151\nG,.25,90\nH,.33,90\n")]
    [InlineData(CheckKind.Weight, CheckSeverity.Warning, "3", "study,yi,vi\nA,.3,.04\nB,.2,.00001\nC,.1,.09\n")]
    [InlineData(CheckKind.Year, CheckSeverity.Warning, "3", "study,r,n,year\nA,.31,120,2001\nB,.22,85,20011\nC,.28,64,1999\n")]
    [InlineData(CheckKind.Recognition, CheckSeverity.Error, "", "study,what\nA,1\nB,2\n")]
    [InlineData(CheckKind.Reading, CheckSeverity.Warning, "", "study,r,n,rater\nA,.31,120,client\nB,.22,85,Client\nC,.28,64,client\n")]
    [InlineData(CheckKind.Reading, CheckSeverity.Note, "5", "study,r,n\nA,.31,120\nB,.22,85\nC,.28,64\n,,\n")]
    [InlineData(CheckKind.Value, CheckSeverity.Error, "3", "study,r,n\nA,.31,120\nB,o.22,85\nC,.28,64\n")]
    [InlineData(CheckKind.Value, CheckSeverity.Warning, "3", "study,r,n,age\nA,.31,120,30\nB,.22,85,about 40\nC,.28,64,25\n")]
    [InlineData(CheckKind.VaryingSize, CheckSeverity.Warning, "2", "study,outcome,yi,vi,n\nA,x,.31,.02,20\nA,y,.22,.02,120\nB,x,.28,.03,40\nC,x,.1,.02,44\n")]
    [InlineData(CheckKind.VaryingSize, CheckSeverity.Note, "2", "study,outcome,yi,vi,n\nA,x,.31,.02,100\nA,y,.22,.02,120\nB,x,.28,.03,40\nC,x,.1,.02,44\n")]
    [InlineData(CheckKind.NotWhole, CheckSeverity.Warning, "2", "study,m1,sd1,n1,m2,sd2,n2\nA,5,1,20.5,4,1,20\nB,5,1,30,4,1,30\n")]
    [InlineData(CheckKind.NotWhole, CheckSeverity.Warning, "3", "study,ai,n1i,ci,n2i\nA,5,20,3,20\nB,4.5,30,6,31\n")]
    [InlineData(CheckKind.NotWhole, CheckSeverity.Warning, "3", "study,yi,vi,n\nA,.3,.04,20\nB,.2,.01,20.5\n")]
    [InlineData(CheckKind.NotWhole, CheckSeverity.Note, "", "study,m1,sd1,n1,m2,sd2,n2\nA,5,1,20.5,4,1,20\nB,5,1,30.1,4,1,30\nC,5,1,30.1,4,1,30\n")]
    [InlineData(CheckKind.NoSpread, CheckSeverity.Warning, "3", "study,m1,sd1,n1,m2,sd2,n2\nA,5,1,20,4,1,20\nB,5,0,30,4,1,30\n")]
    public void A_fault_of_each_kind_is_found_where_it_is(CheckKind kind, CheckSeverity severity, string rows, string text)
    {
        var found = Found(text, kind);
        // A repeated name says which studies share people, and is no fault where the table shows that.
        if (kind == CheckKind.RepeatedLabel)
        {
            Assert.Empty(found);
            return;
        }
        Assert.Contains(found, f => f.Severity == severity && (f.Row is null ? rows.Length == 0 || !rows.Contains(',') : rows.Length == 0 || f.Row == int.Parse(rows, CultureInfo.InvariantCulture)));
        Assert.All(found, f => Assert.False(string.IsNullOrWhiteSpace(f.Problem)));
        if (rows.Length > 0) Assert.Single(found, f => f.Severity == severity);
        Assert.Empty(Found(Good, kind));
    }

    [Fact]
    public void Standard_errors_that_stand_for_variances_are_told_from_sample_sizes()
    {
        string Table(Func<double, double> spread, string name) => $"study,d,{name},n\n" + string.Concat(Enumerable.Range(1, 8).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"S{i},{0.1 * i:0.0},{spread((4.0 / (20 * i)) + (0.01 * i * i / (40 * i))):R},{20 * i}\n")));

        Assert.Empty(Found(Table(v => v, "vi"), CheckKind.SpreadAgainstSize));
        Assert.Empty(Found(Table(Math.Sqrt, "se"), CheckKind.SpreadAgainstSize));
        Assert.Contains("look like standard errors", Assert.Single(Found(Table(Math.Sqrt, "vi"), CheckKind.SpreadAgainstSize)).Suggestion);
        Assert.Contains("look like squares of variances", Assert.Single(Found(Table(v => v * v, "vi"), CheckKind.SpreadAgainstSize)).Suggestion);
        Assert.Contains("look like variances", Assert.Single(Found(Table(v => v, "se"), CheckKind.SpreadAgainstSize)).Suggestion);
    }

    [Fact]
    public void Standard_errors_that_stand_for_standard_deviations_make_huge_differences()
    {
        const string head = "study,m1,sd1,n1,m2,sd2,n2\n";
        string Rows(double divisor) => head + string.Concat(Enumerable.Range(1, 6).Select(i => string.Create(CultureInfo.InvariantCulture, $"S{i},{20 + i},{5 / divisor:0.###},25,{17 + i},{6 / divisor:0.###},25\n")));

        Assert.Empty(Found(Rows(1), CheckKind.HugeDifference));
        var huge = Assert.Single(Found(Rows(5), CheckKind.HugeDifference));
        Assert.Equal(("6 of 6 standardized differences lie beyond 2 (rows 2, 3, 4, 5, 6, 7)", "sd1"), (huge.Problem, huge.Column));
    }

    /// <summary>Differences well below 2: only that the spreads fall with the root of n tells what they are.</summary>
    [Fact]
    public void Standard_errors_that_stand_for_standard_deviations_fall_with_the_number_of_people()
    {
        var random = new Random(20261130);
        int[] sizes = [20, 30, 33, 45, 80, 120, 26, 64];
        // Spreads that are drawn, of one scale or of several, and with two groups of unlike size or not.
        string Table(bool areErrors, bool isOneScale, double share) => "study,m1,sd1,n1,m2,sd2,n2\n" + string.Concat(sizes.Select((n, i) =>
        {
            var scale = isOneScale ? 10 : Math.Pow(10, i % 4);
            var other = (int)Math.Round(n * (i % 2 == 0 ? share : 1 / share));
            double Sd(int people) => scale * (1 + (0.1 * (random.NextDouble() - 0.5))) / (areErrors ? Math.Sqrt(people) : 1);
            return string.Create(CultureInfo.InvariantCulture, $"S{i},{scale * 5.02:0.####},{Sd(n):0.####},{n},{scale * 5:0.####},{Sd(other):0.####},{other}\n");
        }));

        foreach (var isOneScale in new[] { true, false })
        {
            var found = Assert.Single(Found(Table(true, isOneScale, 2.5), CheckKind.DeviationAgainstSize));
            Assert.Equal(("sd1", "holds, as sd2 does, standard deviations that fall with the number of people as standard errors do"), (found.Column, found.Problem));
            Assert.Empty(Found(Table(true, isOneScale, 2.5), CheckKind.HugeDifference));
        }
        Assert.Single(Found(Table(true, true, 1), CheckKind.DeviationAgainstSize));
        // Standard deviations are hardly ever taken for standard errors.
        var wrong = 0;
        for (var i = 0; i < 400; i++) wrong += Found(Table(false, i % 2 == 0, i % 3 == 0 ? 1 : 2.5), CheckKind.DeviationAgainstSize).Length;
        Assert.InRange(wrong, 0, 2);
        Assert.All(new[] { Datasets.Raudenbush1984(), Datasets.Molloy2014() }, table => Assert.DoesNotContain(table.Check().Findings, f => f.Kind is CheckKind.DeviationAgainstSize or CheckKind.NotWhole or CheckKind.NoSpread));
    }

    [Fact]
    public void What_careful_readers_do_not_complain_of_is_not_found()
    {
        // Years counted from a mean, for a moderator; years that are means of several.
        Assert.Empty(Found("study,r,n,year\nA,.31,120,-4.5\nB,.22,85,3.5\nC,.28,64,1\n", CheckKind.Year));
        Assert.Empty(Found("study,r,n,year\nA,.31,120,1992.5\nB,.22,85,2001\nC,.28,64,1999\n", CheckKind.Year));
        // Two outcomes of one study are equal to two digits, and told apart by their names; of different studies it is doubtful.
        Assert.Empty(Found("study,outcome,r,n\nA,x,.31,120\nA,y,.31,120\nB,x,.28,64\n", CheckKind.SameNumbers));
        Assert.Equal(4, Assert.Single(Found("study,outcome,r,n\nA,x,.31,120\nA,y,.22,120\nB,x,.31,120\n", CheckKind.SameNumbers)).Row);
        // Nothing but the number of the row tells them apart.
        Assert.Equal(3, Assert.Single(Found("row,study,r,n\n1,A,.31,120\n2,A,.31,120\n3,B,.28,64\n", CheckKind.SameNumbers)).Row);
        // Arms have sizes of their own: one note, and no warning for each study.
        var arms = Assert.Single(Found("study,arm,xi,ni\nA,1,5,20\nA,2,6,90\nB,1,5,40\nB,2,7,95\nC,1,4,30\nC,2,9,80\n", CheckKind.VaryingSize));
        Assert.Equal((CheckSeverity.Note, "ni"), (arms.Severity, arms.Column));
        Assert.StartsWith("varies within 3 of 3 values of study that have several rows, for example from 20 to 90 within A", arms.Problem, StringComparison.Ordinal);
        // A value of a study that stands in each of its rows counts once.
        var repeated = "study,outcome,r,n,male\n" + string.Concat(Enumerable.Range(0, 120).Select(i => string.Create(CultureInfo.InvariantCulture, $"S{i / 12},{i % 12},{0.01 * (1 + (i * 37 % 60)):0.00},{40 + (i / 12)},{(i < 60 ? 0.48 : 0.53):0.00}\n")));
        Assert.Empty(Found(repeated, CheckKind.LastDigits));
    }

    [Fact]
    public void A_slip_in_one_row_is_named_and_makes_no_other_kind_of_table()
    {
        var found = Assert.Single(StudyTable.Parse("study,xi,ni\nA,30,20\nB,4,30\nC,5,20\n").Check().Findings, f => f.Severity == CheckSeverity.Error);
        Assert.Equal(2, found.Row);
    }

    /// <summary>Correlations of .10 to .90 have one zero more than other digits: with 20,000 of them that is beyond chance, and no preference.</summary>
    [Fact]
    public void The_edges_of_a_range_are_no_preference_of_digits() => Assert.Empty(Found("study,r,n\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i =>
        string.Create(CultureInfo.InvariantCulture, $"S{i},{0.01 * (10 + (i % 81)):0.00},{30 + (i % 97)}\n"))), CheckKind.LastDigits));

    [Fact]
    public void A_cell_of_many_letters_is_shown_by_its_beginning_and_what_cannot_be_seen_by_its_number()
    {
        var text = Assert.Single(StudyTable.Parse($"study,r,n\n{new string('x', 5000)}\u202e,1.5,50\nB\u202e,1.5,30\nC,.2,30\n").Check().Findings, f => f.Row == 2).ToString();
        Assert.InRange(text.Length, 200, 400);
        Assert.Contains("xxx...\")", text);
        Assert.Contains("(\"B<U+202E>\")", StudyTable.Parse("study,r,n\nB\u202e,1.5,30\nC,.2,30\n").Check().Findings[0].ToString());
        Assert.Contains("(\"B<U+202E>\")", Assert.Throws<StudyDataException>(() => StudyTable.Parse("study,r,n\nB\u202e,1.5,30\nC,.2,30\n").Correlations("r", "n", "study")).Message);
    }

    /// <summary>Studies without a number of their own are not one study.</summary>
    [Fact]
    public void Sizes_of_rows_without_a_study_are_not_compared() =>
        Assert.Empty(Found("study_id,yi,vi,n\nNA,.31,.02,20\nNA,.22,.02,120\nB,.28,.03,40\nB,.1,.02,40\n", CheckKind.VaryingSize));

    [Fact]
    public void Last_digits_that_people_prefer_are_found()
    {
        string Table(Func<int, double> value) => "study,r,n\n" + string.Concat(Enumerable.Range(1, 120).Select(i => string.Create(CultureInfo.InvariantCulture, $"S{i},{value(i):0.00},{30 + i}\n")));

        Assert.Empty(Found(Table(i => 0.01 * (i * 37 % 60)), CheckKind.LastDigits));
        var found = Assert.Single(Found(Table(i => 0.05 * (i * 7 % 12)), CheckKind.LastDigits));
        Assert.Equal("r", found.Column);
        Assert.Contains("chi²(9)", found.Problem);
    }

    /// <summary>Brown and Heathers (2017) open with a mean of 5.19 of 28 people.</summary>
    [Theory]
    [InlineData("5.19", 28, true)]
    [InlineData("5.18", 28, false)]
    [InlineData("3.45", 20, false)]
    [InlineData("3.45", 19, true)]
    [InlineData("3.4", 19, false)]
    [InlineData("3.451", 1000, false)]
    public void Means_that_no_whole_numbers_have_are_found(string mean, int n, bool isImpossible)
    {
        var found = Found($"study,m1,sd1,n1,m2,sd2,n2\nA,{mean},1.5,{n},4,1.5,{n}\nB,4,1,20,3,1,20\n", CheckKind.ImpossibleMean, new() { WholeNumbers = ["m1", "m2"] });
        Assert.Equal(isImpossible ? 1 : 0, found.Length);
        if (mean == "5.19") Assert.Equal("is no mean of 28 whole numbers with 2 decimals: next to it are 5.18 and 5.21 (GRIM)", found[0].Problem);
    }

    [Fact]
    public void A_score_of_several_items_moves_in_smaller_steps()
    {
        const string text = "study,m1,sd1,n1,m2,sd2,n2\nA,5.19,1.5,28,4,1.5,28\nB,4,1,20,3,1,20\n";
        Assert.Single(Found(text, CheckKind.ImpossibleMean, new() { WholeNumbers = ["m1"] }));
        Assert.Empty(Found(text, CheckKind.ImpossibleMean, new() { WholeNumbers = ["m1"], Items = 5 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TableCheckOptions { Items = 0 });
        Assert.Throws<StudyDataException>(() => StudyTable.Parse(text).Check(new() { WholeNumbers = ["m3"] }));
    }

    [Fact]
    public void No_mean_and_deviation_of_whole_numbers_is_called_impossible_and_most_others_are()
    {
        foreach (var n in (int[])[3, 5, 7])
        {
            HashSet<(double, double)> possible = [];
            var values = new int[n];
            do
            {
                var mean = values.Average();
                var sd = Math.Sqrt(values.Sum(x => (x - mean) * (x - mean)) / (n - 1));
                possible.Add((Math.Round(mean, 2), Math.Round(sd, 2)));
            }
            while (Next(values, 8));
            foreach (var (mean, sd) in possible)
            {
                var sums = WholeNumberChecks.Sums(mean, 2, n);
                Assert.NotEmpty(sums);
                Assert.True(WholeNumberChecks.HasSquares(sums, sd, 2, n), $"{mean} {sd} of {n}");
            }
            // Deviations below 1.5 need no numbers beyond those tried where the mean is in the middle.
            int impossible = 0, found = 0;
            foreach (var mean in possible.Select(p => p.Item1).Where(m => m is >= 3 and <= 4).Distinct())
            {
                for (var s = 0; s < 150; s++)
                {
                    if (possible.Contains((mean, Math.Round(0.01 * s, 2)))) continue;
                    impossible++;
                    if (!WholeNumberChecks.HasSquares(WholeNumberChecks.Sums(mean, 2, n), 0.01 * s, 2, n)) found++;
                }
            }
            Assert.True(found > 0.95 * impossible, $"{found} of {impossible} with n = {n}");
        }

        // The next multiset of whole numbers from 0 to top, in order.
        static bool Next(int[] values, int top)
        {
            var i = values.Length - 1;
            while (i >= 0 && values[i] == top - 1) i--;
            if (i < 0) return false;
            var next = values[i] + 1;
            for (; i < values.Length; i++) values[i] = next;
            return true;
        }
    }

    [Fact]
    public void A_deviation_that_does_not_go_with_its_mean_is_found_in_a_table()
    {
        // 3.44 of 18 is 62/18; no whole sum of squares gives 2.47, and 2.48 has one.
        TableFinding[] Of(string sd) => Found($"study,m1,sd1,n1,m2,sd2,n2\nA,3.44,{sd},18,4,1.5,18\nB,4,1,20,3,1,20\n", CheckKind.ImpossibleDeviation, new() { WholeNumbers = ["m1"] });
        var sums = Enumerable.Range(0, 400).Where(q => Math.Round(Math.Sqrt((q - (62.0 * 62 / 18)) / 17), 2) == 2.47 && q % 2 == 0);
        Assert.Equal(sums.Any(), Of("2.47").Length == 0);
        Assert.All(Of("2.47"), f => Assert.Equal("is no standard deviation of 18 whole numbers with the mean 3.44 (GRIMMER)", f.Problem));
    }

    [Fact]
    public void A_hundred_thousand_rows_are_checked_quickly()
    {
        var table = StudyTable.Parse("study,r,n\n" + string.Concat(Enumerable.Range(0, 100_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"S{i},0.{100 + (i * 7919 % 400)},{20 + (i % 977)}\n"))));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.DoesNotContain(table.Check().Findings, f => f.Kind == CheckKind.Value);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), watch.Elapsed.ToString());
    }
}
