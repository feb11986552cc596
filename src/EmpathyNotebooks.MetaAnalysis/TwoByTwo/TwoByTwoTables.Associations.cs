namespace EmpathyNotebooks.MetaAnalysis;

public static partial class TwoByTwoTables
{
    /// <summary>
    /// The phi coefficient (ad - bc)/√(n1·n2(a + c)(b + d)), the correlation of the two dichotomies (metafor's PHI). Variance for
    /// one sample: Bishop, Fienberg &amp; Holland (1975), Discrete Multivariate Analysis, p. 381; for fixed group sizes: by the
    /// delta method from two independent binomial groups. When not to use it: to compare studies with different margins, which
    /// limit how large it can be.
    /// </summary>
    /// <remarks>
    /// $$\varphi = \frac{ad - bc}{\sqrt{n_1n_2(a + c)(b + d)}}$$
    /// and for one sample, $p$ and $q$ the shares of the first row and first column,
    /// $$v = \frac{1}{N}\left(1 - \varphi^2 + \varphi\Bigl(1 + \frac{\varphi^2}{2}\Bigr)s_ps_q - \frac{3\varphi^2}{4}(s_p^2 + s_q^2)\right), \qquad s_p = \frac{2p - 1}{\sqrt{p(1 - p)}}$$
    /// and $s_q$ alike.
    /// </remarks>
    /// <param name="table">The counts; zeros may stay.</param>
    /// <param name="design">How people came into the groups; <see cref="SamplingDesign.CrossSectional"/> by default, as in
    /// metafor.</param>
    /// <exception cref="ArgumentException">Nobody or everybody has the event.</exception>
    public static EffectSize Phi(TwoByTwo table, SamplingDesign design = SamplingDesign.CrossSectional)
    {
        if (table.IsUninformative) throw Undefined(table, EffectMeasure.Phi);
        double n = table.Total, row = table.N1 / n, column = table.Events / n;
        double rows = row * (1 - row), columns = column * (1 - column);
        var phi = (table.A / n * (table.D / n) - table.B / n * (table.C / n)) / Math.Sqrt(rows * columns);
        var v = design switch
        {
            SamplingDesign.CrossSectional => CrossSectionalVariance(phi, 2 * row - 1, 2 * column - 1, rows, columns) / n,
            SamplingDesign.Stratified => StratifiedVariance(table, row, column, columns),
            _ => throw Check.Unknown(design, nameof(design)),
        };
        return EffectSize.Of(phi, v, EffectMeasure.Phi);
    }

    /// <summary>
    /// Yule's Q = (OR - 1)/(OR + 1) with variance ¼(1 - Q²)²(1/a + 1/b + 1/c + 1/d) (metafor's YUQ). Source: Yule (1912), Journal
    /// of the Royal Statistical Society 75, 579-652. Its limits ±1 are reached when one cell is zero.
    /// When not to use it: as the correlation of two cut variables; see <see cref="Tetrachoric"/>.
    /// </summary>
    /// <remarks>
    /// $$Q = \frac{ad - bc}{ad + bc}, \qquad v = \frac{(1 - Q^2)^2}{4}\left(\frac{1}{a} + \frac{1}{b} + \frac{1}{c} + \frac{1}{d}\right)$$
    /// </remarks>
    /// <inheritdoc cref="LogOddsRatio"/>
    public static EffectSize YuleQ(TwoByTwo table, ZeroCells? zeroCells = null)
    {
        var (t, note) = Ready(table, zeroCells, table.HasZero, EffectMeasure.YuleQ);
        var q = Math.Tanh(LogOdds(t) / 2);
        return EffectSize.Of(q, (1 - q * q) * (1 - q * q) / 4 * InverseSum(t), EffectMeasure.YuleQ, note);
    }

    /// <summary>
    /// Yule's Y, the coefficient of colligation (√OR - 1)/(√OR + 1), with variance (1 - Y²)²(1/a + 1/b + 1/c + 1/d)/16 (metafor's
    /// YUY): phi after both margins were made even. Source: Yule (1912).
    /// When not to use it: as the correlation of two cut variables; see <see cref="Tetrachoric"/>.
    /// </summary>
    /// <remarks>
    /// $$Y = \frac{\sqrt{ad} - \sqrt{bc}}{\sqrt{ad} + \sqrt{bc}}, \qquad v = \frac{(1 - Y^2)^2}{16}\left(\frac{1}{a} + \frac{1}{b} + \frac{1}{c} + \frac{1}{d}\right)$$
    /// </remarks>
    /// <inheritdoc cref="LogOddsRatio"/>
    public static EffectSize YuleY(TwoByTwo table, ZeroCells? zeroCells = null)
    {
        var (t, note) = Ready(table, zeroCells, table.HasZero, EffectMeasure.YuleY);
        var y = Math.Tanh(LogOdds(t) / 4);
        return EffectSize.Of(y, (1 - y * y) * (1 - y * y) / 16 * InverseSum(t), EffectMeasure.YuleY, note);
    }

