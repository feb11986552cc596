using EmpathyNotebooks.Notebooks.Tests.Claims;

namespace EmpathyNotebooks.Notebooks.Tests;

/// <summary>What the lessons say of their outputs is true of these outputs, and no number in their prose is held by nothing.</summary>
public sealed class ClaimsTests
{
    private static readonly LessonClaims[] All = [.. typeof(LessonClaims).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(LessonClaims)) && !type.IsAbstract)
        .Select(type => (LessonClaims)Activator.CreateInstance(type)!)];

    public static TheoryData<string> Lessons => Course.Lessons;

    [Theory]
    [MemberData(nameof(Lessons))]
    public async Task The_prose_says_what_the_run_shows(string lesson)
    {
        var claims = All.SingleOrDefault(one => one.Lesson == lesson);
        Assert.True(claims is not null, $"Write Claims/Lesson{lesson[..2]}.cs for {lesson}.");
        Faults.None(await claims.FaultsAsync());
    }

    [Fact]
    public void Each_file_of_claims_has_a_lesson() => Assert.Empty(All.Select(one => one.Lesson).Except(Course.Written));
}
