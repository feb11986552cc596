namespace EmpathyNotebooks.MetaAnalysis;

/// <content>
/// First and second derivatives by the variances, carried upwards beside weights and means. Those of ln|M| + ln|X'M⁻¹X| and of y'Py, kept apart, give all that a search wants: the second
/// derivatives of the former are -tr PEPE, of the latter 2y'PEPEPy. A group knows the variances below it only, and these come first.
/// </content>
internal sealed partial class NestedLikelihood
{
    private readonly Room _room;

    public override ReadOnlySpan<double> Score => _room.Score;

    public override ReadOnlySpan<double> AverageInformation => _room.Average;

    public override ReadOnlySpan<double> ExpectedInformation => _room.Expected;

    public override void Differentiate()
    {
        _room.Logs.AsSpan().Clear();
        _room.Products.AsSpan().Clear();
        for (var level = 0; level < _starts.Length; level++)
        {
            if (level > 0) FromGroups(level);
            else if (_leaf > 0) FromEffects();
            else Clear(_room.Weights[0], _room.Means[0]);
            if (level + _leaf < _n) AddOwn(level);
        }
        Conclude();

        static void Clear(double[] weights, double[] means)
        {
            weights.AsSpan().Clear();
            means.AsSpan().Clear();
        }
    }

    /// <summary>Where the derivative by a and b stands, b not above a: after those by one parameter.</summary>
    private int Pair(int a, int b) => _n + a * (a + 1) / 2 + b;

    /// <summary>The groups of single effects, whose weights w = 1/(v + σ²) have the derivatives -w² and 2w³.</summary>
    private void FromEffects()
    {
        var (starts, j, width, second) = (_starts[0], _room.Length, _width, Pair(0, 0));
        var e = _room.Deviation;
        for (var g = 0; g + 1 < starts.Length; g++)
        {
            var means = _means[0].AsSpan(g * width, width);
            var moved = _room.Means[0].AsSpan(g * width * j, width * j);
            moved.Clear();
            double squares = 0, cubes = 0;
            for (var i = starts[g]; i < starts[g + 1]; i++)
            {
                double w = _w[i], w2 = w * w, w3 = w2 * w;
                squares += w2;
                cubes += w3;
                for (var a = 0; a < width; a++)
                {
                    e[a] = _z[i * width + a] - means[a];
                    moved[a * j] -= w2 * e[a];
                    moved[a * j + second] += 2 * w3 * e[a];
                    for (var b = 0; b <= a; b++)
                    {
                        var product = _room.Products.AsSpan((a * width + b) * j, j);
                        product[0] -= w2 * e[a] * e[b];
                        product[second] += 2 * w3 * e[a] * e[b];
                    }
                }
            }
            var sum = _sums[0][g];
            for (var a = 0; a < width; a++)
            {
                moved[a * j] /= sum;
                moved[a * j + second] = (moved[a * j + second] + 2 * squares * moved[a * j]) / sum;
                for (var b = 0; b <= a; b++) _room.Products[(a * width + b) * j + second] -= 2 * sum * moved[a * j] * moved[b * j];
            }
            _room.Weights[0][g * j] = -squares;
            _room.Weights[0][g * j + second] = 2 * cubes;
            _room.Logs[0] += sum;
            _room.Logs[second] -= squares;
        }
    }

    /// <summary>s = S/D with D = 1 + σ²S, by what S depends on already and by σ².</summary>
    private void AddOwn(int level)
    {
        var (own, j, logs) = (level + _leaf, _room.Length, _room.Logs);
        var sigma2 = _sigma2[own];
        for (var g = 0; g + 1 < _starts[level].Length; g++)
        {
            var s = _room.Weights[level].AsSpan(g * j, j);
            var sum = _sums[level][g];
            double one = 1 / (1 + sigma2 * sum), two = one * one, three = two * one;
            var share = sigma2 * one;
            for (var a = 0; a < own; a++)
            {
                logs[a] += share * s[a];
                for (var b = 0; b <= a; b++)
                {
                    ref var both = ref s[Pair(a, b)];
                    logs[Pair(a, b)] += share * (both - share * s[a] * s[b]);
                    both = two * (both - 2 * share * s[a] * s[b]);
                }
            }
            logs[own] += sum * one;
            logs[Pair(own, own)] -= sum * sum * two;
            for (var b = 0; b < own; b++)
            {
                logs[Pair(own, b)] += two * s[b];
                s[Pair(own, b)] = -2 * sum * s[b] * three;
                s[b] *= two;
            }
            s[own] = -sum * sum * two;
            s[Pair(own, own)] = 2 * sum * sum * sum * three;
        }
    }

