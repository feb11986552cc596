using System.IO.Compression;
using System.Xml.Linq;
using EmpathyNotebooks.Host.Site;
using EmpathyNotebooks.Host.Teaching;
using EmpathyNotebooks.Tests;
using static EmpathyNotebooks.Host.Tests.Teaching.SampleLesson;

namespace EmpathyNotebooks.Host.Tests.Teaching;

/// <summary>Questions in the forms of learning platforms: signs that mean something there are escaped, formulas arrive, each option says why.</summary>
public sealed class QuestionBankTests
{
    private static readonly Lesson[] Lessons = [Lesson.Read(Page())!];
    private static readonly XNamespace Qti = "http://www.imsglobal.org/xsd/imsqti_v2p1";

    [Fact]
    public void Gift_brings_every_sign_through()
    {
        var question = Assert.Single(GiftReader.Read(QuestionBank.ToGift(Lessons)));
        Assert.Equal(("$course$/EmpathyNotebooks/07-sums", "07-sums, question 1", "html"), (question.Category, question.Title, question.Format));
        Assert.Equal("Which holds: a = b, {c} ~ d, or e#f: <span class=\"math\">\\(\\frac{1}{2} = .5\\)</span>?", question.Stem);
        Assert.Equal([
            new GiftAnswer(false, "the first, <code>a = b</code>", "it is ~not~ so."),
            new GiftAnswer(true, "none; 5 &lt; 7 &amp; &quot;so on&quot;", "<p>It is so.</p> <p>And a second paragraph.</p>"),
            new GiftAnswer(false, "<span class=\"math\">\\(x_{1}\\)</span>", "no, since <span class=\"math\">\\(\\tau^2\\)</span> is larger."),
        ], question.Answers);
        // In the file itself the backslash of TeX is doubled.
        Assert.Contains("\\\\(\\\\frac\\{1\\}\\{2\\} \\= .5\\\\)", QuestionBank.ToGift(Lessons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("::t::a = b{=x}")]
    [InlineData("::t::a{=x#y#z}")]
    [InlineData("::t::\\(a\\){=x}")]
    [InlineData("::t::a{=x} more")]
    [InlineData("::t::a{=x ~%50% of y}")]
    [InlineData("::t::a{=x ~[html]y}")]
    public void The_reader_of_these_tests_refuses_what_is_not_escaped(string gift) => Assert.Throws<FormatException>(() => GiftReader.Read(gift));

    [Fact]
    public void Qti_is_a_package_whose_manifest_names_each_file_once_and_the_same_twice()
    {
        var bytes = QuestionBank.ToQti(Lessons);
        Assert.Equal(bytes, QuestionBank.ToQti([Lesson.Read(Page())!]));
        using var zip = new ZipArchive(new MemoryStream(bytes));
        Assert.Equal(["imsmanifest.xml", "test.xml", "items/07-sums-1.xml"], zip.Entries.Select(entry => entry.FullName));
        Assert.All(zip.Entries, entry => Assert.Equal(new DateTime(1980, 1, 1), entry.LastWriteTime.DateTime));
        XNamespace package = "http://www.imsglobal.org/xsd/imscp_v1p1";
        var manifest = Read(zip, "imsmanifest.xml");
        Assert.Equal(["metadata", "organizations", "resources"], manifest.Elements().Select(element => element.Name.LocalName));
        Assert.Equal([("imsqti_test_xmlv2p1", "test.xml"), ("imsqti_item_xmlv2p1", "items/07-sums-1.xml")],
            manifest.Descendants(package + "resource").Select(resource => ((string)resource.Attribute("type")!, (string)resource.Attribute("href")!)));
        Assert.Equal((string?)manifest.Descendants(package + "resource").Last().Attribute("identifier"), (string?)manifest.Descendants(package + "dependency").Single().Attribute("identifierref"));
        Assert.Equal("items/07-sums-1.xml", (string?)Read(zip, "test.xml").Descendants(Qti + "assessmentItemRef").Single().Attribute("href"));
    }

    [Fact]
    public void A_Qti_item_has_the_parts_of_the_standard_in_their_order()
    {
        using var zip = new ZipArchive(new MemoryStream(QuestionBank.ToQti(Lessons)));
        var item = Read(zip, "items/07-sums-1.xml");
        Assert.Equal(Qti + "assessmentItem", item.Name);
        Assert.Equal(["responseDeclaration", "outcomeDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing", "modalFeedback", "modalFeedback", "modalFeedback"], item.Elements().Select(element => element.Name.LocalName));
        Assert.Equal("B", item.Element(Qti + "responseDeclaration")!.Descendants(Qti + "value").Single().Value);
        var choice = item.Descendants(Qti + "choiceInteraction").Single();
        Assert.Equal("1", (string?)choice.Attribute("maxChoices"));
        Assert.Equal(["A", "B", "C"], choice.Elements(Qti + "simpleChoice").Select(option => (string)option.Attribute("identifier")!));
        Assert.Equal(["A", "B", "C"], item.Elements(Qti + "modalFeedback").Select(feedback => (string)feedback.Attribute("identifier")!));
        Assert.Equal("none; 5 < 7 & \"so on\"", choice.Elements(Qti + "simpleChoice").ElementAt(1).Value);
        Assert.Equal(3, item.Descendants(XNamespace.Get("http://www.w3.org/1998/Math/MathML") + "math").Count());
        Assert.DoesNotContain(item.Descendants().Attributes(), attribute => attribute.Name.LocalName is "class" or "style");
        Assert.All(item.Descendants(), element => Assert.True(element.Name.Namespace == Qti || element.Name.Namespace == "http://www.w3.org/1998/Math/MathML", element.Name.ToString()));
    }

    [Theory]
    [InlineData("%50% of them", "<p>%50% of them</p>")]
    [InlineData("%-33.333% less", "<p>%-33.333% less</p>")]
    [InlineData("%100%", "<p>%100%</p>")]
    [InlineData("[markdown] is a format", "<p>[markdown] is a format</p>")]
    [InlineData("50% of them", "50% of them")]
    [InlineData("=~#{}: =~#{}:", "=~#{}: =~#{}:")]
    [InlineData("a -> b, \\~ c", "a -&gt; b, ~ c")]
    [InlineData("// no comment", "// no comment")]
    [InlineData("::name:: and ####", "::name:: and ####")]
    [InlineData("&&058; \\\\n", "&amp;&amp;058; \\n")]
    [InlineData("$\\nu \\neq \\{1\\}$", "<span class=\"math\">\\(\\nu \\neq \\{1\\}\\)</span>")]
    [InlineData("`$CATEGORY: x`", "<code>$CATEGORY: x</code>")]
    public void Gift_means_what_the_option_says_wherever_it_stands(string option, string html)
    {
        // The right option, the wrong one, and why it is wrong.
        var test = $"> **Test your knowledge 1**\n>\n> Which: {option}\n>\n> - [ ] A. {option}\n> - [ ] B. {option}\n\n<details>\n<summary>Answer</summary>\n\n**B.** {option}\n\n- *A*: {option}\n\n</details>";
        var question = Assert.Single(GiftReader.Read(QuestionBank.ToGift([Lesson.Read(Page(Document(test: test)))!])));
        Assert.Equal([new GiftAnswer(false, html, html), new GiftAnswer(true, html, html)], question.Answers);
        Assert.Equal("Which: " + html.Replace("<p>", "", StringComparison.Ordinal).Replace("</p>", "", StringComparison.Ordinal), question.Stem);
    }

    [Theory]
    [InlineData("01 two words", "lesson-01_x0020_two_x0020_words-question-1")]
    [InlineData("01_two.words: \u00e4=#{~}", "lesson-01_two_x002E_words_x003A__x0020__x00E4__x003D__x0023__x007B__x007E__x007D_-question-1")]
    [InlineData("a_x0020_b", "lesson-a_x005F_x0020_b-question-1")]
    [InlineData("07-sums", "lesson-07-sums-question-1")]
    public void Names_of_files_are_identifiers_in_Qti_and_titles_in_Gift(string name, string id)
    {
        Lesson[] lessons = [Lesson.Read(new SitePage(name + ".ipynb", Document()))!];
        Assert.Equal($"{name}, question 1", Assert.Single(GiftReader.Read(QuestionBank.ToGift(lessons))).Title);
        using var zip = new ZipArchive(new MemoryStream(QuestionBank.ToQti(lessons)));
        Assert.Equal(id, (string?)Read(zip, "test.xml").Descendants(Qti + "assessmentItemRef").Single().Attribute("identifier"));
        var ids = zip.Entries.SelectMany(entry => Read(zip, entry.FullName).DescendantsAndSelf().Attributes().Where(attribute => attribute.Name.LocalName is "identifier" or "identifierref" or "responseIdentifier" or "outcomeIdentifier" or "id")).ToList();
        Assert.True(ids.Count > 20);
        // The production of an NCName, in ASCII and without the full stop that divides item and variable.
        Assert.All(ids, attribute => Assert.Matches(@"\A[A-Za-z_][A-Za-z0-9_-]*\z", attribute.Value));
        Assert.All(zip.Entries, entry => Assert.Matches(@"\A[A-Za-z0-9_/-]+\.xml\z", entry.FullName));
        Assert.Equal(zip.Entries[^1].FullName, (string?)Read(zip, "test.xml").Descendants(Qti + "assessmentItemRef").Single().Attribute("href"));
    }

    [Fact]
    public void What_a_page_names_is_no_identifier_in_Qti()
    {
        var test = Test.Replace("a = b, {c} ~ d", "a[^1]", StringComparison.Ordinal).Replace("> - [ ] A.", "> [^1]: A note.\n>\n> - [ ] A.", StringComparison.Ordinal);
        using var zip = new ZipArchive(new MemoryStream(QuestionBank.ToQti([Lesson.Read(Page(Document(test: test)))!])));
        var item = Read(zip, zip.Entries[^1].FullName);
        Assert.Contains("A note.", item.Element(Qti + "itemBody")!.Value, StringComparison.Ordinal);
        Assert.DoesNotContain(item.Descendants().Attributes(), attribute => attribute.Name.LocalName is "id" or "role" or "start");
        Assert.Empty(item.Descendants(Qti + "a"));
    }

    private static XElement Read(ZipArchive zip, string path)
    {
        using var stream = zip.GetEntry(path)!.Open();
        return XElement.Load(stream);
    }
}
