namespace EmpathyNotebooks.Host.Site;
internal static class PageRenderer { public static IReadOnlyList<string> ReservedIds { get; } = ["content", "contents"]; }