    /// <summary>Groups of groups: with e = m - m̄ the deviations, Σse = 0 and its derivatives say how the mean moves.</summary>
    private void FromGroups(int level)
    {
        var (starts, j, width, known) = (_starts[level], _room.Length, _width, level + _leaf);
        double[] below = _weights[level - 1], belowMeans = _means[level - 1], weights = _room.Weights[level - 1], deviations = _room.Means[level - 1];
        var e = _room.Deviation;
        for (var g = 0; g + 1 < starts.Length; g++)
        {
            int from = starts[g], to = starts[g + 1];
            var total = _room.Weights[level].AsSpan(g * j, j);
            var mean = _room.Means[level].AsSpan(g * width * j, width * j);
            total.Clear();
            mean.Clear();
            for (var c = from; c < to; c++)
            {
                var s = weights.AsSpan(c * j, j);
                for (var a = 0; a < total.Length; a++) total[a] += s[a];
                for (var x = 0; x < width; x++)
                {
                    var deviation = belowMeans[c * width + x] - _means[level][g * width + x];
                    var m = deviations.AsSpan((c * width + x) * j, j);
                    for (var a = 0; a < known; a++) mean[x * j + a] += s[a] * deviation + below[c] * m[a];
                }
            }
            var inverse = 1 / _sums[level][g];
            for (var x = 0; x < width; x++)
            {
                for (var a = 0; a < known; a++) mean[x * j + a] *= inverse;
            }
            for (var c = from; c < to; c++)
            {
                var s = weights.AsSpan(c * j, j);
                for (var x = 0; x < width; x++)
                {
                    var m = deviations.AsSpan((c * width + x) * j, j);
                    var own = mean.Slice(x * j, j);
                    e[x] = belowMeans[c * width + x] - _means[level][g * width + x];
                    // From here on the deviation's derivatives; what the second ones lack has no weight in any sum below.
                    for (var a = 0; a < known; a++) m[a] -= own[a];
                    for (var a = 0; a < known; a++)
                    {
                        for (var b = 0; b <= a; b++) own[Pair(a, b)] += s[Pair(a, b)] * e[x] + s[a] * m[b] + s[b] * m[a] + below[c] * m[Pair(a, b)];
                    }
                    for (var y = 0; y <= x; y++) AddProducts(below[c], s, e[x], e[y], m, deviations.AsSpan((c * width + y) * j, j), _room.Products.AsSpan((x * width + y) * j, j), known);
                }
            }
            for (var x = 0; x < width; x++)
            {
                for (var a = 0; a < known; a++)
                {
                    for (var b = 0; b <= a; b++) mean[x * j + Pair(a, b)] *= inverse;
                }
            }
        }
    }

    /// <summary>The derivatives of s·e·f, e and f being deviations of two columns.</summary>
    private void AddProducts(double weight, ReadOnlySpan<double> s, double e, double f, ReadOnlySpan<double> de, ReadOnlySpan<double> df, Span<double> into, int known)
    {
        for (var a = 0; a < known; a++)
        {
            var cross = de[a] * f + e * df[a];
            into[a] += s[a] * e * f + weight * cross;
            for (var b = 0; b <= a; b++)
            {
                var ab = Pair(a, b);
                into[ab] += s[ab] * e * f + s[a] * (de[b] * f + e * df[b]) + s[b] * cross
                    + weight * (de[a] * df[b] + de[b] * df[a] + de[ab] * f + e * df[ab]);
            }
        }
    }

