using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The random effect of one group: how far its true mean lies from what the model expects.</summary>
/// <param name="Group">The group; of nested levels the values of all levels down to it.</param>
/// <param name="Inner">The inner value, for example the outcome; null for a plain level.</param>
/// <param name="EffectCount">How many effects the group has (of that inner value).</param>
/// <param name="Estimate">The best linear unbiased prediction û, drawn towards 0 the less is known of the group.</param>
/// <param name="StandardError">The standard error of û - u, the variances taken as known.</param>
/// <param name="Interval">The interval of u by the normal distribution.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
/// foreach (GroupEffect sample in MultilevelModel.Fit(effects, ["sample"]).GroupEffects("sample"))
///     Console.WriteLine($"{sample.Group} ({sample.EffectCount} effects): {sample.Estimate:F3} {sample.Interval}");
/// </code></example>
public readonly record struct GroupEffect(string Group, string? Inner, int EffectCount, double Estimate, double StandardError, ConfidenceInterval Interval) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    /// <inheritdoc/>
    public override string ToString() => $"{Group}{(Inner is null ? "" : ", " + Inner)}: {StatisticText.Significant(Estimate)} {Interval}";
}

/// <summary>The prediction of the true effect behind one observed effect.</summary>
/// <param name="Label">The effect's label.</param>
/// <param name="Estimate">x'β plus all its random effects.</param>
/// <param name="StandardError">Its standard error, the variances taken as known.</param>
/// <param name="Interval">Its interval by the normal distribution.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
/// foreach (TrueEffect effect in MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], samplingCorrelation: 0.6).TrueEffects())
///     Console.WriteLine($"{effect.Label}: {effect.Estimate:F2} {effect.Interval}");
/// </code></example>
public readonly record struct TrueEffect(string Label, double Estimate, double StandardError, ConfidenceInterval Interval);

/// <content>Predictions of random effects.</content>
public abstract partial class DependentFit
{
    /// <summary>
    /// The random effects of a level's groups, in order of first appearance: û = GZ'Py with covariance G - GZ'PZG (Robinson 1991, Statistical Science 6, 15-32; metafor's <c>ranef</c>).
    /// They shrink towards 0, so do not rank studies by them as if they were data.
    /// </summary>
    /// <param name="level">The level's name.</param>
    /// <exception cref="StudyDataException">There is no such level; the message suggests the nearest.</exception>
    /// <exception cref="InvalidOperationException">The coefficients have weights of your own (<see cref="DependentOptions.Weights"/>).</exception>
    public ImmutableArray<GroupEffect> GroupEffects(string level)
    {
        NeedOwnWeights("Predictions of random effects");
        var t = Model.Terms.ToList().FindIndex(term => term.Name == level);
        if (t < 0) throw new StudyDataException("is not a level of this model: " + NearestName.Hint(level, Model.Terms.Select(term => term.Name)), level, kind: StudyDataFault.NoSuchName) { Choices = [.. Model.Terms.Select(term => term.Name)] };
        var term = Model.Terms[t];
        var d = term.Dimension;
        var g = CovarianceOf(t);
        var (py, pzz) = Solved(likelihood => likelihood.CellSums(t));
        var counts = new int[term.GroupNames.Length * d];
        for (var i = 0; i < Count; i++) counts[term.Groups[i] * d + term.Inner[i]]++;
        var effects = ImmutableArray.CreateBuilder<GroupEffect>();
        for (var group = 0; group < term.GroupNames.Length; group++)
        {
            for (var a = 0; a < d; a++)
            {
                double estimate = 0, variance = g[a * d + a];
                for (var b = 0; b < d; b++)
                {
                    estimate += g[a * d + b] * py[group * d + b];
                    for (var c = 0; c < d; c++) variance -= g[a * d + b] * pzz[group * d * d + b * d + c] * g[c * d + a];
                }
                var se = Math.Sqrt(Math.Max(0, variance));
                var (name, inner) = term.Relation is not null ? (term.InnerNames[a], null) : (term.GroupNames[group], d == 1 ? null : term.InnerNames[a]);
                effects.Add(new GroupEffect(name, inner, counts[group * d + a], estimate, se,
                    Distributions.Interval(estimate, se, null, ConfidenceLevel)) { Origin = Effects.Origin });
            }
        }
        return effects.ToImmutable();
    }

    /// <summary>
    /// The prediction of each true effect, x'β plus its random effects, from y - VPy with covariance V - VPV: the observed effects drawn together as far as sampling error explains
    /// their differences (metafor's <c>blup</c>).
    /// </summary>
    /// <exception cref="InvalidOperationException">The coefficients have weights of your own (<see cref="DependentOptions.Weights"/>).</exception>
    public ImmutableArray<TrueEffect> TrueEffects()
    {
        NeedOwnWeights("Predictions of true effects");
        var (estimates, variances) = Solved(likelihood => likelihood.Shrunken());
        return [.. estimates.Select((e, i) =>
        {
            var se = Math.Sqrt(Math.Max(0, variances[i]));
            return new TrueEffect(Effects.Labels[i], e, se, Distributions.Interval(e, se, null, ConfidenceLevel));
        })];
    }

    /// <summary>G of a random term, d x d.</summary>
    internal double[] CovarianceOf(int term)
    {
        var first = Model.Terms.Take(term).Sum(t => t.ParameterCount);
        return Model.Terms[term].Covariance(Theta.AsSpan(first, Model.Terms[term].ParameterCount));
    }

    /// <summary>Cluster numbers and names; by default the groups of the outermost level.</summary>
    internal (int[] Groups, string[] Names) ClustersOf(string? cluster)
    {
        if (cluster is not null) return LevelReader.Code(LevelReader.Keys(Effects, cluster));
        return Model.Terms.Count > 0 ? (Model.Terms[0].Groups, Model.Terms[0].GroupNames) : LevelReader.Code(LevelReader.Keys(Effects, OutermostCluster));
    }

    /// <summary>The column of the outermost level, or without levels that of the sampling covariance, which such a model has.</summary>
    internal string OutermostCluster => Model.Terms.Count > 0 ? Model.Terms[0].Name : SamplingCovariance!.Cluster;

    private BlockLikelihood? _blocks;

    /// <summary>What the matrices of the blocks say at the estimates. They have room for one who asks at a time.</summary>
    private T Solved<T>(Func<BlockLikelihood, T> read)
    {
        lock (_searching)
        {
            if (_blocks is null)
            {
                _blocks = new BlockLikelihood(Model);
                if (!_blocks.TryMoveTo(Elements))
                {
                    _blocks = null;
                    throw new ConvergenceException("The model", "the effects or variances are too large or too small for double precision", Iterations, NonConvergence.Precision);
                }
            }
            return read(_blocks);
        }
    }

    /// <summary>The covariance of the coefficients with other variances; null where the model loses its digits there.</summary>
    private double[]? CovarianceWith(double[] theta)
    {
        lock (_searching) return double.IsFinite(_search.ValueAt(theta)) ? _search.Likelihood.Covariance : null;
    }
}
