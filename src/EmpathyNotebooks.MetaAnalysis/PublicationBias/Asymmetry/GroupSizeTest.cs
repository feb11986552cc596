using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Regression tests of funnel asymmetry whose predictor and weights are made of counts and group sizes in place of the standard error, which for ratios and standardised differences is made of the effect itself.
/// All are lines fitted by weighted least squares with multiplicative error, t with k - 2 degrees of freedom.
/// </summary>
/// <example><code>
/// LabelledTable[] tables = [new("A", new TwoByTwo(4, 119, 11, 128)), new("B", new TwoByTwo(6, 300, 29, 274)), new("C", new TwoByTwo(3, 228, 11, 209)), new("D", new TwoByTwo(62, 500, 80, 480))];
/// foreach (GroupSizeTestKind kind in Enum.GetValues&lt;GroupSizeTestKind&gt;()) Console.WriteLine(GroupSizeTests.Of(tables, kind));
/// </code></example>
public enum GroupSizeTestKind
{
    /// <summary>
    /// Z/V on 1/√V with weights V, the efficient score of the log odds ratio at 0 and its information (Harbord, Egger &amp; Sterne 2006, Statistics in Medicine 25, 3443-3457); for risk ratios their counterparts
    /// (Harbord, Harris &amp; Sterne 2009, Stata Journal 9, 197-210). Good power for odds ratios of trials of like groups.
    /// </summary>
    /// <remarks>
    /// $$\frac{Z_i}{V_i} = a + \frac{b}{\sqrt{V_i}}, \qquad w_i = V_i, \qquad Z_i = a_i - E_i$$
    /// with $E_i$ and $V_i$ of <see cref="TwoByTwoTables.PetoLogOddsRatio"/>.
    /// </remarks>
    Harbord,

    /// <summary>ln(OR) on 1/n with weights 1/(1/events + 1/non-events) (Peters et al. 2006, JAMA 295, 676-680).</summary>
    /// <remarks>
    /// $$\ln\mathrm{OR}_i = a + \frac{b}{N_i}, \qquad w_i = \left(\frac{1}{\text{events}_i} + \frac{1}{\text{non-events}_i}\right)^{-1}$$
    /// </remarks>
    Peters,

    /// <summary>ln(OR) on 1/√ESS with weights ESS = 4n₁n₂/(n₁ + n₂) (Deeks, Macaskill &amp; Irwig 2005, Journal of Clinical Epidemiology 58, 882-893): for diagnostic odds ratios.</summary>
    /// <remarks>
    /// $$\ln\mathrm{OR}_i = a + \frac{b}{\sqrt{\mathrm{ESS}_i}}, \qquad w_i = \mathrm{ESS}_i = \frac{4n_{1i}n_{2i}}{n_{1i} + n_{2i}}$$
    /// </remarks>
    Deeks,

    /// <summary>ln(OR) on n with weights 1/v (Macaskill, Walter &amp; Irwig 2001, Statistics in Medicine 20, 641-654): little power.</summary>
    /// <remarks>$$\ln\mathrm{OR}_i = a + bN_i, \qquad w_i = \frac{1}{v_i}$$</remarks>
    Macaskill,

    /// <summary>Egger's test of arcsine differences, whose standard error is made of group sizes alone and which need nothing added to zeros (Rücker, Schwarzer &amp; Carpenter 2008, Statistics in Medicine 27, 746-763).</summary>
    /// <remarks>
    /// $$\arcsin\sqrt{p_{1i}} - \arcsin\sqrt{p_{2i}} = a + b\sqrt{v_i}, \qquad w_i = \frac{1}{v_i}, \qquad v_i = \frac{1}{4n_{1i}} + \frac{1}{4n_{2i}}$$
    /// </remarks>
    Ruecker,

    /// <summary>
    /// The effect on √(1/n₁ + 1/n₂) with weights 1/v (Pustejovsky &amp; Rodgers 2019, Research Synthesis Methods 10, 57-71), made for standardised mean differences. Weights are those of the effects, as in R's
    /// meta: only the predictor is without the effect.
    /// </summary>
    /// <remarks>$$y_i = a + b\sqrt{\frac{1}{n_{1i}} + \frac{1}{n_{2i}}}, \qquad w_i = \frac{1}{v_i}$$</remarks>
    Pustejovsky,
}

