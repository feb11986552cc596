using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Room for what a run of subsets gives; an estimate that is not a number stands for a subset that does not determine it.</summary>
internal sealed class SubsetValues(int length)
{
    public double[] Estimates { get; } = new double[length];

    public double[] TauSquared { get; } = new double[length];

    public double[] ISquared { get; } = new double[length];

    public double[] Q { get; } = new double[length];

    /// <summary>Says of a subset that it does not determine the estimate.</summary>
    public void SetUndetermined(int place) => (Estimates[place], TauSquared[place], ISquared[place], Q[place]) = (double.NaN, double.NaN, double.NaN, double.NaN);
}

/// <summary>What is fitted to subsets, and of what they are made.</summary>
internal abstract class SubsetModel
{
    /// <summary>How many studies or clusters can be in a subset or not.</summary>
    public abstract int Units { get; }

    public abstract ImmutableArray<string> Labels { get; }

    /// <summary>The coefficient followed.</summary>
    public virtual string Coefficient => "Intercept";

    /// <summary>How many random subsets if not said.</summary>
    public virtual int UsualSubsets => 1_000_000;

    /// <summary>Of how many units all subsets are fitted if not said; null where it follows from the number of subsets.</summary>
    public virtual int? UsualExhaustive => null;

    /// <summary>Something that fits subsets, with room of its own: one a thread.</summary>
    public abstract SubsetWorker NewWorker();
}

/// <summary>Fits subsets.</summary>
internal abstract class SubsetWorker
{
    /// <summary>The subsets whose members are the bits of the numbers from <paramref name="first"/> on, the empty one not among them.</summary>
    public virtual void Numbered(long first, int count, SubsetValues values) => NumberedAlone(first, count, 0, values);

    /// <summary>The same one by one, at a place of the values.</summary>
    protected void NumberedAlone(long first, int count, int place, SubsetValues values)
    {
        Span<bool> members = stackalloc bool[64];
        for (var s = 0; s < count; s++)
        {
            for (var i = 0; i < members.Length; i++) members[i] = (first + s >> i & 1) == 1;
            Fit(members, place + s, values);
        }
    }

    /// <summary>One subset.</summary>
    public abstract void Fit(ReadOnlySpan<bool> members, int place, SubsetValues values);
}

/// <summary>A mean of independent effects by any estimator.</summary>
internal sealed class PooledSubsets(PooledFit fit) : SubsetModel
{
    public override int Units => fit.Count;

    public override ImmutableArray<string> Labels => fit.Effects.Labels;

    public override SubsetWorker NewWorker() => new Worker(fit);

    private sealed class Worker(PooledFit fit) : SubsetWorker
    {
        private readonly double[] _y = new double[fit.Count];
        private readonly double[] _v = new double[fit.Count];

        public override void Fit(ReadOnlySpan<bool> members, int place, SubsetValues values)
        {
            var n = 0;
            for (var i = 0; i < fit.Count; i++)
            {
                if (!members[i]) continue;
                (_y[n], _v[n]) = (fit.Effects.Effects[i], fit.Effects.Variances[i]);
                n++;
            }
            var sums = new InterceptSums(_y.AsSpan(0, n), _v.AsSpan(0, n));
            sums.MoveTo(0);
            var q = sums.Q;
            double tau2 = 0, i2 = 0;
            if (n > 1 && fit.Estimator is null) i2 = q > n - 1 ? (q - (n - 1)) / q : 0;
            if (n > 1 && fit.Estimator is { } estimator)
            {
                var typical = (n - 1) / sums.TraceP;
                tau2 = TauSquaredEstimate.Of(estimator, ref sums).Value;
                i2 = tau2 / (tau2 + typical);
                sums.MoveTo(tau2);
            }
            (values.Estimates[place], values.TauSquared[place], values.ISquared[place], values.Q[place]) = (sums.Sums.Mean, tau2, i2, q);
        }
    }
}

/// <summary>A coefficient of a regression of independent effects.</summary>
internal sealed class RegressionSubsets : SubsetModel
{
    private readonly MetaRegressionFit _fit;
    private readonly int _place;

    public RegressionSubsets(MetaRegressionFit fit, string? coefficient)
    {
        if (fit.Model.Weights is not null) throw new ImpossibleChoiceException("Subsets are fitted with the model's own weights", ChoiceFault.NeedsOwnWeights);
        _fit = fit;
        _place = coefficient is null ? Math.Min(fit.HasIntercept ? 1 : 0, fit.CoefficientCount - 1) : PlaceOf(fit, coefficient);
    }

