namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// In which direction results count as significant: the direction in which studies are thought to be selected for publication, or the side of a test. It concerns the scale that is pooled: for ratios,
/// greater means a log ratio above 0.
/// </summary>
public enum Alternative
{
    /// <summary>Effects above 0, one-sided: the default of methods that model selection, as in the references.</summary>
    Greater,

    /// <summary>Effects below 0, one-sided.</summary>
    Less,

    /// <summary>Effects on either side, two-sided.</summary>
    TwoSided,
}
