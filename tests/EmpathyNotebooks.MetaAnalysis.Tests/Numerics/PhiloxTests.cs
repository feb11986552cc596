namespace EmpathyNotebooks.MetaAnalysis.Tests;

/// <summary>The counter-based generator, against the known answers that its authors publish with Random123.</summary>
public sealed class PhiloxTests
{
    [Theory]
    [InlineData(0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd)]
    [InlineData(0x299f31d0a4093822, 0x85a308d3243f6a88, 0x0370734413198a2e, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1)]
    public void A_block_is_that_of_the_published_known_answers(ulong key, ulong low, ulong high, uint w0, uint w1, uint w2, uint w3) =>
        Assert.Equal((w0 | (ulong)w1 << 32, w2 | (ulong)w3 << 32), Philox.Block(key, low, high));

    [Fact]
    public void A_stream_is_the_same_wherever_one_comes_from()
    {
        var one = new Philox(7);
        for (var i = 0; i < 5; i++) one.NextBits();
        one.MoveTo(3);
        var other = new Philox(7, 3);

        Assert.Equal([.. Enumerable.Range(0, 9).Select(_ => other.NextBits())], (ulong[])[.. Enumerable.Range(0, 9).Select(_ => one.NextBits())]);
        Assert.NotEqual(new Philox(7, 3).NextBits(), new Philox(7, 4).NextBits());
        Assert.NotEqual(new Philox(7, 3).NextBits(), new Philox(8, 3).NextBits());
    }

    /// <summary>Every way in which a <see cref="Random"/> is asked draws from the stream, in its range, and refuses what has no range.</summary>
    [Fact]
    public void All_that_a_Random_is_asked_comes_from_the_stream()
    {
        Random random = new Philox(3);
        for (var i = 0; i < 200; i++)
        {
            Assert.InRange(random.Next(), 0, int.MaxValue - 1);
            Assert.InRange(random.Next(5), 0, 4);
            Assert.InRange(random.Next(-3, 4), -3, 3);
            Assert.InRange(random.NextInt64(), 0, long.MaxValue - 1);
            Assert.InRange(random.NextInt64(long.MinValue, long.MaxValue), long.MinValue, long.MaxValue - 1);
            Assert.InRange(random.NextSingle(), 0, 0.99999994f);
        }
        byte[] bytes = new byte[11], span = new byte[11];
        new Philox(3).NextBytes(bytes);
        new Philox(3).NextBytes(span.AsSpan());
        Assert.Equal(BitConverter.GetBytes(new Philox(3).NextBits()), bytes[..8]);
        Assert.Equal(bytes, span);
        Assert.Equal((0, 4), (random.Next(0), random.Next(4, 4)));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Next(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Philox(1).NextBelow(0));
    }

    /// <summary>Mean, variance and the ends of 100,000 uniform numbers over streams; whole numbers hit each value as often as chance lets expect.</summary>
    [Fact]
    public void Numbers_are_uniform_within_and_across_streams()
    {
        var random = new Philox(20180401);
        double sum = 0, squares = 0;
        var counts = new int[7];
        for (var stream = 0; stream < 1000; stream++)
        {
            random.MoveTo((ulong)stream);
            for (var i = 0; i < 100; i++)
            {
                var u = random.NextDouble();
                Assert.InRange(u, 0, 1 - 1e-16);
                (sum, squares) = (sum + u, squares + u * u);
                counts[random.NextBelow(7)]++;
            }
        }

        Assert.InRange(sum / 1e5, 0.5 - 4 * Math.Sqrt(1 / 12.0 / 1e5), 0.5 + 4 * Math.Sqrt(1 / 12.0 / 1e5));
        Assert.InRange(squares / 1e5, 1 / 3.0 - 0.004, 1 / 3.0 + 0.004);
        Assert.InRange(counts.Sum(c => (c - 1e5 / 7) * (c - 1e5 / 7) / (1e5 / 7)), 0.3, 22.5);
    }
}
