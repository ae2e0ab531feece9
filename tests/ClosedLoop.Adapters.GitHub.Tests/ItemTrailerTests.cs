using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>Which work item a change belongs to: a wrong guess closes somebody else's item.</summary>
public sealed class ItemTrailerTests
{
    [Theory]
    [InlineData("Work-Item: BL-42", "BL-42")]
    [InlineData("work-item:BL-42", "BL-42")]
    [InlineData("Why.\r\n\r\nWork-Item: BL-42\r\nCo-authored-by: x\r\n", "BL-42")]
    [InlineData("Work-Item: BL-1\nWork-Item: BL-2", "BL-2")]
    [InlineData("Work-Item:\t https://tracker.example/BL-42  ", "https://tracker.example/BL-42")]
    [InlineData("This is like Work-Item: BL-42", null)]
    [InlineData("  Work-Item: BL-42", null)]
    [InlineData("> Work-Item: BL-42", null)]
    [InlineData("Work-Item: BL-42 and BL-43", null)]
    [InlineData("Work-Item:", null)]
    [InlineData("Work-Item:   \r\nBL-42", null)]
    [InlineData("Work-Items: BL-42", null)]
    [InlineData("Fixes #42, see BL-42 and KFLUXUI-1336", null)]
    [InlineData("<!-- Name the item:\nWork-Item: BL-000\n-->\nDone.", null)]
    [InlineData("<!-- one line -->\nWork-Item: BL-42", "BL-42")]
    [InlineData("Work-Item: <!--BL-000-->", null)]
    [InlineData("Example:\n```\nWork-Item: BL-000\n```\n", null)]
    [InlineData("~~~\nWork-Item: BL-000\n~~~\nWork-Item: BL-42", "BL-42")]
    [InlineData("```inline```\nWork-Item: BL-42", "BL-42")]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Only_an_anchored_trailer_names_an_item(string? body, string? expected) => Assert.Equal(expected, ItemTrailer.Find("Work-Item", body));

    [Fact]
    public void The_trailer_comes_before_the_branch_and_the_branch_before_the_label()
    {
        void Patterns(GitHubOptions o) => (o.BranchPattern, o.ItemLabelPattern) = (@"^(?<id>[A-Z]+-\d+)/", @"^item:(?<id>\S+)$");
        static void Named(System.Text.Json.Nodes.JsonObject pull, string? body, string branch)
        {
            pull["body"] = body;
            pull["head"]!["ref"] = branch;
            pull["labels"]!.AsArray().Add(new System.Text.Json.Nodes.JsonObject { ["name"] = "item:BL-3" });
            pull["labels"]!.AsArray().Add(new System.Text.Json.Nodes.JsonObject { ["name"] = "item:BL-4" });
        }
        Assert.Equal(Key.Item("BL-1"), ItemOf(Payloads.PullRequest("opened", 0, p => Named(p, "Work-Item: BL-1", "BL-2/login")), Patterns));
        Assert.Equal(Key.Item("BL-2"), ItemOf(Payloads.PullRequest("opened", 0, p => Named(p, "see BL-9", "BL-2/login")), Patterns));
        Assert.Equal(Key.Item("BL-3"), ItemOf(Payloads.PullRequest("opened", 0, p => Named(p, null, "login")), Patterns));
        Assert.Null(ItemOf(Payloads.PullRequest("opened", 0, p => Named(p, null, "BL-2/login")), null));
    }

    [Fact]
    public void The_trailers_name_is_the_teams_own() =>
        Assert.Equal(Key.Item("X-7"), ItemOf(Payloads.PullRequest("opened", 0, static p => p["body"] = "Work-Item: BL-42\nTicket: X-7"), static o => o.ItemTrailer = "ticket"));

    [Fact]
    public void An_id_that_cannot_be_a_key_is_reported_and_not_guessed()
    {
        var translation = Hook.Translate("pull_request", Payloads.PullRequest("opened", 0, static p => p["body"] = "Work-Item: " + new string('x', 600)));
        Assert.Equal(TranslationOutcome.Facts, translation.Outcome);
        Assert.DoesNotContain(translation.Facts.SelectMany(static f => f.Links), static k => k.Is(KeySchemes.Item));
        Assert.Single(translation.Diagnostics);
    }

    [Fact]
    public void A_hostile_branch_name_cannot_make_a_pattern_slow()
    {
        string branch = new('a', 100_000);
        Assert.Null(ItemOf(Payloads.PullRequest("opened", 0, p => (p["body"], p["head"]!["ref"]) = (null, branch)), static o => o.BranchPattern = "^(a+)+(?<id>!)$"));
    }

    [Fact]
    public void Two_pull_requests_of_one_item_are_two_changes_and_both_must_merge()
    {
        var first = Hook.Translate("pull_request", Payloads.Merged(30));
        var second = Hook.Translate("pull_request", Payloads.PullRequest("opened", 31, number: 13));
        var state = World.State(first, second);
        Assert.Equal(2, state.Changes.Count);
        Assert.NotEqual(GateStatus.Passed, state.Gate(Gates.Merged)!.Status);
        state = World.State(first, second, Hook.Translate("pull_request", Payloads.Merged(40, number: 13, landing: new string('e', 40))));
        Assert.Equal(GateStatus.Passed, state.Gate(Gates.Merged)!.Status);
    }

    private static Key? ItemOf(System.Text.Json.Nodes.JsonObject payload, Action<GitHubOptions>? configure)
    {
        var links = Hook.Translate("pull_request", payload, configure).Only(Gates.PrOpened).Links;
        return links.Any(static k => k.Is(KeySchemes.Item)) ? links.Single(static k => k.Is(KeySchemes.Item)) : null;
    }
}
