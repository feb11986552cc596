namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// A fit of any model in the one form that diagnostics need, and its refits without each study. The columns keep the basis of the full design, so
/// that coefficients with and without a study can be compared.
/// </summary>
internal sealed class Deletions
{
    private readonly double[] _yi;
    private readonly double[] _vi;
    private readonly double[] _columns;
    private readonly double[] _scratch;

    private Deletions(StudyEffects effects, DesignMatrix design, PooledModel model, RegressionCore full)
    {
        Effects = effects;
        Design = design;
        Model = model;
        Full = full;
        var k = Math.Max(0, effects.Count - 1);
        _yi = new double[k];
        _vi = new double[k];
        _columns = new double[k * design.Parameters];
        _scratch = new double[DesignSums.ScratchLength(effects.Count, design.Parameters)];
    }

    public static Deletions Of(PooledFit fit)
    {
        var design = DesignMatrix.Constant(fit.Count);
        return new Deletions(fit.Effects, design, fit.Model, Fit(fit.Effects, design, fit.Model));
    }

    public static Deletions Of(MetaRegressionFit fit) => new(fit.Effects, fit.Design.Matrix, fit.Model, fit.Core);

    public StudyEffects Effects { get; }

    public DesignMatrix Design { get; }

    public PooledModel Model { get; }

    public RegressionCore Full { get; }

    /// <summary>The row of orthonormal coordinates of a study.</summary>
    public double[] Row(int study)
    {
        var row = new double[Design.Parameters];
        for (var j = 0; j < row.Length; j++) row[j] = Design.Orthonormal[j * Design.Count + study];
        return row;
    }

    /// <summary>The refit without one study with Cochran's Q of the rest, or null where the coefficients are then not determined.</summary>
    /// <exception cref="InsufficientStudiesException">There would be too few studies left for the model.</exception>
    public (RegressionCore Core, double Q)? Without(int study)
    {
        int k = Design.Count, p = Design.Parameters;
        var required = p + (Model.Estimator is null && Model.Inference == Inference.Normal ? 0 : 1);
        if (k - 1 < required) throw new InsufficientStudiesException("Leaving one study out of this model", required + 1, k);
        double leverage = 0;
        foreach (var q in Row(study)) leverage += q * q;
        // A study that alone determines a coefficient, such as the only one of its category.
        if (leverage > 1 - 1e-9) return null;

        Copy(Effects.Effects.AsSpan(), study, _yi);
        Copy(Effects.Variances.AsSpan(), study, _vi);
        for (var j = 0; j < p; j++) Copy(Design.Orthonormal.AsSpan(j * k, k), study, _columns.AsSpan(j * (k - 1), k - 1));
        var model = Model.Without(study);
        if (!StudyWeights.Determine(model.Weights, _columns, p)) return null;
        var core = RegressionCore.Fit(model, _yi, _vi, _columns, p, _scratch);
        var sums = new DesignSums(_yi, _vi, _columns, p, _scratch);
        sums.MoveTo(0);
        return (core, sums.Q);
    }

    private static RegressionCore Fit(StudyEffects effects, DesignMatrix design, PooledModel model) => RegressionCore.Fit(model,
        effects.Effects.AsSpan(), effects.Variances.AsSpan(), design.Orthonormal, design.Parameters,
        new double[DesignSums.ScratchLength(design.Count, design.Parameters)]);

    private static void Copy(ReadOnlySpan<double> from, int without, Span<double> to)
    {
        from[..without].CopyTo(to);
        from[(without + 1)..].CopyTo(to[without..]);
    }
}
