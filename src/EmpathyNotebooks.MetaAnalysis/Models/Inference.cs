namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How standard error, test and interval of the pooled effect are found.</summary>
public enum Inference
{
    /// <summary>
    /// Knapp &amp; Hartung (2003), Statistics in Medicine 22, 2693-2710: the variance is scaled by how much the effects scatter around the pooled one, and
    /// t with k - 1 degrees of freedom is used. The default of random-effects models: it keeps its error rate with few studies
    /// (IntHout, Ioannidis &amp; Borm 2014). metafor: test="knha".
    /// </summary>
    HartungKnapp,

    /// <summary>The normal distribution, as in most older meta-analyses: too narrow with few studies. metafor: test="z".</summary>
    Normal,

    /// <summary>t with k - 1 degrees of freedom and the usual standard error. metafor: test="t".</summary>
    StudentT,
}
