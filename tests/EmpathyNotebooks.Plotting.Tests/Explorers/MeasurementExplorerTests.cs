using EmpathyNotebooks.MetaAnalysis;
using Jint;

namespace EmpathyNotebooks.Plotting.Tests.Explorers;

/// <summary>What the measurement explorer computes in the browser, against the library.</summary>
public sealed class MeasurementExplorerTests
{
    public static TheoryData<double, double, double, double> Values =>
    [
        .. from rho in (double[])[0, 0.2, 0.6] from rxx in (double[])[0.4, 0.83, 1] from ryy in (double[])[0.55, 1] from share in (double[])[0, 0.1, 0.5] select (rho, rxx, ryy, share),
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public void The_browser_computes_what_the_library_computes(double rho, double rxx, double ryy, double share)
    {
        var argument = new { rho, rxx, ryy, share };
        Assert.Equal(MeasurementArtifacts.WithSharedMethod(MeasurementArtifacts.Attenuated(rho, rxx, ryy), share), ExplorerScript.Call("measurement.seen", argument).AsNumber(), 1e-14);

        var behind = ExplorerScript.Call("state => measurement.behind(0.28, state)", argument);
        Assert.Equal(MeasurementArtifacts.Disattenuated(MeasurementArtifacts.WithoutSharedMethod(0.28, share), rxx, ryy), behind.AsNumber(), 1e-14);
    }

    [Fact]
    public void Says_where_no_correlation_gives_what_was_observed() =>
        Assert.True(ExplorerScript.Call("state => measurement.behind(0.6, state)", new { rho = 0.2, rxx = 0.4, ryy = 0.4, share = 0.0 }).IsNull());

    [Fact]
    public void The_finding_says_what_it_starts_with()
    {
        var explorer = MeasurementExplorer.Create();
        Assert.Equal("Measurement to try out. Where the two things correlate .20, ratings with reliabilities of .80 and .80 that share 10% of their variance by method correlate .24.", explorer.Finding);
        Assert.Equal(0.1 + 0.9 * 0.16, explorer.Model.Seen, 1e-14);
    }

    [Fact]
    public void A_slider_cannot_start_beyond_its_end()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MeasurementExplorerOptions { Correlation = 0.61 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MeasurementExplorerOptions { PredictorReliability = 0.3 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MeasurementExplorerOptions { OutcomeReliability = 1.1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MeasurementExplorerOptions { SharedMethod = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MeasurementExplorerOptions { Observed = 0 });
    }
}
