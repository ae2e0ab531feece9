using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>What pushes say of lines: where they stand, and what their commits undo or repeat.</summary>
public sealed class LineEventTests
{
    private static readonly string Pushed = new('e', 40);
    private static readonly string Other = new('7', 40);

    [Fact]
    public void A_push_to_a_line_says_where_it_stands_and_asks_for_its_history()
    {
        var push = Hook.Translate("push", Payloads.Push(Pushed, 20, commits: [("Change", true)]));
        var head = push.Only(FactKinds.Head);
        Assert.Equal(Key.Branch("acme/web", "main"), head.Subject);
        Assert.Equal(Pushed, head.Revision);
        Assert.Equal("scm:github", head.Writer.ToString());
        Assert.Equal(Payloads.Start.AddSeconds(20), head.OccurredAt);
        Assert.Equal(Payloads.Start.AddSeconds(20).ToUnixTimeMilliseconds(), head.Ordinal.Major);
        Assert.Equal(("acme/web", "main"), (head.Attribute(FactAttributes.Repository), head.Attribute(FactAttributes.Branch)));
        Assert.Equal([Key.Branch("acme/web", "main")], push.Hints.ToArray());
        // A push does not say whose child its commits are.
        Assert.Empty(push.History);
    }

    [Theory]
    [InlineData("main", false, true)]
    [InlineData("main", true, true)]
    [InlineData("release/1", true, true)]
    [InlineData("release/1", false, false)]
    [InlineData("fix-login", true, false)]
    [InlineData("Main", true, false)]
    public void Lines_are_the_default_branch_and_the_target_branches(string branch, bool named, bool isLine)
    {
        var push = Hook.Translate("push", Payloads.Push(Pushed, 20, "refs/heads/" + branch, commits: [($"Undo\n\nThis reverts commit {Other}.", true)]), o =>
        {
            if (named) o.TargetBranches.Add("release/1");
        });
        Assert.Equal(isLine, push.Facts.Any(static f => f.Kind == FactKinds.Head));
        Assert.Equal(isLine, push.Facts.Any(static f => f.Kind == FactKinds.Revert));
        Assert.Equal(isLine, push.Hints.Length == 1);
    }

    [Fact]
    public void Without_GitHubs_own_time_a_push_orders_no_head_and_the_line_is_looked_at()
    {
        var push = Hook.Translate("push", Payloads.Push(Pushed, 20, change: static p => p["repository"]!.AsObject().Remove("pushed_at")));
        Assert.DoesNotContain(push.Facts, static f => f.Kind == FactKinds.Head);
        Assert.Equal([Key.Branch("acme/web", "main")], push.Hints.ToArray());
    }

    [Fact]
    public void A_deleted_line_takes_nothing_back()
    {
        var deleted = Hook.Translate("push", Payloads.Push(new string('0', 40), 20, change: static p => p["deleted"] = true));
        Assert.Equal(TranslationOutcome.Ignored, deleted.Outcome);
        Assert.Contains("stays as it was", deleted.Detail);
    }

    [Fact]
    public void Of_two_pushes_in_one_second_the_later_commit_is_the_head_whichever_comes_first()
    {
        // "1…" sorts before "e…", so that the greater content would choose the older one.
        string later = new('1', 40);
        var first = Hook.Translate("push", Payloads.Push(Pushed, 20, change: static p => p["head_commit"]!["timestamp"] = Payloads.At(18))).Only(FactKinds.Head);
        var second = Hook.Translate("push", Payloads.Push(later, 20, change: static p => p["head_commit"]!["timestamp"] = Payloads.At(19))).Only(FactKinds.Head);
        Assert.Equal(later, FactJoin.Join(first, second).Revision);
        Assert.Equal(later, FactJoin.Join(second, first).Revision);
    }