/// <summary>A regression test of funnel asymmetry by counts and group sizes.</summary>
/// <param name="Kind">Which test.</param>
/// <param name="Slope">The slope on the predictor with its test: the bias.</param>
/// <param name="Intercept">The intercept.</param>
/// <param name="Dispersion">The residual variance φ, which multiplies the variances.</param>
/// <param name="Count">How many studies were used, k.</param>
/// <param name="Warnings">What a careful reader should know about this test.</param>
/// <example><code>
/// LabelledTable[] tables = [new("A", new TwoByTwo(4, 119, 11, 128)), new("B", new TwoByTwo(6, 300, 29, 274)), new("C", new TwoByTwo(3, 228, 11, 209)), new("D", new TwoByTwo(62, 500, 80, 480))];
/// GroupSizeTest harbord = GroupSizeTests.Of(tables, GroupSizeTestKind.Harbord);
/// Console.WriteLine($"{harbord}, bias {harbord.Slope.Estimate:F2}, φ = {harbord.Dispersion:F2}");
/// </code></example>
public sealed record GroupSizeTest(GroupSizeTestKind Kind, Coefficient Slope, Coefficient Intercept, double Dispersion, int Count, ImmutableArray<string> Warnings) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    /// <summary>The test as papers name it, for example <c>Harbord's test</c>.</summary>
    public string Name => GroupSizeTests.Name(Kind);

    /// <summary>t of the slope.</summary>
    public double Statistic => Slope.Statistic;

    /// <summary>Its degrees of freedom, k - 2.</summary>
    public double DegreesOfFreedom => Slope.DegreesOfFreedom!.Value;

    /// <summary>The two-sided p-value.</summary>
    public double PValue => Slope.PValue;

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: t({StatisticText.DegreesOfFreedom(DegreesOfFreedom)}) = {StatisticText.Number(Statistic)}, {StatisticText.PValueWithSymbol(PValue)}";
}

