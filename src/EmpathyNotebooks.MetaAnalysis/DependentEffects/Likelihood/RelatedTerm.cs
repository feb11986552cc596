namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// A level whose random effects are correlated as is known, u ~ N(0, σ²A): species by their phylogeny, places by their distance. All effects are one group, the level's values are the
/// inner ones, and the one element σ² has the factor A for a pair of them.
/// </summary>
internal sealed class RelatedTerm(string name, int[] inner, string[] innerNames, double[] relation, double[] root)
    : RandomTerm(name, new int[inner.Length], [name], inner, innerNames)
{
    public override double[]? Relation => relation;

    public override double[]? RelationRoot => root;

    public override bool IsScaled => true;

    public override int LevelCount => Inner.Distinct().Count();

    public override int ElementCount => 1;

    public override int ParameterCount => 1;

    public override int ElementOf(int a, int b) => 0;

    public override void Elements(ReadOnlySpan<double> theta, Span<double> elements) => elements[0] = theta[0];

    public override void Jacobian(ReadOnlySpan<double> theta, Span<double> jacobian) => jacobian[0] = 1;

    public override void Start(double variance, Span<double> theta) => theta[0] = variance;

    public override RandomTerm With(int[] groups, string[] groupNames, int[] inner) => new RelatedTerm(Name, inner, InnerNames, relation, root);
}
