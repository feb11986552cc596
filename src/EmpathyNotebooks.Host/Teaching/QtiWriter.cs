using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using EmpathyNotebooks.Host.Site;

namespace EmpathyNotebooks.Host.Teaching;

/// <summary>Writes questions as a package of IMS Question and Test Interoperability 2.1: one item a question, one test with a section a lesson, and the manifest that names them.</summary>
/// <remarks>Source: IMS Global, QTI v2.1 Final, Assessment Test, Section, and Item Information Model, and Content Packaging Integration (2012). Formulas are MathML, as the standard has them.</remarks>
internal static class QtiWriter
{
    private static readonly XNamespace Qti = "http://www.imsglobal.org/xsd/imsqti_v2p1";
    private static readonly XNamespace Package = "http://www.imsglobal.org/xsd/imscp_v1p1";
    private static readonly XNamespace MathMl = "http://www.w3.org/1998/Math/MathML";
    private static readonly XNamespace Schema = "http://www.w3.org/2001/XMLSchema-instance";

    /// <summary>The files of the package: the manifest first, then the test and the items.</summary>
    public static IReadOnlyList<(string Path, byte[] Content)> Files(IReadOnlyList<Lesson> lessons)
    {
        using var tex = new TeX();
        var items = lessons.SelectMany(lesson => lesson.Test.Select((question, i) => (Lesson: lesson, Path: Invariant($"items/{Safe(lesson.Name)}-{i + 1}.xml"), Id: Id(lesson, i + 1),
            Item: Item(lesson, question, i + 1, tex)))).ToList();
        return [
            ("imsmanifest.xml", Bytes(Manifest([.. items.Select(item => (item.Id, item.Path))]))),
            ("test.xml", Bytes(Test([.. items.Select(item => (item.Lesson, item.Id, item.Path))]))),
            .. items.Select(item => (item.Path, Bytes(item.Item))),
        ];
    }

    private static XElement Item(Lesson lesson, LessonQuestion question, int number, TeX tex)
    {
        var prose = new ProseWriter(lesson.FileName, tex);
        XNode[] Content(string markdown) => Parse(lesson.FileName, question.Cell, prose.Html(question.Cell, markdown));
        return new XElement(Qti + "assessmentItem",
            new XAttribute(XNamespace.Xmlns + "xsi", Schema.NamespaceName),
            new XAttribute(Schema + "schemaLocation", $"{Qti} http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"),
            new XAttribute("identifier", Id(lesson, number)), new XAttribute("title", Invariant($"{lesson.Name}, question {number}")),
            new XAttribute("adaptive", "false"), new XAttribute("timeDependent", "false"),
            new XElement(Qti + "responseDeclaration", new XAttribute("identifier", "RESPONSE"), new XAttribute("cardinality", "single"), new XAttribute("baseType", "identifier"),
                new XElement(Qti + "correctResponse", new XElement(Qti + "value", $"{question.Right.Letter}"))),
            new XElement(Qti + "outcomeDeclaration", new XAttribute("identifier", "SCORE"), new XAttribute("cardinality", "single"), new XAttribute("baseType", "float"), new XAttribute("normalMaximum", "1"),
                new XElement(Qti + "defaultValue", new XElement(Qti + "value", "0"))),
            new XElement(Qti + "outcomeDeclaration", new XAttribute("identifier", "FEEDBACK"), new XAttribute("cardinality", "single"), new XAttribute("baseType", "identifier")),
            new XElement(Qti + "itemBody", Content(question.Stem),
                new XElement(Qti + "choiceInteraction", new XAttribute("responseIdentifier", "RESPONSE"), new XAttribute("shuffle", "false"), new XAttribute("maxChoices", "1"),
                    question.Options.Select(option => new XElement(Qti + "simpleChoice", new XAttribute("identifier", $"{option.Letter}"), Content(option.Text))))),
            new XElement(Qti + "responseProcessing",
                new XElement(Qti + "responseCondition",
                    new XElement(Qti + "responseIf",
                        new XElement(Qti + "match", Variable("RESPONSE"), new XElement(Qti + "correct", new XAttribute("identifier", "RESPONSE"))),
                        SetScore("1")),
                    new XElement(Qti + "responseElse", SetScore("0"))),
                new XElement(Qti + "setOutcomeValue", new XAttribute("identifier", "FEEDBACK"), Variable("RESPONSE"))),
            question.Options.Select(option => new XElement(Qti + "modalFeedback", new XAttribute("outcomeIdentifier", "FEEDBACK"), new XAttribute("showHide", "show"),
                new XAttribute("identifier", $"{option.Letter}"), Content(option.Why))));
    }

