using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Fuzz;

/// <summary>Every model and method finds the same numbers, or refuses with the same exception, whatever the order of the studies.</summary>
public sealed class OrderFuzzTests
{
    /// <summary>Matrices, which models with moderators and of dependent effects take, keep too few digits of variances further apart than this.</summary>
    private const double FurthestApart = 1e6;

    private static readonly (string Name, Func<StudyEffects, object> Ask)[] Quick =
    [
        ("meta-regression", e => MetaRegression.Fit(e, Moderator.Number("x").Centered())),
        ("meta-regression on groups", e => MetaRegression.Fit(e, Moderator.Category("group"), new() { TauSquared = TauSquaredEstimator.DerSimonianLaird })),
        ("multilevel", e => MultilevelModel.Fit(e, ["sample", MultilevelModel.EachEffect])),
        ("robust variance", e => RobustVarianceModel.Fit(e, "sample")),
        ("Henmi-Copas", e => HenmiCopas.Fit(e)),
        ("Egger", e => RandomEffects.Fit(e).EggerTest()),
        ("Egger by weighted least squares", e => RandomEffects.Fit(e).EggerTest(SmallStudyPredictor.Variance, EggerModel.WeightedLeastSquares)),
        ("rank test", e => RandomEffects.Fit(e).RankTest()),
        ("PET", e => RandomEffects.Fit(e).Pet()),
        ("PEESE", e => RandomEffects.Fit(e).Peese()),
        ("limit", e => RandomEffects.Fit(e).LimitMetaAnalysis()),
        ("UWLS", e => RandomEffects.Fit(e).Uwls()),
        ("WAAP", e => RandomEffects.Fit(e).Waap()),
        ("excess significance", e => RandomEffects.Fit(e).ExcessSignificance()),
        ("Mathur and VanderWeele", e => RandomEffects.Fit(e).MathurVanderWeele()),
        ("p-curve", e => PCurve.Fit(e)),
        ("p-uniform", e => PUniform.Fit(e)),
    ];

    /// <summary>A statistic that is 0 but for rounding, and its p, which goes with the root.</summary>
    private static bool IsOfTest(string path) => path.EndsWith("PValue", StringComparison.Ordinal) || path.EndsWith("Test.Statistic", StringComparison.Ordinal);

    [Fact]
    public void The_order_does_not_matter() => FuzzRun.Of(40, 60, (seed, findings) =>
    {
        var data = FuzzData.Draw(seed, fewest: 2, most: 60);
        if (data.Vi.Max() > FurthestApart * data.Vi.Min()) return;
        var effects = data.WithColumns();
        int[] order = [.. Enumerable.Range(0, data.Count)];
        new Philox(seed, 1).Shuffle(order);
        var shuffled = effects.Select(order);
        foreach (var (name, ask) in Quick)
        {
            var (mine, theirs) = (Answer(effects), Answer(shuffled));
            if (mine.Refusal != theirs.Refusal)
            {
                findings.Wrong($"{name}: one order is refused", $"{data}: {mine.Refusal ?? "an answer"} and {theirs.Refusal ?? "an answer"}");
                continue;
            }
            foreach (var (path, number) in mine.Numbers)
            {
                if (!theirs.Numbers.TryGetValue(path, out var other)) findings.Wrong($"{name}: {path} is there in one order alone", data.ToString());
                else if (!(number == other || Math.Abs(number - other) <= 1e-6 * Math.Max(Math.Abs(number), Math.Abs(other)) + (IsOfTest(path) ? 1e-5 : 1e-12))) findings.Wrong($"{name}: {path}", string.Create(CultureInfo.InvariantCulture, $"{data}: {number:R} and {other:R}"));
            }

            (Dictionary<string, double> Numbers, string? Refusal) Answer(StudyEffects of)
            {
                var numbers = new Dictionary<string, double>();
                try
                {
                    var answer = ask(of);
                    Walk.Over(answer, (_, _) => { }, (path, number) => { if (!path.Contains("[]", StringComparison.Ordinal)) numbers[path] = number; });
                    return (numbers, null);
                }
                catch (Exception fault) when (FuzzRun.IsDocumented(fault))
                {
                    return (numbers, fault.GetType().Name);
                }
            }
        }
    });
}
