namespace EmpathyNotebooks.Host.Teaching.Slides;

/// <summary>One slide.</summary>
/// <param name="Title">Its heading as HTML.</param>
/// <param name="Name">The same as plain text, for the list of slides.</param>
/// <param name="Kind">Class of its element: <c>puzzle</c>, <c>section</c>, <c>chart</c>.</param>
/// <param name="Body">HTML under the heading.</param>
/// <param name="Cell">The cell of the notebook it comes from.</param>
internal sealed record Slide(string Title, string Name, string Kind, string Body, int Cell);
