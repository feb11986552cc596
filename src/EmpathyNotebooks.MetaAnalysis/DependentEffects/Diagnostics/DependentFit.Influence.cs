using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <content>What clusters and single effects do to a fit.</content>
public abstract partial class DependentFit
{
    /// <summary>
    /// What each cluster, or each effect, does to the fit (Viechtbauer &amp; Cheung 2010, Research Synthesis Methods 1, 112-125; metafor's <c>cooks.distance</c>, <c>dfbetas</c> and <c>rstudent</c>
    /// with <c>cluster=</c>): Cook's distance, DFBETAS, the covariance ratio, and the deleted residuals of its effects with their X².
    /// </summary>
    /// <param name="cluster">The column of clusters; the outermost level if not said. <see cref="MultilevelModel.EachEffect"/> leaves out one effect at a time.</param>
    /// <param name="reestimate">True, the default, estimates the variances anew without each cluster; false keeps them, which takes no fits and is exact for these variances.</param>
    /// <exception cref="StudyDataException">There is no such column, or a row has no cluster.</exception>
    /// <exception cref="InvalidOperationException">The coefficients have weights of your own (<see cref="DependentOptions.Weights"/>).</exception>
    public ImmutableArray<ClusterInfluence> Influence(string? cluster = null, bool reestimate = true)
    {
        NeedOwnWeights("Influence");
        var (groups, names) = ClustersOf(cluster);
        if (cluster == MultilevelModel.EachEffect) names = [.. Effects.Labels];
        var rows = RowsOf(groups, names.Length);
        double[] factor = [.. _covariance];
        if (!SmallMatrix.TryCholesky(factor, CoefficientCount))
        {
            throw new ConvergenceException("Cook's distance", "the covariance of the coefficients has lost its digits", 0, NonConvergence.Precision);
        }
        var found = new Deletion[names.Length];
        if (reestimate && Theta.Length > 0) Parallel.For(0, names.Length, c => found[c] = Refit(rows[c], groups, c));
        else for (var c = 0; c < names.Length; c++) found[c] = Update(rows[c]);
        return [.. found.Select((deletion, c) => Row(names[c], rows[c], deletion, factor))];
    }

    /// <summary>γ and its covariance without some rows, for the orthonormal columns of the full fit, with the variances; or why there are none.</summary>
    private readonly record struct Deletion(double[] Gamma, double[] Covariance, double[] Theta, string? Absence)
    {
        public static Deletion None(string absence) => new([], [], [], absence);
    }

    private const string Undetermined = "Without it the coefficients are not determined.";

    /// <summary>
    /// Leaving rows out is giving each a mean of its own, δ = P⁻¹Py there (Cook &amp; Weisberg 1982, section 2.2): γ₋ = γ - Gδ and S₋ = S + GP⁻¹G' with G = SX'M⁻¹ of these rows.
    /// </summary>
    private Deletion Update(int[] rows)
    {
        var (m, p) = (rows.Length, CoefficientCount);
        if (Count - m < p) return Deletion.None(Undetermined);
        var factor = Geometry.PrecisionOf(rows);
        double[] sizes = [.. rows.Select(i => Geometry.Inverse(i, i))];
        if (!DependentGeometry.TryFactor(factor, sizes)) return Deletion.None(Undetermined);
        // Beside Py, one column for each coefficient: the rows of G'.
        var right = new double[m * (p + 1)];
        var weighted = WeightedResiduals();
        for (var a = 0; a < m; a++)
        {
            right[a * (p + 1)] = weighted[rows[a]];
            for (var j = 0; j < p; j++) right[a * (p + 1) + 1 + j] = BlockMatrix.Dot(_covariance.AsSpan(j * p, p), Geometry.SolvedRow(rows[a]));
        }
        BlockMatrix.SolveLower(factor, right, m, p + 1);
        double[] gamma = [.. _gamma], covariance = [.. _covariance];
        for (var a = 0; a < m; a++)
        {
            var row = right.AsSpan(a * (p + 1), p + 1);
            for (var i = 0; i < p; i++)
            {
                gamma[i] -= row[1 + i] * row[0];
                BlockMatrix.AddScaled(covariance.AsSpan(i * p, p), row[1..], row[1 + i]);
            }
        }
        return new Deletion(gamma, covariance, Theta, null);
    }

    private double[]? _weightedResiduals;

    private double[] WeightedResiduals()
    {
        lock (_searching)
        {
            if (_weightedResiduals is not null) return _weightedResiduals;
            _search.ValueAt(Theta);
            return _weightedResiduals = _search.Likelihood.WeightedResiduals();
        }
    }

