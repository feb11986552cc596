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
    /// Published: odds ratios of lung cancer in women who never smoked, with a smoking husband to without, from 37 studies. Columns: author, year, country,
    /// design, cases, or, or_lb, or_ub. Source: Hackshaw, Law &amp; Wald (1997), BMJ 315, 980-988.
    /// </summary>
    /// <example><code>
    /// var effects = Datasets.Hackshaw1997().EffectsFromIntervals("or", "or_lb", "or_ub", EffectMeasure.OddsRatio, "{author} ({year})");
    /// Console.WriteLine(RandomEffects.Fit(effects));
    /// </code></example>
    public static StudyTable Hackshaw1997() => Table("hackshaw1997.csv", null,
        new DataOrigin(DataKind.Published, "Hackshaw et al. (1997)",
            "Hackshaw, A. K., Law, M. R., & Wald, N. J. (1997). The accumulated evidence on lung cancer and environmental tobacco smoke. BMJ, 315(7114), 980-988. "
            + "https://doi.org/10.1136/bmj.315.7114.980"));

    /// <summary>
    /// Published: 19 standardized mean differences in IQ between pupils of whom teachers had been told that they would gain, and others. Columns: study, author, year,
    /// weeks (of contact before), setting, tester, n1i, n2i, yi, vi. Source: Raudenbush (1984), Journal of Educational Psychology 76, 85-97, as printed in Raudenbush
    /// &amp; Bryk (1985), Journal of Educational Statistics 10, 75-98.
    /// </summary>
    /// <example><code>
    /// var effects = Datasets.Raudenbush1984().Effects("yi", "vi", label: "{author} ({year}, {tester})", measure: EffectMeasure.StandardizedMeanDifference);
    /// Console.WriteLine(RandomEffects.Fit(effects));
    /// </code></example>
    public static StudyTable Raudenbush1984() => Table("raudenbush1984.csv", null,
        new DataOrigin(DataKind.Published, "Raudenbush (1984)",
            "Raudenbush, S. W. (1984). Magnitude of teacher expectancy effects on pupil IQ as a function of the credibility of expectancy induction: A synthesis of "
            + "findings from 18 experiments. Journal of Educational Psychology, 76(1), 85-97. https://doi.org/10.1037/0022-0663.76.1.85"));

    /// <summary>
    /// Published: 56 standardized mean differences in achievement between schools with a modified calendar and others, in 11 districts. Columns: district, school, study, year, yi, vi.
    /// Schools have their own pupils, so sampling errors are independent; what schools of a district share is the district. Source: Konstantopoulos (2011), Research Synthesis Methods 2, 61-76.
    /// </summary>
    /// <example><code>
    /// var schools = Datasets.Konstantopoulos2011().Effects("yi", "vi", label: "District {district}", effect: "school", measure: EffectMeasure.StandardizedMeanDifference);
    /// Console.WriteLine(MultilevelModel.Fit(schools, ["district", "school"]));
    /// </code></example>
    public static StudyTable Konstantopoulos2011() => Table("konstantopoulos2011.csv", null,
        new DataOrigin(DataKind.Published, "Konstantopoulos (2011)",
            "Konstantopoulos, S. (2011). Fixed effects and variance components estimation in three-level meta-analysis. Research Synthesis Methods, 2(1), 61-76. https://doi.org/10.1002/jrsm.35"));

    /// <summary>
    /// Published: 113 correlations, as Fisher's z, of school motivation or attitudes with later delinquent behaviour, from 17 longitudinal studies whose effects come from the same people. Columns: study,
    /// effect, yi, vi, aget1, aget2, propmale, sexmix. Made for learning methods, no complete review. Source: Tanner-Smith, Tipton &amp; Polanin (2016), Journal of Developmental and Life-Course Criminology 2, 85-112.
    /// </summary>
    /// <example><code>
    /// var effects = Datasets.TannerSmith2016().Effects("yi", "vi", label: "Study {study}", effect: "effect", measure: EffectMeasure.FisherZ);
    /// Console.WriteLine(MultilevelModel.Fit(effects, ["study", "effect"], samplingCorrelation: 0.8).Robust());
    /// </code></example>
    public static StudyTable TannerSmith2016() => Table("tannersmith2016.csv", null,
        new DataOrigin(DataKind.Published, "Tanner-Smith et al. (2016)",
            "Tanner-Smith, E. E., Tipton, E., & Polanin, J. R. (2016). Handling complex meta-analytic data structures using robust variance estimates: A tutorial in R. "
            + "Journal of Developmental and Life-Course Criminology, 2(1), 85-112. https://doi.org/10.1007/s40865-016-0026-5"));

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
    internal static DataOrigin? SimulatedOrigin(TableText text) => text.Start.AsSpan().StartsWith(SimulatedText.Value.AsSpan(0, 60), StringComparison.Ordinal) && text.Text.ReplaceLineEndings("\n").TrimEnd() == SimulatedText.Value ? EmpathySimulation.Origin : null;

    /// <summary>The text of a bundled file.</summary>
    /// <param name="file">Its name, such as <c>molloy2014.csv</c>.</param>
    internal static string Text(string file)
    {
        using var stream = typeof(Datasets).Assembly.GetManifestResourceStream("data/" + file)
            ?? throw new FileNotFoundException($"The assembly was built without its data set {file}.", file);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static StudyTable Table(string file, CorrelationColumns? correlations, DataOrigin origin) =>
        StudyTable.Parse(Text(file), file, new StudyTableOptions { Correlations = correlations, Origin = origin });
}
