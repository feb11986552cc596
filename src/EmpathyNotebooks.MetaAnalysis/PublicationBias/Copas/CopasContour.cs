using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>One line of equal estimates over the plane of γ0 and γ1.</summary>
/// <param name="Level">The estimate along it, on the scale that is pooled.</param>
/// <param name="Points">Its points, γ0 and γ1, in order; a closed line ends where it starts.</param>
public sealed record CopasContourLine(double Level, ImmutableArray<(double Gamma0, double Gamma1)> Points);

/// <summary>How the estimate of a Copas model depends on the strength of selection: what its contour plot shows.</summary>
/// <param name="Gamma0">The values of γ0, from least to largest.</param>
/// <param name="Gamma1">The values of γ1, from 0 to the largest.</param>
/// <param name="Estimates">The estimate at each γ0 (row) and γ1 (column), on the scale that is pooled.</param>
/// <param name="Lines">Lines of equal estimates at round values.</param>
/// <param name="Slope">
/// The slope of the path, with both axes scaled to [0, 1]: at right angles to the lines on average. Null where no line has a direction, as where the estimate does not depend on selection.
/// </param>
public sealed record CopasContour(ImmutableArray<double> Gamma0, ImmutableArray<double> Gamma1, ImmutableArray<ImmutableArray<double>> Estimates, ImmutableArray<CopasContourLine> Lines, double? Slope)
{
    /// <summary>Where the path crosses the lines, each taken as straight: from much to little publication; with those outside the plane left out.</summary>
    internal List<(double Gamma0, double Gamma1)> Crossings { get; private init; } = [];

    /// <summary>Draws the lines and the path, by the rule of R's metasens: each line is fitted by a straight one; the path is straight, through the corner of least selection, at right angles to their mean slope, which weighs lines by their points.</summary>
    internal static CopasContour Of(double[] gamma0, double[] gamma1, double[][] estimates, int levels)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (var row in estimates)
        {
            foreach (var value in row) (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }
        var lines = ImmutableArray.CreateBuilder<CopasContourLine>();
        var straight = new List<(double Slope, double Intercept)>();
        double weights = 0, slopes = 0;
        foreach (var level in RoundLevels(low, high, levels))
        {
            foreach (var line in ContourLines.At(estimates, level))
            {
                lines.Add(new CopasContourLine(level, [.. line.Select(p => (Unscaled(gamma0, p.X), Unscaled(gamma1, p.Y)))]));
                var (slope, intercept, adjusted) = Straight(line);
                straight.Add((slope, intercept));
                if (!(adjusted > 0)) continue;
                weights += line.Count;
                slopes += line.Count * slope;
            }
        }
        double? path = weights > 0 && slopes != 0 ? -weights / slopes : null;
        List<(double, double)> crossings = [];
        foreach (var (slope, intercept) in straight)
        {
            if (path is not { } steep) break;
            var x = (1 - steep - intercept) / (slope - steep);
            var y = 1 + steep * (x - 1);
            if (x is >= 0 and <= 1 && y is >= 0 and <= 1) crossings.Add((Unscaled(gamma0, x), Unscaled(gamma1, y)));
        }
        return new CopasContour([.. gamma0], [.. gamma1], [.. estimates.Select(row => row.ToImmutableArray())], lines.ToImmutable(), path) { Crossings = crossings };
    }

