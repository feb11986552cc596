namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A term with some of its parameters held at given values; the others are its own.</summary>
internal sealed class HeldTerm : RandomTerm
{
    private readonly RandomTerm _whole;
    private readonly double?[] _held;
    private readonly int[] _free;

    public HeldTerm(RandomTerm whole, double?[] held)
        : base(whole.Name, whole.Groups, whole.GroupNames, whole.Inner, whole.InnerNames)
    {
        _whole = whole;
        _held = held;
        _free = [.. Enumerable.Range(0, held.Length).Where(j => held[j] is null)];
    }

    public override int ElementCount => _whole.ElementCount;

    public override int ParameterCount => _free.Length;

    public override double[]? Relation => _whole.Relation;

    public override double[]? RelationRoot => _whole.RelationRoot;

    public override bool IsScaled => _whole.IsScaled;

    public override int LevelCount => _whole.LevelCount;

    public override int CorrelationParameter => Array.IndexOf(_free, _whole.CorrelationParameter);

    public override bool IsLinear => false;

    public override int StartCount => _free.Length == 0 ? 1 : _whole.StartCount;

    public override int ElementOf(int a, int b) => _whole.ElementOf(a, b);

    public override void Elements(ReadOnlySpan<double> theta, Span<double> elements) => _whole.Elements(Whole(theta), elements);

    public override double[] Covariance(ReadOnlySpan<double> theta) => _whole.Covariance(Whole(theta));

    public override void Jacobian(ReadOnlySpan<double> theta, Span<double> jacobian)
    {
        var n = _held.Length;
        var whole = new double[ElementCount * n];
        _whole.Jacobian(Whole(theta), whole);
        for (var e = 0; e < ElementCount; e++)
        {
            for (var j = 0; j < _free.Length; j++) jacobian[e * _free.Length + j] = whole[e * n + _free[j]];
        }
    }

    public override void AddCurvature(ReadOnlySpan<double> theta, ReadOnlySpan<double> score, Span<double> hessian)
    {
        var (n, m) = (_held.Length, _free.Length);
        var whole = new double[n * n];
        _whole.AddCurvature(Whole(theta), score, whole);
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < m; j++) hessian[i * m + j] += whole[_free[i] * n + _free[j]];
        }
    }

    public override double Lower(int parameter) => _whole.Lower(_free[parameter]);

    public override double Upper(int parameter) => _whole.Upper(_free[parameter]);

    public override void Start(double variance, Span<double> theta) => Start(0, variance, theta);

    public override void Start(int kind, double variance, Span<double> theta)
    {
        var whole = new double[_held.Length];
        _whole.Start(kind, variance, whole);
        for (var j = 0; j < _free.Length; j++) theta[j] = whole[_free[j]];
    }

    public override IEnumerable<double> Probes(int parameter, IReadOnlyList<double> variances) => _whole.Probes(_free[parameter], variances);

    public override RandomTerm With(int[] groups, string[] groupNames, int[] inner) => new HeldTerm(_whole.With(groups, groupNames, inner), _held);

    private double[] Whole(ReadOnlySpan<double> theta)
    {
        var whole = new double[_held.Length];
        var next = 0;
        for (var j = 0; j < whole.Length; j++) whole[j] = _held[j] ?? theta[next++];
        return whole;
    }
}
