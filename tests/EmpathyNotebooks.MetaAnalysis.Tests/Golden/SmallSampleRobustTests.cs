using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>
/// small-sample-robust.json: 420 random designs of two to seven clusters by clubSandwich, with singletons, categories that one cluster alone has, and as many coefficients as clusters.
/// </summary>
public sealed class SmallSampleRobustTests
{
    private const double Tolerance = 1e-8;

    private static IReadOnlyList<JsonElement> Designs => [.. Reference.Root("small-sample-robust.json").GetProperty("designs").EnumerateArray()];

    [Fact]
    public void The_grid_of_designs_is_whole_and_holds_what_it_is_for()
    {
        Assert.Equal(420, Designs.Count);
        Assert.True(Designs.Select(Of).Count(d => d.Fit(SmallSampleCorrection.CR2).Coefficients.Any(c => !c.HasStandardError)) >= 25);
        Assert.True(Designs.Count(d => d.GetProperty("model").GetString() == "MV") >= 100);
    }

    [Fact]
    public void Every_design_agrees_with_clubSandwich()
    {
        var faults = new List<string>();
        foreach (var design in Designs)
        {
            try
            {
                Compare(design);
            }
            catch (Exception fault)
            {
                faults.Add($"seed {design.GetProperty("seed").GetInt32()}: {fault.Message.ReplaceLineEndings(" ")}");
            }
        }
        Assert.True(faults.Count == 0, $"{faults.Count} designs:\n" + string.Join('\n', faults.Take(40)));
    }

    [Fact]
    public void A_change_of_units_changes_nothing_but_units()
    {
        var units = Reference.Root("small-sample-robust.json").GetProperty("units");
        foreach (var scale in (double[])[1, 1e-6, 1e-20, 1e12])
        {
            double[] y = [.35, .10, .52, .28, .60, .05], v = [.03, .02, .04, .01, .05, .03];
            var effects = StudyEffects.Create([.. y.Select(e => e * Math.Sqrt(scale))], [.. v.Select(e => e * scale)], columns: [StudyColumn.OfNumbers("cl", [1, 1, 2, 2, 3, 3])]);
            var robust = EqualEffects.Fit(effects).Robust("cl").Coefficients[0];
            Reference.Agree(robust.StandardError / Math.Sqrt(scale), units[0].GetProperty("se"), 1e-12, "se");
        }
    }

    private static void Compare(JsonElement design)
    {
        var d = Of(design);
        foreach (var expected in design.GetProperty("robust").EnumerateArray())
        {
            var type = Enum.Parse<SmallSampleCorrection>(expected.GetProperty("type").GetString()!);
            var fit = d.Fit(type);
            var se = Numbers(expected.GetProperty("se"));
            var model = Numbers(design.GetProperty("model_se"));
            for (var j = 0; j < se.Count; j++)
            {
                var c = fit.Coefficients[j];
                Reference.Agree(c.Estimate, Numbers(design.GetProperty("beta"))[j]!.Value, Tolerance, "beta");
                // What is rounding beside the error of the model is no standard error.
                if (se[j] < 1e-7 * model[j])
                {
                    Assert.False(c.HasStandardError, $"{type} {c.Name}: {se[j]} in the reference, we have one");
                    continue;
                }
                Reference.Agree(c.StandardError, se[j]!.Value, Tolerance, $"{type} se of {c.Name}");
                if (type != SmallSampleCorrection.CR2) continue;
                var byDefinition = design.TryGetProperty("df_definition", out var definition) && definition.ValueKind is JsonValueKind.Array or JsonValueKind.Number
                    ? Numbers(definition)[j] : null;
                if (byDefinition is { } known) Reference.Agree(c.DegreesOfFreedom!.Value, known, Tolerance, $"df of {c.Name} by definition");
                if (IsRoundingKept(design, j)) continue;
                Reference.Agree(c.DegreesOfFreedom!.Value, Numbers(design.GetProperty("df"))[j]!.Value, Tolerance, $"df of {c.Name}");
                Reference.Agree(c.PValue, Numbers(design.GetProperty("p"))[j]!.Value, 10 * Tolerance, $"p of {c.Name}");
            }
        }
        var test = d.Fit(SmallSampleCorrection.CR2).ModeratorTest;
        var wald = design.GetProperty("wald");
        if (!test.Exists)
        {
            Assert.NotEmpty(test.WhyNone!);
            Assert.True(wald.ValueKind != JsonValueKind.Object || !(wald.GetProperty("df2").ValueKind == JsonValueKind.Number && wald.GetProperty("df2").GetDouble() > 0)
                || d.IsDegenerate || IsInverseOfRounding(wald), "the reference has a test, we say: " + test.WhyNone);
            return;
        }
        Assert.Equal(wald.GetProperty("df1").GetInt32(), test.DegreesOfFreedom);
        Reference.Agree(test.Statistic, wald.GetProperty("F"), 10 * Tolerance, "F");
        Reference.Agree(test.DenominatorDegreesOfFreedom!.Value, wald.GetProperty("df2"), 10 * Tolerance, "HTZ df");
        Reference.Agree(test.PValue, wald.GetProperty("p"), 10 * Tolerance, "HTZ p");
    }

