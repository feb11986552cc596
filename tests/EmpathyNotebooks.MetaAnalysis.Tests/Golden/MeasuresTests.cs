using System.Text.Json;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>measures.json: further measures, pooled rates and proportions on random inputs (metafor 5.0).</summary>
public sealed class MeasuresTests
{
    private static readonly JsonElement Root = Reference.Root("measures.json");

    [Fact]
    public void Effects_agree_with_metafor_or_metafor_has_none_to_pool()
    {
        var (cases, compared, refused) = (0, 0, 0);
        foreach (var expected in Root.GetProperty("effects").EnumerateArray())
        {
            cases++;
            var measure = EffectMeasure.FromCode(expected.GetProperty("measure").GetString()!);
            var columns = expected.GetProperty("inputs").EnumerateObject().ToList();
            var amount = expected.GetProperty("add").GetDouble();
            var options = new EffectSizeOptions
            {
                Variance = EffectSizeOptions.VarianceFromCode(expected.GetProperty("vtype").GetString()!),
                ZeroCells = expected.GetProperty("to").GetString() switch
                {
                    "all" => ZeroCells.AddToAll(amount),
                    "if0all" => ZeroCells.AddToAllIfAnyZero(amount),
                    _ => ZeroCells.AddWhereZero(amount),
                },
            };
            var rows = Enumerable.Range(0, expected.GetProperty("yi").GetArrayLength()).Select(i => (IReadOnlyDictionary<string, double>)columns
                .ToDictionary(c => c.Name, c => c.Value[i].GetDouble())).ToList();
            var together = options.Variance == VarianceFormula.Average || options.ZeroCells.Rule == ZeroCellRule.AddToAllIfAnyZero
                ? EffectSizeCalculator.Compute(measure, rows, null, options) : null;
            for (var i = 0; i < rows.Count; i++)
            {
                var what = $"{measure.Code} {options.Variance} {options.ZeroCells}, row {i + 1}";
                EffectSize effect;
                try
                {
                    effect = together?[i] ?? EffectSizeCalculator.Compute(measure, rows[i], options);
                }
                catch (StudyDataException)
                {
                    // What metafor computes there has no positive variance, or goes beyond the possible.
                    Assert.False(expected.GetProperty("vi")[i].ValueKind == JsonValueKind.Number && expected.GetProperty("vi")[i].GetDouble() > 1e-15, what);
                    refused++;
                    continue;
                }
                Reference.Agree(effect.Value, expected.GetProperty("yi")[i], 1e-12, $"{what}: effect");
                Reference.Agree(effect.Variance, expected.GetProperty("vi")[i], 3e-12, $"{what}: variance");
                compared++;
            }
        }
        Assert.Equal(26, cases);
        Assert.True(compared > 1500 && refused < 20, $"{compared} compared, {refused} refused");
    }

    [Fact]
    public void Pooled_rates_agree_with_metafor()
    {
        var cases = Root.GetProperty("rates").EnumerateArray().ToList();
        Assert.True(cases.Count > 300, $"{cases.Count} cases");
        foreach (var expected in cases)
        {
            double[] Column(string name)
            {
                var column = expected.GetProperty("inputs").GetProperty(name);
                return column.ValueKind == JsonValueKind.Array ? [.. column.EnumerateArray().Select(v => v.GetDouble())] : [column.GetDouble()];
            }
            double[] x1 = Column("x1i"), t1 = Column("t1i"), x2 = Column("x2i"), t2 = Column("t2i");
            var rates = x1.Select((_, i) => new LabelledRates($"Study {i + 1}", x1[i], t1[i], x2[i], t2[i])).ToList();
            var options = new TwoByTwoOptions { ContinuityCorrection = expected.GetProperty("correct").GetBoolean() };
            var isRatio = expected.GetProperty("measure").GetString() == "IRR";
            var fit = isRatio ? MantelHaenszel.RateRatio(rates, options) : MantelHaenszel.RateDifference(rates, options);
            var what = $"{fit.Measure.Code} of {string.Join("; ", rates)}";
            void Agree(string name, double actual) => Reference.Agree(actual, expected.GetProperty(name), 1e-8, $"{name} {what}");
            Agree("beta", fit.Estimate);
            Agree("se", fit.StandardError);
            Agree("ci_lb", fit.ConfidenceInterval.Lower);
            Agree("ci_ub", fit.ConfidenceInterval.Upper);
            Agree("pval", fit.PValue);
            if (expected.GetProperty("k").GetInt32() > 1 && rates.TrueForAll(r => r.Events1 + r.Events2 > 0))
            {
                Agree("QE", fit.Q.Statistic);
                Agree("QEp", fit.Q.PValue);
                Agree("I2", 100 * fit.ISquared);
            }
            Assert.Equal(isRatio, fit.CochranMantelHaenszel is not null);
            if (fit.CochranMantelHaenszel is not { } test) continue;
            var beyondExpected = Math.Abs(rates.Sum(r => r.Events1 - (r.Events1 + r.Events2) * r.Time1 / (r.Time1 + r.Time2)));
            if (options.ContinuityCorrection && beyondExpected < 0.5)
            {
                // A correction takes away no more than there is (as R's mantelhaen.test has it); metafor squares the negative rest.
                Assert.Equal((0, 1), (test.Statistic, test.PValue));
                continue;
            }
            Agree("MH", test.Statistic);
            Agree("MHp", test.PValue);
        }
    }

    [Fact]
    public void Proportions_are_shown_as_metafor_shows_them_with_the_harmonic_mean()
    {
        foreach (var expected in Root.GetProperty("shown").EnumerateArray())
        {
            double[] Column(string name) => [.. expected.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
            var effects = StudyEffects.Create([.. Column("xi").Zip(Column("ni"), Proportions.FreemanTukey)]);
            var each = Column("each");
            for (var i = 0; i < each.Length; i++) Assert.Equal(each[i], effects.EffectOf(i).DisplayValue, 1e-12);
            var shown = RandomEffects.Fit(effects, new() { TauSquared = TauSquaredEstimator.DerSimonianLaird, Inference = Inference.Normal }).BackTransformed;
            Agree("pred", shown.Estimate);
            Agree("ci_lb", shown.ConfidenceInterval.Lower);
            Agree("ci_ub", shown.ConfidenceInterval.Upper);
            Agree("pi_lb", shown.PredictionInterval!.Value.Lower);
            Agree("pi_ub", shown.PredictionInterval!.Value.Upper);

            void Agree(string name, double actual) => Assert.Equal(expected.GetProperty(name).GetDouble(), actual, 1e-9);
        }
    }
}
