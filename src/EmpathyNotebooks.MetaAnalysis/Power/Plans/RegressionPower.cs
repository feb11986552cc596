using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What tests of the mean, of a slope and of groups have in common: weights, what is known of τ², and inference.</summary>
internal sealed class RegressionPower
{
    /// <summary>How far the power can be off where variances differ, found by simulation with 3 to 12 studies; see PowerSimulationTests.</summary>
    public const string UnevenWarning = "The studies differ in precision, so that this power is an approximation, to about .005 with Paule and Mandel's τ². REML's was found more powerful by up to .01 where variances differ 5-fold, .03 where 10-fold, .05 where 25-fold.";

    private readonly double[] _v;
    private readonly double _tau2;
    private readonly DesignMatrix _design;
    private readonly PowerModel _model;
    private readonly Inference _inference;
    private readonly WeightedDesign _weighted;
    private readonly Dictionary<double, ConditionalVariance> _contrasts = [];
    private readonly Dictionary<double, ConditionalVariance[]> _groups = [];
    private EstimatedTauSquared? _estimated;

    public RegressionPower(IReadOnlyList<double> v, double tau2, double[][] columns, PowerModel model, Inference inference)
    {
        (_model, _inference) = (model, inference);
        // Known τ² is equal effects whose variances have τ² in them.
        _v = [.. v.Select(x => model == PowerModel.Known ? x + tau2 : x)];
        _tau2 = model == PowerModel.Known ? 0 : tau2;
        var basis = new List<double[]>();
        foreach (var column in columns)
        {
            if (!DesignMatrix.TryExtend(basis, column)) throw DesignMatrix.Undetermined(v.Count);
        }
        _design = DesignMatrix.Of([.. columns.SelectMany(c => c)], basis);
        _weighted = new WeightedDesign(_v, _tau2, columns);
    }

    public int DegreesOfFreedom => _v.Length - _design.Parameters;

    /// <summary>Those of t or of the denominator of F; null for z and χ².</summary>
    public double? DenominatorDegreesOfFreedom => _inference == Inference.Normal ? null : DegreesOfFreedom;

    private EstimatedTauSquared Estimate => _estimated ??= new EstimatedTauSquared(_v, _tau2, _design, _weighted);

    /// <summary>True where nothing is approximate.</summary>
    public bool IsExact(int tested = 1) => Estimate.AreAlike || (_model != PowerModel.Estimated && (_tau2 == 0 || (tested == 1 && _inference is Inference.Normal or Inference.StudentT)));

    /// <summary>The standard error of a contrast with the best weights, 1/(v + τ²).</summary>
    public double BestStandardError(double[] contrast) => Math.Sqrt(_weighted.BestVarianceOf(contrast));

    /// <summary>The power of the test of one coefficient, always the same.</summary>
    public double Contrast(double[] contrast, double effect, double critical, Alternative alternative) =>
        // Weights that are the true ones: t exactly.
        _model != PowerModel.Estimated && _inference == Inference.HartungKnapp && _tau2 == 0
            ? RejectionRate.Student(effect / BestStandardError(contrast), DegreesOfFreedom, critical, alternative)
            : Rate(new ContrastTest(_weighted, contrast, effect, critical, alternative, _contrasts));

    /// <summary>The power of the test that the means of groups are equal; the columns mark the groups.</summary>
    /// <param name="effects">The mean of each group.</param>
    /// <param name="critical">The critical value of χ², or of F.</param>
    public double Groups(double[] effects, double critical)
    {
        var between = effects.Length - 1;
        var test = new GroupsTest(_weighted, effects, _inference == Inference.Normal ? critical : between * critical, _groups);
        // Weights that are the true ones: F exactly.
        return _model != PowerModel.Estimated && _inference == Inference.HartungKnapp && _tau2 == 0
            ? new NoncentralTest(TestStatistic.F(0, between, DegreesOfFreedom)).Upper(critical, test.Noncentrality(0))
            : Rate(test);
    }

    /// <summary>Σ1/s²(m - m̄)² of the groups with the best weights.</summary>
    public double GroupsNoncentrality(double[] effects) => new GroupsTest(_weighted, effects, 1, _groups).Noncentrality(_tau2);

    public ImmutableArray<string> Warnings(int count, int tested = 1)
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        if (_model == PowerModel.EqualEffects && _tau2 > 0) warnings.Add("True effects differ, but the analysis takes them as equal: its standard errors are too small, and part of this power is false alarm.");
        if (_model == PowerModel.Estimated && _inference == Inference.Normal && count < 20) warnings.Add("z with an estimated τ² rejects too often with few studies, so that part of this power is false alarm: plan with Hartung-Knapp.");
        if (!IsExact(tested)) warnings.Add(UnevenWarning);
        return warnings.ToImmutable();
    }

    private double Rate(ConditionalTest test) => (_model, _inference) switch
    {
        (PowerModel.Estimated, _) => Estimate.Average(test, _inference == Inference.HartungKnapp),
        (_, Inference.HartungKnapp) => Estimate.AtAnyScale(test, x => x),
        (_, Inference.HartungKnappAdHoc) => Estimate.AtAnyScale(test, x => Math.Max(1, x)),
        _ => test.RejectAtAnyQ(0),
    };
}
