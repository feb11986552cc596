using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Turns two columns of the data into the random term of a structure, and refuses what cannot be estimated.</summary>
internal static class InnerOuterReader
{
    public static RandomTerm Read(DependentData data, InnerOuterTerm spec, RandomTerm groups, string termName)
    {
        // By name, numbers by size, so that the order of the rows does not matter.
        var keys = LevelReader.Keys(data.Effects, spec.Outcome);
        var column = spec.Outcome == MultilevelModel.EachEffect ? null : data.Effects.Column(spec.Outcome);
        var numbers = column is { IsNumeric: true } ? keys.Select((key, i) => (key, column.Number(i)!.Value)).DistinctBy(p => p.key).ToDictionary(p => p.key, p => p.Value) : null;
        string[] names = numbers is null ? [.. keys.Distinct().Order(StringComparer.Ordinal)] : [.. numbers.OrderBy(p => p.Value).Select(p => p.Key)];
        if (names.Length < 2)
        {
            throw new StudyDataException("is the only value; a multivariate model needs two", names[0], column: spec.Outcome, kind: StudyDataFault.OneOutcome);
        }
        int[] inner = [.. keys.Select(key => Array.IndexOf(names, key))];
        var held = Held(spec, names);
        // Where fewer than two outcomes can vary there is no correlation to estimate.
        if (names.Length - held[..^1].Count(h => h == 0) < 2) held[^1] ??= 0;
        CheckVariances(data, spec, groups, inner, names, held);
        if (spec.Structure != CovarianceStructure.Diagonal && held[^1] is null) CheckPairs(spec, groups, inner, names);

        var d = names.Length;
        var at = (termName, groups.Groups, groups.GroupNames, inner, names);
        return spec.Structure switch
        {
            CovarianceStructure.Unstructured when !spec.Fixed.Any => new UnstructuredTerm(termName, groups.Groups, groups.GroupNames, inner, names),
            CovarianceStructure.Unstructured when d > 2 => throw new ArgumentException("In an unstructured covariance matrix of more than two outcomes no single component can be held, "
                + "since the others then have bounds that depend on it: take heteroscedastic compound symmetry."),
            CovarianceStructure.Unstructured => Holding(new HeteroscedasticTerm(termName, groups.Groups, groups.GroupNames, inner, names), Roots(held)),
            CovarianceStructure.CompoundSymmetry when !spec.Fixed.Any => new CompoundTerm(termName, groups.Groups, groups.GroupNames, inner, names),
            CovarianceStructure.CompoundSymmetry => Holding(Correlated(at, Ones(d), false, -1.0 / (d - 1)), [held[0], held[^1]]),
            CovarianceStructure.HeteroscedasticCompoundSymmetry => Holding(new HeteroscedasticTerm(termName, groups.Groups, groups.GroupNames, inner, names), Roots(held)),
            CovarianceStructure.Diagonal => Holding(new DiagonalTerm(termName, groups.Groups, groups.GroupNames, inner, names), held[..^1]),
            CovarianceStructure.Autoregressive => Holding(Correlated(at, Steps(spec.Outcome, names, numbers), false, -1), [held[0], held[^1]]),
            CovarianceStructure.HeteroscedasticAutoregressive => Holding(Correlated(at, Steps(spec.Outcome, names, numbers), true, -1), Roots(held)),
            CovarianceStructure.ContinuousAutoregressive => Continuous(at, Times(spec.Outcome, names, numbers), held),
            _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Structure, "There is no such structure."),
        };
    }

    /// <summary>True where all outcomes have one variance.</summary>
    public static bool HasOneVariance(CovarianceStructure structure) => structure is CovarianceStructure.CompoundSymmetry or CovarianceStructure.Autoregressive
        or CovarianceStructure.ContinuousAutoregressive;

    /// <summary>True where inner values are times.</summary>
    public static bool IsOverTime(CovarianceStructure structure) => structure is CovarianceStructure.Autoregressive or CovarianceStructure.HeteroscedasticAutoregressive
        or CovarianceStructure.ContinuousAutoregressive;

    private static CorrelatedTerm Correlated((string Name, int[] Groups, string[] GroupNames, int[] Inner, string[] Names) at, double[] distances, bool heteroscedastic, double lower) =>
        new(at.Name, at.Groups, at.GroupNames, at.Inner, at.Names, new DistanceLayout(distances, at.Names.Length, heteroscedastic, at.Groups, at.Inner), heteroscedastic, lower);

    /// <summary>The parameter is ρ to the power of the shortest time between two effects of one cluster, so that it has a finite slope everywhere.</summary>
    private static RandomTerm Continuous((string Name, int[] Groups, string[] GroupNames, int[] Inner, string[] Names) at, double[] times, double?[] held)
    {
        var d = times.Length;
        var shortest = double.PositiveInfinity;
        foreach (var rows in Enumerable.Range(0, at.Inner.Length).GroupBy(i => at.Groups[i]))
        {
            int[] present = [.. rows.Select(i => at.Inner[i]).Distinct().Order()];
            for (var i = 1; i < present.Length; i++) shortest = Math.Min(shortest, times[present[i]] - times[present[i - 1]]);
        }
        if (double.IsInfinity(shortest)) shortest = 1;
        var distances = new double[d * d];
        for (var a = 0; a < d; a++)
        {
            for (var b = 0; b < d; b++) distances[a * d + b] = Math.Abs(times[a] - times[b]) / shortest;
        }
        return Holding(Correlated(at, distances, false, 0), [held[0], held[^1] is { } rho ? Math.Pow(rho, shortest) : null]);
    }

    private static RandomTerm Holding(RandomTerm term, double?[] held) => held.All(h => h is null) ? term : new HeldTerm(term, held);

    /// <summary>What is held: τ² of each outcome, and last ρ.</summary>
    private static double?[] Held(InnerOuterTerm spec, string[] names)
    {
        var given = spec.Fixed;
        if (given.TauSquaredOf.Keys.FirstOrDefault(name => !names.Contains(name)) is { } wrong)
        {
            throw new StudyDataException("is not an outcome whose variance could be held: " + NearestName.Hint(wrong, names), wrong, column: spec.Outcome, kind: StudyDataFault.NoSuchName) { Choices = [.. names] };
        }
        if (given.TauSquaredOf.Count > 0 && HasOneVariance(spec.Structure))
        {
            throw new ArgumentException("This structure has one variance, so that those of single outcomes cannot be held: set FixedComponents.TauSquared.");
        }
        if (given.Correlation is { } rho)
        {
            var d = names.Length;
            if (spec.Structure == CovarianceStructure.Diagonal) throw new ArgumentException("A diagonal structure has no correlation that could be held.");
            var lowest = spec.Structure switch
            {
                CovarianceStructure.CompoundSymmetry or CovarianceStructure.HeteroscedasticCompoundSymmetry => -1.0 / (d - 1),
                CovarianceStructure.ContinuousAutoregressive => 0,
                _ => -1,
            };
            if (rho < lowest)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The correlation {rho} is not possible: with this structure it lies between {lowest:G4} and 1."));
            }
        }
        return [.. names.Select(name => given.TauSquaredOf.TryGetValue(name, out var own) ? own : given.TauSquared), given.Correlation];
    }

    /// <summary>Standard deviations, which are the parameters where each outcome has its own.</summary>
    private static double?[] Roots(double?[] held) => [.. held[..^1].Select(h => h is { } tau2 ? Math.Sqrt(tau2) : (double?)null), held[^1]];

    private static double[] Ones(int d)
    {
        var distances = new double[d * d];
        for (var i = 0; i < distances.Length; i++) distances[i] = i % (d + 1) == 0 ? 0 : 1;
        return distances;
    }

    /// <summary>The times in order.</summary>
    public static double[] Times(string outcome, string[] names, Dictionary<string, double>? numbers) => numbers is not null ? [.. names.Select(name => numbers[name])]
        : throw new StudyDataException("is a text where a time in numbers is needed: correlations over time depend on how far times are apart", names[0], column: outcome);

    /// <summary>How many steps the times are apart, the shortest distance being one.</summary>
    private static double[] Steps(string outcome, string[] names, Dictionary<string, double>? numbers)
    {
        var times = Times(outcome, names, numbers);
        var d = times.Length;
        var step = Enumerable.Range(1, d - 1).Min(i => times[i] - times[i - 1]);
        var distances = new double[d * d];
        for (var a = 0; a < d; a++)
        {
            var steps = (times[a] - times[0]) / step;
            if (Math.Abs(steps - Math.Round(steps)) > 1e-6)
            {
                throw new StudyDataException(string.Create(CultureInfo.InvariantCulture,
                    $"is no whole number of steps of {step} after {names[0]}: take the continuous structure (CAR), which needs no common step"), names[a], column: outcome);
            }
            for (var b = 0; b < d; b++) distances[a * d + b] = Math.Round(Math.Abs(times[a] - times[b]) / step);
        }
        return distances;
    }

    /// <summary>An outcome with a mean of its own shows how much it differs between clusters only where it is in two of them.</summary>
    private static void CheckVariances(DependentData data, InnerOuterTerm spec, RandomTerm groups, int[] inner, string[] names, double?[] held)
    {
        if (HasOneVariance(spec.Structure)) return;
        for (var a = 0; a < names.Length; a++)
        {
            int[] rows = [.. Enumerable.Range(0, inner.Length).Where(i => inner[i] == a)];
            string[] clusters = [.. rows.Select(i => groups.GroupNames[groups.Groups[i]]).Distinct()];
            if (clusters.Length > 1 || held[a] is not null || !HasOwnMean(data, rows)) continue;
            throw new StudyDataException($"has {(rows.Length == 1 ? "one effect only" : $"effects in one {spec.Cluster} only (\"{clusters[0]}\")")}, from which no variance between "
                + "them can be estimated", names[a], column: spec.Outcome, kind: StudyDataFault.LoneOutcome);
        }
    }

    /// <summary>True when the design can give these rows any mean without moving the others.</summary>
    private static bool HasOwnMean(DependentData data, int[] rows)
    {
        var (k, p) = (data.Matrix.Count, data.Matrix.Parameters);
        double left = rows.Length;
        for (var j = 0; j < p; j++)
        {
            var product = rows.Sum(i => data.Matrix.Orthonormal[j * k + i]);
            left -= product * product;
        }
        return left < 1e-9 * rows.Length;
    }

    /// <summary>A correlation can be estimated only from clusters that have both outcomes.</summary>
    private static void CheckPairs(InnerOuterTerm spec, RandomTerm groups, int[] inner, string[] names)
    {
        var together = new bool[names.Length, names.Length];
        foreach (var rows in Enumerable.Range(0, inner.Length).GroupBy(i => groups.Groups[i]))
        {
            int[] present = [.. rows.Select(i => inner[i]).Distinct()];
            foreach (var a in present)
            {
                foreach (var b in present) together[a, b] |= a != b;
            }
        }
        var missing = (from a in Enumerable.Range(0, names.Length) from b in Enumerable.Range(0, a) where !together[a, b] select (b, a)).ToList();
        var all = names.Length * (names.Length - 1) / 2;
        if (missing.Count == 0 || (spec.Structure != CovarianceStructure.Unstructured && missing.Count < all)) return;
        throw new StudyDataException($"and \"{names[missing[0].a]}\" are together in no {spec.Cluster}, so that their correlation cannot be estimated: take a diagonal structure"
            + (missing.Count < all ? ", or one with a common correlation" : ""), names[missing[0].b], column: spec.Outcome, kind: StudyDataFault.Undetermined);
    }
}
