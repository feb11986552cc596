using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>One fit as the robust methods see it: γ for the orthonormal columns, M⁻¹(y - Xβ) in row order, and (X'M⁻¹X)⁻¹.</summary>
internal readonly record struct WorkingFit(double[] Gamma, double[] WeightedResiduals, double[] Bread);

/// <summary>A fitted model of any kind as the source of robust inference: its working covariance M, and how it is fitted to other effects.</summary>
internal abstract class RobustSource(StudyEffects effects, DesignMatrix design, ImmutableArray<DesignColumn> columns, bool hasIntercept, double level)
{
    public StudyEffects Effects { get; } = effects;

    public DesignMatrix Design { get; } = design;

    public ImmutableArray<DesignColumn> Columns { get; } = columns;

    public bool HasIntercept { get; } = hasIntercept;

    public double Level { get; } = level;

    /// <summary>How values of the moderators make a row of the design; null without moderators.</summary>
    public ModeratorDesign? Moderators { get; init; }

    /// <summary>The variance of a true effect around its expected mean at some values; null where the model has none, or the values do not say whose.</summary>
    public Func<ModeratorValues?, double?> TrueEffectVariance { get; init; } = _ => null;

    /// <summary>The variance of the mean of a new study's true effects; null where the model has none.</summary>
    public Func<ModeratorValues?, double?> StudyMeanVariance { get; init; } = _ => null;

    /// <summary>M for some rows, in row order.</summary>
    public abstract double[] CovarianceOf(int[] rows);

    /// <summary>What ties effects of different clusters together, or null when clusters are independent.</summary>
    public abstract string? Crossing(int[] clusters);

    /// <summary>Fits the model to other effects, with variances estimated anew or as they are. Each has room of its own, for one thread.</summary>
    public abstract Func<double[], WorkingFit> NewFitter(bool reestimate);

    /// <summary>The fitted values under another design, with variances estimated for it.</summary>
    public abstract double[] FittedUnder(DesignMatrix design);

    protected static double[] Fitted(DesignMatrix design, double[] gamma)
    {
        var k = design.Count;
        var fitted = new double[k];
        for (var j = 0; j < design.Parameters; j++) BlockMatrix.AddScaled(fitted, design.Orthonormal.AsSpan(j * k, k), gamma[j]);
        return fitted;
    }
}

/// <summary>A multilevel or multivariate model.</summary>
internal sealed class MixedSource(DependentFit fit)
    : RobustSource(fit.Effects, fit.Data.Matrix, fit.Data.Columns, fit.HasIntercept, fit.ConfidenceLevel)
{
    public override double[] CovarianceOf(int[] rows) => fit.Model.CovarianceOf(rows, fit.Elements);

    public override string? Crossing(int[] clusters)
    {
        foreach (var term in fit.Model.Terms)
        {
            var first = new int[term.GroupNames.Length];
            Array.Fill(first, -1);
            for (var i = 0; i < clusters.Length; i++)
            {
                ref var cluster = ref first[term.Groups[i]];
                if (cluster < 0) cluster = clusters[i];
                else if (cluster != clusters[i]) return $"the level \"{term.Name}\"";
            }
        }
        return fit.Model.Errors.Clusters.Any(c => c.Rows.Any(r => clusters[r] != clusters[c.Rows[0]])) ? "the sampling covariance" : null;
    }

    public override Func<double[], WorkingFit> NewFitter(bool reestimate)
    {
        var search = new VarianceSearch(fit.Model);
        return effects =>
        {
            search.ReplaceEffects(effects);
            search.ValueAt(reestimate ? search.Climb(fit.Theta, fixedParameter: -1) : fit.Theta);
            return new WorkingFit(search.Likelihood.Gamma, search.Likelihood.WeightedResiduals(), search.Likelihood.Covariance);
        };
    }

    public override double[] FittedUnder(DesignMatrix design)
    {
        var search = new VarianceSearch(fit.Model with { Design = design });
        search.ValueAt(search.Maximize());
        return Fitted(design, search.Likelihood.Gamma);
    }
}

/// <summary>A model for independent effects, M = diag(v + tau²).</summary>
internal sealed class IndependentSource(StudyEffects effects, DesignMatrix design, ImmutableArray<DesignColumn> columns, bool hasIntercept, PooledModel model,
    double tau2) : RobustSource(effects, design, columns, hasIntercept, model.Level)
{
    public override double[] CovarianceOf(int[] rows)
    {
        var m = rows.Length;
        var matrix = new double[m * m];
        for (var i = 0; i < m; i++) matrix[i * m + i] = Effects.Variances[rows[i]] + tau2;
        return matrix;
    }

    public override string? Crossing(int[] clusters) => null;

    public override Func<double[], WorkingFit> NewFitter(bool reestimate) => effects => Fit(effects, reestimate);

    private WorkingFit Fit(double[] effects, bool reestimate)
    {
        var (k, p) = (Design.Count, Design.Parameters);
        var used = reestimate ? Core(effects, Design).TauSquared : tau2;
        var sums = new DesignSums(effects, Effects.Variances.AsSpan(), Design.Orthonormal, p, new double[DesignSums.ScratchLength(k, p)]);
        sums.MoveTo(used);
        var weighted = new double[k];
        for (var i = 0; i < k; i++) weighted[i] = sums.Weights[i] * sums.Residuals[i];
        var bread = new double[p * p];
        sums.CopyCovariance(bread);
        return new WorkingFit(sums.Coefficients.ToArray(), weighted, bread);
    }

    public override double[] FittedUnder(DesignMatrix design) => Fitted(design, Core([.. Effects.Effects], design).Gamma);

    private RegressionCore Core(double[] effects, DesignMatrix design) => RegressionCore.Fit(model, effects, Effects.Variances.AsSpan(), design.Orthonormal,
        design.Parameters, new double[DesignSums.ScratchLength(design.Count, design.Parameters)]);
}
