using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Where the replicates of a bootstrap come from.</summary>
internal abstract class ReplicateSource
{
    /// <summary>What is drawn.</summary>
    public abstract string Drawn { get; }

    /// <summary>Something that draws one replicate and has it fitted, with room of its own: one a thread.</summary>
    public abstract Action<Philox, ReplicateWorker, double[], double[]> NewDrawer();
}

/// <summary>Studies or clusters drawn with replacement, as many as there are.</summary>
internal sealed class DrawnUnits(string drawn, EffectGroups groups) : ReplicateSource
{
    public override string Drawn => drawn;

    public override Action<Philox, ReplicateWorker, double[], double[]> NewDrawer()
    {
        var units = groups.Rows;
        var most = units.Length * units.Max(u => u.Length);
        var (rows, draws) = (new int[most], new int[most]);
        return (random, worker, values, errors) =>
        {
            var n = 0;
            for (var draw = 0; draw < units.Length; draw++)
            {
                foreach (var row in units[random.NextBelow(units.Length)]) (rows[n], draws[n++]) = (row, draw);
            }
            worker.Rows(rows.AsSpan(0, n), draws.AsSpan(0, n), values, errors);
        };
    }
}

/// <summary>Effects drawn from N(Xβ, M), block by block.</summary>
internal sealed class DrawnFromModel : ReplicateSource
{
    private readonly double[] _fitted;
    private readonly (int[] Rows, double[] Factor)[] _blocks;

    public DrawnFromModel(IModelFit fit)
    {
        _fitted = [.. fit.FittedValues];
        int[][] blocks = fit is DependentFit dependent
            ? dependent.Crossing([.. ((IModelFit)dependent).Clusters!.Groups]) is null ? EffectGroups.Of(fit, EffectClusters.OfFit).Rows : [[.. Enumerable.Range(0, fit.Count)]]
            : [.. Enumerable.Range(0, fit.Count).Select(i => new[] { i })];
        var trueVariances = fit.TrueEffectVariances;
        _blocks = [.. blocks.Select(rows =>
        {
            var factor = fit is DependentFit mixed ? mixed.Model.CovarianceOf(rows, mixed.Elements) : [fit.Effects.Variances[rows[0]] + trueVariances[rows[0]]];
            return BlockMatrix.TryCholesky(factor, rows.Length) ? (rows, factor) : throw new ConvergenceException("The parametric bootstrap", "the covariance of a cluster has lost its digits", 0, NonConvergence.Precision);
        })];
    }

    public override string Drawn => "effects from the fitted model";

    public override Action<Philox, ReplicateWorker, double[], double[]> NewDrawer()
    {
        var (y, z) = (new double[_fitted.Length], new double[_blocks.Max(b => b.Rows.Length)]);
        return (random, worker, values, errors) =>
        {
            foreach (var (rows, factor) in _blocks)
            {
                var m = rows.Length;
                for (var i = 0; i < m; i++)
                {
                    z[i] = Normal.Sample(random, 0, 1);
                    y[rows[i]] = _fitted[rows[i]] + BlockMatrix.Dot(factor.AsSpan(i * m, i + 1), z.AsSpan(0, i + 1));
                }
            }
            worker.Effects(y, values, errors);
        };
    }
}

/// <summary>Fitted values and standardised residuals of other studies, each with the scale of its own study.</summary>
internal sealed class DrawnResiduals : ReplicateSource
{
    private readonly double[] _fitted, _scale, _residuals;

    public DrawnResiduals(IModelFit fit, IReadOnlyList<EffectResidual> residuals)
    {
        _fitted = [.. fit.FittedValues];
        _scale = [.. fit.TrueEffectVariances.Select((t, i) => Math.Sqrt(fit.Effects.Variances[i] + t))];
        // What alone determines a coefficient has no residual to give.
        double[] standardised = [.. residuals.Where(r => r.Standardized is not null).Select(r => r.Standardized!.Value)];
        if (standardised.Length < 2) throw new UndeterminedException("The bootstrap of residuals", "fewer than two effects have a standardised residual", "a parametric bootstrap draws from the fitted model");
        var mean = standardised.Average();
        _residuals = [.. standardised.Select(r => r - mean)];
    }

    public override string Drawn => "standardised residuals";

    public override Action<Philox, ReplicateWorker, double[], double[]> NewDrawer()
    {
        var y = new double[_fitted.Length];
        return (random, worker, values, errors) =>
        {
            for (var i = 0; i < y.Length; i++) y[i] = _fitted[i] + _scale[i] * _residuals[random.NextBelow(_residuals.Length)];
            worker.Effects(y, values, errors);
        };
    }
}