    private Deletion Refit(int[] rows, int[] groups, int cluster)
    {
        int[] others = [.. Enumerable.Range(0, Count).Where(i => groups[i] != cluster)];
        if (Model.Select(others) is not { } model) return Deletion.None(Undetermined);
        if (model.Terms.FirstOrDefault(t => t.LevelCount < 2) is { } alone)
        {
            return Deletion.None($"Without it the level \"{alone.Name}\" has one group, whose variance cannot be estimated.");
        }
        if (Alike(model.Terms) is { } alike)
        {
            return Deletion.None($"Without it the levels \"{alike.Item1}\" and \"{alike.Item2}\" have the same groups, whose variances cannot be told apart.");
        }
        try
        {
            var search = new VarianceSearch(model);
            var theta = search.Maximize();
            search.ValueAt(theta);
            double[] gamma = search.Likelihood.Gamma, covariance = search.Likelihood.Covariance;
            model.Design.ToCoefficients(gamma);
            model.Design.ToCovariance(covariance);
            return new Deletion(_data.Matrix.FromCoefficients(gamma), _data.Matrix.FromCovariance(covariance), theta, null);
        }
        catch (ConvergenceException fault)
        {
            return Deletion.None($"Without it: {fault.Message}");
        }
    }

    /// <summary>Two levels with the same groups, as when the last cluster with several effects is gone; null where there are none.</summary>
    private static (string, string)? Alike(IReadOnlyList<RandomTerm> terms)
    {
        for (var t = 0; t < terms.Count; t++)
        {
            for (var s = 0; s < t; s++)
            {
                if (terms[s].Dimension == 1 && terms[t].Dimension == 1 && terms[s].Groups.AsSpan().SequenceEqual(terms[t].Groups)) return (terms[s].Name, terms[t].Name);
            }
        }
        return null;
    }

    private ClusterInfluence Row(string name, int[] rows, in Deletion deletion, double[] factor)
    {
        var p = CoefficientCount;
        if (deletion.Absence is not null) return new ClusterInfluence(name, rows.Length, null, []) { Absence = deletion.Absence, Origin = Effects.Origin };
        var (gamma, covariance) = (deletion.Gamma, deletion.Covariance);
        // What all effects would give at the variances found without these.
        var spread = ReferenceEquals(deletion.Theta, Theta) ? [.. _covariance] : CovarianceWith(deletion.Theta);
        double[] lost = [.. covariance];
        if (spread is null || !SmallMatrix.TryCholesky(lost, p))
        {
            return new ClusterInfluence(name, rows.Length, null, []) { Absence = "Without it the variances lie where the model of all effects loses its digits.", Origin = Effects.Origin };
        }
        double[] change = [.. _gamma.Zip(gamma, (with, without) => with - without)], moved = [.. change], beta = [.. gamma];
        SmallMatrix.SolveLower(factor, moved);
        _data.Matrix.ToCoefficients(change);
        _data.Matrix.ToCoefficients(beta);
        _data.Matrix.ToCovariance(spread);

        var m = rows.Length;
        var marginal = Model.CovarianceOf(rows, Model.ElementsAt(deletion.Theta));
        var (d, sizes) = (new double[m], new double[m]);
        for (var a = 0; a < m; a++)
        {
            d[a] = Effects.Effects[rows[a]] - BlockMatrix.Dot(Geometry.Row(rows[a]), gamma);
            for (var b = 0; b < m; b++)
            {
                for (var j = 0; j < p; j++) marginal[a * m + b] += Geometry.Row(rows[a])[j] * BlockMatrix.Dot(covariance.AsSpan(j * p, p), Geometry.Row(rows[b]));
            }
            sizes[a] = marginal[a * m + a];
        }
        ImmutableArray<DeletedResidual> residuals = [.. rows.Select((i, a) => new DeletedResidual(i, Effects.Labels[i], d[a], Math.Sqrt(sizes[a]), d[a] / Math.Sqrt(sizes[a])))];
        return new ClusterInfluence(name, m, BlockMatrix.Dot(moved, moved), [.. beta])
        {
            Origin = Effects.Origin,
            DfBetas = [.. change.Select((c, j) => c / Math.Sqrt(spread[j * p + j]))],
            CovarianceRatio = Math.Exp(SmallMatrix.LogDeterminant(lost, p) - SmallMatrix.LogDeterminant(factor, p)),
            Residuals = residuals,
            ChiSquared = ChiSquared(marginal, sizes, d),
        };
    }
}
