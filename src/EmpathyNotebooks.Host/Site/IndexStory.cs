namespace EmpathyNotebooks.Host.Site;

/// <summary>What the first page tells: the question, what is published and what simulated, what a reader can do in the end.</summary>
internal static class IndexStory
{
    /// <summary>Title and question.</summary>
    public const string Question = """
        <h1>Does a therapist's empathy go with how clients fare?</h1>
        <p class="lead">Elliott, Bohart, Watson and Murphy (<a href="https://doi.org/10.1037/pst0000175">2018</a>) gathered 82 samples with 6,138 clients and
        answered with one number: <i>r</i>&nbsp;=&nbsp;.28, 95%&nbsp;CI [.23,&nbsp;.33]. The lessons take such an answer apart and put one together again: how it
        comes about, how sure it is, how far it reaches, and what it does not say.</p>

        """;

    /// <summary>What may be believed of what is shown, and for whom all of it is.</summary>
    public const string Terms = """
        <h2 id="published">What is published, what is simulated</h2>
        <p>Published: the summary results of five reviews, each with its source, and the tables of six reviews on other questions, for practice on real studies.
        Simulated: the 82 samples on empathy that the lessons compute with, since the table behind the published summary is not public. They are drawn so that
        their own summary agrees with it. They show how methods work and are no evidence on empathy; every table and chart of them is labelled so.</p>
        <h2 id="goals">What you will be able to do</h2>
        <ul>
        <li>read a published result and say how sure it is and what it lets expect of the next study,</li>
        <li>turn studies into a table, check it, and pool it under a model that you can defend,</li>
        <li>say how far the answer hangs on single studies, on studies nobody sees, and on your own choices,</li>
        <li>write methods and results so that others can compute them again, on this question or on your own.</li>
        </ul>
        <p>Each lesson opens with a puzzle, says its idea in words before it computes it, and ends with questions and exercises. You need no C# to read: code is folded away, and
        <i>Code</i> in the bar of a lesson shows all of it. Those who write code can download every lesson and run it.</p>

        """;
}