    [Theory]
    [InlineData("Revert \"Fix login\"\n\nThis reverts commit 7777777777777777777777777777777777777777.", true)]
    [InlineData("Reapply \"Fix login\"\r\n\r\nThis reverts commit 7777777777777777777777777777777777777777.\r\n", true)]
    [InlineData("Undo\n\nThis reverts commit 7777777777777777777777777777777777777777, reversing\nchanges made to 8888888888888888888888888888888888888888.", true)]
    [InlineData("This reverts commit 7777777777777777777777777777777777777777", true)]
    [InlineData("Revert \"Fix login\"", false)]
    [InlineData("Undo\n\nThis reverts commit 7777777.", false)]
    [InlineData("Undo\n\nThis reverts commit 7777777777777777777777777777777777777777 in part.", false)]
    [InlineData("Undo\n\n> This reverts commit 7777777777777777777777777777777777777777.", false)]
    [InlineData("Undo\n\nNote: This reverts commit 7777777777777777777777777777777777777777.", false)]
    [InlineData("Undo\n\nThis reverts commit 77777777777777777777777777777777777777777.", false)]
    [InlineData("Undo\n\nThis reverts commit 0000000000000000000000000000000000000000.", false)]
    [InlineData("Undo\n\nThis reverts commit eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee.", false)]
    public void A_commit_undoes_what_git_itself_wrote_that_it_undoes(string message, bool expected)
    {
        var push = Hook.Translate("push", Payloads.Push(Pushed, 20, commits: [(message, true)]));
        if (!expected)
        {
            Assert.DoesNotContain(push.Facts, static f => f.Kind == FactKinds.Revert);
            return;
        }
        var revert = push.Only(FactKinds.Revert);
        Assert.Equal(Key.Commit("acme/web", Pushed), revert.Subject);
        Assert.Equal($"commit:acme/web@{Other}", revert.Attribute(FactAttributes.Reverts));
        Assert.Equal(("trailer", "main"), (revert.Attribute(FactAttributes.How), revert.Attribute(FactAttributes.Branch)));
        Assert.Equal($"https://github.com/acme/web/commit/{Pushed}", revert.Evidence!.Url!.AbsoluteUri);
    }

    [Fact]
    public void A_cherry_pick_is_a_landing_of_what_it_was_picked_from_on_the_line_that_it_was_pushed_to()
    {
        string older = new('6', 40);
        var push = Hook.Translate("push", Payloads.Push(Pushed, 20, "refs/heads/release/1", commits: [($"Fix login\n\n(cherry picked from commit {Other.ToUpperInvariant()})\n(cherry picked from commit {older})", true)]), static o => o.TargetBranches.Add("release/1"));
        var equivalent = push.Only(FactKinds.Equivalent);
        Assert.Equal(Key.Commit("acme/web", Pushed), equivalent.Subject);
        Assert.Equal($"commit:acme/web@{older} commit:acme/web@{Other}", equivalent.Attribute(FactAttributes.EquivalentTo));
        Assert.Equal(("trailer", "release/1"), (equivalent.Attribute(FactAttributes.How), equivalent.Attribute(FactAttributes.Branch)));
        Assert.DoesNotContain(push.Facts, static f => f.Kind == FactKinds.Revert);
    }

    [Fact]
    public void A_cherry_pick_that_a_forked_line_inherited_stays_a_landing_on_the_default_branch()
    {
        static void Release(GitHubOptions o) => o.TargetBranches.Add("release/1");
        (string, bool)[] commits = [($"Fix login\n\n(cherry picked from commit {Other})", true)];
        var onMain = Hook.Translate("push", Payloads.Push(Pushed, 20, commits: commits), Release).Only(FactKinds.Equivalent);
        var onRelease = Hook.Translate("push", Payloads.Push(Pushed, 30, "refs/heads/release/1", commits: commits), Release).Only(FactKinds.Equivalent);
        Assert.Equal("main", FactJoin.Join(onMain, onRelease).Attribute(FactAttributes.Branch));
        Assert.Equal("main", FactJoin.Join(onRelease, onMain).Attribute(FactAttributes.Branch));
    }

    [Fact]
    public void Commits_that_were_pushed_to_another_branch_before_are_left_to_the_lines_history() =>
        Assert.DoesNotContain(Hook.Translate("push", Payloads.Push(Pushed, 20, commits: [($"This reverts commit {Other}.", false)])).Facts, static f => f.Kind == FactKinds.Revert);

    [Fact]
    public void A_message_that_names_more_commits_than_can_be_kept_is_cut_between_two_and_says_so()
    {
        string message = string.Join('\n', Enumerable.Range(1, 40).Select(static i => $"This reverts commit {FakeLines.Sha(i)}."));
        var push = Hook.Translate("push", Payloads.Push(Pushed, 20, commits: [(message, true)]));
        string[] kept = push.Only(FactKinds.Revert).Attribute(FactAttributes.Reverts)!.Split(' ');
        Assert.All(kept, static k => Assert.True(Key.TryParse(k, out var key) && key.Value.Length == "acme/web@".Length + 40, k));
        Assert.InRange(kept.Length, 10, 39);
        Assert.Single(push.Diagnostics);
    }

    [Fact]
    public void A_push_of_one_commit_says_which_paths_its_landing_changed()
    {
        var push = Hook.Translate("push", Direct(static c => (c["added"], c["removed"], c["modified"]) = (new JsonArray("docs/b.md"), new JsonArray("docs/old name.md"), new JsonArray("README.md"))));
        Assert.Equal(["README.md", "docs/b.md", "docs/old name.md"], ChangedPaths.Read(push.Only(FactKinds.Landing))!);
        Assert.Null(ChangedPaths.Read(push.Only(Gates.Merged)));
    }

