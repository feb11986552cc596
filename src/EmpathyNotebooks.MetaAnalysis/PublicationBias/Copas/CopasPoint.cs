namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A Copas model at one strength of selection: Pr(a study of standard error s is published) = Φ(γ0 + γ1/s).</summary>
/// <param name="Gamma0">γ0, which says how much is published of large standard errors.</param>
/// <param name="Gamma1">γ1, which says how that rises with precision; 0 or more.</param>
/// <param name="Estimate">The mean μ, on the scale that is pooled.</param>
/// <param name="StandardError">Its standard error from the observed information, in which a correlation or τ² on its bound is taken as given; null where the information has no inverse.</param>
/// <param name="Correlation">ρ between publication and effect.</param>
/// <param name="TauSquared">τ² by maximum likelihood.</param>
/// <param name="LogLikelihood">The log-likelihood without constants.</param>
/// <param name="LogLikelihoodWithBias">The same with one more parameter, by which effects may rise with the standard error.</param>
/// <param name="ResidualBiasPValue">p of the likelihood ratio of the two, χ² with one degree of freedom: small where selection of this strength leaves small-study effects unexplained.</param>
/// <param name="PublicationProbability">The probability that the study with the largest standard error is published.</param>
/// <param name="Unpublished">How many studies are missing, Σ(1 - p)/p.</param>
public sealed record CopasPoint(double Gamma0, double Gamma1, double Estimate, double? StandardError, double Correlation, double TauSquared, double LogLikelihood, double LogLikelihoodWithBias,
    double ResidualBiasPValue, double PublicationProbability, double Unpublished);
