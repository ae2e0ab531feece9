using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>Whole histories: GitHub delivers out of order, twice or not at all, and the record must come out the same.</summary>
public sealed class HistoryTests
{
    private static readonly Key Change = Key.PullRequest("acme/web", 12);
    private static readonly Key Landing = Key.Commit("acme/web", Payloads.Landing);

    private static readonly (string Event, JsonObject Payload)[] Deliveries =
    [
        ("push", Payloads.Push(Payloads.Head, 0, "refs/heads/fix-login")),
        ("pull_request", Payloads.PullRequest("opened", 1, static p => p["draft"] = true)),
        ("pull_request", Payloads.PullRequest("ready_for_review", 2)),
        ("pull_request_review", Payloads.Review("submitted", "changes_requested", 3)),
        ("pull_request", Payloads.PullRequest("synchronize", 4, static p => p["commits"] = 2)),
        ("pull_request", Payloads.Closed(5, 5)),
        ("pull_request", Payloads.PullRequest("reopened", 6, static p => p["commits"] = 2)),
        ("check_run", Payloads.CheckRun("completed", "failure", 5, 9, id: 400, sha: Payloads.Head)),
        ("pull_request_review", Payloads.Review("submitted", "approved", 10, 9002)),
        ("pull_request", Payloads.Merged(30, change: static p => p["commits"] = 2)),
        ("push", Payloads.Push(Payloads.Landing, 30, commits: [("Fix login\n\nWork-Item: BL-42", true)])),
        ("check_run", Payloads.CheckRun("queued", null, 40)),
        ("check_run", Payloads.CheckRun("completed", "failure", 40, 50)),
        ("status", Payloads.Status("pending", 51)),
        ("workflow_run", Payloads.WorkflowRun("requested", null, 39)),
        ("workflow_run", Payloads.WorkflowRun("completed", "failure", 52)),
        ("check_run", Payloads.CheckRun("in_progress", null, 60, id: 502)),
        ("check_run", Payloads.CheckRun("completed", "success", 60, 70, id: 502)),
        ("status", Payloads.Status("success", 75)),
        ("workflow_run", Payloads.WorkflowRun("in_progress", null, 60, attempt: 2)),
        ("workflow_run", Payloads.WorkflowRun("completed", "success", 76, attempt: 2)),
        ("deployment", Payloads.Deployment()),
        ("deployment_status", Payloads.DeploymentStatus("in_progress", 80, status: 900)),
        ("deployment_status", Payloads.DeploymentStatus("success", 90, status: 901)),
        ("deployment_status", Payloads.DeploymentStatus("inactive", 900, status: 902)),
        ("pull_request", Payloads.Merged(95, change: static p => p["commits"] = 2)),
    ];