    public static int PlaceOf(IModelFit fit, string coefficient)
    {
        var place = fit.Coefficients.Select(c => c.Name).ToList().IndexOf(coefficient);
        return place >= 0 ? place : throw new StudyDataException("is not a coefficient: " + NearestName.Hint(coefficient, fit.Coefficients.Select(c => c.Name)), coefficient, kind: StudyDataFault.NoSuchName)
        {
            Choices = [.. fit.Coefficients.Select(c => c.Name)],
        };
    }

    public override int Units => _fit.Count;

    public override ImmutableArray<string> Labels => _fit.Effects.Labels;

    public override string Coefficient => _fit.Coefficients[_place].Name;

    public override int UsualSubsets => 20_000;

    public override SubsetWorker NewWorker() => new Worker(_fit, _place);

    private sealed class Worker(MetaRegressionFit fit, int coefficient) : SubsetWorker
    {
        private readonly DesignMatrix _design = fit.Design.Matrix;
        private readonly double[] _y = new double[fit.Count];
        private readonly double[] _v = new double[fit.Count];
        private readonly double[] _scratch = new double[DesignSums.ScratchLength(fit.Count, fit.CoefficientCount)];

        public override void Fit(ReadOnlySpan<bool> members, int place, SubsetValues values)
        {
            var rows = new List<int>();
            for (var i = 0; i < fit.Count; i++)
            {
                if (!members[i]) continue;
                (_y[rows.Count], _v[rows.Count]) = (fit.Effects.Effects[i], fit.Effects.Variances[i]);
                rows.Add(i);
            }
            var (n, p) = (rows.Count, _design.Parameters);
            if (n < p + (fit.Estimator is null ? 0 : 1) || _design.TryForRows(rows) is not { } design)
            {
                values.SetUndetermined(place);
                return;
            }
            var core = RegressionCore.Fit(fit.Model, _y.AsSpan(0, n), _v.AsSpan(0, n), design.Orthonormal, p, _scratch);
            var sums = new DesignSums(_y.AsSpan(0, n), _v.AsSpan(0, n), design.Orthonormal, p, _scratch);
            sums.MoveTo(0);
            double[] beta = [.. core.Gamma];
            design.ToCoefficients(beta);
            var typical = n > p ? (n - p) / sums.TraceP : 1;
            var i2 = fit.Estimator is null ? n > p && sums.Q > 0 ? Math.Max(0, (sums.Q - (n - p)) / sums.Q) : 0 : core.TauSquared / (core.TauSquared + typical);
            (values.Estimates[place], values.TauSquared[place], values.ISquared[place], values.Q[place]) = (beta[coefficient], core.TauSquared, i2, sums.Q);
        }
    }
}

/// <summary>A coefficient of a model whose effects share samples, fitted to subsets of its clusters.</summary>
internal sealed class ClusterSubsets : SubsetModel
{
    private readonly DependentFit _fit;
    private readonly EffectClusters _clusters;
    private readonly int _place;

    public ClusterSubsets(DependentFit fit, string? coefficient)
    {
        _fit = fit;
        _clusters = ((IModelFit)fit).Clusters!;
        _place = coefficient is null ? Math.Min(fit.Moderators is not null && fit.HasIntercept ? 1 : 0, fit.Coefficients.Length - 1) : RegressionSubsets.PlaceOf(fit, coefficient);
    }

    public override int Units => _clusters.Count;

    public override ImmutableArray<string> Labels => _clusters.Names;

    public override string Coefficient => _fit.Coefficients[_place].Name;

    public override int UsualSubsets => 1_000;

    public override SubsetWorker NewWorker() => new Worker(_fit, _clusters, _place);

    private sealed class Worker(DependentFit fit, EffectClusters clusters, int coefficient) : SubsetWorker
    {
        public override void Fit(ReadOnlySpan<bool> members, int place, SubsetValues values)
        {
            var rows = new List<int>();
            for (var i = 0; i < fit.Count; i++)
            {
                if (members[clusters.Groups[i]]) rows.Add(i);
            }
            try
            {
                var refit = ((IModelFit)fit).Refit(rows);
                (values.Estimates[place], values.TauSquared[place], values.ISquared[place], values.Q[place]) =
                    (refit.Coefficients[coefficient].Estimate, refit.TauSquared ?? 0, refit.ISquared ?? 0, refit.Q?.Statistic ?? 0);
            }
            catch (Exception fault) when (fault is InsufficientStudiesException or StudyDataException or ConvergenceException or UndeterminedException)
            {
                // Counted, and said as the number of subsets that do not determine the coefficient.
                values.SetUndetermined(place);
            }
        }
    }
}