    /// <summary>
    /// clubSandwich keeps an eigenvalue of 1.2e-12 that is rounding, since it lies above its limit of 1e-12; the degrees of freedom by definition, without it, stand in df_definition.
    /// </summary>
    private static bool IsRoundingKept(JsonElement design, int coefficient) => design.GetProperty("seed").GetInt32() == 120 && coefficient == 1;

    /// <summary>An F of 1e14 and more is what the inverse of a singular matrix makes of rounding.</summary>
    private static bool IsInverseOfRounding(JsonElement wald) => wald.ValueKind == JsonValueKind.Object && wald.GetProperty("F") is { ValueKind: JsonValueKind.Number } f && f.GetDouble() > 1e14;

    private static List<double?> Numbers(JsonElement element) => element.ValueKind == JsonValueKind.Array
        ? [.. element.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.Number ? e.GetDouble() : (double?)null)]
        : [element.ValueKind == JsonValueKind.Number ? element.GetDouble() : null];

    private static Design Of(JsonElement design)
    {
        double[] y = [.. Numbers(design.GetProperty("y")).Select(n => n!.Value)], v = [.. Numbers(design.GetProperty("v")).Select(n => n!.Value)];
        int[] clusters = [.. design.GetProperty("cl").EnumerateArray().Select(e => e.GetInt32())];
        var effects = StudyEffects.Create(y, v, columns:
        [
            StudyColumn.OfTexts("cl", clusters.Select(c => c.ToString(CultureInfo.InvariantCulture))),
            StudyColumn.OfTexts("cat", design.GetProperty("cat").EnumerateArray().Select(e => e.GetString())),
            StudyColumn.OfNumbers("x", design.GetProperty("x").EnumerateArray().Select(e => (double?)e.GetDouble())),
        ]);
        var kind = design.GetProperty("kind").GetString()!;
        Moderator? moderators = kind switch
        {
            "none" => null,
            "x" => Moderator.Number("x"),
            _ => kind.Contains('x', StringComparison.Ordinal) ? Moderator.Category("cat") + Moderator.Number("x") : Moderator.Category("cat"),
        };
        if (kind.StartsWith('0')) moderators = moderators!.WithoutIntercept();
        return new Design(effects, moderators, design.GetProperty("model").GetString()!, design.GetProperty("rho").GetDouble(),
            [.. design.GetProperty("sigma2").EnumerateArray().Select(e => e.GetDouble())], clusters);
    }

    private sealed record Design(StudyEffects Effects, Moderator? Moderators, string Model, double Rho, double[] Sigma2, int[] Clusters)
    {
        /// <summary>True where some combination of the tested coefficients has no variance, for which clubSandwich inverts rounding.</summary>
        public bool IsDegenerate { get; private set; }

        public RobustFit Fit(SmallSampleCorrection correction)
        {
            var fit = Of(correction);
            IsDegenerate = fit.Coefficients.Any(c => !c.HasStandardError) || Pairs(fit).Any(c => !c.HasStandardError);
            return fit;
        }

        private static IEnumerable<Coefficient> Pairs(RobustFit fit)
        {
            var p = fit.Coefficients.Length;
            for (var i = 0; i < p; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    foreach (var sign in (int[])[-1, 1])
                    {
                        var row = new double[p];
                        (row[i], row[j]) = (1, sign);
                        yield return fit.LinearCombination("pair", row);
                    }
                }
            }
        }

        private RobustFit Of(SmallSampleCorrection correction)
        {
            if (Model == "MV")
            {
                var design = Moderators is null ? null : ModeratorDesign.Create(Effects, Moderators);
                var source = new KnownSource(Effects, design?.Matrix ?? DesignMatrix.Constant(Effects.Count), design?.Columns ?? [new DesignColumn("Intercept", -1)],
                    design?.HasIntercept ?? true, Clusters, Rho, Sigma2);
                return new RobustFit(source, "cl", LevelReader.Code(LevelReader.Keys(Effects, "cl")), correction);
            }
            if (Moderators is null)
            {
                return (Model == "EE" ? EqualEffects.Fit(Effects) : RandomEffects.Fit(Effects, new() { TauSquared = TauSquaredEstimator.DerSimonianLaird })).Robust("cl", correction);
            }
            return MetaRegression.Fit(Effects, Moderators, new() { TauSquared = Model == "EE" ? null : TauSquaredEstimator.DerSimonianLaird }).Robust("cl", correction);
        }
    }

    /// <summary>A model whose variances are known: M from the levels and an assumed correlation, without a search.</summary>
    private sealed class KnownSource(StudyEffects effects, DesignMatrix design, ImmutableArray<DesignColumn> columns, bool hasIntercept, int[] clusters, double rho,
        double[] sigma2) : RobustSource(effects, design, columns, hasIntercept, 0.95)
    {
        public override double[] CovarianceOf(int[] rows)
        {
            var m = rows.Length;
            var matrix = new double[m * m];
            for (var i = 0; i < m; i++)
            {
                for (var j = 0; j < m; j++) matrix[i * m + j] = Covariance(rows[i], rows[j]);
            }
            return matrix;
        }

        public override string? Crossing(int[] clusters) => null;

        public override Func<double[], WorkingFit> NewFitter(bool reestimate) => Fit;

        private WorkingFit Fit(double[] effects)
        {
            int k = Design.Count, p = Design.Parameters;
            var phi = CovarianceOf([.. Enumerable.Range(0, k)]);
            Assert.True(BlockMatrix.TryCholesky(phi, k));
            var x = new double[k * p];
            for (var i = 0; i < k; i++)
            {
                for (var j = 0; j < p; j++) x[i * p + j] = Design.Orthonormal[j * k + i];
            }
            double[] z = [.. x], e = [.. effects];
            BlockMatrix.SolveLower(phi, z, k, p);
            BlockMatrix.SolveLower(phi, e, k, 1);
            double[] information = new double[p * p], gamma = new double[p], bread = new double[p * p];
            BlockMatrix.AddGram(z, information, k, p);
            for (var i = 0; i < k; i++) BlockMatrix.AddScaled(gamma, z.AsSpan(i * p, p), e[i]);
            Assert.True(SmallMatrix.TryCholesky(information, p));
            SmallMatrix.Invert(information, bread, p);
            SmallMatrix.SolveLower(information, gamma);
            SmallMatrix.SolveLowerTransposed(information, gamma);
            for (var i = 0; i < k; i++) e[i] -= BlockMatrix.Dot(z.AsSpan(i * p, p), gamma);
            BlockMatrix.SolveLowerTransposed(phi, e, k, 1);
            return new WorkingFit(gamma, e, bread);
        }

        public override double[] FittedUnder(DesignMatrix design) => throw new NotSupportedException("No bootstrap is made here.");

        private double Covariance(int i, int j) => clusters[i] != clusters[j] ? 0
            : i == j ? Effects.Variances[i] + sigma2[0] + sigma2[1]
            : rho * Math.Sqrt(Effects.Variances[i] * Effects.Variances[j]) + sigma2[0];
    }
}
