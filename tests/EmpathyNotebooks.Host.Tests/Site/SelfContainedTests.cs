using EmpathyNotebooks.Host.Site;

namespace EmpathyNotebooks.Host.Tests.Site;

public sealed class SelfContainedTests
{
    [Theory]
    [InlineData("<script src=\"https://cdn.example.org/plotly.js\"></script>")]
    [InlineData("<script src=//cdn.example.org/plotly.js></script>")]
    [InlineData("<img src='figure.png'>")]
    [InlineData("<img alt=x srcset=\"a.png 2x\">")]
    [InlineData("<IMG\nSRC = figure.png>")]
    [InlineData("<link rel=stylesheet href=site.css>")]
    [InlineData("<iframe srcdoc='x'></iframe>")]
    [InlineData("<svg><image href=\"file:///etc/hostname\"/></svg>")]
    [InlineData("<svg><use xlink:href=\"other.svg#a\"/></svg>")]
    [InlineData("<p style=\"background: url(paper.png)\">")]
    [InlineData("<style>@import 'other.css';</style>")]
    [InlineData("<style>p { background: URL( \"https://example.org/a.png\" ) }</style>")]
    [InlineData("<base href='https://example.org'>")]
    [InlineData("<meta http-equiv=refresh content='0; url=https://example.org'>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("<button onclick='go()'>go</button>")]
    [InlineData("<a href=' javascript:go()'>go</a>")]
    [InlineData("<a href='&#106;avascript:go()'>go</a>")]
    public void What_would_load_or_run_from_outside_is_found(string html) => Assert.NotNull(SelfContained.FindFault(html));

    [Theory]
    [InlineData("<p>See <a href=\"https://doi.org/10.1037/pst0000175\">the paper</a>.</p>")]
    [InlineData("<img src=\"data:image/png;base64,AAAA\" alt=''>")]
    [InlineData("<svg><defs/><use href=\"#mark\"/></svg>")]
    [InlineData("<style>p { fill: url(#gradient); background: url('data:image/svg+xml,x') }</style>")]
    [InlineData("<style>p { mask: url(\"data:image/svg+xml,<path marker-end='url(%23a)'/>\") }</style>")]
    [InlineData("<script>const html = '<img src=\"https://example.org/a.png\">'; if (1 < 2) {}</script>")]
    [InlineData("<!-- <img src=a.png> -->")]
    [InlineData("<p>a < b and c > d</p>")]
    [InlineData("&lt;img src=x onerror=alert(1)&gt;")]
    public void What_stays_inside_the_page_passes(string html) => Assert.Null(SelfContained.FindFault(html));

    [Theory]
    [InlineData("<script>draw();", "script")]
    [InlineData("<!-- open", "comment")]
    [InlineData("<p class='a>text</p>", "quote")]
    [InlineData("<p class=a", "not closed")]
    public void Html_that_would_swallow_the_rest_of_the_page_is_refused(string html, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => SelfContained.FindFault(html)).Message);

    [Fact]
    public void A_script_is_one_tag_with_its_text()
    {
        var tags = HtmlTags.Read("<div a=1 a=2 B><script type=x>'</scripty>' < 1</script ></div>").ToList();

        Assert.Equal(["div", "script", "/div"], tags.Select(tag => tag.Name));
        Assert.Equal("'</scripty>' < 1", tags[1].Text);
        Assert.Equal("1", tags[0].Attributes["a"]);
        Assert.Equal("", tags[0].Attributes["b"]);
    }
}
