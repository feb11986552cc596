using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis.Tests.Golden;

namespace EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias;

/// <summary>Excess significance with every side and kind of test against metafor 5.1 on six data sets.</summary>
public sealed class ExcessSignificanceReferenceTests
{
    [Fact]
    public void Every_side_and_kind_of_test_agrees()
    {
        var cases = Reference.Cases("excess-significance.json");
        Assert.Equal(232, cases.Count);
        var limits = 0;
        foreach (var c in cases)
        {
            var (options, expected) = (c.GetProperty("options"), c.GetProperty("results"));
            var effects = Reference.Load(c.GetProperty("dataset").GetString()!);
            var random = options.GetProperty("model").GetString() == "REML";
            var fit = random ? RandomEffects.Fit(effects) : EqualEffects.Fit(effects);
            var test = fit.ExcessSignificance(new()
            {
                Significance = Side(options.GetProperty("alternative")), Excess = Side(options.GetProperty("tes_alternative")), Alpha = options.GetProperty("alpha").GetDouble(),
                Test = options.GetProperty("test").GetString() switch { "chi2" => ExcessTest.ChiSquared, "binom" => ExcessTest.Binomial, _ => ExcessTest.Exact },
            });
            var what = c.ToString()[..150] + test;
            // The reference iterated τ² to metafor's own threshold of 1e-5, which leaves three digits of the expected number (raudenbush1985: 3.05699; with a threshold of 1e-14 metafor has 3.0563615, ours is
            // 3.0563709, since metafor's integral ends at five τ on either side and ours is in closed form). BiasDesignTests hold the power to tight ones.
            var tolerance = random ? 1e-3 : 1e-9;
            Assert.Equal(expected.GetProperty("O").GetInt32(), test.Observed);
            Reference.Agree(test.Expected, expected.GetProperty("E"), tolerance, what + " E");
            Reference.Agree(test.Mean!.Value, expected.GetProperty("theta"), random ? 1e-3 : 1e-10, what + " theta");
            Reference.AgreeAll([.. test.Power], expected.GetProperty("power"), tolerance, what + " power");
            if (test.ChiSquared is { } chiSquared) AgreeTo(chiSquared, expected.GetProperty("X2").GetDouble(), random ? 5e-3 : 1e-7, what + " X2");
            AgreeTo(test.PValue, expected.GetProperty("p").GetDouble(), random ? 2e-3 : 1e-8, what + " p");

            // R's root search stops at 1e-4 and keeps a limit of the wrong direction; ours is the root.
            List<JsonElement> theta = expected.GetProperty("theta_lim").ValueKind == JsonValueKind.Array ? [.. expected.GetProperty("theta_lim").EnumerateArray()] : [expected.GetProperty("theta_lim")];
            double?[] ours = test.Options.Excess switch { Alternative.TwoSided => [test.ExcessLimit, test.DeficitLimit], Alternative.Greater => [test.ExcessLimit], _ => [test.DeficitLimit] };
            for (var i = 0; i < theta.Count; i++)
            {
                if (theta[i].ValueKind != JsonValueKind.Number)
                {
                    Assert.True(ours[i] is null, $"{what}: limit {i} {ours[i]}");
                    continue;
                }
                Assert.True(ours[i] is not null, $"{what}: limit {i} {theta[i]}");
                AgreeTo(ours[i]!.Value, theta[i].GetDouble(), (random ? 5e-3 : 2e-3) * Math.Max(1, Math.Abs(ours[i]!.Value)), what + " limit");
                limits++;
            }
        }
        Assert.True(limits > 100, $"only {limits} limits were compared");
    }

    /// <summary>At the limit the one-sided p-value is the level, to the last digits.</summary>
    [Theory]
    [InlineData(ExcessTest.Exact)]
    [InlineData(ExcessTest.ChiSquared)]
    [InlineData(ExcessTest.Binomial)]
    public void At_the_limit_p_is_the_level(ExcessTest test)
    {
        var effects = Reference.Load("molloy2014");
        var limit = EqualEffects.Fit(effects).ExcessSignificance(new() { Test = test }).ExcessLimit!.Value;

        // The same test with the mean moved to the limit: effects whose pooled mean is the limit, significant as before.
        var counts = new SignificantCount(effects, new double[effects.Count], new());
        Assert.Equal(0.10, counts.PValue(counts.PowerAt([.. Enumerable.Repeat(limit, effects.Count)]), test, Alternative.Greater).PValue, 1e-10);
    }

