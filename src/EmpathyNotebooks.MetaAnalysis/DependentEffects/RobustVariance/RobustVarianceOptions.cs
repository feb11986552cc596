namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What the weights of robust variance estimation take the dependence within clusters to be.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38, 0.29], [0.010, 0.022, 0.015, 0.012, 0.020, 0.020],
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "C", "D"])]);
/// foreach (WorkingModel model in Enum.GetValues&lt;WorkingModel&gt;()) Console.WriteLine(RobustVarianceModel.Fit(effects, "sample", model));
/// </code></example>
public enum WorkingModel
{
    /// <summary>Several effects of the same people: sampling errors of a cluster correlate ρ, and its true effect is one. w = 1/(k_c(v̄_c + τ²)), the same for all effects of a cluster. robumeta: CORR.</summary>
    /// <remarks>$$w_{ic} = \frac{1}{k_c(\bar v_c + \hat\tau^2)}$$</remarks>
    Correlated,

    /// <summary>Several samples of one laboratory or report: sampling errors are independent, and true effects differ between clusters (τ²) and within them (ω²). w = 1/(v + τ² + ω²). robumeta: HIER.</summary>
    /// <remarks>$$w_i = \frac{1}{v_i + \hat\tau^2 + \hat\omega^2}$$</remarks>
    Hierarchical,
}

/// <summary>What to choose in robust variance estimation.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38, 0.29], [0.010, 0.022, 0.015, 0.012, 0.020, 0.020],
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "C", "D"])]);
/// var options = new RobustVarianceOptions { SamplingCorrelation = 0.5, ConfidenceLevel = 0.9 };
/// Console.WriteLine(RobustVarianceModel.Fit(effects, "sample", options: options));
/// </code></example>
public sealed record RobustVarianceOptions : ModelOptions
{
    /// <summary>The defaults. Inference is by t with Satterthwaite's degrees of freedom, or k - p without small-sample correction; there is no other.</summary>
    public RobustVarianceOptions()
        : base(Inference.StudentT)
    {
    }

    /// <summary>The column that says which effects belong together, where it is not given beside the options.</summary>
    public string? Cluster { get; init; }

    /// <summary>What the weights take the dependence to be; correlated effects by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such working model.</exception>
    public WorkingModel WorkingModel
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(WorkingModel), value, "There is no such working model.");
    }

    /// <summary>What the effects may depend on, where that is not given beside the options; null for one mean.</summary>
    public Moderator? Moderators { get; init; }

    /// <summary>The assumed correlation ρ of sampling errors within a cluster, in [0, 1]; 0.8 by default, as in robumeta. Only τ² of <see cref="WorkingModel.Correlated"/> depends on it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The correlation lies outside [0, 1].</exception>
    public double SamplingCorrelation
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(SamplingCorrelation), value, "The correlation must lie in [0, 1].");
    } = 0.8;

    /// <summary>The small-sample correction of standard errors and tests; <see cref="SmallSampleCorrection.CR2"/> by default (robumeta: small = TRUE). <see cref="SmallSampleCorrection.CR1p"/> is
    /// small = FALSE.</summary>
    public SmallSampleCorrection Correction { get; init; } = SmallSampleCorrection.CR2;

    /// <inheritdoc/>
    public override RobustVarianceFit FitTo(StudyEffects effects) => RobustVarianceModel.Fit(effects, this);

    internal override ModelOptions WithModerators(Moderator moderators) => this with { Moderators = moderators };

    private protected override Inference Checked(Inference inference) => inference == Inference.StudentT ? inference
        : throw new ImpossibleChoiceException($"{Inferences.Name(inference)} inference is not defined for robust variance estimation", ChoiceFault.UndefinedInference, nameof(inference))
        {
            Inferences = [Inference.StudentT],
        };
}
