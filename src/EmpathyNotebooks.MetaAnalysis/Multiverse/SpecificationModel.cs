namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A way to pool effects, with what of a specification's settings it goes by.</summary>
internal abstract class SpecificationModel
{
    /// <summary>The correlation where none is a choice.</summary>
    public const double UsualCorrelation = 0.6;

    /// <summary>The column of samples; null for independent effects.</summary>
    public virtual string? Cluster => null;

    public virtual bool UsesCorrelation => false;

    public virtual bool UsesEstimator => true;

    /// <summary>True where fits are those of <see cref="EqualEffects"/> and <see cref="RandomEffects"/>.</summary>
    public virtual bool IsPooled => false;

    /// <summary>The inference that makes a difference to the fit itself; fits that share it and the estimator are one.</summary>
    public virtual Inference? FitInference(Inference? chosen) => chosen;

    /// <summary>True where the fit itself goes by the correction of cluster-robust inference.</summary>
    public virtual bool FitsByCorrection => false;

    /// <summary>The effects that are pooled: averages, where the model averages.</summary>
    public virtual StudyEffects Prepare(StudyEffects effects, double? correlation) => effects;

    /// <summary>The fit that adjustments go by.</summary>
    public abstract IModelFit Fit(StudyEffects effects, SpecificationSettings settings);

    /// <summary>The mean with the inference that was chosen.</summary>
    public virtual SpecificationEstimate Estimate(IModelFit fit, SpecificationSettings settings) => SpecificationEstimate.Of(fit);

    protected static SpecificationEstimate Robust(RobustFit robust, IModelFit fit) => SpecificationEstimate.Of(robust.Coefficients[0], fit.TauSquared, fit.Count);
}

/// <summary>Independent effects, or one average a sample.</summary>
internal sealed class PooledSpecification(string? cluster, AverageWeights? averages) : SpecificationModel
{
    public override string? Cluster => cluster;

    public override bool UsesCorrelation => averages is not null;

    public override bool IsPooled => true;

    public override StudyEffects Prepare(StudyEffects effects, double? correlation) =>
        averages is { } weights ? effects.AverageWithin(cluster!, correlation ?? UsualCorrelation, weights) : effects;

    public override IModelFit Fit(StudyEffects effects, SpecificationSettings settings) => settings.TakesEffectsAsEqual
        ? EqualEffects.Fit(effects, new() { Inference = settings.Inference ?? Inference.Normal, ConfidenceLevel = settings.ConfidenceLevel })
        : RandomEffects.Fit(effects, new() { TauSquared = settings.Estimator ?? TauSquaredEstimator.RestrictedMaximumLikelihood, Inference = settings.Inference ?? Inference.HartungKnapp, ConfidenceLevel = settings.ConfidenceLevel });

    public override SpecificationEstimate Estimate(IModelFit fit, SpecificationSettings settings)
    {
        if (settings.Robust is not { } correction) return SpecificationEstimate.Of(fit);
        if (averages is not null) throw new ImpossibleChoiceException("Cluster-robust inference is defined for effects, not for averages of which each sample has one", ChoiceFault.UndefinedInference);
        return cluster is null ? throw new ImpossibleChoiceException("Cluster-robust inference needs the column of samples: Specify.Independent(\"sample\")", ChoiceFault.UndefinedInference)
            : Robust(((PooledFit)fit).Robust(cluster, correction), fit);
    }
}

/// <summary>Correlated and hierarchical effects: samples, effects within them, and correlated sampling errors.</summary>
internal sealed class MultilevelSpecification(string cluster) : SpecificationModel
{
    public override string Cluster => cluster;

    public override bool UsesCorrelation => true;

    // Robust inference needs the fit alone, and shares that of z.
    public override Inference? FitInference(Inference? chosen) => chosen ?? Inference.Normal;

    public override IModelFit Fit(StudyEffects effects, SpecificationSettings settings)
    {
        if (settings.TakesEffectsAsEqual || settings.Estimator is not (null or TauSquaredEstimator.RestrictedMaximumLikelihood or TauSquaredEstimator.MaximumLikelihood))
        {
            throw new ImpossibleChoiceException("Multilevel models are fitted by REML or ML", ChoiceFault.NeedsLikelihood);
        }
        var isEachAlone = effects.RowsBy(cluster).Count == effects.Count;
        return MultilevelModel.Fit(effects, new MultilevelOptions
        {
            Levels = isEachAlone ? [cluster] : [cluster, MultilevelModel.EachEffect],
            Method = settings.Estimator == TauSquaredEstimator.MaximumLikelihood ? LikelihoodMethod.Full : LikelihoodMethod.Restricted,
            Inference = FitInference(settings.Inference)!.Value,
            SamplingCorrelation = settings.Correlation ?? UsualCorrelation,
            ConfidenceLevel = settings.ConfidenceLevel,
        });
    }

    public override SpecificationEstimate Estimate(IModelFit fit, SpecificationSettings settings) =>
        settings.Inference is null ? Robust(((MultilevelFit)fit).Robust(settings.Robust ?? SmallSampleCorrection.CR2), fit) : SpecificationEstimate.Of(fit);
}

/// <summary>Robust variance estimation, which has an estimator and a test of its own.</summary>
internal sealed class RobustVarianceSpecification(string cluster, WorkingModel kind) : SpecificationModel
{
    public override string Cluster => cluster;

    public override bool UsesCorrelation => kind == WorkingModel.Correlated;

    public override bool UsesEstimator => false;

    public override bool FitsByCorrection => true;

    public override IModelFit Fit(StudyEffects effects, SpecificationSettings settings) => RobustVarianceModel.Fit(effects, new RobustVarianceOptions
    {
        Cluster = cluster,
        WorkingModel = kind,
        SamplingCorrelation = settings.Correlation ?? UsualCorrelation,
        Inference = settings.Inference ?? Inference.StudentT,
        Correction = settings.Robust ?? SmallSampleCorrection.CR2,
        ConfidenceLevel = settings.ConfidenceLevel,
    });
}

/// <summary>A model of the caller's own.</summary>
internal sealed class OwnSpecification(Func<SpecificationSettings, StudyEffects, IModelFit> fit, string? cluster) : SpecificationModel
{
    public override string? Cluster => cluster;

    public override bool UsesCorrelation => true;

    public override bool FitsByCorrection => true;

    public override IModelFit Fit(StudyEffects effects, SpecificationSettings settings) => fit(settings, effects) ?? throw new InvalidOperationException("The function of a model gave no fit.");

    public override SpecificationEstimate Estimate(IModelFit fit, SpecificationSettings settings) => settings.Robust is { } correction && fit is DependentFit dependent
        ? Robust(dependent.Robust(correction), fit) : SpecificationEstimate.Of(fit);
}
