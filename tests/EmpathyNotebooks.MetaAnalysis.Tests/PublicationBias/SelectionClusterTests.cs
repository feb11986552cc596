using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis.Tests.Golden;

namespace EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias;

/// <summary>Selection models of effects that share samples against metaselection.</summary>
public sealed class SelectionClusterTests
{
    public static TheoryData<int> Cases
    {
        get
        {
            var data = new TheoryData<int>();
            var cases = SelectionReference.Cases("metaselection", "metaselection.json");
            for (var i = 0; i < cases.Length; i++)
            {
                // The other estimating equations are not in the library.
                if (cases[i].GetProperty("options").GetProperty("estimator").GetString() == "CML") data.Add(i);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Estimates_and_sandwich_agree_with_metaselection(int index)
    {
        var record = SelectionReference.Cases("metaselection", "metaselection.json")[index];
        var (options, results) = (record.GetProperty("options"), record.GetProperty("results"));
        var cluster = options.GetProperty("cluster").GetString()!;
        double[] steps = SelectionReference.Numbers(options.GetProperty("steps"));
        var isBeta = record.GetProperty("method").GetString() == "metaselection-beta";
        var effects = Reference.Load(record.GetProperty("dataset").GetString()!);
        var fit = SelectionModel.Fit(effects, isBeta ? SelectionFunction.Beta(steps[0], steps[1]) : SelectionFunction.Step(steps), new()
        {
            Cluster = cluster,
            Moderators = options.TryGetProperty("mean_mods", out var formula) ? Moderator.Number(formula.GetString()![1..]) : null,
            Penalty = options.GetProperty("priors").GetString()!.StartsWith("none", StringComparison.Ordinal) ? null : new SelectionPenalty(),
        });
        double[] estimates = SelectionReference.Numbers(results.GetProperty("estimate")), errors = SelectionReference.Numbers(results.GetProperty("se"));
        double[] ours = [.. fit.Coefficients.Select(c => c.Estimate), Math.Log(fit.TauSquared), .. fit.Parameters.Select(p => Math.Log(p.Estimate))];
        double[] spread = [.. fit.Coefficients.Select(c => c.StandardError), fit.TauSquaredStandardError!.Value / fit.TauSquared, .. fit.Parameters.Select(p => p.StandardError!.Value / p.Estimate)];

        Assert.Equal(results.GetProperty("n_clusters").GetInt32(), fit.Clusters!.Count);
        for (var j = 0; j < estimates.Length; j++)
        {
            Assert.Equal(estimates[j], ours[j], 2e-4 * Math.Max(1, Math.Abs(estimates[j])));
            Assert.Equal(errors[j], spread[j], 5e-4 * Math.Max(0.1, errors[j]));
        }
        Assert.Equal(results.GetProperty("loglik").GetDouble(), fit.LogLikelihood, 1e-4);
        Assert.Equal(SelectionReference.Numbers(results.GetProperty("ci_lower"))[0], fit.Coefficients[0].ConfidenceInterval.Lower, 1e-4);
        Assert.Null(fit.LikelihoodRatio);
    }

    [Fact]
    public void Errors_of_independent_effects_are_those_of_the_model_and_of_single_clusters()
    {
        foreach (var record in SelectionReference.Cases("metaselection", "metaselection-extra.json").Where(r => r.GetProperty("method").GetString() == "metaselection-step-independent"))
        {
            var (options, results) = (record.GetProperty("options"), record.GetProperty("results"));
            var effects = Reference.Load(record.GetProperty("dataset").GetString()!);
            var own = StudyEffects.Create(effects.Effects, effects.Variances, columns: [StudyColumn.OfNumbers("each", [.. Enumerable.Range(0, effects.Count).Select(i => (double?)i)])]);
            var fit = SelectionModel.Fit(own, SelectionFunction.Step(SelectionReference.Numbers(options.GetProperty("steps"))), new() { Cluster = options.GetProperty("vcov").GetString() == "robust" ? "each" : null });
            double[] errors = SelectionReference.Numbers(results.GetProperty("se"));
            Assert.Equal(errors[0], fit.Mean!.Value.StandardError, 2e-4 * errors[0]);
            Assert.Equal(errors[1], fit.TauSquaredStandardError!.Value / fit.TauSquared, 5e-4 * errors[1]);
            Assert.Equal(errors[2], fit.Parameters[0].StandardError!.Value / fit.Parameters[0].Estimate, 5e-4 * errors[2]);
        }
    }

    [Fact]
    public void A_bootstrap_spreads_as_in_metaselection_within_Monte_Carlo_error()
    {
        foreach (var record in SelectionReference.Cases("metaselection", "metaselection-extra.json").Where(r => r.GetProperty("method").GetString() == "metaselection-bootstrap"))
        {
            var (options, results) = (record.GetProperty("options"), record.GetProperty("results"));
            var fit = SelectionModel.Fit(Reference.Load(record.GetProperty("dataset").GetString()!), SelectionFunction.Step(0.025), new() { Cluster = options.GetProperty("cluster").GetString(), Penalty = new() });
            var bootstrap = fit.Bootstrap(new() { Replications = 499, Resampling = Enum.Parse<ClusterResampling>(options.GetProperty("bootstrap").GetString()!, ignoreCase: true) }, cancellation: TestContext.Current.CancellationToken);
            double[] deviations = SelectionReference.Numbers(results.GetProperty("boot_sd"));
            // 49 replications have a standard deviation that is uncertain by a tenth; three of these.
            Assert.Equal(deviations[0], bootstrap.Intervals[0].StandardError, 0.35 * deviations[0]);
            Assert.Equal(deviations[2], bootstrap.Intervals[2].StandardError, 0.35 * deviations[2]);
            Assert.True(bootstrap.Intervals[0].Percentile.Contains(fit.Mean!.Value.Estimate));
            Assert.Equal(0, bootstrap.Failed);
        }
    }

    [Fact]
    public void A_bootstrap_is_the_same_twice_and_differs_by_seed_and_way()
    {
        var fit = SelectionModel.Fit(Reference.Load("tannersmith2016"), SelectionFunction.Step(0.025), new() { Cluster = "studyid" });
        var options = new SelectionBootstrapOptions { Replications = 99 };
        var first = fit.Bootstrap(options, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(first.Intervals[0], fit.Bootstrap(options, cancellation: TestContext.Current.CancellationToken).Intervals[0]);
        Assert.NotEqual(first.Intervals[0], fit.Bootstrap(options with { Seed = 2 }, cancellation: TestContext.Current.CancellationToken).Intervals[0]);
        Assert.NotEqual(first.Intervals[0], fit.Bootstrap(options with { Resampling = ClusterResampling.Exponential }, cancellation: TestContext.Current.CancellationToken).Intervals[0]);
        Assert.Equal(3, first.Intervals.Length);
        Assert.Equal(2 * first.Intervals[0].Estimate - first.Intervals[0].Percentile.Upper, first.Intervals[0].Basic.Lower, 1e-12);
        Assert.Throws<ImpossibleChoiceException>(() => SelectionModel.Fit(fit.Effects, SelectionFunction.Step(0.025)).Bootstrap(cancellation: TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SelectionBootstrapOptions { Replications = 98 });
    }

    /// <summary>An effect that counts twice is two effects.</summary>
    [Fact]
    public void Multiplicities_are_copies()
    {
        var effects = Reference.Load("molloy2014");
        int[] rows = [0, 0, 1, 2, 3, 4, 5, 5, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15];
        var copies = SelectionModel.Fit(effects.Select(rows), SelectionFunction.Step(0.025));
        var times = new double[16];
        foreach (var row in rows) times[row]++;
        var engine = new SelectionEngine(effects, DesignMatrix.Constant(16), SelectionFunction.Step(0.025), Alternative.Greater, true, null);
        var (search, point) = engine.Maximize(times);

        Assert.Equal(copies.LogLikelihood, point.Objective, 1e-10);
        Assert.Equal(copies.TauSquared, search.Full(point.At)[1], 1e-9);
    }
}
