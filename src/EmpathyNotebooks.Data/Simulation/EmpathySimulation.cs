using System.Collections.Immutable;
using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>One simulated correlation between therapist empathy and outcome. All effects of a sample share its
/// properties.</summary>
/// <param name="Sample">The sample, <c>Sample 01</c> to <c>Sample 82</c>.</param>
/// <param name="Effect">The effect within its sample, counted from 1.</param>
/// <param name="Year">The year of the study.</param>
/// <param name="N">How many clients.</param>
/// <param name="R">The correlation, with three decimals.</param>
/// <param name="Rater">Who rated empathy: client, observer, therapist; or accuracy.</param>
/// <param name="Outcome">When outcome was measured: session or post-therapy.</param>
/// <param name="Orientation">The therapists' orientation.</param>
/// <param name="Format">individual or group.</param>
/// <param name="TherapistExperience">The therapists' mean experience in years.</param>
/// <param name="Published">Whether the study was published.</param>
public sealed record SimulatedEffect(string Sample, int Effect, int Year, int N, double R, string Rater, string Outcome, string Orientation,
    string Format, int TherapistExperience, bool Published);

/// <summary>
/// Makes the simulated empathy data. The individual studies behind Elliott et al. (2018) are not in the article, so effects are
/// drawn at random from the model below, and the seed is chosen so that the standard analysis gives the published summary, r =
/// .28, 95% CI [.23, .33] from 82 samples with 6,138 clients. Everything else is an assumption; the data are no evidence about
/// empathy.
/// </summary>
/// <remarks>
/// On the scale of Fisher's z, effect j of sample s is z = <see cref="BaseEffect"/> + rater + outcome + experience +
/// publication + u(s) + w(sj) + e(sj): u is what differs between samples, w what differs between effects of one sample, and e
/// the sampling error with variance 1/(n - 3), which correlates <see cref="ErrorCorrelation"/> within a sample. Orientation,
/// format and year have no effect. The page data/empathy-effects-simulated.md lists every number.
/// </remarks>
public static class EmpathySimulation
{
    /// <summary>The seed of the bundled data: the first one, counted from 1, whose data meet the calibration (a test searches
    /// it again).</summary>
    public const ulong Seed = 38;

    /// <summary>How many samples, as published.</summary>
    public const int Samples = 82;

    /// <summary>How many clients in all, as published.</summary>
    public const int Clients = 6138;

    /// <summary>The smallest sample size.</summary>
    public const int SmallestSample = 10;

    /// <summary>The largest sample size.</summary>
    public const int LargestSample = 400;

    /// <summary>The true z of a post-therapy outcome, rated by observers, in a published study with therapists of average
    /// experience.</summary>
    public const double BaseEffect = 0.26;

    /// <summary>The standard deviation of true z between samples.</summary>
    public const double BetweenSamples = 0.18;

    /// <summary>The standard deviation of true z between the effects of one sample.</summary>
    public const double WithinSamples = 0.06;

    /// <summary>How sampling errors of one sample correlate.</summary>
    public const double ErrorCorrelation = 0.5;

    /// <summary>What an outcome measured after a session adds to z.</summary>
    public const double SessionOutcome = 0.03;

    /// <summary>What each year of therapists' experience beyond <see cref="AverageExperience"/> adds to z.</summary>
    public const double PerYearOfExperience = -0.005;

    /// <summary>The experience in years at which its effect is 0.</summary>
    public const double AverageExperience = 10;

    /// <summary>What an unpublished study adds to z.</summary>
    public const double Unpublished = -0.06;

    /// <summary>What a published study adds to z for each unit of its standard error: a mild small-study effect.</summary>
    public const double SmallStudySlope = 0.2;

    private static readonly string[] Raters = ["client", "observer", "therapist", "accuracy"];
    private static readonly double[] RaterEffects = [0.06, 0, -0.06, -0.19];
    private static readonly double[] RaterShares = [0.48, 0.22, 0.20, 0.10];
    private static readonly double[] EffectCountShares = [0.28, 0.22, 0.17, 0.12, 0.09, 0.06, 0.04, 0.02];
    private static readonly string[] Orientations = ["humanistic", "cognitive-behavioral", "psychodynamic", "other"];
    private static readonly double[] OrientationShares = [0.35, 0.30, 0.20, 0.15];

    /// <summary>The provenance of the data; its label says that they are simulated.</summary>
    public static DataOrigin Origin { get; } = new(DataKind.Simulated, "empathy effects after Elliott et al. (2018)",
        "Drawn at random, with a seed chosen so that the standard analysis gives the published summary r = .28, 95% CI [.23, .33], 82 samples, "
        + "6,138 clients of "
        + "Elliott, R., Bohart, A. C., Watson, J. C., & Murphy, D. (2018). Therapist empathy and client outcome: An updated meta-analysis. "
        + "Psychotherapy, 55(4), 399-410. https://doi.org/10.1037/pst0000175. No single effect is real; see data/empathy-effects-simulated.md.");

