namespace EmpathyNotebooks.Reporting;

/// <summary>Small results that are a line of their own.</summary>
internal static class Words
{
    public static Block Of<T>(T result)
        where T : notnull => new Paragraph(result.ToString() ?? "");
}
