namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What a method of a simulation is about.</summary>
public enum SimulationTarget
{
    /// <summary>The mean true effect.</summary>
    Mean,

    /// <summary>The variance of true effects.</summary>
    TauSquared,

    /// <summary>The true effect of a new study.</summary>
    NewStudy,

    /// <summary>The mean true effect, by a method that corrects for publication bias.</summary>
    CorrectedMean,
}

/// <summary>How the interval of tau² is found; see <see cref="HeterogeneityMeasures"/>.</summary>
public enum TauSquaredIntervalMethod
{
    /// <summary>By the Q-profile.</summary>
    QProfile,

    /// <summary>By the profile likelihood, of ML or REML.</summary>
    ProfileLikelihood,

    /// <summary>The estimate and its standard error.</summary>
    Wald,
}

/// <summary>A method that corrects a mean for publication bias and is fast.</summary>
public enum MeanCorrection
{
    /// <summary>PET-PEESE, whose PET is tested for an effect above 0.</summary>
    PetPeese,

    /// <summary>Trim and fill (L0) on the left, in the random-effects model (REML, Hartung-Knapp).</summary>
    TrimAndFill,

    /// <summary>Unrestricted weighted least squares.</summary>
    Uwls,

    /// <summary>The weighted average of the adequately powered; UWLS where there are fewer than two of them.</summary>
    Waap,
}

/// <summary>One method that a simulation puts to the test.</summary>
/// <example><code>
/// SimulationMethod[] methods =
/// [
///     SimulationMethod.Mean(TauSquaredEstimator.RestrictedMaximumLikelihood, Inference.HartungKnapp),
///     SimulationMethod.TauSquared(TauSquaredEstimator.MaximumLikelihood, TauSquaredIntervalMethod.ProfileLikelihood),
///     SimulationMethod.NewStudy(TauSquaredEstimator.DerSimonianLaird, PredictionIntervalMethod.HigginsThompsonSpiegelhalter),
///     SimulationMethod.Robust(WorkingModel.Correlated, SmallSampleCorrection.CR2),
///     SimulationMethod.Corrected(MeanCorrection.PetPeese),
/// ];
/// foreach (var method in methods) Console.WriteLine($"{method.Target}, k from {method.Required}: {method}"); // Mean, k from 2: REML HK
/// Console.WriteLine(methods[0].Target == SimulationTarget.Mean);
/// </code></example>
public sealed record SimulationMethod
{
    private SimulationMethod(SimulationTarget target, TauSquaredEstimator? estimator, string interval, int required = 2) =>
        (Target, Estimator, Interval, Required) = (target, estimator, interval, required);

    /// <summary>What it is about.</summary>
    public SimulationTarget Target { get; }

    /// <summary>The estimator of tau², where the method needs one.</summary>
    public TauSquaredEstimator? Estimator { get; }

    /// <summary>The interval, as design files name it: <c>HK</c>, <c>QP</c>, <c>PET-PEESE</c>.</summary>
    public string Interval { get; }

    /// <summary>How many studies it needs.</summary>
    public int Required { get; }

    /// <summary>The working model of <see cref="Robust"/>; null of other methods.</summary>
    public WorkingModel? Model { get; private init; }

    internal SmallSampleCorrection? SmallSample { get; private init; }

    internal Inference? Inference { get; private init; }

    internal TauSquaredIntervalMethod? TauSquaredInterval { get; private init; }

    internal PredictionIntervalMethod? Prediction { get; private init; }

    internal MeanCorrection? Correction { get; private init; }

    /// <summary>The mean of a random-effects model with its interval.</summary>
    /// <param name="estimator">The estimator of tau²; not <see cref="TauSquaredEstimator.GeneralizedQ"/>.</param>
    /// <param name="inference">The interval.</param>
    /// <exception cref="ImpossibleChoiceException">They do not go together.</exception>
    public static SimulationMethod Mean(TauSquaredEstimator estimator, Inference inference)
    {
        Inferences.Check(inference, Own(estimator), hasWeights: false);
        return new(SimulationTarget.Mean, estimator, inference switch { MetaAnalysis.Inference.HartungKnapp => "HK", MetaAnalysis.Inference.HartungKnappAdHoc => "HK-adhoc", MetaAnalysis.Inference.KenwardRoger => "KR", MetaAnalysis.Inference.StudentT => "t", _ => "z" })
        {
            Inference = inference,
        };
    }