    /// <summary>Draws the effects.</summary>
    /// <param name="seed">The seed; the one of the bundled data if not said. Another one gives data from the same model that
    /// are not calibrated.</param>
    public static ImmutableArray<SimulatedEffect> Generate(ulong seed = Seed)
    {
        var random = new SplitMix64(seed);
        var sizes = DrawSizes(random);
        var effects = ImmutableArray.CreateBuilder<SimulatedEffect>();
        for (var s = 0; s < Samples; s++) AddSample(effects, random, s, sizes[s]);
        return effects.ToImmutable();
    }

    /// <summary>Writes the data as CSV: commas, decimal points, line feeds, no byte order mark. The same seed gives the same
    /// bytes everywhere.</summary>
    /// <param name="writer">Where to write.</param>
    /// <param name="seed">The seed; the one of the bundled data if not said.</param>
    public static void WriteCsv(TextWriter writer, ulong seed = Seed)
    {
        ArgumentNullException.ThrowIfNull(writer);
        CsvForm.Line(writer, ["sample", "effect", "year", "n", "r", "rater", "outcome", "orientation", "format", "therapist_experience", "published"]);
        foreach (var e in Generate(seed))
        {
            CsvForm.Line(writer, [e.Sample, Whole(e.Effect), Whole(e.Year), Whole(e.N), e.R.ToString("F3", CultureInfo.InvariantCulture), e.Rater, e.Outcome,
                e.Orientation, e.Format, Whole(e.TherapistExperience), e.Published ? "yes" : "no"]);
        }

        static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Log-logistic sizes, 10 + 40u/(1 - u) up to 400: half of them at most 50, a few large. Sets whose sum is within one a
    /// sample of the published total are brought to it by adding or taking one; others are drawn again.
    /// </summary>
    private static int[] DrawSizes(SplitMix64 random)
    {
        var sizes = new int[Samples];
        int missing;
        do
        {
            for (var s = 0; s < Samples; s++)
            {
                do
                {
                    var u = random.Uniform();
                    sizes[s] = (int)(SmallestSample + Math.Min(40 * u / (1 - u), LargestSample));
                }
                while (sizes[s] > LargestSample);
            }
            missing = Clients - sizes.Sum();
        }
        while (Math.Abs(missing) > Samples);

        for (var s = 0; missing != 0; s = (s + 1) % Samples)
        {
            var step = Math.Sign(missing);
            if (sizes[s] + step is < SmallestSample or > LargestSample) continue;
            sizes[s] += step;
            missing -= step;
        }
        return sizes;
    }

    private static void AddSample(ImmutableArray<SimulatedEffect>.Builder effects, SplitMix64 random, int index, int n)
    {
        var sample = string.Create(CultureInfo.InvariantCulture, $"Sample {index + 1:00}");
        var recent = random.Uniform();
        var year = 2016 - (int)(51 * recent * recent);
        var orientation = Orientations[random.Choice(OrientationShares)];
        var format = random.Uniform() < 0.15 ? "group" : "individual";
        var experience = 1 + (int)(10 * (random.Uniform() + random.Uniform()));
        var published = random.Uniform() < 0.85;

        var error = Math.Sqrt(1.0 / (n - 3));
        var common = BaseEffect + BetweenSamples * random.Normal() + PerYearOfExperience * (experience - AverageExperience)
            + (published ? SmallStudySlope * error : Unpublished);
        var sharedError = random.Normal();
        var first = random.Choice(RaterShares);
        var second = random.Uniform() < 0.4 ? random.Choice(RaterShares) : first;
        var count = 1 + random.Choice(EffectCountShares);
        for (var j = 1; j <= count; j++)
        {
            var rater = j > 1 && random.Uniform() < 0.5 ? second : first;
            var session = random.Uniform() < 0.35;
            var truth = common + RaterEffects[rater] + (session ? SessionOutcome : 0) + WithinSamples * random.Normal();
            var z = truth + error * (Math.Sqrt(ErrorCorrelation) * sharedError + Math.Sqrt(1 - ErrorCorrelation) * random.Normal());
            effects.Add(new SimulatedEffect(sample, j, year, n, Rounded(z), Raters[rater], session ? "session" : "post-therapy", orientation, format,
                experience, published));
        }
    }

    /// <summary>tanh(z) to three decimals, kept within ±.999.</summary>
    private static double Rounded(double z)
    {
        // Lambert's continued fraction needs only the four operations, whose last bit IEEE 754 fixes; library functions differ between machines.
        var tail = 0.0;
        for (var i = 41; i >= 3; i -= 2) tail = z * z / (i + tail);
        return Math.Clamp(Math.Round(1000 * (z / (1 + tail))), -999, 999) / 1000;
    }
}
