using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>Pull requests that say they undo others, as GitHub's revert button and <c>git revert</c> make them.</summary>
public sealed class RevertPullRequestTests
{
    private const string Undone = "0123456789abcdef0123456789abcdef01234567", Other = "fedcba9876543210fedcba9876543210fedcba98";

    private static readonly Key Change = Key.PullRequest("acme/web", 12);

    [Theory]
    [InlineData("Reverts acme/web#7", "pr:acme/web#7")]
    [InlineData("Reverts #7", "pr:acme/web#7")]
    [InlineData("reverts Acme/Web#7.", "pr:acme/web#7")]
    [InlineData("It broke the login.\r\n\r\nReverts acme/web#7\r\n\r\nWork-Item: BL-42", "pr:acme/web#7")]
    [InlineData("Reverts acme/api#9\nReverts #7", "pr:acme/api#9 pr:acme/web#7")]
    [InlineData($"This reverts commit {Undone}.", $"commit:acme/web@{Undone}")]
    [InlineData($"It broke the login.\r\n\r\nThis reverts commit {Undone}, reversing\r\nchanges made to {Other}.\r\n", $"commit:acme/web@{Undone}")]
    [InlineData($"This reverts commit {Other}.\n\nThis reverts commit {Undone}.\nReverts #7", $"pr:acme/web#7 commit:acme/web@{Undone} commit:acme/web@{Other}")]
    public async Task What_the_body_says_it_reverts_is_reverted_by_webhook_and_probe_alike(string body, string expected)
    {
        var payload = Payloads.Merged(35, change: p => (p["title"], p["body"]) = ("Revert \"Fix login\"", body));
        var heard = Hook.Translate("pull_request", payload);
        var revert = heard.Only(FactKinds.Revert);
        Assert.Equal(Change, revert.Subject);
        Assert.Equal((expected, "pull-request"), (revert.Attribute(FactAttributes.Reverts), revert.Attribute(FactAttributes.How)));
        Assert.Equal(heard.Only(Gates.Merged).Ordinal, revert.Ordinal);
        using var github = new FakeGitHub().Add(payload);
        Assert.Equal(heard.Facts.ToArray(), (await github.ReadAsync(Change)).Facts.ToArray());
    }

    [Theory]
    [InlineData("Revert \"Fix login\" (#7)", "")]
    [InlineData("Revert \"Fix login\" (#7)", null)]
    [InlineData("Fix", "This Reverts #7")]
    [InlineData("Fix", "Reverts #7 and more")]
    [InlineData("Fix", "> Reverts #7")]
    [InlineData("Fix", "- Reverts #7")]
    [InlineData("Fix", "<!--\nReverts #7\n-->")]
    [InlineData("Fix", "```\nReverts #7\n```")]
    [InlineData("Fix", "Reverts #0")]
    [InlineData("Fix", "Reverts #-7")]
    [InlineData("Fix", "Reverts #99999999999")]
    [InlineData("Fix", "Reverts acme#7")]
    [InlineData("Fix", "Reverts acme/web/x#7")]
    [InlineData("Fix", "Reverts ../..#7")]
    [InlineData("Fix", "Reverts 7")]
    [InlineData("Fix", $"It is not so that this reverts commit {Undone}.")]
    [InlineData("Fix", $"> This reverts commit {Undone}.")]
    [InlineData("Fix", $"This reverts commit {Undone} and more.")]
    [InlineData("Fix", $"<!--\nThis reverts commit {Undone}.\n-->")]
    [InlineData("Fix", $"```\nThis reverts commit {Undone}.\n```")]
    [InlineData("Fix", "This reverts commit 0123456.")]
    [InlineData("Fix", "This reverts commit 0000000000000000000000000000000000000000.")]
    [InlineData("Fix", "Reverts #12")]
    [InlineData("Fix", "Reverts acme/web#12")]
    public async Task Neither_a_title_nor_prose_nor_an_example_reverts_anything(string title, string? body)
    {
        var payload = Payloads.PullRequest("opened", 5, p => (p["title"], p["body"]) = (title, body));
        var heard = Hook.Translate("pull_request", payload);
        var revert = heard.Only(FactKinds.Revert);
        Assert.Null(revert.Attribute(FactAttributes.Reverts));
        Assert.Equal(GateStatus.Waiting, revert.Status);
        using var github = new FakeGitHub().Add(payload);
        Assert.Equal(heard.Facts.ToArray(), (await github.ReadAsync(Change)).Facts.ToArray());
    }

    [Fact]
    public void A_pull_request_that_does_not_speak_of_reverting_has_no_such_fact() =>
        Assert.DoesNotContain(Hook.Translate("pull_request", Payloads.PullRequest("opened", 5)).Facts, static f => f.Kind == FactKinds.Revert);

    [Theory]
    [InlineData("Undo", "Replaced by another approach.")]
    [InlineData("Revert \"Fix login\"", "Replaced by another approach.")]
    public void An_edit_that_takes_the_line_away_takes_the_revert_back(string title, string body)
    {
        var said = Hook.Translate("pull_request", Payloads.PullRequest("opened", 5, p => (p["title"], p["body"]) = (title, "Reverts #7"))).Only(FactKinds.Revert);
        var edit = Payloads.PullRequest("edited", 9, p => (p["title"], p["body"]) = (title, body));
        edit["changes"] = new JsonObject { ["body"] = new JsonObject { ["from"] = "Reverts #7" } };
        var edited = Hook.Translate("pull_request", edit).Only(FactKinds.Revert);
        Assert.Null(FactJoin.Join(said, edited).Attribute(FactAttributes.Reverts));
        Assert.Null(FactJoin.Join(edited, said).Attribute(FactAttributes.Reverts));
    }
}
