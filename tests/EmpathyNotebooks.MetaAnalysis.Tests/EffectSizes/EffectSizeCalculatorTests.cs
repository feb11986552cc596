namespace EmpathyNotebooks.MetaAnalysis.Tests.EffectSizes;

public sealed class EffectSizeCalculatorTests
{
    private static readonly Dictionary<string, double> Groups =
        new() { ["m1i"] = 10.2, ["sd1i"] = 2.1, ["n1i"] = 25, ["m2i"] = 8.9, ["sd2i"] = 2.6, ["n2i"] = 28 };

    [Fact]
    public void Each_measure_says_what_it_needs()
    {
        Assert.Equal(["ai, bi, ci, di", "ai, ci, n1i, n2i"],
            EffectSizeCalculator.Inputs(EffectMeasure.OddsRatio).Select(s => s.ToString()));
        Assert.Equal("ri (correlation)", EffectSizeCalculator.Inputs(EffectMeasure.FisherZ)[0].Columns[0].ToString());
        Assert.Equal(EffectMeasure.All.Count - 2, EffectSizeCalculator.Measures.Count);
        foreach (var measure in EffectSizeCalculator.Measures)
        {
            Assert.All(EffectSizeCalculator.Inputs(measure), set =>
                Assert.All(set.Columns, c => Assert.True(c.Name.Length > 0 && c.Meaning.Length > 0)));
        }
        Assert.Throws<ArgumentException>(() => EffectSizeCalculator.Inputs(EffectMeasure.Generic));
    }

    [Fact]
    public void Other_columns_give_the_same_effect()
    {
        var table = new Dictionary<string, double> { ["ai"] = 12, ["bi"] = 88, ["ci"] = 25, ["di"] = 75 };
        var events = new Dictionary<string, double> { ["ai"] = 12, ["n1i"] = 100, ["ci"] = 25, ["n2i"] = 100 };
        Assert.Equal(Value(EffectMeasure.OddsRatio, table), Value(EffectMeasure.OddsRatio, events));
        // NaN is an empty cell: the next set of columns is tried.
        Assert.Equal(Value(EffectMeasure.OddsRatio, table),
            Value(EffectMeasure.OddsRatio, new(events) { ["bi"] = double.NaN, ["di"] = double.NaN }));
        var t = 2.31;
        var r = t / Math.Sqrt(t * t + 58);
        Assert.Equal(Value(EffectMeasure.FisherZ, new() { ["ri"] = r, ["ni"] = 60 }),
            Value(EffectMeasure.FisherZ, new() { ["ti"] = t, ["ni"] = 60 }), 1e-12);
        // Examples in the help of metafor's escalc: p = -.07 of 30 people, -.018 of 20 and 20, -.018 of 50 pairs.
        Assert.Equal(-0.3354, Value(EffectMeasure.Correlation, new() { ["pi"] = -0.07, ["ni"] = 30 }), 5e-5);
        Assert.Equal(-0.7664,
            Value(EffectMeasure.StandardizedMeanDifference, new() { ["pi"] = -0.018, ["n1i"] = 20, ["n2i"] = 20 }), 5e-5);
        Assert.Equal(-0.3408, Value(EffectMeasure.StandardizedMeanChange, new() { ["pi"] = -0.018, ["ni"] = 50 }), 5e-5);
    }

