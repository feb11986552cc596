using EmpathyNotebooks.MetaAnalysis.Tests.Golden;

namespace EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias;

public sealed class CopasTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("raudenbush1985")]
    [InlineData("molloy2014")]
    [InlineData("bcg")]
    [InlineData("hackshaw1998")]
    [InlineData("normand1999")]
    [InlineData("mcdaniel1994")]
    public void Probe(string dataset)
    {
        var r = PValueReference.Results("metasens", "metasens-copas.json", dataset, "copas", ("tau2_method_start", "REML"));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var copas = CopasSelection.Fit(Reference.Load(dataset));
        output.WriteLine($"{dataset}: {copas} {clock.ElapsedMilliseconds} ms; ref {r.GetProperty("estimate")} {r.GetProperty("se")} slope {copas.Contour.Slope} ref {r.GetProperty("slope")} left {copas.Side} {r.GetProperty("left")}");
        output.WriteLine($"   selected {copas.Selected?.Estimate} {copas.Selected?.StandardError} p {copas.Selected?.ResidualBiasPValue} ref p {r.GetProperty("p_rsb")} N {copas.Selected?.Unpublished}");
        double[] A(string n) => [.. r.GetProperty(n).EnumerateArray().Select(e => e.GetDouble())];
        double[] g0 = [10, .. A("path_gamma0")], g1 = [0, .. A("path_gamma1")], e = A("path_estimate"), se = A("path_se"), rho = A("path_rho"), l1 = A("path_negloglik_without_bias"), l2 = A("path_negloglik_with_bias"), p = A("path_p_rsb");
        for (var i = 0; i < e.Length; i++)
        {
            var at = copas.At(g0[i], g1[i]);
            output.WriteLine(FormattableString.Invariant($"   {g0[i]:F3} {g1[i]:F4}: est {at.Estimate:F6} {e[i]:F6} | se {at.StandardError:F6} {se[i]:F6} | rho {at.Correlation:F4} {rho[i]:F4} | gain {at.LogLikelihood + l1[i]:E2} {at.LogLikelihoodWithBias + l2[i]:E2} | p {at.ResidualBiasPValue:F5} {p[i]:F5}"));
        }
        foreach (var at in copas.Path) output.WriteLine(FormattableString.Invariant($"      own {at.Gamma0:F3} {at.Gamma1:F4} pub {at.PublicationProbability:F4}: {at.Estimate:F6} {at.StandardError:F6} p {at.ResidualBiasPValue:F4}"));
    }
}