    /// <summary>The exact distribution against all 2^k sets of significant studies.</summary>
    [Fact]
    public void The_exact_test_counts_every_set()
    {
        var fit = RandomEffects.Fit(Reference.Load("normand1999"));
        foreach (var excess in Enum.GetValues<Alternative>())
        {
            var test = fit.ExcessSignificance(new() { Test = ExcessTest.Exact, Excess = excess });
            var p = new double[test.Count + 1];
            for (var set = 0; set < 1 << test.Count; set++)
            {
                var chance = 1.0;
                for (var i = 0; i < test.Count; i++) chance *= (set >> i & 1) == 1 ? test.Power[i] : 1 - test.Power[i];
                p[int.PopCount(set)] += chance;
            }
            var expected = excess switch
            {
                Alternative.Greater => p[test.Observed..].Sum(), Alternative.Less => p[..(test.Observed + 1)].Sum(), _ => p.Where(x => x <= p[test.Observed] * (1 + 1e-9)).Sum(),
            };
            Assert.Equal(expected, test.PValue, 1e-12);
        }
    }

    /// <summary>Power in closed form against a fine rule over true effects, with standard errors from a hundredth of τ to a hundred times it.</summary>
    [Theory]
    [InlineData(Alternative.TwoSided)]
    [InlineData(Alternative.Greater)]
    [InlineData(Alternative.Less)]
    public void Power_is_that_of_true_effects_that_differ(Alternative side)
    {
        double[] v = [1e-4, 1e-2, 0.25, 1, 4, 1e4];
        var effects = StudyEffects.Create([0.5, 1.9, -0.8, 0.7, -2.0, 50], v);
        var fit = RandomEffects.Fit(effects);
        var (theta, tau) = (fit.Estimate, fit.Tau);
        Assert.True(tau > 0.1);
        var test = fit.ExcessSignificance(new() { Significance = side });
        var critical = side == Alternative.TwoSided ? 1.959963984540054 : 1.6448536269514722;
        for (var i = 0; i < v.Length; i++)
        {
            const int Steps = 400_000;
            double power = 0, h = 18 * tau / Steps;
            for (var s = 0; s <= Steps; s++)
            {
                double x = theta - 9 * tau + s * h, z = x / Math.Sqrt(v[i]), density = Math.Exp(-(x - theta) * (x - theta) / (2 * tau * tau)) / (tau * Math.Sqrt(2 * Math.PI));
                var at = (side != Alternative.Less ? Distributions.NormalCumulative(z - critical) : 0) + (side != Alternative.Greater ? Distributions.NormalCumulative(-z - critical) : 0);
                power += at * density * h * (s is 0 or Steps ? 0.5 : 1);
            }
            Assert.Equal(power, test.Power[i], 1e-10);
        }
    }

    [Fact]
    public void What_cannot_be_tested_is_said()
    {
        var effects = Reference.Load("tannersmith2016");

        Assert.Throws<ImpossibleChoiceException>(() => MultilevelModel.Fit(effects, ["studyid"]).ExcessSignificance());
        Assert.Throws<ImpossibleChoiceException>(() => RandomEffects.Fit(StudyEffects.Create([-1.0, -1.2], [0.1, 0.1], EffectMeasure.ProportionLogit)).ExcessSignificance());
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExcessSignificanceOptions { Alpha = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExcessSignificanceOptions { LimitAlpha = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => EqualEffects.Fit(effects).ExcessSignificance(new() { Test = (ExcessTest)9 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => EqualEffects.Fit(effects).ExcessSignificance(new() { Excess = (Alternative)9 }));
    }

    [Fact]
    public void With_moderators_each_study_has_its_own_mean()
    {
        var effects = Reference.Load("bcg");
        var test = MetaRegression.Fit(effects, Moderator.Number("ablat")).ExcessSignificance();

        Assert.Null(test.Mean);
        Assert.Null(test.ExcessLimit);
        Assert.True(test.Power[6] > 0 && test.Expected > 0);
    }

    private static Alternative Side(JsonElement name) => name.GetString() switch { "greater" => Alternative.Greater, "less" => Alternative.Less, _ => Alternative.TwoSided };

    private static void AgreeTo(double actual, double expected, double tolerance, string what) => Assert.True(Math.Abs(actual - expected) <= tolerance, $"{what}: {actual:R}, reference {expected:R}");
}
