using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Alerting.Sinks;

namespace ClosedLoop.Alerting.Tests.Sinks;

public sealed class IncidentTextTests
{
    [Fact]
    public void It_says_what_is_stuck_since_when_who_owns_it_what_unblocks_it_and_where_to_look()
    {
        Assert.Equal(
            """
            FIRING (warning): main-ci is red on acme/web main
            Build 311 failed, 40 items wait behind it.
            Since 2026-01-05 06:55 UTC (2 h 5 min)
            40 items wait, the oldest is BL-42 (Fix login)
            Owner of main-ci: team-web
            Next: Fix or revert 9f2c.
            Evidence: https://ci.example.org/job/web/311/?a=1&b=2
            """.ReplaceLineEndings("\n"),
            IncidentText.Plain(Notices.Of()));
    }

    [Fact]
    public void Slack_and_Mattermost_get_their_own_marks()
    {
        string slack = IncidentText.Slack(Notices.Of());
        Assert.StartsWith("FIRING (warning): *main-ci is red on acme/web main*\n", slack, StringComparison.Ordinal);
        Assert.EndsWith("\n<https://ci.example.org/job/web/311/?a=1&amp;b=2|Evidence>", slack, StringComparison.Ordinal);
        string mattermost = IncidentText.Mattermost(Notices.Of());
        Assert.StartsWith("FIRING (warning): **main-ci is red on acme/web main**\n", mattermost, StringComparison.Ordinal);
        Assert.EndsWith("\n[Evidence](<https://ci.example.org/job/web/311/?a=1&b=2>)", mattermost, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(IncidentNoticeKind.Fired, "FIRING (critical): t")]
    [InlineData(IncidentNoticeKind.Repeated, "STILL FIRING (critical): t")]
    [InlineData(IncidentNoticeKind.Escalated, "ESCALATED (critical): t")]
    [InlineData(IncidentNoticeKind.Acknowledged, "ACKNOWLEDGED by ada (critical): t")]
    [InlineData(IncidentNoticeKind.Resolved, "RESOLVED: t")]
    public void The_headline_says_why_it_is_sent(IncidentNoticeKind kind, string headline) =>
        Assert.Equal(headline, IncidentText.Headline(Notices.Of(kind) with { Severity = IncidentSeverity.Critical, Title = "t" }));

    [Fact]
    public void What_is_over_needs_no_action_and_lists_nobody_who_waits()
    {
        string text = IncidentText.Plain(Notices.Of(IncidentNoticeKind.Resolved));
        Assert.DoesNotContain("Next:", text, StringComparison.Ordinal);
        Assert.DoesNotContain("items wait, ", text, StringComparison.Ordinal);
        Assert.Contains("Since 2026-01-05 06:55 UTC (2 h 5 min)", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "less than a minute")]
    [InlineData(-5, "less than a minute")]
    [InlineData(59.9, "less than a minute")]
    [InlineData(60, "1 min")]
    [InlineData(3_600, "1 h")]
    [InlineData(3_661, "1 h 1 min")]
    [InlineData(86_400, "1 d")]
    [InlineData(273_600, "3 d 4 h")]
    public void Ages_are_in_their_two_largest_units(double seconds, string age) => Assert.Equal(age, IncidentText.Age(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, null, null)]
    [InlineData(1, "BL-1", "1 item waits: BL-1 (Fix login)")]
    [InlineData(2, null, "2 items wait")]
    public void Those_who_wait_are_counted(int count, string? oldest, string? line)
    {
        string text = IncidentText.Plain(Notices.Of() with { Count = count, OldestItemId = oldest, Summary = "" });
        if (line is null) Assert.DoesNotContain("wait", text, StringComparison.Ordinal);
        else Assert.Contains("\n" + line + "\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_named_is_said_so() => Assert.Contains("Owner: nobody is named", IncidentText.Plain(Notices.Of() with { Owner = null, Gate = null }), StringComparison.Ordinal);

    [Theory]
    [InlineData("a\r\nb\tc\u2028d", "a b c d")]
    [InlineData("\u001B[31;1mred\u001B[0m text", "red text")]
    [InlineData("\u009B2Jclear", "clear")]
    [InlineData("\u001B]8;;http://evil.example\u0007link\u001B]8;;\u0007", "link")]
    [InlineData("\u001B]0;title\u001B\\x", "x")]
    [InlineData("a\u001B", "a")]
    [InlineData("\u001B[unended\u0001rest", "[unended rest", true)]
    [InlineData("ann\u202Egnp.exe\u2066x\u200Fy", "anngnp.exexy")]
    [InlineData("za\u200Bl\uFEFFgo\u00AD", "zalgo")]
    [InlineData("\uDB40\uDC41hidden", "hidden")]
    [InlineData("👩\u200D💻 ok", "👩\u200D💻 ok")]
    [InlineData("  padded  ", "padded")]
    [InlineData("\0", "")]
    public void A_line_holds_only_what_can_be_seen(string text, string line, bool begins = false)
    {
        string safe = SafeText.Line(text, 1_000);
        if (begins) Assert.DoesNotContain('\u001B', safe);
        else Assert.Equal(line, safe);
    }

    [Fact]
    public void Half_a_character_is_shown_as_missing() => Assert.Equal("x\uFFFDy\uFFFD", SafeText.Line("x\uD800y\uDC00", 10));

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdefg", 6, "abcde…")]
    [InlineData("abcd😀😀", 6, "abcd…")]
    public void A_long_line_is_cut_between_characters(string text, int maxLength, string line) => Assert.Equal(line, SafeText.Line(text, maxLength));

    [Fact]
    public void An_enemys_text_is_neither_markup_nor_a_mention_nor_a_second_line()
    {
        foreach (string text in (string[])[IncidentText.Plain(Notices.Hostile()), IncidentText.Slack(Notices.Hostile()), IncidentText.Mattermost(Notices.Hostile())])
        {
            Assert.DoesNotContain(text, static c => (char.IsControl(c) && c != '\n') || c is '\u202E' or '\uD800');
            Assert.DoesNotContain("[31m", text, StringComparison.Ordinal);
            Assert.InRange(text.Length, 100, 16_000);
            Assert.InRange(text.Count(static c => c == '\n'), 4, 6);
            Assert.DoesNotContain("javascript", text, StringComparison.Ordinal);
        }
        string slack = IncidentText.Slack(Notices.Hostile());
        Assert.DoesNotContain("<", slack, StringComparison.Ordinal);
        Assert.Contains("&lt;!channel&gt;", slack, StringComparison.Ordinal);
        Assert.Contains("&amp;amp;", slack, StringComparison.Ordinal);
        Assert.DoesNotContain("`", slack, StringComparison.Ordinal);
        string mattermost = IncidentText.Mattermost(Notices.Hostile());
        Assert.DoesNotContain("<b>", mattermost, StringComparison.Ordinal);
        Assert.Contains(@"\`\`\`", mattermost, StringComparison.Ordinal);
        Assert.Contains(@"\[x\]\(http", mattermost, StringComparison.Ordinal);
        foreach (string text in (string[])[slack, mattermost])
            foreach (string mention in (string[])["@here", "@all", "@channel"]) Assert.DoesNotContain(mention, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_is_handed_texts_that_are_harmless_and_may_call_somebody_itself()
    {
        string text = IncidentText.Render(Notices.Of() with { Title = "<!here> & `x`" }, TextMarkup.Slack, static n => $"<!channel> {n.Title}");
        Assert.Equal("<!channel> &lt;!here&gt; &amp; \u02CBx\u02CB", text);
    }

    [Fact]
    public void A_template_that_fails_or_says_nothing_is_replaced()
    {
        string thrown = IncidentText.Render(Notices.Of(), TextMarkup.Plain, static _ => throw new InvalidOperationException("secret"));
        Assert.StartsWith(IncidentText.Plain(Notices.Of()), thrown, StringComparison.Ordinal);
        Assert.EndsWith("(the template failed: InvalidOperationException)", thrown, StringComparison.Ordinal);
        Assert.Equal(IncidentText.Plain(Notices.Of()), IncidentText.Render(Notices.Of(), TextMarkup.Plain, static _ => " "));
    }

    [Theory]
    [InlineData("https://user:pw@ci.example.org/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("javascript:alert(1)")]
    public void Only_an_address_of_the_web_is_a_link(string address) => Assert.DoesNotContain("Evidence", IncidentText.Slack(Notices.Of() with { Evidence = new Uri(address) }), StringComparison.Ordinal);

    [Fact]
    public void A_link_cannot_be_left_early()
    {
        string slack = IncidentText.Slack(Notices.Of() with { Evidence = new Uri("https://ci.example.org/?q=a|b>c<!channel>") });
        Assert.EndsWith("\n<https://ci.example.org/?q=a%7Cb%3Ec%3C!channel%3E|Evidence>", slack, StringComparison.Ordinal);
    }
}
