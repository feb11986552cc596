namespace EmpathyNotebooks.MetaAnalysis.Tests.DependentEffects;

/// <summary>How models of dependent effects are asked for, and what they say of themselves.</summary>
public sealed class DependentChoicesTests
{
    /// <summary>Precise and imprecise effects of the same samples, whose errors are taken to correlate: each imprecise one counts negatively.</summary>
    private static readonly StudyEffects Lopsided = StudyEffects.Create([0.20, 0.60, 0.25, 0.70, 0.22, 0.80, 0.24, 0.90], [0.001, 0.100, 0.002, 0.150, 0.001, 0.090, 0.002, 0.120],
        labels: ["A 1", "A 2", "B 3", "B 4", "C 5", "C 6", "D 7", "D 8"], columns: [StudyColumn.OfTexts("id", ["A", "A", "B", "B", "C", "C", "D", "D"]),
            StudyColumn.OfTexts("rater", ["client", "observer", "client", "observer", "client", "observer", "client", "observer"])]);

    [Fact]
    public void Options_can_be_given_beside_the_levels_in_one_way_for_all_models()
    {
        var rater = Moderator.Category("rater");
        var fit = MultilevelModel.Fit(Lopsided, ["id"], new() { Moderators = rater, SamplingCorrelation = 0.3 });
        Assert.Equal(MultilevelModel.Fit(Lopsided, ["id"], rater, 0.3).LogLikelihood, fit.LogLikelihood);
        Assert.Equal(MultilevelModel.Fit(Lopsided, ["id"], rater, samplingCorrelation: 0.3, new()).Options, fit.Options);
        Assert.Equal((rater, 0.3), (fit.Options.Moderators, fit.Options.SamplingCorrelation));
        var several = MultivariateModel.Fit(Lopsided, "id", "rater", new() { Structure = CovarianceStructure.CompoundSymmetry, SamplingCorrelation = 0.3 });
        Assert.Equal(MultivariateModel.Fit(Lopsided, "id", "rater", samplingCorrelation: 0.3, options: new() { Structure = CovarianceStructure.CompoundSymmetry }).LogLikelihood, several.LogLikelihood);
    }

    [Fact]
    public void What_is_given_twice_is_refused()
    {
        Assert.Contains("twice", Assert.Throws<ImpossibleChoiceException>(() => MultilevelModel.Fit(Lopsided, ["id"], 0.4, new() { SamplingCorrelation = 0.3 })).Message, StringComparison.Ordinal);
        Assert.Contains("twice", Assert.Throws<ImpossibleChoiceException>(() => MultilevelModel.Fit(Lopsided, ["id"], Moderator.Category("rater"), 0,
            new() { Moderators = Moderator.Category("rater", reference: "observer") })).Message, StringComparison.Ordinal);
        Assert.Throws<ImpossibleChoiceException>(() => MultilevelModel.Fit(Lopsided, ["id"], new() { SamplingCorrelation = 0.3, SamplingCovariance = SamplingCovariance.Within("id", 0.2) }));
        Assert.Throws<ImpossibleChoiceException>(() => MultilevelModel.OverCorrelations(Lopsided, ["id"], options: new() { SamplingCorrelation = 0.3 }));
    }

    [Fact]
    public void A_mean_below_every_effect_is_said_with_the_reason()
    {
        var fit = MultilevelModel.Fit(Lopsided, ["id", MultilevelModel.EachEffect], new() { SamplingCorrelation = 0.6 });
        Assert.Equal(0.190, fit.Estimate!.Value, 5e-4);
        var note = Assert.Single(fit.Warnings, w => w.Contains("count negatively", StringComparison.Ordinal));
        Assert.StartsWith("The mean effect lies below every one of its effects", note, StringComparison.Ordinal);
        Assert.Contains("4 of 8 effects (A 2 and 3 more)", note, StringComparison.Ordinal);
        Assert.Contains("sampling errors within id are assumed to correlate .60", note, StringComparison.Ordinal);
        // Without correlation there are neither.
        Assert.DoesNotContain(MultilevelModel.Fit(Lopsided, ["id", MultilevelModel.EachEffect]).Warnings, w => w.Contains("negatively", StringComparison.Ordinal));
        // The weights are those that make the estimate.
        var weights = fit.CoefficientWeights();
        Assert.Equal(1, weights.Sum(), 1e-12);
        Assert.Equal(fit.Estimate.Value, weights.Zip(Lopsided.Effects, (w, y) => w * y).Sum(), 1e-12);
    }