    private static string Id(Lesson lesson, int number) => Invariant($"lesson-{Safe(lesson.Name)}-question-{number}");

    // An identifier is an NCName, and a full stop in one stands for a variable of an item; addresses of files have signs of their own. What is neither letter, digit nor hyphen stands as its number, as XmlConvert writes it, so that no two names become one.
    private static string Safe(string name) => string.Concat(name.Select((letter, i) =>
        char.IsAsciiLetterOrDigit(letter) || letter == '-' || (letter == '_' && name.ElementAtOrDefault(i + 1) != 'x') ? $"{letter}" : Invariant($"_x{(int)letter:X4}_")));

    private static XElement Variable(string name) => new(Qti + "variable", new XAttribute("identifier", name));

    private static XElement SetScore(string value) => new(Qti + "setOutcomeValue", new XAttribute("identifier", "SCORE"),
        new XElement(Qti + "baseValue", new XAttribute("baseType", "float"), value));

    private static XElement Test(IReadOnlyList<(Lesson Lesson, string Id, string Path)> items) => new(Qti + "assessmentTest",
        new XAttribute(XNamespace.Xmlns + "xsi", Schema.NamespaceName),
        new XAttribute(Schema + "schemaLocation", $"{Qti} http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"),
        new XAttribute("identifier", "empathy-notebooks"), new XAttribute("title", "EmpathyNotebooks: test your knowledge"),
        new XElement(Qti + "testPart", new XAttribute("identifier", "course"), new XAttribute("navigationMode", "nonlinear"), new XAttribute("submissionMode", "individual"),
            items.GroupBy(item => item.Lesson).Select(group => new XElement(Qti + "assessmentSection",
                new XAttribute("identifier", $"lesson-{Safe(group.Key.Name)}"), new XAttribute("title", group.Key.Name), new XAttribute("visible", "true"),
                group.Select(item => new XElement(Qti + "assessmentItemRef", new XAttribute("identifier", item.Id), new XAttribute("href", item.Path)))))));

    private static XElement Manifest(IReadOnlyList<(string Id, string Path)> items) => new(Package + "manifest",
        new XAttribute("identifier", "empathy-notebooks-package"),
        new XElement(Package + "metadata", new XElement(Package + "schema", "QTIv2.1 Package"), new XElement(Package + "schemaversion", "1.0.0")),
        new XElement(Package + "organizations"),
        new XElement(Package + "resources",
            new XElement(Package + "resource", new XAttribute("identifier", "test"), new XAttribute("type", "imsqti_test_xmlv2p1"), new XAttribute("href", "test.xml"),
                new XElement(Package + "file", new XAttribute("href", "test.xml")),
                items.Select(item => new XElement(Package + "dependency", new XAttribute("identifierref", item.Id)))),
            items.Select(item => new XElement(Package + "resource", new XAttribute("identifier", item.Id), new XAttribute("type", "imsqti_item_xmlv2p1"), new XAttribute("href", item.Path),
                new XElement(Package + "file", new XAttribute("href", item.Path))))));

    // HTML of the site's writer is XML; what stands in no namespace belongs to the item. Classes, styles and roles of a page mean nothing there, and names within it (a footnote's is fn:1) are no identifiers.
    private static XNode[] Parse(string notebook, int cell, string html)
    {
        try
        {
            var root = XElement.Parse($"<div>{html.Trim()}</div>", LoadOptions.PreserveWhitespace);
            foreach (var element in root.Descendants())
            {
                if (element.Name.LocalName == "math" || element.Parent!.Name.Namespace == MathMl) element.Name = MathMl + element.Name.LocalName;
                else element.Name = Qti + element.Name.LocalName;
                element.Attributes().Where(attribute => attribute.IsNamespaceDeclaration || attribute.Name.LocalName is "class" or "style" or "id" or "role" or "start").Remove();
            }
            foreach (var link in root.Descendants(Qti + "a").Where(link => link.Attribute("href")?.Value.StartsWith('#') == true).ToList()) link.ReplaceWith(link.Nodes());
            return [.. root.Nodes()];
        }
        catch (XmlException fault)
        {
            throw new SiteException(notebook, cell, $"a question holds HTML that is no XML, which QTI asks for: {fault.Message}", inner: fault);
        }
    }

    private static byte[] Bytes(XElement root)
    {
        using var bytes = new MemoryStream();
        using (var writer = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), NewLineChars = "\n", NewLineHandling = NewLineHandling.Replace }))
            new XDocument(root).Save(writer);
        return bytes.ToArray();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
