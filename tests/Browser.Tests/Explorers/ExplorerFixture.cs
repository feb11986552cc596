using EmpathyNotebooks.Browser.Tests.Explorers;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(ExplorerFixture))]

namespace EmpathyNotebooks.Browser.Tests.Explorers;

/// <summary>Explorers on known studies, and a temporary folder for pages with them.</summary>
public sealed class ExplorerFixture : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-explorers-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Opens a page and waits until every explorer is drawn.</summary>
    public async Task<OpenPage> OpenAsync(string html, int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        var file = Path.Combine(_folder, Path.GetRandomFileName() + ".html");
        await File.WriteAllTextAsync(file, html);
        return await SharedBrowser.OpenAsync(file, width, scheme);
    }

    /// <summary>Studies of the bundled data: 5, 16, 82 or 160.</summary>
    public static StudyEffects Studies(int k) => k switch
    {
        5 => Datasets.Molloy2014().Correlations().Select([0, 1, 2, 3, 4]),
        16 => Datasets.Molloy2014().Correlations(),
        82 => Datasets.EmpathyEffectsSimulated().Correlations().AverageWithin("sample", correlation: 0.5),
        160 => Datasets.McDaniel1994().Correlations(),
        _ => throw new ArgumentOutOfRangeException(nameof(k), k, "There are 5, 16, 82 or 160 studies."),
    };

    /// <summary>Empathy, alliance and treatment differences, as they were published.</summary>
    public static IEnumerable<CorrelationMark> Marks() => new[] { "Elliott et al. (2018)", "Flückiger et al. (2018)", "Luborsky et al. (2002)" }
        .Select(Datasets.PublishedFinding)
        .Select(f => f.Statistic == "r" ? CorrelationMark.Of(f.Predictor, f.Estimate, f.Citation)
            : CorrelationMark.OfDifference(f.Predictor, f.Estimate, f.Citation, f.Statistic));

    /// <summary>Every explorer, by a name for its picture.</summary>
    public static IExplorer Create(string name) => name.Split('-') switch
    {
        ["meta", "ratio"] => MetaAnalysisExplorer.Create(Ratios()),
        ["meta", var k] => MetaAnalysisExplorer.Create(Studies(int.Parse(k))),
        ["lineup", var k] => FunnelLineup.Create(RandomEffects.Fit(Studies(int.Parse(k))), 7),
        ["correlation"] => CorrelationExplorer.Create(0.28, Marks(), new() { XName = "empathy" }),
        ["fisher"] => FisherZExplorer.Create(),
        ["dependence"] => DependenceExplorer.Create(),
        ["power"] => PowerExplorer.Create(),
        ["measurement"] => MeasurementExplorer.Create(new() { ObservedName = "therapist empathy, Elliott et al. (2018)" }),
        ["guess"] => GuessCorrelationExplorer.Create(),
        ["sampling"] => SamplingExplorer.Create(),
        ["sampling", "puzzle"] => SamplingExplorer.Create(SamplingExplorerOptions.Puzzle),
        ["heterogeneity"] => HeterogeneityExplorer.Create(),
        ["moderator", "weeks"] => ModeratorExplorer.Create(MetaRegression.Fit(Expectancy(), Moderator.Number("weeks")), new() { Name = "weeks of contact" }),
        ["moderator", "types"] => ModeratorExplorer.Create(MetaRegression.Fit(Studies(160), Moderator.Category("type"))),
        ["bias"] => BiasExplorer.Create(),
        ["weights", "ratio"] => SelectionWeightsExplorer.Create(RandomEffects.Fit(Ratios()), new() { Alternative = Alternative.Less }),
        ["weights", var k] => SelectionWeightsExplorer.Create(RandomEffects.Fit(Studies(int.Parse(k)))),
        ["multiverse", var k] => MultiverseExplorer.Create(Specifications(int.Parse(k))),
        ["bayes", "ratio"] => BayesExplorer.Create(BayesianModel.Fit(Ratios(), new() { HeterogeneityPrior = HeterogeneityPrior.HalfNormal(0.5) })),
        ["bayes", var k] => BayesExplorer.Create(BayesianModel.Fit(Studies(int.Parse(k)), new() { EffectPrior = EffectPrior.Normal(0, 0.5), HeterogeneityPrior = HeterogeneityPrior.HalfNormal(0.25) })),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such explorer."),
    };

    public static IEnumerable<string> Names =>
        ["meta-5", "meta-16", "meta-82", "meta-160", "meta-ratio", "correlation", "fisher", "dependence", "power", "measurement", "bias", "weights-5", "weights-160", "weights-ratio", "multiverse-48", "multiverse-5280", "guess", "sampling", "sampling-puzzle", "heterogeneity", "moderator-weeks", "moderator-types", "bayes-5", "bayes-16", "bayes-160", "bayes-ratio", "lineup-5", "lineup-16", "lineup-82", "lineup-160"];

    /// <summary>Nineteen studies of teachers' expectations (Raudenbush 1984, 1985), of the reference files.</summary>
    public static StudyEffects Expectancy()
    {
        var table = StudyTable.Read(Repository.PathTo("tests", "golden", "metafor", "data", "raudenbush1985.csv"));
        return table.Effects(yi: "yi", vi: "vi", label: "{study} {author} ({year})", measure: EffectMeasure.StandardizedMeanDifference);
    }

    /// <summary>Multiverses of the correlations of Molloy et al. (2014): 48 specifications of four choices, or 5,280 of three.</summary>
    public static MultiverseResult Specifications(int count)
    {
        var molloy = Studies(16);
        if (count == 48)
        {
            return Multiverse.Of(molloy)
                .Choose("studies", "Small studies are the least reliable.", Equivalence.Uncertain, Specify.AllStudies, Specify.Where("n of at least 80", (e, row) => e.SampleSizes[row] >= 80), Specify.Where("without the first", (_, row) => row > 0))
                .ChooseEstimator("No estimator is best everywhere.", Equivalence.Equivalent, TauSquaredEstimator.RestrictedMaximumLikelihood, TauSquaredEstimator.DerSimonianLaird, TauSquaredEstimator.PauleMandel, null)
                .ChooseTest("Hartung-Knapp keeps its error rate; most reviews used z.", Equivalence.Uncertain, Inference.HartungKnapp, Inference.Normal)
                .Choose("bias", "Each correction has a story of its own.", Equivalence.NonEquivalent, Specify.Unadjusted, Specify.TrimAndFill())
                .Run();
        }
        var pairs = Enumerable.Range(0, 16).SelectMany(i => Enumerable.Range(i + 1, 15 - i).Select(j => (i, j)));
        return Multiverse.Of(molloy)
            .Choose("left out", "Any two might have been missed.", Equivalence.Uncertain, [.. pairs.Select(p => Specify.Where($"{p.i + 1} and {p.j + 1}", (_, row) => row != p.i && row != p.j))])
            .ChooseEstimator("No estimator is best everywhere.", Equivalence.Equivalent, [.. Enum.GetValues<TauSquaredEstimator>().Take(11).Select(e => (TauSquaredEstimator?)e)])
            .ChooseTest("All are in use.", Equivalence.Uncertain, Inference.HartungKnapp, Inference.Normal, Inference.StudentT, Inference.HartungKnappAdHoc)
            .Run();
    }

    /// <summary>Thirteen trials of BCG vaccination (Colditz et al. 1994), of the reference files.</summary>
    public static StudyEffects Ratios()
    {
        var table = StudyTable.Read(Repository.PathTo("tests", "golden", "metafor", "data", "bcg.csv"));
        return table.Effects(yi: "yi", vi: "vi", label: "{author} ({year})", measure: EffectMeasure.RiskRatio);
    }
}