    [Fact]
    public void Without_levels_a_sampling_covariance_alone_is_generalised_least_squares()
    {
        var fit = MultilevelModel.Fit(Lopsided, [], new() { SamplingCovariance = SamplingCovariance.Within("id", 0.3) });
        Assert.Empty(fit.VarianceComponents);
        Assert.Null(fit.PredictionInterval);
        Assert.Equal(0, fit.ISquared);
        Assert.Equal(4, fit.Robust().ClusterCount);
        Assert.Equal(4, fit.Influence().Length);
        Assert.Contains("at least one level, or a sampling covariance", Assert.Throws<ImpossibleChoiceException>(() => MultilevelModel.Fit(Lopsided, [])).Message, StringComparison.Ordinal);
        Assert.Contains("no groups", Assert.Throws<ArgumentException>(() => fit.GroupMeans()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Given_weights_move_coefficients_alone_and_refuse_what_needs_the_models_own()
    {
        var own = MultilevelModel.Fit(Lopsided, ["id"]);
        double[] inverse = [.. Lopsided.Variances.Select(v => 1 / v)];
        var fit = MultilevelModel.Fit(Lopsided, ["id"], new() { Weights = inverse });
        Assert.Equal(own.LogLikelihood, fit.LogLikelihood);
        Assert.Equal(own.VarianceComponents[0].SigmaSquared, fit.VarianceComponents[0].SigmaSquared);
        Assert.Equal(Lopsided.Effects.Zip(inverse, (y, w) => y * w).Sum() / inverse.Sum(), fit.Estimate!.Value, 1e-12);
        Assert.True(fit.Coefficients[0].StandardError >= (1 - 1e-14) * own.Coefficients[0].StandardError);
        Assert.Contains("given ones", Assert.Throws<InvalidOperationException>(() => fit.Robust()).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => fit.GroupEffects("id"));
        Assert.Throws<InvalidOperationException>(() => fit.TrueEffects());
        Assert.Throws<InvalidOperationException>(() => fit.Influence());
        Assert.Throws<ArgumentException>(() => fit.GroupMeans());
        Assert.Throws<StudyDataException>(() => MultilevelModel.Fit(Lopsided, ["id"], new() { Weights = [1, 2] }));
    }

    [Fact]
    public void A_column_that_varies_within_what_was_averaged_is_refused_with_that_reason()
    {
        var averages = Lopsided.AverageWithin("id", 0.5);
        Assert.Equal("rater", Assert.Single(averages.LeftOutColumns).Name);
        const string Reason = "\"rater\" is no longer a column: it was left out when effects were averaged, since it varies within id \"A\" (client, observer)";
        foreach (var refused in new Action[]
        {
            () => averages.Column("rater"), () => MetaRegression.Fit(averages, Moderator.Category("rater")), () => MultilevelModel.Fit(averages, ["rater"]),
            () => averages.Select([0, 1]).Where("rater", "client"),
        })
        {
            Assert.StartsWith(Reason, Assert.Throws<StudyDataException>(refused).Message, StringComparison.Ordinal);
        }
        Assert.Contains("is not a column", Assert.Throws<StudyDataException>(() => averages.Column("ratter")).Message, StringComparison.Ordinal);
        Assert.Empty(Lopsided.AverageWithinEach(["id", "rater"], 0.5).LeftOutColumns);
    }
}
