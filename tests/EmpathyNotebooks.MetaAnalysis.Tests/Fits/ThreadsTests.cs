using EmpathyNotebooks.MetaAnalysis.Tests.Fuzz;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Fits;

/// <summary>A fit that many threads read at once for the first time tells each the same numbers as one thread alone: what is computed when it is asked for must not be seen half done.</summary>
public sealed class ThreadsTests
{
    private const int Threads = 8, Times = 12;

    private static readonly StudyEffects Effects = StudyEffects.Create(
        [.40, .22, .45, .08, .16, .02, .30, .52, .11, .35], [.004, .005, .006, .005, .006, .006, .004, .007, .01, .003], EffectMeasure.FisherZ, sampleSizes: [250, 200, 170, 200, 170, 170, 250, 140, 100, 330], columns:
        [
            StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "C", "D", "E", "F", "F", "G"]), StudyColumn.OfTexts("group", ["p", "q", "p", "q", "q", "p", "q", "p", "p", "q"]),
            StudyColumn.OfNumbers("x", [1, 4, 2, 8, 5, 7, 3, 9, 6, 2]),
        ]);

    public static TheoryData<string> Kinds => [.. Makers.Keys];

    private static readonly Dictionary<string, Func<object>> Makers = new()
    {
        ["random effects"] = () => RandomEffects.Fit(Effects),
        ["equal effects"] = () => EqualEffects.Fit(Effects),
        ["meta-regression"] = () => MetaRegression.Fit(Effects, Moderator.Category("group") + Moderator.Number("x")),
        ["location-scale"] = () => LocationScale.Fit(Effects, null, Moderator.Number("x").Centered()),
        ["multilevel"] = () => MultilevelModel.Fit(Effects, ["sample", MultilevelModel.EachEffect], 0.5),
        ["multivariate"] = () => MultivariateModel.Fit(Effects, "sample", "group"),
        ["robust"] = () => MultilevelModel.Fit(Effects, ["sample", MultilevelModel.EachEffect]).Robust(),
        ["robust variance"] = () => RobustVarianceModel.Fit(Effects, "sample"),
        ["selection"] = () => SelectionModel.Fit(Effects, SelectionFunction.Step(0.025)),
        ["continuous selection"] = () => SelectionModel.Fit(Effects, SelectionFunction.HalfNormal()),
        ["Bayes"] = () => BayesianModel.Fit(Effects),
        ["trim and fill"] = () => RandomEffects.Fit(Effects).TrimAndFill(),
        ["influence"] = () => RandomEffects.Fit(Effects).Influence(),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Many_threads_read_what_one_reads(string kind)
    {
        var alone = Read(Makers[kind]());
        Assert.True(alone.Count > 5);
        for (var time = 0; time < Times; time++)
        {
            var fit = Makers[kind]();
            using var start = new Barrier(Threads);
            var read = new List<(string, double)>[Threads];
            var faults = new Exception?[Threads];
            Thread[] threads = [.. Enumerable.Range(0, Threads).Select(t => new Thread(() =>
            {
                start.SignalAndWait();
                try
                {
                    read[t] = Read(fit);
                }
                catch (Exception fault)
                {
                    faults[t] = fault;
                }
            }))];
            foreach (var thread in threads) thread.Start();
            foreach (var thread in threads) thread.Join();
            Assert.All(faults, Assert.Null);
            Assert.All(read, numbers => Assert.Equal(alone, numbers));
        }
    }

    /// <summary>All numbers with their places, and what throws.</summary>
    private static List<(string Place, double Number)> Read(object fit)
    {
        List<(string, double)> numbers = [];
        Over(fit);
        // What is a method, since it takes longer or has a choice.
        if (fit is MultilevelFit multilevel)
        {
            Over(multilevel.TrueEffects());
            Over(multilevel.Influence());
            Over(multilevel.GroupEffects("sample"));
            Over(multilevel.LeaveOneOut());
            Over(multilevel.InfluenceOf());
        }
        if (fit is SelectionFit selection) Over(selection.ProfileInterval(0));
        if (fit is PooledFit pooled) Over(pooled.EggerTest());
        return numbers;

        void Over(object? result) => Walk.Over(result, (kind, what) => numbers.Add(($"{kind}: {what}", 0)), (place, number) => numbers.Add((place, number)));
    }
}