    /// <summary>About so many values at equal steps of 1, 2 or 5 times a power of ten that cover a range: those that R's pretty() gives (Becker, Chambers &amp; Wilks 1988, The New S Language).</summary>
    internal static IEnumerable<double> RoundLevels(double low, double high, int about)
    {
        var cell = (high - low) / about;
        if (!(cell > 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high)))) yield break;
        double power = Math.Pow(10, Math.Floor(Math.Log10(cell))), unit = power;
        if (2 * power - cell < 1.5 * (cell - unit))
        {
            unit = 2 * power;
            if (5 * power - cell < 2.75 * (cell - unit))
            {
                unit = 5 * power;
                if (10 * power - cell < 1.5 * (cell - unit)) unit = 10 * power;
            }
        }
        double first = Math.Floor(low / unit + 1e-7), last = Math.Ceiling(high / unit - 1e-7);
        for (var i = first; i <= last; i++) yield return i * unit;
    }

    private static double Unscaled(double[] values, double share) => values[0] + share * (values[^1] - values[0]);

    /// <summary>The least-squares line of y on x and its adjusted R²; NaN where there are too few points.</summary>
    private static (double Slope, double Intercept, double Adjusted) Straight(List<(double X, double Y)> line)
    {
        double n = line.Count, mx = line.Average(p => p.X), my = line.Average(p => p.Y);
        double sxx = line.Sum(p => (p.X - mx) * (p.X - mx)), sxy = line.Sum(p => (p.X - mx) * (p.Y - my)), syy = line.Sum(p => (p.Y - my) * (p.Y - my));
        var slope = sxy / sxx;
        return (slope, my - slope * mx, 1 - (1 - sxy * sxy / (sxx * syy)) * (n - 1) / (n - 2));
    }
}

/// <summary>Lines of equal value over a square grid whose axes go from 0 to 1, by linear interpolation along the edges of its cells.</summary>
internal static class ContourLines
{
    public static List<List<(double X, double Y)>> At(double[][] values, double level)
    {
        int rows = values.Length, columns = values[0].Length;
        // A value that is the level is moved off it by nearly nothing, so that lines pass between points.
        double Off(int i, int j) => values[i][j] == level ? 1e-13 * (Math.Abs(level) + 1) : values[i][j] - level;
        // An edge from (i, j) to the next row or column is a node; each cell joins two or four of its edges.
        var points = new Dictionary<(int I, int J, bool Down), (double X, double Y)>();
        var joined = new Dictionary<(int I, int J, bool Down), List<(int I, int J, bool Down)>>();
        for (var i = 0; i + 1 < rows; i++)
        {
            for (var j = 0; j + 1 < columns; j++)
            {
                var edges = new List<(int I, int J, bool Down)>(4);
                foreach (var edge in ((int I, int J, bool Down)[])[(i, j, true), (i, j, false), (i + 1, j, false), (i, j + 1, true)])
                {
                    double from = Off(edge.I, edge.J), to = edge.Down ? Off(edge.I + 1, edge.J) : Off(edge.I, edge.J + 1);
                    if (from * to >= 0) continue;
                    var share = from / (from - to);
                    points[edge] = ((edge.I + (edge.Down ? share : 0)) / (rows - 1), (edge.J + (edge.Down ? 0 : share)) / (columns - 1));
                    edges.Add(edge);
                }
                // Where all four are crossed the two to the left are joined, and the two to the right.
                edges.Sort((a, b) => points[a].X.CompareTo(points[b].X));
                for (var e = 0; e + 1 < edges.Count; e += 2)
                {
                    Join(edges[e], edges[e + 1]);
                    Join(edges[e + 1], edges[e]);
                }
            }
        }
        var lines = new List<List<(double X, double Y)>>();
        var taken = new HashSet<(int I, int J, bool Down)>();
        // Open lines from their ends first; what is left is closed.
        foreach (var start in joined.Keys.Where(k => joined[k].Count == 1).Concat(joined.Keys))
        {
            if (!taken.Add(start)) continue;
            var line = new List<(double X, double Y)> { points[start] };
            var at = start;
            while (joined[at].FirstOrDefault(n => !taken.Contains(n), start) is var next && next != start)
            {
                taken.Add(next);
                line.Add(points[next]);
                at = next;
            }
            if (joined[start].Count == 2) line.Add(points[start]);
            lines.Add(line);
        }
        return lines;

        void Join((int I, int J, bool Down) from, (int I, int J, bool Down) to)
        {
            if (!joined.TryGetValue(from, out var list)) joined[from] = list = [];
            list.Add(to);
        }
    }
}