    /// <summary>Score and information from the derivatives of the logarithms and of the products.</summary>
    private void Conclude()
    {
        var (room, q) = (_room, _width - 1);
        if (_constant == 0) AddTopMean();
        Span<double> inverse = room.Inverse, b = room.Contrast;
        if (q > 0) SmallMatrix.Invert(_factor, inverse, q);
        b[0] = 1;
        for (var i = 0; i < q; i++) b[1 + i] = -_gamma[i];
        for (var a = 0; a < _n; a++)
        {
            // H'b for H the products' derivatives; through the inverse of those of the design where second derivatives need it.
            var h = room.Turned.AsSpan(a * _width, _width);
            for (var x = 0; x <= q; x++)
            {
                h[x] = 0;
                for (var y = 0; y <= q; y++) h[x] += Product(x, y, a) * b[y];
            }
            for (var i = 0; i < q; i++)
            {
                for (var l = 0; l < q; l++)
                {
                    double sum = 0;
                    for (var m = 0; m < q; m++) sum += inverse[i * q + m] * Product(1 + m, 1 + l, a);
                    room.Relative[(a * q + i) * q + l] = sum;
                }
            }
        }
        double[] top = room.Weights[^1];
        var weight = _weights[^1][0];
        for (var a = 0; a < _n; a++)
        {
            var h = room.Turned.AsSpan(a * _width, _width);
            var relative = room.Relative.AsSpan(a * q * q, q * q);
            var information = (_constant != 0 ? top[a] / weight : 0) + SmallMatrix.Trace(relative, q);
            room.Score[_elementOf[a]] = -0.5 * (room.Logs[a] + (_model.IsRestricted ? information : 0) + BlockMatrix.Dot(b, h));
            for (var c = 0; c <= a; c++)
            {
                var ac = Pair(a, c);
                var other = room.Turned.AsSpan(c * _width, _width);
                information = _constant != 0 ? (top[ac] - top[a] * top[c] / weight) / weight : 0;
                var curvature = 0.0;
                for (var x = 0; x <= q; x++)
                {
                    for (var y = 0; y <= q; y++) curvature += b[x] * b[y] * Product(x, y, ac);
                }
                for (var i = 0; i < q; i++)
                {
                    for (var l = 0; l < q; l++)
                    {
                        information += inverse[i * q + l] * Product(1 + i, 1 + l, ac);
                        curvature -= 2 * h[1 + i] * inverse[i * q + l] * other[1 + l];
                    }
                }
                information -= SmallMatrix.TraceOfGeneralProduct(relative, room.Relative.AsSpan(c * q * q, q * q), q);
                int i1 = _elementOf[a] * _n + _elementOf[c], i2 = _elementOf[c] * _n + _elementOf[a];
                room.Average[i1] = room.Average[i2] = 0.25 * curvature;
                room.Expected[i1] = room.Expected[i2] = -0.5 * (room.Logs[ac] + (_model.IsRestricted ? information : 0));
            }
        }

        double Product(int x, int y, int at) => _room.Products[(Math.Max(x, y) * _width + Math.Min(x, y)) * _room.Length + at];
    }

    /// <summary>The derivatives of S·m·m', which the products have where there is no intercept.</summary>
    private void AddTopMean()
    {
        var (j, s, m) = (_room.Length, _room.Weights[^1], _room.Means[^1]);
        for (var x = 0; x < _width; x++)
        {
            for (var y = 0; y <= x; y++)
            {
                AddProducts(_weights[^1][0], s, _means[^1][x], _means[^1][y], m.AsSpan(x * j, j), m.AsSpan(y * j, j), _room.Products.AsSpan((x * _width + y) * j, j), _n);
            }
        }
    }

    /// <summary>The room that derivatives take, made once. Those of one quantity stand together, <see cref="Length"/> numbers.</summary>
    private sealed class Room
    {
        public Room(int parameters, int width, int[][] starts)
        {
            Length = parameters + parameters * (parameters + 1) / 2;
            Weights = [.. starts.Select(s => new double[(s.Length - 1) * Length])];
            Means = [.. starts.Select(s => new double[(s.Length - 1) * width * Length])];
            Products = new double[width * width * Length];
            Logs = new double[Length];
            Deviation = new double[width];
            Contrast = new double[width];
            Turned = new double[parameters * width];
            Inverse = new double[(width - 1) * (width - 1)];
            Relative = new double[parameters * Inverse.Length];
            Score = new double[parameters];
            Average = new double[parameters * parameters];
            Expected = new double[parameters * parameters];
        }

        public int Length { get; }

        /// <summary>Of each level's weights, and of the weighted means of its columns.</summary>
        public double[][] Weights { get; }

        public double[][] Means { get; }

        public double[] Products { get; }

        public double[] Logs { get; }

        public double[] Deviation { get; }

        public double[] Contrast { get; }

        public double[] Turned { get; }

        public double[] Inverse { get; }

        public double[] Relative { get; }

        public double[] Score { get; }

        public double[] Average { get; }

        public double[] Expected { get; }
    }
}