    /// <summary>An estimate of tau² with its interval.</summary>
    /// <param name="estimator">The estimator, whose bias is found beside the coverage of the interval.</param>
    /// <param name="interval">The interval; that of the Q-profile is the same for all estimators.</param>
    /// <exception cref="ImpossibleChoiceException">They do not go together.</exception>
    public static SimulationMethod TauSquared(TauSquaredEstimator estimator, TauSquaredIntervalMethod interval)
    {
        var code = interval switch
        {
            TauSquaredIntervalMethod.QProfile => "QP",
            TauSquaredIntervalMethod.ProfileLikelihood => "PL",
            TauSquaredIntervalMethod.Wald => "Wald",
            _ => throw new ArgumentOutOfRangeException(nameof(interval), interval, "There is no such interval of tau squared."),
        };
        if (interval == TauSquaredIntervalMethod.ProfileLikelihood && estimator is not (TauSquaredEstimator.MaximumLikelihood or TauSquaredEstimator.RestrictedMaximumLikelihood))
        {
            throw new ImpossibleChoiceException($"A profile likelihood interval needs a fit by maximum or restricted maximum likelihood, not by {TauSquaredEstimators.Code(estimator)}", ChoiceFault.NeedsLikelihood);
        }
        return new(SimulationTarget.TauSquared, Own(estimator), code) { TauSquaredInterval = interval };
    }

    /// <summary>The prediction interval of a new study's true effect.</summary>
    /// <param name="estimator">The estimator of tau².</param>
    /// <param name="interval">How it is found; Nagashima's bootstrap takes too long to be simulated here.</param>
    /// <exception cref="ImpossibleChoiceException">The estimator has weights of its own, or the interval is a bootstrap.</exception>
    public static SimulationMethod NewStudy(TauSquaredEstimator estimator, PredictionIntervalMethod interval) => interval switch
    {
        PredictionIntervalMethod.HartungKnapp => new(SimulationTarget.NewStudy, Own(estimator), "HK") { Prediction = interval },
        PredictionIntervalMethod.HigginsThompsonSpiegelhalter => new(SimulationTarget.NewStudy, Own(estimator), "HTS", 3) { Prediction = interval },
        PredictionIntervalMethod.Nagashima => throw new ImpossibleChoiceException("A bootstrap in each replicate takes too long to be simulated", ChoiceFault.UndefinedInference),
        _ => throw new ArgumentOutOfRangeException(nameof(interval), interval, "There is no such prediction interval."),
    };

    /// <summary>
    /// The mean by robust variance estimation with studies as clusters (<see cref="RobustVarianceModel"/>): with <see cref="SmallSampleCorrection.CR2"/> the t-test with Satterthwaite's degrees of freedom. The working
    /// model takes errors to correlate .8, its default, whatever they correlate in the simulation.
    /// </summary>
    /// <param name="model">The working model; the hierarchical one needs studies with several effects.</param>
    /// <param name="correction">The small-sample correction.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such model or correction.</exception>
    public static SimulationMethod Robust(WorkingModel model, SmallSampleCorrection correction)
    {
        if (!Enum.IsDefined(model)) throw new ArgumentOutOfRangeException(nameof(model), model, "There is no such working model.");
        if (!Enum.IsDefined(correction)) throw new ArgumentOutOfRangeException(nameof(correction), correction, "There is no such small-sample correction.");
        return new(SimulationTarget.Mean, null, correction.ToString()) { Model = model, SmallSample = correction };
    }

    /// <summary>A mean that is corrected for publication bias.</summary>
    /// <param name="correction">The correction.</param>
    public static SimulationMethod Corrected(MeanCorrection correction)
    {
        var (code, required) = correction switch
        {
            MeanCorrection.PetPeese => ("PET-PEESE", 3),
            MeanCorrection.TrimAndFill => ("TrimFill", 3),
            MeanCorrection.Uwls => ("UWLS", 2),
            MeanCorrection.Waap => ("WAAP", 2),
            _ => throw new ArgumentOutOfRangeException(nameof(correction), correction, "There is no such correction."),
        };
        return new(SimulationTarget.CorrectedMean, null, code, required) { Correction = correction };
    }

    /// <summary>The name, for example <c>REML HK</c> or <c>CORR CR2</c>.</summary>
    public override string ToString() => Estimator is { } estimator ? $"{TauSquaredEstimators.Code(estimator)} {Interval}" : Model is { } model ? $"{(model == WorkingModel.Correlated ? "CORR" : "HIER")} {Interval}" : Interval;

    private static TauSquaredEstimator Own(TauSquaredEstimator estimator) => Enum.IsDefined(estimator) && estimator != TauSquaredEstimator.GeneralizedQ ? estimator
        : throw new ImpossibleChoiceException("A simulation pools by the model's own weights, so that the generalised Q of given weights has no place in it", ChoiceFault.NeedsOwnWeights);
}
