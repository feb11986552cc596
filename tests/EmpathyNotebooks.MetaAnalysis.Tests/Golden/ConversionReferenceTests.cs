using System.Text.Json;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>conversions.json: from the statistics that R's tests report, back to the effect sizes that escalc() has from the raw data.</summary>
public sealed class ConversionReferenceTests
{
    public static TheoryData<int> Cases() => [.. Enumerable.Range(0, 20)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_raw_data_are_met(int index)
    {
        var data = Reference.Root("conversions.json").GetProperty("cases")[index];
        double N(string name) => data.GetProperty(name).GetDouble();
        void Effect(EffectSize effect, string value, string variance, double tolerance = 1e-9)
        {
            Reference.Agree(effect.Value, N(value), tolerance, $"{data.GetProperty("kind")}: {value}");
            Reference.Agree(effect.Variance, N(variance), tolerance, $"{data.GetProperty("kind")}: {variance}");
        }

        switch (data.GetProperty("kind").GetString())
        {
            case "correlation":
                var up = N("r") > 0 ? EffectDirection.Positive : EffectDirection.Negative;
                var n = N("n");
                Effect(CorrelationFrom.T(N("t"), n), "fisherZ", "variance");
                Effect(CorrelationFrom.F(N("F"), n, up), "fisherZ", "variance");
                Effect(CorrelationFrom.PValue(N("p"), n, up), "fisherZ", "variance");
                Effect(CorrelationFrom.PValue(up == EffectDirection.Positive ? N("pGreater") : 1 - N("pGreater"), n, up, Tails.One), "fisherZ", "variance");
                Effect(CorrelationFrom.EtaSquared(N("etaSquared"), n, up), "fisherZ", "variance");
                Effect(CorrelationFrom.Regression(N("coefficient"), N("se"), n), "fisherZ", "variance");
                Reference.Agree(Correlations.FisherZ(N("beta"), n).Value, N("fisherZ"), 1e-9, "a standardized coefficient alone is r");
                Assert.Contains("Peterson", CorrelationFrom.StandardizedBeta(Math.Clamp(N("beta"), -0.5, 0.5), n).Note, StringComparison.Ordinal);
                break;
            case "difference":
                var (n1, n2, sign) = (N("n1"), N("n2"), N("sign") > 0 ? EffectDirection.Positive : EffectDirection.Negative);
                Effect(MeanDifferenceFrom.T(N("t"), n1, n2), "g", "variance");
                Effect(MeanDifferenceFrom.F(N("F"), n1, n2, sign), "g", "variance");
                Effect(MeanDifferenceFrom.PValue(N("p"), n1, n2, sign), "g", "variance");
                Effect(MeanDifferenceFrom.PValue(sign == EffectDirection.Positive ? N("pGreater") : 1 - N("pGreater"), n1, n2, sign, Tails.One), "g", "variance");
                Effect(MeanDifferenceFrom.EtaSquared(N("etaSquared"), n1, n2, sign), "g", "variance");
                Effect(MeanDifferenceFrom.Regression(N("coefficient"), N("se"), n1, n2), "g", "variance");
                Reference.Agree(SdFromDifference.Interval(N("lower"), N("upper"), n1, n2), N("pooledSd"), 1e-9, "SD from the interval");
                Reference.Agree(SdFromDifference.StandardError(N("se"), n1, n2), N("pooledSd"), 1e-9, "SD from the standard error");
                Reference.Agree(SdFromDifference.T(N("difference"), N("t"), n1, n2), N("pooledSd"), 1e-9, "SD from t");
                Reference.Agree(SdFromDifference.PValue(N("difference"), N("p"), n1, n2), N("pooledSd"), 1e-9, "SD from p");
                break;
            case "mean":
                Reference.Agree(MeanAndSdFrom.StandardError(N("mean"), N("se"), N("n")).StandardDeviation, N("sd"), 1e-12, "SD from SE");
                Reference.Agree(MeanAndSdFrom.Interval(N("lower"), N("upper"), N("n")).StandardDeviation, N("sd"), 1e-9, "SD from the interval");
                Reference.Agree(MeanAndSdFrom.Interval(N("lower"), N("upper"), N("n")).Mean, N("mean"), 1e-12, "mean of the interval");
                break;
            case "table":
                var direction = N("phi") > 0 ? EffectDirection.Positive : EffectDirection.Negative;
                Reference.Agree(CorrelationFrom.ChiSquared(N("chiSquared"), N("n"), direction, EffectMeasure.Correlation).Value, N("phi"), 1e-9, "phi");
                break;
            default:
                Effect(EffectFrom.Interval(N("estimate"), N("lower"), N("upper"), EffectMeasure.OddsRatio, 0.90), "logOdds", "variance");
                Effect(EffectFrom.PValue(N("estimate"), N("p"), EffectMeasure.OddsRatio), "logOdds", "variance", 1e-8);
                var d = EffectSize.Of(N("logOdds"), N("variance"), EffectMeasure.OddsRatio).ConvertTo(EffectMeasure.StandardizedMeanDifference);
                Reference.Agree(d.Value, N("d"), 1e-12, "d");
                Reference.Agree(d.Variance, N("dVariance"), 1e-12, "variance of d");
                break;
        }
    }

    [Fact]
    public void The_grid_of_cases_is_complete() => Assert.Equal(Cases().Count, Reference.Root("conversions.json").GetProperty("cases").GetArrayLength());
}