    [Fact]
    public void Missing_columns_are_named()
    {
        var message = Assert.Throws<StudyDataException>(() => EffectSizeCalculator.Compute(EffectMeasure.OddsRatio,
            new Dictionary<string, double> { ["ai"] = 1, ["bi"] = 2, ["ci"] = 3 })).Message;
        Assert.Contains("needs the columns ai, bi, ci, di; or ai, ci, n1i, n2i. There are only ai, bi, ci.", message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_out_of_range_is_named_with_row_study_and_column()
    {
        var rows = new[] { Groups, new(Groups) { ["sd2i"] = -2.6 } };
        var fault = Assert.Throws<StudyDataException>(() =>
            EffectSizeCalculator.Compute(EffectMeasure.MeanDifference, rows, ["Ames", "Bern"]));
        Assert.Equal((2, "Bern", "sd2i", "-2.6"), (fault.Row, fault.Study, fault.Column, fault.Value));
        Assert.Equal("Row 2 (\"Bern\"), column sd2i: \"-2.6\" cannot be used for MD. It must be a finite number, 0 or more.",
            fault.Message);
        var alpha = Assert.Throws<StudyDataException>(() => EffectSizeCalculator.Compute(EffectMeasure.AlphaBonett,
            new Dictionary<string, double> { ["ai"] = 0.8, ["mi"] = 7.5, ["ni"] = 40 }));
        Assert.Equal("mi", alpha.Column);
        var model = Assert.Throws<StudyDataException>(() => EffectSizeCalculator.Compute(EffectMeasure.PartialCorrelation,
            new Dictionary<string, double> { ["ti"] = 2, ["mi"] = 30, ["ni"] = 25 }));
        Assert.Equal("ni", model.Column);
        var zero = Assert.Throws<StudyDataException>(() => EffectSizeCalculator.Compute(EffectMeasure.OddsRatio,
            new Dictionary<string, double> { ["ai"] = 0, ["bi"] = 20, ["ci"] = 5, ["di"] = 18 }));
        Assert.Contains("choose a zero-cell rule", zero.Message, StringComparison.Ordinal);
        var tooMany = Assert.Throws<StudyDataException>(() => EffectSizeCalculator.Compute(EffectMeasure.OddsRatio,
            new Dictionary<string, double> { ["ai"] = 30, ["n1i"] = 20, ["ci"] = 5, ["n2i"] = 18 }));
        Assert.Equal("ai", tooMany.Column);
    }

    [Fact]
    public void A_formula_a_measure_does_not_have_is_an_error()
    {
        var message = Assert.Throws<ImpossibleChoiceException>(() => EffectSizeCalculator.Compute(EffectMeasure.MeanDifference, Groups,
            new EffectSizeOptions { Variance = VarianceFormula.Unbiased })).Message;
        Assert.Contains("MD has no variance formula UB; it has LargeSample (LS), EqualVariances (HO).", message,
            StringComparison.Ordinal);
        Assert.Contains("did you mean \"LS\"",
            Assert.Throws<ArgumentException>(() => EffectSizeOptions.VarianceFromCode("LSS")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_listed_formula_can_be_computed()
    {
        // A formula in a recipe that its method refuses would only show in use.
        var values = new Dictionary<string, double>(Groups)
        {
            ["ri"] = 0.4, ["ni"] = 40, ["ti"] = 1.5, ["mi"] = 3, ["r2i"] = 0.4, ["sdi"] = 2, ["xi"] = 7, ["ai"] = 0.5, ["bi"] = 9,
                ["ci"] = 6, ["di"] = 11,
            ["x1i"] = 4, ["t1i"] = 90, ["x2i"] = 7, ["t2i"] = 80,
        };
        foreach (var measure in EffectSizeCalculator.Measures)
        {
            foreach (var formula in EffectRecipe.Of(measure).Variances)
            {
                var effect = EffectSizeCalculator.Compute(measure, values, new EffectSizeOptions { Variance = formula });
                Assert.Equal(measure, effect.Measure);
                Assert.True(effect.Variance > 0 && double.IsFinite(effect.Value), $"{measure.Code} {formula}");
            }
        }
    }

    [Fact]
    public void The_rule_for_a_data_set_looks_at_all_rows()
    {
        Dictionary<string, double>[] rows = [new() { ["xi"] = 3, ["ni"] = 10 }, new() { ["xi"] = 0, ["ni"] = 10 }];
        var options = new EffectSizeOptions { ZeroCells = ZeroCells.AddToAllIfAnyZero() };
        var all = EffectSizeCalculator.Compute(EffectMeasure.ProportionLogit, rows, null, options);
        Assert.All(all, e => Assert.NotNull(e.Note));
        Assert.Equal(Math.Log(3.5 / 7.5), all[0].Value, 1e-12);
        Assert.Null(EffectSizeCalculator.Compute(EffectMeasure.ProportionLogit, rows[..1], null, options)[0].Note);
    }

    private static double Value(EffectMeasure measure, Dictionary<string, double> values) =>
        EffectSizeCalculator.Compute(measure, values).Value;
}
