namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What to choose in a location-scale model.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.02, 0.58, 0.14, 0.40, 0.85, -0.35, 0.62, 0.05, -0.10],
///     [0.010, 0.022, 0.015, 0.012, 0.020, 0.011, 0.016, 0.013, 0.018, 0.014], columns: [StudyColumn.OfTexts("rater",
///     ["client", "client", "client", "client", "client", "observer", "observer", "observer", "observer", "observer"])]);
/// var options = new LocationScaleOptions { IsRestricted = false, ConfidenceLevel = 0.90 };
/// Console.WriteLine(LocationScale.Fit(effects, location: null, scale: Moderator.Category("rater"), options).ScaleLikelihoodRatio);
/// </code></example>
public sealed record LocationScaleOptions
{
    /// <summary>True for restricted maximum likelihood, the default; false for maximum likelihood.</summary>
    public bool IsRestricted { get; init; } = true;

    /// <summary>Standard errors, tests and intervals; Hartung-Knapp by default for the location, which means t for the scale. Not Kenward-Roger.</summary>
    public Inference Inference { get; init; } = Inference.HartungKnapp;

    /// <summary>The level of all intervals as a fraction in (0, 1); 0.95 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not in (0, 1).</exception>
    public double ConfidenceLevel
    {
        get;
        init => field = Level.Check(value, nameof(ConfidenceLevel));
    } = 0.95;
}

/// <summary>
/// The location-scale model y = x'β + u + e with u ~ N(0, tau²ᵢ) and ln tau²ᵢ = z'α: moderators may explain not only the mean of true effects but how
/// much they differ (Viechtbauer &amp; López-López 2022, Research Synthesis Methods 13, 697-715; metafor's rma(scale = )). When not to use it: with few
/// studies, or where tau² may be 0 for some of them; its logarithm then has no estimate.
/// </summary>
public static class LocationScale
{
    /// <summary>Fits the model. Studies whose moderators are not all known are left out and listed on the result.</summary>
    /// <param name="effects">Independent effects with the columns the moderators name.</param>
    /// <param name="location">What the mean of true effects depends on; null for one mean.</param>
    /// <param name="scale">What the variance of true effects depends on; null for one variance.</param>
    /// <param name="options">Likelihood, inference and level; the defaults if not said.</param>
    /// <exception cref="StudyDataException">A column does not exist or has one value only, a category is not there, or a term depends on the others.</exception>
    /// <exception cref="InsufficientStudiesException">There are not more studies than coefficients of location and of scale.</exception>
    /// <exception cref="ArgumentException">Kenward-Roger inference.</exception>
    /// <exception cref="NonConvergenceException">The likelihood has no maximum: tau² falls to 0 for some studies.</exception>
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
        if (options.Inference == Inference.KenwardRoger) throw new ArgumentException("Kenward-Roger inference is not defined for a location-scale model.");
        var (rows, omitted) = ModeratorDesign.Known(effects, location, scale);
        var used = omitted.IsEmpty ? effects : effects.Select(rows);
        if (used.Count < 3) throw new InsufficientStudiesException("A location-scale model", 3, used.Count);
        var x = location is null ? null : ModeratorDesign.Create(used, location);
        var z = scale is null ? null : ModeratorDesign.Create(used, scale);
        var designs = (X: x?.Matrix ?? DesignMatrix.Constant(used.Count), Z: z?.Matrix ?? DesignMatrix.Constant(used.Count));
        var required = Math.Max(designs.X.Parameters, designs.Z.Parameters) + 1;
        if (used.Count < required) throw new InsufficientStudiesException("This location-scale model", required, used.Count);
        var search = new ScaleSearch(used, designs.X, designs.Z, options.IsRestricted);
        search.Maximize();
        return new LocationScaleFit(used, omitted, location, scale, x, z, designs.X, designs.Z, options, search);
    }
}