/// <summary>Tests of funnel asymmetry for two-by-two tables, and for standardised mean differences with the sizes of both groups.</summary>
public static class GroupSizeTests
{
    /// <summary>
    /// The test of two-by-two tables. Tables in which nobody or everybody has the event say nothing of a ratio and are left out, but of <see cref="GroupSizeTestKind.Ruecker"/>. When not to use it: below ten
    /// studies, for lack of power; as evidence of bias, since small studies can differ for other reasons.
    /// </summary>
    /// <remarks>Formulas: <see cref="GroupSizeTestKind"/>.</remarks>
    /// <param name="tables">The counts, one table a study.</param>
    /// <param name="kind">Which test.</param>
    /// <param name="measure"><see cref="EffectMeasure.OddsRatio"/>, the default, or <see cref="EffectMeasure.RiskRatio"/>; of no meaning for <see cref="GroupSizeTestKind.Ruecker"/>.</param>
    /// <param name="zeroCells">What to do with zeros in the effects; half a person added to each cell of tables with a zero if not said. The predictors are of the counts as they are.</param>
    /// <exception cref="InsufficientStudiesException">There are fewer than three tables that say something.</exception>
    /// <exception cref="UndeterminedException">The predictor is the same for all studies, or the effects lie exactly on a line.</exception>
    /// <exception cref="ArgumentException">The measure is neither an odds ratio nor a risk ratio.</exception>
    public static GroupSizeTest Of(IReadOnlyList<LabelledTable> tables, GroupSizeTestKind kind, EffectMeasure? measure = null, ZeroCells? zeroCells = null)
    {
        ArgumentNullException.ThrowIfNull(tables);
        measure ??= EffectMeasure.OddsRatio;
        if (measure != EffectMeasure.OddsRatio && measure != EffectMeasure.RiskRatio)
        {
            throw new ArgumentException($"{Name(kind)} is defined here for odds ratios and risk ratios, not for {measure}.", nameof(measure));
        }
        LabelledTable[] used = kind == GroupSizeTestKind.Ruecker ? [.. tables] : [.. tables.Where(t => !t.Table.IsUninformative)];
        EffectSize Effect(TwoByTwo t) => measure == EffectMeasure.OddsRatio
            ? TwoByTwoTables.LogOddsRatio(t, zeroCells ?? ZeroCells.AddWhereZero()) : TwoByTwoTables.LogRiskRatio(t, zeroCells ?? ZeroCells.AddWhereZero());
        (double Y, double V, double X) Point(TwoByTwo t)
        {
            switch (kind)
            {
                case GroupSizeTestKind.Harbord:
                    var (z, v) = measure == EffectMeasure.OddsRatio ? TwoByTwoTables.Peto(t) : RatioScore(t);
                    return (z / v, 1 / v, 1 / Math.Sqrt(v));
                case GroupSizeTestKind.Peters:
                    return (Effect(t).Value, 1 / t.Events + 1 / t.NonEvents, 1 / t.Total);
                case GroupSizeTestKind.Deeks:
                    var size = 4 * t.N1 * t.N2 / t.Total;
                    return (Effect(t).Value, 1 / size, 1 / Math.Sqrt(size));
                case GroupSizeTestKind.Macaskill:
                    return (Effect(t).Value, Effect(t).Variance, t.Total);
                case GroupSizeTestKind.Ruecker:
                    var arcsine = TwoByTwoTables.ArcsineDifference(t);
                    return (arcsine.Value, arcsine.Variance, Math.Sqrt(arcsine.Variance));
                case GroupSizeTestKind.Pustejovsky:
                    return (Effect(t).Value, Effect(t).Variance, Math.Sqrt(1 / t.N1 + 1 / t.N2));
                default:
                    throw Unknown(kind);
            }
        }
        List<string> warnings = [];
        if (used.Length < tables.Count)
        {
            warnings.Add($"{StatisticText.Count(tables.Count - used.Length)} of {StatisticText.Count(tables.Count)} tables are left out, since nobody or everybody has the event in them: "
                + string.Join(", ", tables.Where(t => t.Table.IsUninformative).Take(5).Select(t => t.Label)) + ".");
        }
        if (kind is GroupSizeTestKind.Macaskill) warnings.Add("Macaskill's test has little power, and its weights are made of the effects: Harbord's, Peters' and Rücker's are better.");
        if (kind is GroupSizeTestKind.Pustejovsky) warnings.Add("The test was made for standardised mean differences; with tables its weights are still made of the effects.");
        return Line(kind, [.. used.Select(t => Point(t.Table))], warnings);
    }

    /// <summary>Every test of two-by-two tables, in the order of <see cref="GroupSizeTestKind"/>.</summary>
    /// <remarks>Formulas: <see cref="GroupSizeTestKind"/>.</remarks>
    /// <inheritdoc cref="Of"/>
    public static ImmutableArray<GroupSizeTest> All(IReadOnlyList<LabelledTable> tables, EffectMeasure? measure = null, ZeroCells? zeroCells = null) =>
        [.. Enum.GetValues<GroupSizeTestKind>().Select(kind => Of(tables, kind, measure, zeroCells))];

