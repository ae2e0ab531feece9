using System.Text;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace ClosedLoop.Testing.Tests.EndToEnd;

/// <summary>
/// Real deliveries prove what they say and nothing further. With CLOSEDLOOP_FIXTURES they are read from its folders github-webhooks and
/// jenkins; without, payloads of the same shape are built here, and the same is asserted.
/// </summary>
public sealed class RealPayloadTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Variable = "CLOSEDLOOP_FIXTURES";

    private readonly TempDatabase _database = TempDatabase.Create();
    private StackHost _host = null!;

    public async Task InitializeAsync() => _host = await StackHost.StartAsync(_database.Path);

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _database.Dispose();
    }

    [Fact]
    public async Task A_merged_pull_request_is_opened_and_merged_and_nothing_else()
    {
        var payload = Read("pull_request.closed-merged");
        await PostAsync("pull_request", payload);

        var item = await _host.ItemAsync($"pr:{Repository(payload)}#{payload["number"]}");
        Assert.Equal("pr-opened merged", item.Passed);
        Assert.False(item.IsDone, item.Why);
        Assert.Equal(Gates.MainCi, item.Json.GetProperty("waitingOn").GetString());
        Assert.Equal("skipped", item.Reason(Gates.Reviewed));
        Assert.Equal(payload["pull_request"]!["merged_at"]!.GetValue<DateTimeOffset>(), item.Since(Gates.Merged));
        Assert.Equal(
            $"commit:{Repository(payload)}@{payload["pull_request"]!["merge_commit_sha"]}",
            item.Json.GetProperty("changes")[0].GetProperty("landings")[0].GetString());
    }

    [Fact]
    public async Task A_review_that_only_comments_approves_nothing()
    {
        var payload = Read("pull_request_review.submitted");
        Assert.Equal("commented", (string?)payload["review"]!["state"]);
        string change = $"pr:{Repository(payload)}#{payload["pull_request"]!["number"]}";
        Assert.Equal(201, (await _host.ApiAsync(HttpMethod.Post, "items", Payload.Open("BL-1", change))).Status);

        (await PostAsync("pull_request_review", payload)).IsTaken("ignored");
        // The same by somebody else than the author, whose reviews never count.
        payload["review"]!["user"]!["login"] = "somebody-else";
        (await PostAsync("pull_request_review", payload)).IsTaken("ignored");
        Assert.Equal("", (await _host.ItemAsync("BL-1")).Passed);

        // It was the state that made the difference.
        payload["review"]!["state"] = "approved";
        (await PostAsync("pull_request_review", payload)).IsTaken();
        Assert.Equal("reviewed", (await _host.ItemAsync("BL-1")).Passed);
    }

    [Fact]
    public async Task A_green_check_of_a_commit_that_has_not_landed_is_no_green_main()
    {
        var payload = Read("check_run.completed");
        Assert.Equal("success", (string?)payload["check_run"]!["conclusion"]);
        string sha = (string)payload["check_run"]!["head_sha"]!;
        // Even an agent that claims the commit for its item makes no landing of it.
        var opened = await _host.ApiAsync(HttpMethod.Post, "items", Payload.Open("BL-1", $"commit:{Repository(payload)}@{sha}"));
        Assert.Equal(201, opened.Status);

        (await PostAsync("check_run", payload)).IsTaken();
        var item = await _host.ItemAsync("BL-1");
        Assert.Equal("", item.Passed);
        Assert.Equal("waiting", item.Status(Gates.MainCi));

        // On a landing it is one check of an unknown number: it shows that CI runs, and is no verdict.
        (await PostAsync("pull_request", Payload.Merged(3, "BL-1", 60, sha, Repository(payload)))).IsTaken();
        item = await _host.ItemAsync("BL-1");
        Assert.Equal("pr-opened merged", item.Passed);
        Assert.Equal("partial", item.Reason(Gates.MainCi));
    }

    [Fact]
    public async Task A_green_run_that_somebody_dispatched_is_no_green_main_even_on_the_landing()
    {
        var payload = Read("workflow_run.completed");
        var run = payload["workflow_run"]!;
        Assert.Equal("repository_dispatch", (string?)run["event"]);
        Assert.Equal("success", (string?)run["conclusion"]);
        (await PostAsync("pull_request", Payload.Merged(3, "BL-1", 60, (string)run["head_sha"]!, Repository(payload)))).IsTaken();

        (await PostAsync("workflow_run", payload)).IsTaken("ignored");
        var item = await _host.ItemAsync("BL-1");
        Assert.Equal("pr-opened merged", item.Passed);
        Assert.Equal("waiting", item.Status(Gates.MainCi));

        // It was the trigger that made the difference.
        run["event"] = "push";
        (await PostAsync("workflow_run", payload)).IsTaken();
        Assert.Equal("pr-opened merged main-ci", (await _host.ItemAsync("BL-1")).Passed);
    }

    [Fact]
    public async Task Every_recorded_delivery_is_taken_and_together_they_prove_one_merge_and_nothing_further()
    {
        foreach (var (name, body) in Files("github-webhooks"))
        {
            var reply = await _host.GitHubAsync(name.Split('.')[0], body, name);
            output.WriteLine($"{name}: {reply}");
            Assert.True(reply.Status is 200 or 202, $"{name}: {reply}");
        }
        var item = new ItemReply(Assert.Single(await _host.ItemsAsync()));
        output.WriteLine($"{item.Json.GetProperty("id")}: {item.Passed}; {item.Why}");
        Assert.Equal("pr-opened merged", item.Passed);
        Assert.Empty(await _host.QuarantineAsync());
    }

    [Fact]
    public async Task Answers_of_the_Jenkins_api_that_somebody_posts_as_notifications_are_kept_aside_and_claim_nothing()
    {
        var files = Files("jenkins");
        foreach (var (name, body) in files)
        {
            var reply = await _host.JenkinsAsync(body);
            output.WriteLine($"{name}: {reply}");
            reply.IsProblem(400, "malformed");
            Assert.Equal(401, (await _host.JenkinsAsync(body, "wrong")).Status);
        }
        Assert.Equal(files.Count, (await _host.QuarantineAsync()).Count(static e => e.GetProperty("source").GetString() == "jenkins"));
        Assert.Empty(await _host.ItemsAsync());
    }

    private async Task<Reply> PostAsync(string name, JsonObject payload)
    {
        string delivery = Guid.NewGuid().ToString();
        var reply = await _host.GitHubAsync(name, payload, delivery);
        Assert.True(reply.Status is 200 or 202, reply.ToString());
        return reply;
    }

    private static string Repository(JsonObject payload) => ((string)payload["repository"]!["full_name"]!).ToLowerInvariant();

    private static JsonObject Read(string name) =>
        JsonNode.Parse(Files("github-webhooks").Single(f => f.Name == name).Body)!.AsObject();

    private static List<(string Name, byte[] Body)> Files(string folder)
    {
        string? root = Environment.GetEnvironmentVariable(Variable);
        var files = string.IsNullOrEmpty(root)
            ? Built(folder).Select(static f => (f.Name, Encoding.UTF8.GetBytes(f.Body.ToJsonString()))).ToList()
            : [.. Directory.EnumerateFiles(Path.Combine(root, folder), "*.json").Order(StringComparer.Ordinal).Select(static f => (Path.GetFileNameWithoutExtension(f), File.ReadAllBytes(f)))];
        Assert.NotEmpty(files);
        return files;
    }

    private static IEnumerable<(string Name, JsonObject Body)> Built(string folder)
    {
        if (folder == "jenkins")
        {
            yield return ("build-info", new JsonObject { ["actions"] = new JsonArray(new JsonObject(), null), ["building"] = false, ["number"] = 10, ["result"] = "SUCCESS", ["url"] = StackHost.JenkinsRoot + "job/web-main/10/" });
            yield return ("queue-item", new JsonObject { ["_class"] = "hudson.model.Queue$LeftItem", ["cancelled"] = true, ["id"] = 143 });
            yield break;
        }
        yield return ("check_run.completed", Payload.CheckRun(Payload.Sha(5), "success", 70));
        yield return ("merge_group.checks_requested", Payload.MergeGroup("checks_requested"));
        yield return ("merge_group.destroyed", Payload.MergeGroup("destroyed"));
        yield return ("pull_request.closed-merged", Payload.Merged(62, item: null, 60, Payload.Sha(62)));
        yield return ("pull_request_review.submitted", Payload.Review(2, "commented", 20, reviewer: "builder-7"));
        yield return ("workflow_run.completed", Payload.WorkflowRun(Payload.Sha(6), "success", 90, trigger: "repository_dispatch"));
    }
}
