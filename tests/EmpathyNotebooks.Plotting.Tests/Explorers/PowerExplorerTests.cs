using EmpathyNotebooks.MetaAnalysis;
using Jint;

namespace EmpathyNotebooks.Plotting.Tests.Explorers;

/// <summary>What the power explorer computes in the browser, against the library.</summary>
public sealed class PowerExplorerTests
{
    public static TheoryData<int, int, double, double> Values =>
    [
        .. from k in (int[])[2, 7, 60] from n in (int[])[10, 400] from r in (double[])[0.02, 0.2, 0.6] from tau in (double[])[0, 0.15, 0.5] select (k, n, r, tau),
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public void The_browser_computes_what_the_library_computes(int k, int n, double r, double tau)
    {
        var plan = PowerExplorer.Create(new() { Studies = k, SampleSize = n, Correlation = r, Tau = tau }).Model.Plan;
        var argument = new { k, v = 1.0 / (n - 3), tau2 = tau * tau, effect = Math.Atanh(r) };

        double Script(string function) => ExplorerScript.Call("power." + function, argument).AsNumber();
        Assert.Equal(plan.Power().Power, Script("mean"), 1e-8);
        Assert.Equal((plan with { Model = PowerModel.Known, Inference = Inference.Normal }).Power().Power, Script("known"), 1e-10);
        Assert.Equal(new HeterogeneityPlan(plan.Studies, plan.TauSquared).Power().Power, Script("heterogeneity"), 1e-10);
        var single = RandomEffects.Fit(StudyEffects.Create([0.1, 0.2], [1.0 / (n - 3), 1.0 / (n - 3)], EffectMeasure.FisherZ)).StudyPower(new() { TrueEffect = Math.Atanh(r) });
        Assert.Equal(single.MedianPower, Script("single"), 1e-10);
        if ((k, n, tau) is not (7, 400, 0.15)) return;
        var needed = ExplorerScript.Call("state => power.needed(state, 0.8, 200)", argument);
        Assert.Equal(plan.StudiesNeeded(0.8, 200).Count, needed.IsNull() ? null : (int)needed.AsNumber());
    }

    [Fact]
    public void The_finding_says_what_it_starts_with()
    {
        var explorer = PowerExplorer.Create();
        Assert.Contains("10 studies of 40 people", explorer.Finding, StringComparison.Ordinal);
        Assert.Contains(StatisticText.Number(explorer.Model.Plan.Power().Power, 2, leadingZero: false), explorer.Finding, StringComparison.Ordinal);
        Assert.Contains($"{explorer.Model.Plan.StudiesNeeded().Count} are needed", explorer.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void A_slider_cannot_start_beyond_its_end()
    {
        Assert.Contains("from 2 to 60", Assert.Throws<ArgumentOutOfRangeException>(() => new PowerExplorerOptions { Studies = 61 }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PowerExplorerOptions { SampleSize = 9 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PowerExplorerOptions { Correlation = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PowerExplorerOptions { Tau = double.NaN });
    }
}
