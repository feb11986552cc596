using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>Computes what a specification curve shows.</summary>
internal sealed class SpecificationCurveBuilder(MultiverseResult result, MultiversePart? part, SpecificationCurveOptions options)
{
    private readonly EffectMeasure _measure = (part?.Measure ?? result.Measure)!;

    private DataOrigin Origin => result.Multiverse.Effects.Origin;

    public SpecificationCurveModel Build()
    {
        Specification[] all = part is not null ? [.. part.Curve] : [.. result.Specifications.OrderBy(result.ValueOf).ThenBy(s => s.Number)];
        var places = Places(all.Length);
        ImmutableArray<CurveSpecification> drawn = [.. places.Select(place => Of(all[place - 1], place))];
        var nullValue = _measure.HasNullValue ? result.IsOnShownScale ? _measure.DisplayNullValue : _measure.NullValue : (double?)null;
        var band = Band(all.Length, places, nullValue);
        var limits = drawn.Select(s => s.Lower ?? s.Estimate).Concat(drawn.Select(s => s.Upper ?? s.Estimate)).Concat(band.Select(b => b.Lower)).Concat(band.Select(b => b.Upper)).Where(double.IsFinite).ToArray();
        // One endless interval would leave no room for the curve.
        double low = drawn.Min(s => s.Estimate), high = drawn.Max(s => s.Estimate), reach = 6 * Math.Max(high - low, Median(drawn.Where(s => s.Upper is not null && double.IsFinite(s.Upper.Value)).Select(s => s.Upper!.Value - s.Estimate)));
        (double From, double To) = (Math.Max(limits.Min(), low - reach), Math.Min(limits.Max(), high + reach));
        if (nullValue is { } none) (From, To) = (Math.Min(From, none), Math.Max(To, none));
        var room = PlotAxis.Room(From, To, 0.04);
        return new SpecificationCurveModel
        {
            Title = options.Title,
            Finding = Finding(all),
            Origin = Origin,
            Measure = _measure,
            IsOnShownScale = result.IsOnShownScale,
            Specifications = drawn,
            Count = all.Length,
            XAxis = new PlotAxis("specifications by their estimates", 0.5, all.Length + 0.5, true),
            YAxis = new PlotAxis(_measure.Symbol, From - room, To + room, _measure.HasLeadingZero),
            Rows = [.. Rows(all, drawn)],
            Median = part?.Median,
            NullValue = nullValue,
            Band = band,
            Summary = [.. Summary(all, places.Length)],
            Notes = result.Warnings,
        };
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }

    private int[] Places(int count)
    {
        if (count <= options.MostSpecifications) return [.. Enumerable.Range(1, count)];
        return [.. Enumerable.Range(0, options.MostSpecifications).Select(i => 1 + (int)Math.Round(i * (count - 1.0) / (options.MostSpecifications - 1)))];
    }

    private CurveSpecification Of(Specification one, int place)
    {
        var measure = result.MeasureOf(one);
        double? Value(double? limit) => limit is { } value ? result.IsOnShownScale ? measure.ToDisplay(value) : value : null;
        return new(place, result.ValueOf(one), Value(one.Value.Interval?.Lower), Value(one.Value.Interval?.Upper), one.Value.PValue, one.Value.Count, IsSignificant(one), [.. result.OptionsOf(one)]);
    }

    /// <summary>By p or, of a method without, by the interval.</summary>
    public static bool IsSignificant(MultiverseResult result, Specification one) => one.Value.PValue is { } p ? p < 1 - result.Multiverse.Options.ConfidenceLevel : one.Value.Interval is { } interval && !interval.Contains(0);

    private bool IsSignificant(Specification one) => IsSignificant(result, one);

