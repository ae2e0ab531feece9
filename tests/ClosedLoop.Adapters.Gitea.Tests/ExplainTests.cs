using System.Text;
using System.Text.Json.Nodes;

namespace ClosedLoop.Adapters.Gitea.Tests;

public sealed class ExplainTests : IAsyncLifetime
{
    private FakeGitea _gitea = null!;

    public async Task InitializeAsync() => _gitea = await FakeGitea.StartAsync();

    public async Task DisposeAsync() => await _gitea.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_webhook_is_known_by_its_name_or_its_form(bool named)
    {
        _gitea.Open(7, 10);
        Assert.Contains(Explain(_gitea.Merge(7, 20), named).Facts, static f => f.Kind == Gates.Merged && f.Status == Facts.GateStatus.Passed);
        Assert.Equal("failed", Explain(_gitea.Review(7, "REQUEST_CHANGES"), named).Verdict);
        Assert.Equal("passed", Explain(_gitea.Run(5, 20, "completed", "success"), named).Verdict);
        Assert.Equal("failed", Explain(_gitea.Status(20, "ci", "error"), named).Verdict);
        Assert.Contains("a pushed tag", Assert.Single(Explain(_gitea.Push(20, (20, "x")).With(static h => h["ref"] = "refs/tags/v1"), named).Ignored), StringComparison.Ordinal);
        var old = Explain(_gitea.Review(7, "APPROVED").With(static h => ((JsonObject)h["pull_request"]!).Remove("updated_at")), named);
        Assert.Contains("read again", Assert.Single(old.Ignored), StringComparison.Ordinal);
        Assert.Contains("bob's review (APPROVED)", Assert.Single(old.Diagnostics), StringComparison.Ordinal);
    }

    [Fact]
    public void Objects_and_lists_of_the_API_are_known_by_their_form()
    {
        _gitea.Open(7, 10);
        _gitea.Review(7, "APPROVED");
        _gitea.Merge(7, 20);
        _gitea.Status(20, "ci", "success");
        Assert.Contains(Explain(_gitea.Pulls[7]).Facts, static f => f.Kind == Gates.Merged && f.Subject.ToString() == "pr:acme/web#7");
        Assert.Equal("review:acme/web#7/bob", Assert.Single(Explain(_gitea.Reviews[7][0]).Facts).Subject.ToString());
        Assert.Equal("passed", Explain(_gitea.Statuses[FakeGitea.Sha(20)][0]).Verdict);
        Assert.Contains("history", Assert.Single(Explain(_gitea.Commits[0]).Ignored), StringComparison.Ordinal);
        var sum = Explain(new JsonObject { ["sha"] = FakeGitea.Sha(20), ["state"] = "success", ["statuses"] = new JsonArray(_gitea.Statuses[FakeGitea.Sha(20)][0].DeepClone()), ["total_count"] = 1, ["repository"] = new JsonObject { ["full_name"] = "acme/web" } });
        Assert.Equal("passed", sum.Verdict);
        Assert.Equal("[0]: not a JSON object", Explain(new JsonArray(JsonValue.Create(1), _gitea.Pulls[7].DeepClone())).Ignored[0]);
    }

    private static PayloadExplanation Explain(JsonNode input, bool named = false)
    {
        string? name = named ? input["event"]!.ToString() : null;
        (input as JsonObject)?.Remove("event");
        return GiteaAdapter.Explain(Encoding.UTF8.GetBytes(input.ToJsonString()), name);
    }
}
