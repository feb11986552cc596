using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>
/// The bundled data sets. Each carries its <see cref="DataOrigin"/>, so that published and simulated numbers are told apart
/// wherever they are shown, and knows which of its columns are correlations, so that <c>.Correlations()</c> needs no names. The
/// page beside each file in the folder <c>data</c> gives source, licence, columns and units.
/// </summary>
public static class Datasets
{
    private const string SimulatedFile = "empathy-effects-simulated.csv";

    private static readonly Lazy<string> SimulatedText = new(() => Text(SimulatedFile).ReplaceLineEndings("\n").TrimEnd());

    /// <summary>
    /// Published: 16 correlations between conscientiousness and keeping to prescribed medication. Columns: authors, year, ni,
    /// ri, controls, design, a_measure, c_measure, meanage, quality. Source: Molloy, O'Carroll &amp; Ferguson (2014), Annals of
    /// Behavioral Medicine 47, 92-101.
    /// </summary>
    /// <example><code>
    /// var fit = RandomEffects.Fit(Datasets.Molloy2014().Correlations());
    /// </code></example>
    public static StudyTable Molloy2014() => Table("molloy2014.csv", new CorrelationColumns("ri", "ni", "{authors} ({year})"),
        new DataOrigin(DataKind.Published, "Molloy et al. (2014)",
            "Molloy, G. J., O'Carroll, R. E., & Ferguson, E. (2014). Conscientiousness and medication adherence: A meta-analysis. "
            + "Annals of Behavioral Medicine, 47(1), 92-101. https://doi.org/10.1007/s12160-013-9524-4"));

    /// <summary>
    /// Published: 160 correlations between ratings in employment interviews and later performance at work. Columns: study, ni,
    /// ri, type, struct (the last two with missing values). Source: McDaniel, Whetzel, Schmidt &amp; Maurer (1994), Journal of
    /// Applied Psychology 79, 599-616, as printed in Rothstein, Sutton &amp; Borenstein (2005), Publication Bias in
    /// Meta-Analysis, Table A.2.
    /// </summary>
    public static StudyTable McDaniel1994() => Table("mcdaniel1994.csv", new CorrelationColumns("ri", "ni", "Study {study}"),
        new DataOrigin(DataKind.Published, "McDaniel et al. (1994)",
            "McDaniel, M. A., Whetzel, D. L., Schmidt, F. L., & Maurer, S. D. (1994). The validity of employment interviews: A comprehensive review "
            + "and meta-analysis. Journal of Applied Psychology, 79(4), 599-616. https://doi.org/10.1037/0021-9010.79.4.599"));

    /// <summary>
    /// Simulated, and no evidence about the world: effects of therapist empathy on outcome in 82 samples with 6,138 clients,
    /// made so that the standard analysis gives the published summary r = .28 [.23, .33]. Columns: sample, effect, year, n, r,
    /// rater, outcome, orientation, format, therapist_experience, published. See <see cref="EmpathySimulation"/> for what is
    /// assumed.
    /// </summary>
    /// <example><code>
    /// var samples = Datasets.EmpathyEffectsSimulated().Correlations().AverageWithin("sample", correlation: 0.5);
    /// </code></example>
    public static StudyTable EmpathyEffectsSimulated() =>
        Table(SimulatedFile, new CorrelationColumns("r", "n", "sample", "effect"), EmpathySimulation.Origin);

    /// <summary>
    /// Published: the summary results of five reviews on what goes with outcome in psychotherapy: empathy (2018, 2011),
    /// alliance (2018, 2011), and differences between treatments (2002), in this order.
    /// </summary>
    public static ImmutableArray<PublishedFinding> PublishedFindings()
    {
        var table = Table("published-findings.csv", null, new DataOrigin(DataKind.Published, "Summary results of five reviews"));
        return [.. Enumerable.Range(0, table.Count).Select(i => new PublishedFinding
        {
            Review = Text("review", i)!,
            Year = Whole("year", i)!.Value,
            Predictor = Text("predictor", i)!,
            Statistic = Text("statistic", i)!,
            Estimate = Number("estimate", i)!.Value,
            Lower = Number("lower", i),
            Upper = Number("upper", i),
            CohensD = Number("d", i),
            Samples = Whole("samples", i),
            Unit = Text("unit", i),
            Participants = Whole("participants", i),
            Citation = Text("citation", i)!,
            Doi = Text("doi", i),
            Note = Text("note", i),
        })];

        string? Text(string column, int row) => table.Column(column).Text(row);
        double? Number(string column, int row) => table.Column(column).Number(row);
        int? Whole(string column, int row) => (int?)Number(column, row);
    }

    /// <summary>One of <see cref="PublishedFindings"/> by its short name, for example <c>Elliott et al. (2018)</c>.</summary>
    /// <exception cref="StudyDataException">There is no such review; the message suggests the nearest.</exception>
    public static PublishedFinding PublishedFinding(string review)
    {
        ArgumentNullException.ThrowIfNull(review);
        var findings = PublishedFindings();
        return findings.FirstOrDefault(f => f.Review == review)
            ?? throw new StudyDataException($"is not one of the reviews: {NearestName.Hint(review, findings.Select(f => f.Review))}", review, kind: StudyDataFault.NoSuchName) { Choices = [.. findings.Select(f => f.Review)] };
    }

    /// <summary>The origin of the simulated data where a text is their file, whatever its name and line ends: read from disk they are no more evidence than bundled. Null for any other text.</summary>
    internal static DataOrigin? SimulatedOrigin(string text) => text.AsSpan().StartsWith(SimulatedText.Value.AsSpan(0, 60), StringComparison.Ordinal) && text.ReplaceLineEndings("\n").TrimEnd() == SimulatedText.Value ? EmpathySimulation.Origin : null;

    private static string Text(string file)
    {
        using var stream = typeof(Datasets).Assembly.GetManifestResourceStream("data/" + file)
            ?? throw new FileNotFoundException($"The assembly was built without its data set {file}.", file);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static StudyTable Table(string file, CorrelationColumns? correlations, DataOrigin origin) =>
        StudyTable.Parse(Text(file), file, new StudyTableOptions { Correlations = correlations, Origin = origin });
}
