namespace EmpathyNotebooks.MetaAnalysis.Tests;

public sealed class StatisticTextTests
{
    [Theory]
    [InlineData(0.283, 2, false, ".28")]
    [InlineData(-0.283, 2, false, "−.28")]
    [InlineData(-0.004, 2, false, ".00")]
    [InlineData(0.58, 2, true, "0.58")]
    [InlineData(0.175, 2, false, ".18")]
    [InlineData(0.17499999999999996, 2, false, ".18")]
    [InlineData(-0.125, 2, true, "−0.13")]
    [InlineData(0.17499, 2, false, ".17")]
    [InlineData(1e-30, 2, true, "0.00")]
    [InlineData(123456789012345.5, 0, true, "123456789012346")]
    [InlineData(-12.345, 1, true, "−12.3")]
    [InlineData(1, 2, false, "1.00")]
    [InlineData(double.NegativeInfinity, 2, true, "−∞")]
    public void Numbers_are_in_APA_style(double value, int digits, bool leadingZero, string expected) =>
        Assert.Equal(expected, StatisticText.Number(value, digits, leadingZero));

    [Theory]
    [InlineData(0.0004, "p < .001")]
    [InlineData(0.001, "p = .001")]
    [InlineData(0.0324, "p = .032")]
    [InlineData(1, "p = 1.000")]
    public void Probabilities_are_in_APA_style(double p, string expected) => Assert.Equal(expected, StatisticText.PValueWithSymbol(p));

    [Theory]
    [InlineData(0.0077625, "0.007763")]
    [InlineData(0, "0")]
    [InlineData(1234.56, "1235")]
    [InlineData(-0.25, "−0.2500")]
    [InlineData(1.5e-12, "1.5E−12")]
    public void Any_size_keeps_its_significant_digits(double value, string expected) =>
        Assert.Equal(expected, StatisticText.Significant(value));

    [Fact]
    public void There_is_no_text_for_not_a_number() => Assert.Throws<ArgumentException>(() => StatisticText.Number(double.NaN));

    [Theory]
    [InlineData(0.617, "61.7%")]
    [InlineData(0, "0.0%")]
    [InlineData(1, "100.0%")]
    [InlineData(0.9994, "99.9%")]
    [InlineData(0.9997, "99.97%")]
    [InlineData(0.9995, "99.95%")]
    [InlineData(0.0004, "0.04%")]
    [InlineData(0.0005, "0.1%")]
    [InlineData(0.00002, "0.002%")]
    [InlineData(0.000001, "< 0.001%")]
    [InlineData(0.999999, "> 99.999%")]
    [InlineData(-0.0004, "−0.04%")]
    [InlineData(-0.000001, "> −0.001%")]
    [InlineData(-0.999999, "< −99.999%")]
    public void A_share_is_none_or_all_only_where_it_is(double fraction, string expected) => Assert.Equal(expected, StatisticText.Share(fraction));
}