    [Fact]
    public async Task Any_order_any_duplication_and_any_mix_with_the_probe_give_one_state()
    {
        var facts = Deliveries.SelectMany(static d => Hook.Translate(d.Event, (JsonObject)d.Payload.DeepClone(), Token).Facts).ToList();
        foreach (int stage in (int[])[3, 10, 13, 17, 25]) facts.AddRange(await ProbedAsync(stage));
        var expected = World.Fold(facts);
        Assert.True(expected!.IsDone);
        Assert.Equal([GateStatus.Passed, GateStatus.Passed, GateStatus.Passed, GateStatus.Passed], expected.Gates.Take(4).Select(static g => g.Status));
        Assert.Equal(GateStatus.Passed, expected.Gate(Gates.RolledOut)!.Status);
        string text = World.Text(expected);
        Assert.Equal(text, World.Text(World.Fold(Enumerable.Reverse(facts))));
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var shuffled = facts.Concat(facts.Where(_ => random.Next(3) == 0)).ToArray();
            random.Shuffle(shuffled);
            Assert.Equal(text, World.Text(World.Fold(shuffled)));
        }
    }

    [Fact]
    public void Every_prefix_of_the_history_claims_no_gate_before_its_evidence()
    {
        var facts = new List<Fact>();
        int at = -1;
        foreach (var (name, payload) in Deliveries)
        {
            at++;
            facts.AddRange(Hook.Translate(name, (JsonObject)payload.DeepClone()).Facts);
            if (World.Fold(facts) is not { } state) continue;
            Assert.True(at >= 9 || state.Gate(Gates.Merged)!.Status != GateStatus.Passed, $"merged after delivery {at}");
            Assert.True(at >= 20 || state.Gate(Gates.MainCi)!.Status != GateStatus.Passed, $"main-ci after delivery {at}");
            Assert.True(at >= 23 || state.Gate(Gates.RolledOut)!.Status != GateStatus.Passed, $"rolled-out after delivery {at}");
        }
        Assert.True(World.Fold(facts)!.IsDone);
    }

    [Fact]
    public async Task When_every_webhook_is_lost_the_probe_alone_finds_the_same_gates()
    {
        var polled = World.Fold(await ProbedAsync(25))!;
        var heard = World.Fold(Deliveries.SelectMany(static d => Hook.Translate(d.Event, (JsonObject)d.Payload.DeepClone()).Facts))!;
        Assert.True(polled.IsDone);
        foreach (string gate in (string[])[Gates.PrOpened, Gates.Reviewed, Gates.Merged, Gates.MainCi, Gates.RolledOut])
            Assert.Equal((gate, heard.Gate(gate)!.Status), (gate, polled.Gate(gate)!.Status));
    }

    [Fact]
    public void A_redelivered_merge_restarts_no_clock()
    {
        var merged = Hook.Translate("pull_request", Payloads.Merged(30)).Facts;
        var once = World.Fold(merged)!;
        var again = World.Fold(merged.Concat(Hook.Translate("pull_request", Payloads.Merged(9000)).Facts))!;
        Assert.Equal(once.Gate(Gates.MainCi)!.FinishBy, again.Gate(Gates.MainCi)!.FinishBy);
        Assert.NotNull(once.Gate(Gates.MainCi)!.FinishBy);
        Assert.Equal(World.Text(once), World.Text(again));
    }

    [Fact]
    public async Task Over_a_real_connection_it_is_the_same()
    {
        using var github = new FakeGitHub().Add(Payloads.Merged(35));
        github.Checks("SUCCESS", Payloads.CheckRun("completed", "success", 40, 50));
        using var answers = new HttpMessageInvoker(github);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static k => k.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        app.Run(async context =>
        {
            using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), $"https://api.github.com{context.Request.Path}{context.Request.QueryString}");
            using var body = new StreamReader(context.Request.Body);
            if (context.Request.Method == "POST") request.Content = new StringContent(await body.ReadToEndAsync(), Encoding.UTF8, "application/json");
            using var response = await answers.SendAsync(request, context.RequestAborted);
            context.Response.StatusCode = context.Request.Headers.Authorization == "Bearer ghp_secret_token" ? (int)response.StatusCode : 401;
            await response.Content.CopyToAsync(context.Response.Body);
        });
        await app.StartAsync();
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        var registration = GitHubAdapter.Create(Hook.Options(o => (o.Token, o.BaseAddress) = ("ghp_secret_token", new Uri(address))), null, TimeProvider.System);
        var result = await registration.Probe!.ProbeAsync(new ProbeBatch { Source = "github", SweepSince = Payloads.Start, At = github.Clock.GetUtcNow() }, CancellationToken.None);
        Assert.Equal((ProbeOutcome.Reached, null), (result.Outcome, result.Detail));
        Assert.True(World.Fold(result.Facts)!.IsDone);
    }

    /// <summary>What the probe reads after the first deliveries have happened, none of which it heard.</summary>
    private static async Task<IEnumerable<Fact>> ProbedAsync(int last)
    {
        using var github = new FakeGitHub();
        JsonObject[] Last(string name, Func<JsonObject, string> series) =>
            [.. Deliveries.Take(last + 1).Where(d => d.Event == name).Select(static d => d.Payload).Where(static p => p["check_run"]?["head_sha"]?.GetValue<string>() != Payloads.Head).GroupBy(series).Select(static g => g.Last())];
        github.Add(Last("pull_request", static _ => "12").Single(), Last("pull_request_review", static _ => "ann"));
        var checks = Last("check_run", static p => p["check_run"]!["name"]!.GetValue<string>()).Concat(Last("status", static p => p["context"]!.GetValue<string>())).ToArray();
        if (checks.Length == 0) return (await github.ReadAsync(Change)).Facts;
        string state = last switch { < 12 => "PENDING", < 16 => "FAILURE", < 20 => "PENDING", _ => "SUCCESS" };
        var commit = github.Checks(state, checks);
        var statuses = Last("deployment_status", static p => p["deployment_status"]!["id"]!.ToString());
        if (statuses.Length > 0)
        {
            commit["deployments"]!["nodes"]!.AsArray().Add(new JsonObject
            {
                ["databaseId"] = 31,
                ["commitOid"] = Payloads.Landing,
                ["environment"] = "production",
                ["createdAt"] = Payloads.At(60),
                ["statuses"] = new JsonObject
                {
                    ["nodes"] = new JsonArray([.. statuses.Select(static p => p["deployment_status"]!).Select(static s => new JsonObject
                    {
                        ["state"] = s["state"]!.GetValue<string>().ToUpperInvariant(),
                        ["createdAt"] = s["created_at"]!.DeepClone(),
                        ["logUrl"] = s["log_url"]!.DeepClone(),
                    })]),
                },
            });
        }
        return (await github.ReadAsync(Change, Landing)).Facts;
    }

    private static void Token(GitHubOptions options) => options.Token = "ghp_secret_token";
}