    /// <summary>
    /// Egger's regression for standardised mean differences with √(1/n₁ + 1/n₂) as predictor (Pustejovsky &amp; Rodgers 2019): the standard error of g rises with |g|, so that Egger's own test errs too often.
    /// </summary>
    /// <remarks>Formula: <see cref="GroupSizeTestKind.Pustejovsky"/>.</remarks>
    /// <param name="effects">The differences; the effects are the weights' variances too, as in R's meta.</param>
    /// <param name="n1">The size of the first group of each study, positive.</param>
    /// <param name="n2">The size of the second group.</param>
    /// <exception cref="StudyDataException">There are not two positive sizes a study.</exception>
    /// <exception cref="InsufficientStudiesException">There are fewer than three studies.</exception>
    /// <exception cref="UndeterminedException">All groups are of one size, or the effects lie exactly on a line.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.10, 0.05, 0.15, 0.03], EffectMeasure.StandardizedMeanDifference);
    /// Console.WriteLine(effects.PustejovskyTest([20, 42, 14, 70], [21, 40, 13, 66]));
    /// </code></example>
    public static GroupSizeTest PustejovskyTest(this StudyEffects effects, IReadOnlyList<double> n1, IReadOnlyList<double> n2)
    {
        ArgumentNullException.ThrowIfNull(effects);
        ArgumentNullException.ThrowIfNull(n1);
        ArgumentNullException.ThrowIfNull(n2);
        foreach (var (name, sizes) in new[] { ("n1i", n1), ("n2i", n2) })
        {
            if (sizes.Count != effects.Count)
            {
                throw new StudyDataException($"has {StatisticText.Count(sizes.Count)} values where there are {StatisticText.Count(effects.Count)} effects; each effect needs one", column: name);
            }
            for (var i = 0; i < sizes.Count; i++)
            {
                if (!(sizes[i] > 0) || !double.IsFinite(sizes[i])) throw new StudyDataException("must be a positive group size", sizes[i].ToString("R", System.Globalization.CultureInfo.InvariantCulture), i + 1, effects.Labels[i], name);
            }
        }
        return Line(GroupSizeTestKind.Pustejovsky, [.. Enumerable.Range(0, effects.Count).Select(i => (effects.Effects[i], effects.Variances[i], Math.Sqrt(1 / n1[i] + 1 / n2[i])))],
            effects.SharingWarning is { } sharing ? [sharing] : [], effects.Origin);
    }

    /// <summary>The test as papers name it.</summary>
    internal static string Name(GroupSizeTestKind kind) => kind switch
    {
        GroupSizeTestKind.Harbord => "Harbord's test",
        GroupSizeTestKind.Peters => "Peters' test",
        GroupSizeTestKind.Deeks => "Deeks' test",
        GroupSizeTestKind.Macaskill => "Macaskill's test",
        GroupSizeTestKind.Ruecker => "Rücker's arcsine test",
        GroupSizeTestKind.Pustejovsky => "Pustejovsky and Rodgers' test",
        _ => throw Unknown(kind),
    };

    /// <summary>The score of the log risk ratio at 0 and its information.</summary>
    private static (double Score, double Information) RatioScore(TwoByTwo t) =>
        ((t.A * t.Total - t.Events * t.N1) / t.NonEvents, t.N1 * t.N2 * t.Events / (t.Total * t.NonEvents));

    private static GroupSizeTest Line(GroupSizeTestKind kind, (double Y, double V, double X)[] points, List<string> warnings, DataOrigin? origin = null)
    {
        if (points.Length < 3) throw new InsufficientStudiesException(Name(kind), 3, points.Length);
        List<double[]> basis = [];
        _ = DesignMatrix.TryExtend(basis, Enumerable.Repeat(1.0, points.Length).ToArray());
        if (!DesignMatrix.TryExtend(basis, points.Select(p => p.X).ToArray())) throw new UndeterminedException(Name(kind), "all studies are of one size", "selection models need no variation of sizes");
        var effects = StudyEffects.Create([.. points.Select(p => p.Y)], [.. points.Select(p => p.V)], columns: [StudyColumn.OfNumbers("size", points.Select(p => (double?)p.X))], origin: origin);
        var line = MetaRegression.Fit(effects, Moderator.Number("size"), new() { TauSquared = null, Inference = Inference.HartungKnapp });
        if (line.Core.Scale == 0) throw new UndeterminedException(Name(kind), "the effects lie exactly on a line, so that no residual shows how uncertain its slope is");
        if (points.Length < FunnelAsymmetry.FewStudies) warnings.Add(FunnelAsymmetry.FewWarning(points.Length));
        return new GroupSizeTest(kind, line.Coefficients[1], line.Coefficients[0], line.Core.Scale, points.Length, [.. warnings]) { Origin = effects.Origin };
    }

    private static ArgumentOutOfRangeException Unknown(GroupSizeTestKind kind) => new(nameof(kind), kind, "There is no such test of two-by-two tables.");
}