    private ImmutableArray<ConfidenceInterval> Band(int count, int[] places, double? nullValue)
    {
        if (options.Test is not { Band.IsEmpty: false } test) return [];
        if (part is null || test.Band.Length != count) throw new ArgumentException("The test is not one of these specifications: take that of the part that is drawn.", nameof(options));
        // The band lies around no effect, as the statistics of the test do.
        var shift = result.IsOnShownScale ? nullValue ?? 0 : 0;
        return [.. places.Select(place => test.Band[place - 1] is var at ? new ConfidenceInterval(at.Lower + shift, at.Upper + shift, at.Level) : default)];
    }

    private IEnumerable<DashboardRow> Rows(Specification[] all, ImmutableArray<CurveSpecification> drawn)
    {
        HashSet<KeyValuePair<string, string>> occurring = [.. all.Length == drawn.Length ? drawn.SelectMany(s => s.Options) : all.SelectMany(s => result.OptionsOf(s))];
        foreach (var (c, choice) in result.Multiverse.Choices.Index())
        {
            // What all have in common stands in the name of the part.
            var used = choice.Options.Select(o => o.Name).Where(name => occurring.Contains(KeyValuePair.Create(choice.Name, name))).ToList();
            if (used.Count == 0 || used.Count == 1 && drawn.All(s => s.Options[c].Value == used[0])) continue;
            var own = used.Count > options.MostOptions ? used.Take(options.MostOptions - 1).ToList() : used;
            foreach (var name in own) yield return new(choice.Name, name, Stretches(drawn, s => s.Options[c].Value == name));
            var others = used.Skip(own.Count).ToHashSet();
            if (others.Count > 0) yield return new(choice.Name, $"{StatisticText.Count(others.Count)} others", Stretches(drawn, s => others.Contains(s.Options[c].Value)));
        }
    }

    /// <summary>Neighbours among those drawn that have an option stand together, to the middle between them and those that do not.</summary>
    private static ImmutableArray<(int From, int To)> Stretches(ImmutableArray<CurveSpecification> drawn, Func<CurveSpecification, bool> has)
    {
        var stretches = ImmutableArray.CreateBuilder<(int From, int To)>();
        for (var i = 0; i < drawn.Length; i++)
        {
            if (!has(drawn[i])) continue;
            var from = i;
            while (i + 1 < drawn.Length && has(drawn[i + 1])) i++;
            stretches.Add((drawn[from].Place, drawn[i].Place));
        }
        return stretches.ToImmutable();
    }

    private string Finding(Specification[] all)
    {
        var text = part is not null ? $"{part}." : $"{StatisticText.Count(all.Length, "specification")}, {_measure.Symbol} from {Shown(result.ValueOf(all[0]))} to {Shown(result.ValueOf(all[^1]))}.";
        return Origin.IsSimulated ? $"{Origin.Label}. {text}" : text;
    }

    private IEnumerable<string> Summary(Specification[] all, int drawn)
    {
        yield return $"{StatisticText.Count(all.Length, "specification")}" + (part is { Choices.IsEmpty: false } ? $" ({part.Name})" : "") + (drawn < all.Length ? $", of which {StatisticText.Count(drawn)} are drawn" : "")
            + (part is not null ? $". Median {_measure.Symbol} = {Shown(part.Median)} (dotted), 95% of them from {Shown(part.Quantile(0.025))} to {Shown(part.Quantile(0.975))}." : ". Some answer different questions, so that they have no median.");
        var significant = all.Count(IsSignificant);
        yield return $"Filled marks: significant at {StatisticText.Percent(1 - result.Multiverse.Options.ConfidenceLevel, 0)}, as are {StatisticText.Percent(significant / (double)all.Length, 0)} of all.";
        if (options.Test is { Band.IsEmpty: false } test) yield return $"Band: where 95% of curves lie if there is no effect. By {StatisticText.Count(test.Permutations)} patterns of signs: median {StatisticText.PValueWithSymbol(test.Median.PValue)}, share significant {StatisticText.PValueWithSymbol(test.ShareSignificant.PValue)}.";
    }

    private string Shown(double value) => _measure.Format(result.IsOnShownScale ? value : _measure.ToDisplay(value), 3);
}
