using System.Text;
using System.Text.Json.Nodes;

namespace ClosedLoop.Adapters.GitLab.Tests;

public sealed class ExplainTests : IAsyncLifetime
{
    private FakeGitLab _gitlab = null!;

    public async Task InitializeAsync() => _gitlab = await FakeGitLab.StartAsync();

    public async Task DisposeAsync() => await _gitlab.DisposeAsync();

    [Fact]
    public void A_webhook_is_explained_as_it_is_translated()
    {
        _gitlab.Open(4, 10);
        var explanation = Explain(_gitlab.Merge(4, 20));
        Assert.Equal("passed", explanation.Verdict);
        Assert.Equal(Given.Translator().Translate(Given.Delivery(_gitlab.Hook(4, "merge"))).Facts.AsEnumerable(), explanation.Facts.AsEnumerable());
        Assert.Equal("failed", Explain(_gitlab.Pipeline(31, 20, "failed")).Verdict);
        Assert.Equal("running", Explain(_gitlab.Pipeline(31, 20, "pending")).Verdict);
        Assert.Equal("none", Explain(_gitlab.Pipeline(31, 20, "canceled")).Verdict);
        Assert.Equal("passed", Explain(_gitlab.Deploy(15, 20, "success")).Verdict);
        Assert.Contains("no fact of its own; branch:acme/platform/web@main is read again", Assert.Single(Explain(_gitlab.Push(20, (20, "x"))).Ignored), StringComparison.Ordinal);
        Assert.Contains("candidate", Assert.Single(Explain(_gitlab.Pipeline(31, 20, "success", "refs/merge-requests/4/train", "merge_request_event")).Ignored), StringComparison.Ordinal);
    }

    [Fact]
    public void Objects_and_lists_of_the_API_are_known_by_their_form()
    {
        _gitlab.Open(4, 10);
        _gitlab.Merge(4, 20);
        _gitlab.Pipeline(31, 20, "failed");
        _gitlab.Deploy(15, 20, "success");
        Assert.Contains(Explain(_gitlab.MergeRequests[4]).Facts, static f => f.Kind == Gates.Merged && f.Subject.ToString() == "pr:acme/platform/web#4");
        Assert.Equal("failed", Explain(_gitlab.Pipelines[31]).Verdict);
        Assert.Equal("passed", Explain(_gitlab.Deployments[15]).Verdict);
        Assert.Contains("history", Assert.Single(Explain(_gitlab.Commits[FakeGitLab.Sha(1)]).Ignored), StringComparison.Ordinal);
        var approvals = Explain(new JsonObject { ["iid"] = 4, ["updated_at"] = "2026-01-05T09:00:00Z", ["approved"] = true, ["approvals_left"] = 0, ["approved_by"] = new JsonArray(new JsonObject { ["user"] = new JsonObject { ["id"] = 8 } }) });
        Assert.Equal("passed", approvals.Verdict);
        var list = Explain(new JsonArray(_gitlab.MergeRequests[4].DeepClone(), JsonValue.Create(1), _gitlab.Pipelines[31].DeepClone()));
        Assert.Equal(("failed", "[1]: not a JSON object"), (list.Verdict, Assert.Single(list.Ignored)));
    }

    private static PayloadExplanation Explain(JsonNode input) => GitLabAdapter.Explain(Encoding.UTF8.GetBytes(input.ToJsonString()), null);
}
