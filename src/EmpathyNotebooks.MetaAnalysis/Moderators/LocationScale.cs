using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What to choose in a location-scale model.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.02, 0.58, 0.14, 0.40, 0.85, -0.35, 0.62, 0.05, -0.10],
///     [0.010, 0.022, 0.015, 0.012, 0.020, 0.011, 0.016, 0.013, 0.018, 0.014], columns: [StudyColumn.OfTexts("rater",
///     ["client", "client", "client", "client", "client", "observer", "observer", "observer", "observer", "observer"])]);
/// var options = new LocationScaleOptions { Method = LikelihoodMethod.Full, ConfidenceLevel = 0.90 };
/// Console.WriteLine(LocationScale.Fit(effects, location: null, scale: Moderator.Category("rater"), options).ScaleLikelihoodRatio);
/// </code></example>
public sealed record LocationScaleOptions : ModelOptions
{
    /// <summary>The defaults. Inference is that of Knapp and Hartung for the mean, which means t for the scale; Kenward and Roger's is not defined.</summary>
    public LocationScaleOptions()
        : base(Inference.HartungKnapp)
    {
    }

    /// <summary>Restricted maximum likelihood by default.</summary>
    public LikelihoodMethod Method { get; init; } = LikelihoodMethod.Restricted;

    /// <summary>What the mean of true effects depends on, where that is not given beside the options; null for one mean.</summary>
    public Moderator? Moderators { get; init; }

    /// <summary>What the variance of true effects depends on, where that is not given beside the options; null for one variance.</summary>
    public Moderator? ScaleModerators { get; init; }

    /// <inheritdoc/>
    public override LocationScaleFit FitTo(StudyEffects effects) => LocationScale.Fit(effects, this);

    internal override ModelOptions WithModerators(Moderator moderators) => this with { Moderators = moderators };

    private protected override Inference Checked(Inference inference) => inference != Inference.KenwardRoger ? inference
        : throw new ImpossibleChoiceException("Kenward-Roger inference is not defined for a location-scale model", ChoiceFault.UndefinedInference, nameof(inference))
        {
            Inferences = [Inference.Normal, Inference.StudentT, Inference.HartungKnapp, Inference.HartungKnappAdHoc],
        };
}

/// <summary>
/// The location-scale model y = x'β + u + e with u ~ N(0, tau²ᵢ) and ln tau²ᵢ = z'α: moderators may explain not only the mean of true effects but how
/// much they differ (Viechtbauer &amp; López-López 2022, Research Synthesis Methods 13, 697-715; metafor's rma(scale = )). When not to use it: with few
/// studies, or where tau² may be 0 for some of them; its logarithm then has no estimate.
/// </summary>
/// <remarks>$$y_i = x_i^\top\beta + u_i + e_i, \qquad u_i \sim N(0, \tau_i^2), \quad \ln\tau_i^2 = z_i^\top\alpha$$</remarks>
public static class LocationScale
{
    /// <summary>Fits the model. Studies whose moderators are not all known are left out and listed on the result.</summary>
    /// <param name="effects">Independent effects with the columns the moderators name.</param>
    /// <param name="location">What the mean of true effects depends on; null for one mean.</param>
    /// <param name="scale">What the variance of true effects depends on; null for one variance.</param>
    /// <param name="options">Likelihood, inference and level; the defaults if not said.</param>
    /// <exception cref="StudyDataException">A column does not exist or has one value only, a category is not there, or a term depends on the others.</exception>
    /// <exception cref="InsufficientStudiesException">There are not more studies than coefficients of location and of scale.</exception>
    /// <exception cref="ConvergenceException">The likelihood has no maximum: tau² falls to 0 for some studies.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.02, 0.58, 0.14, 0.40, 0.85, -0.35, 0.62, 0.05, -0.10],
    ///     [0.010, 0.022, 0.015, 0.012, 0.020, 0.011, 0.016, 0.013, 0.018, 0.014], columns: [StudyColumn.OfTexts("rater",
    ///     ["client", "client", "client", "client", "client", "observer", "observer", "observer", "observer", "observer"])]);
    /// var fit = LocationScale.Fit(effects, location: null, scale: Moderator.Category("rater"));
    /// Console.WriteLine(fit.ScaleTest);
    /// </code></example>
    public static LocationScaleFit Fit(StudyEffects effects, Moderator? location, Moderator? scale, LocationScaleOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(effects);
        options ??= new LocationScaleOptions();
        return Fit(effects, options with
        {
            Moderators = Once.Of(options.Moderators, location, "moderators"),
            ScaleModerators = Once.Of(options.ScaleModerators, scale, "scale moderators"),
        });
    }

    /// <summary>Fits the model with the moderators that the options name.</summary>
    /// <inheritdoc cref="Fit(StudyEffects, Moderator?, Moderator?, LocationScaleOptions?)"/>
    /// <param name="effects">Independent effects with the columns the moderators name.</param>
    /// <param name="options">Moderators of mean and variance, likelihood, inference and level.</param>
    public static LocationScaleFit Fit(StudyEffects effects, LocationScaleOptions options)
    {
        ArgumentNullException.ThrowIfNull(effects);
        ArgumentNullException.ThrowIfNull(options);
        var (location, scale) = (options.Moderators, options.ScaleModerators);
        var (rows, omitted) = ModeratorDesign.Known(effects, location, scale);
        var used = omitted.IsEmpty ? effects : effects.Select(rows);
        if (used.Count < 3) throw new InsufficientStudiesException("A location-scale model", 3, used.Count);
        return Fit(used, omitted, options, location is null ? null : ModeratorDesign.Create(used, location), scale is null ? null : ModeratorDesign.Create(used, scale));
    }

    /// <summary>Fits designs of the effects used.</summary>
    internal static LocationScaleFit Fit(StudyEffects used, ImmutableArray<OmittedStudy> omitted, LocationScaleOptions options, ModeratorDesign? x, ModeratorDesign? z)
    {
        var designs = (X: x?.Matrix ?? DesignMatrix.Constant(used.Count), Z: z?.Matrix ?? DesignMatrix.Constant(used.Count));
        var required = Math.Max(designs.X.Parameters, designs.Z.Parameters) + 1;
        if (used.Count < required) throw new InsufficientStudiesException("This location-scale model", required, used.Count);
        var search = new ScaleSearch(used, designs.X, designs.Z, options.Method == LikelihoodMethod.Restricted);
        search.Maximize();
        return new LocationScaleFit(used, omitted, x, z, designs.X, designs.Z, options, search);
    }
}