    public static TheoryData<string, Action<JsonObject>> UnknownPaths() => new()
    {
        { "no lists", static _ => { } },
        { "a list is missing", static c => (c["added"], c["removed"]) = (new JsonArray("docs/a.md"), new JsonArray()) },
        { "a list is no list", static c => (c["added"], c["removed"], c["modified"]) = (new JsonArray("docs/a.md"), "docs/b.md", new JsonArray()) },
        { "a path is no text", static c => (c["added"], c["removed"], c["modified"]) = (new JsonArray("docs/a.md", 7), new JsonArray(), new JsonArray()) },
        { "nothing changed", static c => (c["added"], c["removed"], c["modified"]) = (new JsonArray(), new JsonArray(), new JsonArray()) },
        { "another commit", static c => (c["id"], c["added"], c["removed"], c["modified"]) = (new string('9', 40), new JsonArray("docs/a.md"), new JsonArray(), new JsonArray()) },
        { "as many as GitHub lists", static c => (c["added"], c["removed"], c["modified"]) = (new JsonArray([.. Enumerable.Range(0, 3000).Select(static i => JsonValue.Create($"{i:x}"))]), new JsonArray(), new JsonArray()) },
    };

    [Fact]
    public void A_commit_of_fewer_paths_than_GitHub_lists_at_most_is_whole() =>
        Assert.Equal(2999, ChangedPaths.Read(Hook.Translate("push", Direct(static c =>
            (c["added"], c["removed"], c["modified"]) = (new JsonArray([.. Enumerable.Range(0, 2999).Select(static i => JsonValue.Create($"{i:x}"))]), new JsonArray(), new JsonArray()))).Only(FactKinds.Landing))!.Count);

    [Theory]
    [MemberData(nameof(UnknownPaths))]
    public void Half_a_list_of_paths_is_none(string situation, Action<JsonObject> change)
    {
        Assert.Null(ChangedPaths.Read(Hook.Translate("push", Direct(change)).Only(FactKinds.Landing)));
        Assert.NotEmpty(situation);
    }

    [Fact]
    public void Of_several_commits_in_one_push_no_paths_are_taken()
    {
        var push = Payloads.Push(Pushed, 20, commits: [("One", true), ("Two\n\nWork-Item: BL-42", true)]);
        foreach (var commit in push["commits"]!.AsArray()) (commit!["added"], commit["removed"], commit["modified"]) = (new JsonArray("docs/a.md"), new JsonArray(), new JsonArray());
        Assert.Null(ChangedPaths.Read(Hook.Translate("push", push).Only(FactKinds.Landing)));
    }

    [Theory]
    [InlineData("commits", "null")]
    [InlineData("commits", "{}")]
    [InlineData("commits", "[null, 7, \"x\", [], {}, {\"id\": 7, \"message\": []}]")]
    [InlineData("commits", "[{\"id\":\"eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee\",\"message\":\"This reverts commit \"}]")]
    [InlineData("commits", "[{\"id\":\"eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee\",\"message\":\"(cherry picked from commit 7777777777777777777777777777777777777777\"}]")]
    [InlineData("commits", "[{\"id\":\"eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee\",\"message\":\"This reverts commit 7777777777777777777777777777777777777777.\",\"timestamp\":\"9999-99-99\",\"distinct\":\"no\"}]")]
    [InlineData("head_commit", "\"x\"")]
    [InlineData("head_commit", "{\"timestamp\": -1}")]
    [InlineData("forced", "\"yes\"")]
    public void Fields_of_the_wrong_type_never_throw_and_the_head_is_still_known(string field, string value)
    {
        var push = Payloads.Push(Pushed, 20);
        push[field] = JsonNode.Parse(value);
        Assert.Equal(Pushed, Hook.Translate("push", push).Only(FactKinds.Head).Revision);
    }

    [Fact]
    public void Every_truncation_of_a_push_is_malformed_and_never_throws()
    {
        byte[] body = Encoding.UTF8.GetBytes(Payloads.Push(Pushed, 20, commits: [($"This reverts commit {Other}.", true)]).ToJsonString());
        var translator = Hook.Translator();
        for (int length = 0; length < body.Length; length++)
            Assert.Equal(TranslationOutcome.Malformed, translator.Translate(Hook.Delivery("push", body[..length])).Outcome);
    }

    private static JsonObject Direct(Action<JsonObject> change) =>
        Payloads.Push(Pushed, 20, change: p => change(p["commits"]![0]!.AsObject()), commits: [("Fix docs\n\nWork-Item: BL-42", true)]);
}