    /// <summary>
    /// The tetrachoric correlation: that of two normal variables which, both cut in two, give this table (metafor's RTET). It
    /// solves Φ₂(h, k; ρ) = a/N with the cuts h and k from the margins, which is the maximum-likelihood estimate; variance by the
    /// delta method from the multinomial counts. Source: Pearson (1900), Philosophical Transactions A 195, 1-47; Kirk (1973),
    /// Psychometrika 38, 259-268. With a zero cell the estimate is ±1 and has no sampling variance: a rule must be chosen (Brown
    /// &amp; Benedetti 1977 add ½). When not to use it: for true categories, behind which there is no continuum.
    /// </summary>
    /// <remarks>
    /// $$\Phi_2(h, k; \rho) = \frac{a}{N}, \qquad h = \Phi^{-1}\!\left(\frac{a + b}{N}\right), \quad k = \Phi^{-1}\!\left(\frac{a + c}{N}\right)$$
    /// solved for $\rho$, with $\Phi_2$ the bivariate normal distribution.
    /// </remarks>
    /// <inheritdoc cref="LogOddsRatio"/>
    public static EffectSize Tetrachoric(TwoByTwo table, ZeroCells? zeroCells = null)
    {
        var (t, note) = Ready(table, zeroCells, table.HasZero, EffectMeasure.Tetrachoric);
        double n = t.Total, a = t.A / n, b = t.B / n, c = t.C / n;
        double h = NormalCurve.Quantile(a + b), k = NormalCurve.Quantile(a + c);
        var angle = TetrachoricAngle(h, k, a, table);
        double rho = Math.Sin(angle), root = Math.Cos(angle), density = NormalCurve.Density(h, k, rho);
        // How much ρ moves with each of the four shares; the cuts move with the shares too.
        var byRow = NormalCurve.Probability((k - rho * h) / root);
        var byColumn = NormalCurve.Probability((h - rho * k) / root);
        double da = 1 - byRow - byColumn, db = -byRow, dc = -byColumn;
        var mean = a * da + b * db + c * dc;
        var v = (a * da * da + b * db * db + c * dc * dc - mean * mean) / (density * density * n);
        return EffectSize.Of(rho, v, EffectMeasure.Tetrachoric, note);
    }

    /// <summary>The angle whose sine is the correlation with this share in the first cell: Newton's steps, halving where they leave the bracket.</summary>
    private static double TetrachoricAngle(double h, double k, double share, TwoByTwo table)
    {
        double low = -Math.PI / 2 + 1e-9, high = Math.PI / 2 - 1e-9;
        if (NormalCurve.Probability(h, k, low) >= share || NormalCurve.Probability(h, k, high) <= share)
        {
            throw ZeroCells.Undefined($"The tetrachoric correlation of {table} cannot be told from -1 or 1, where it has no sampling variance",
                text => new ArgumentException(text, nameof(table)));
        }
        var angle = 0.0;
        for (var i = 0; i < 200; i++)
        {
            var excess = NormalCurve.Probability(h, k, angle) - share;
            if (excess < 0) low = angle;
            else high = angle;
            var newton = angle - excess / (NormalCurve.Density(h, k, Math.Sin(angle)) * Math.Cos(angle));
            // The angle itself is an end of the bracket by now: a step that goes nowhere is at the root, not outside, whence halving would come back in fifty integrals.
            if (Math.Abs(newton - angle) <= 1e-15 * Math.Abs(angle)) return newton;
            var next = newton > low && newton < high ? newton : (low + high) / 2;
            if (Math.Abs(next - angle) <= 1e-15 * Math.Abs(next) || next <= low || next >= high) return next;
            angle = next;
        }
        return angle;
    }

    private static double CrossSectionalVariance(double phi, double rowSkew, double columnSkew, double rows, double columns)
    {
        var square = phi * phi;
        return 1 - square + phi * (1 + square / 2) * rowSkew * columnSkew / Math.Sqrt(rows * columns)
            - 0.75 * square * (rowSkew * rowSkew / rows + columnSkew * columnSkew / columns);
    }

    private static double StratifiedVariance(TwoByTwo t, double row, double column, double columns)
    {
        double p1 = t.A / t.N1, p2 = t.C / t.N2;
        var scale = Math.Sqrt(row * (1 - row) / columns);
        // phi = scale·(p1 - p2), and the scale moves with the margin of events, which both groups share in.
        var slope = (p1 - p2) * (1 - 2 * column) / (2 * columns);
        double d1 = scale * (1 - slope * row), d2 = scale * (-1 - slope * (1 - row));
        return d1 * d1 * p1 * (1 - p1) / t.N1 + d2 * d2 * p2 * (1 - p2) / t.N2;
    }

    private static ArgumentException Undefined(TwoByTwo table, EffectMeasure measure) => ArgumentFault.Together(
        $"The {measure.Name.ToLowerInvariant()} of {table} is not defined: nobody or everybody has the event.", nameof(table));
}
