using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>One factor of a column of a design: what it makes of one column of the data.</summary>
/// <param name="Column">The column of the data.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38, 0.29], [0.010, 0.022, 0.015, 0.012, 0.020, 0.011],
///     columns: [StudyColumn.OfTexts("rater", ["client", "observer", "client", "observer", "client", "client"]), StudyColumn.OfNumbers("year", [2001, 2004, 2010, 2012, 2018, 2007])]);
/// var fit = MetaRegression.Fit(effects, Moderator.Category("rater") + Moderator.Number("year").CenteredAt(2005));
/// foreach (DesignFactor factor in fit.DesignColumns().SelectMany(d => d.Factors))
///     Console.WriteLine(factor is CategoryFactor category ? $"1 where {category.Column} is {category.Category}" : $"{factor.Column} less {((NumberFactor)factor).Centre}");
/// </code></example>
public abstract record DesignFactor(string Column);

/// <summary>1 where a column has a category, and else 0; with sum contrasts -1 where it has the last one.</summary>
/// <param name="Column">The column of the data.</param>
/// <param name="Category">The category, as <see cref="StudyColumn.Text"/> writes it.</param>
/// <param name="Against">The category that counts -1 with sum contrasts; null with others.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.012], columns: [StudyColumn.OfTexts("rater", ["client", "observer", "client", "observer"])]);
/// var factor = (CategoryFactor)MetaRegression.Fit(effects, Moderator.Category("rater")).DesignColumns()[1].Factors[0];
/// Console.WriteLine(factor.Category); // observer
/// </code></example>
public sealed record CategoryFactor(string Column, string Category, string? Against) : DesignFactor(Column);

/// <summary>
/// A number: x = (value - centre)/unit, its power, or a piece of a restricted cubic spline. The piece at knot j of knots t (in the units of x) is
/// [(x - tⱼ)₊³ - (x - tₘ₋₁)₊³(tₘ - tⱼ)/(tₘ - tₘ₋₁) + (x - tₘ)₊³(tₘ₋₁ - tⱼ)/(tₘ - tₘ₋₁)]/(tₘ - t₁)² (Harrell 2015, Regression Modeling Strategies, section 2.4.5).
/// </summary>
/// <param name="Column">The column of the data.</param>
/// <param name="Centre">What is taken off; 0 for none.</param>
/// <param name="Unit">What it is divided by; 1 for none.</param>
/// <param name="Power">1 for a straight line.</param>
/// <param name="Knots">The knots of a spline in units of x, or empty.</param>
/// <param name="Knot">Which knot the piece belongs to, counted from 0; -1 for x itself.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.012], columns: [StudyColumn.OfNumbers("year", [2001, 2004, 2010, 2012])]);
/// var factor = (NumberFactor)MetaRegression.Fit(effects, Moderator.Number("year").CenteredAt(2005)).DesignColumns()[1].Factors[0];
/// Console.WriteLine($"({factor.Column} - {factor.Centre})/{factor.Unit}"); // (year - 2005)/1
/// </code></example>
public sealed record NumberFactor(string Column, double Centre, double Unit, int Power, ImmutableArray<double> Knots, int Knot) : DesignFactor(Column);

/// <summary>How one column of a design, which has one coefficient, is made from the data: the product of its factors.</summary>
/// <param name="Name">The name of its coefficient.</param>
/// <param name="Factors">The factors; none for the intercept, which is 1 everywhere.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.010, 0.022, 0.015, 0.012, 0.020],
///     columns: [StudyColumn.OfTexts("rater", ["client", "observer", "client", "observer", "client"])]);
/// foreach (DesignRecipe column in MetaRegression.Fit(effects, Moderator.Category("rater")).DesignColumns()) Console.WriteLine($"{column.Name}: {column.Factors.Length} factors");
/// </code></example>
public sealed record DesignRecipe(string Name, ImmutableArray<DesignFactor> Factors)
{
    /// <summary>True for the column of ones.</summary>
    public bool IsIntercept => Factors.IsEmpty;

    internal static ImmutableArray<DesignRecipe> Constant => [new DesignRecipe("Intercept", [])];
}

/// <summary>How the designs of fits are made from the columns of their effects, so that other programs can make the same.</summary>
public static class FitDesign
{
    /// <summary>The columns of the mean, in the order of <see cref="IModelFit.Coefficients"/>.</summary>
    /// <param name="fit">A fit of any kind.</param>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.012]);
    /// Console.WriteLine(RandomEffects.Fit(effects).DesignColumns()[0].IsIntercept); // True
    /// </code></example>
    public static ImmutableArray<DesignRecipe> DesignColumns(this IModelFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Found(fit)?.Recipes() ?? DesignRecipe.Constant;
    }

    /// <summary>The columns of the scale, in the order of <see cref="LocationScaleFit.ScaleCoefficients"/>.</summary>
    /// <param name="fit">A location-scale model.</param>
    public static ImmutableArray<DesignRecipe> ScaleDesignColumns(this LocationScaleFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return fit.DesignOfScale?.Recipes() ?? DesignRecipe.Constant;
    }

    private static ModeratorDesign? Found(IModelFit fit) => fit switch
    {
        MetaRegressionFit regression => regression.Design,
        LocationScaleFit scale => scale.Design,
        DependentFit dependent => dependent.Data.Design,
        RobustVarianceFit robust => robust.Design,
        _ => null,
    };
}
