using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Facts;
using ClosedLoop.Testing.Sandbox;

namespace ClosedLoop.Testing.Tests.Sandbox;

public sealed class SandboxWebhookTests
{
    [Fact]
    public async Task Every_webhook_proves_its_sender()
    {
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast, (_, _) => 202);
        var secrets = run.Sandbox.Secrets;

        Assert.All(run.Hooks.Where(h => h.Source == "github"), h => Assert.Equal(Signature(secrets.GitHubWebhookSecret, h.Body), h.Header("X-Hub-Signature-256")));
        Assert.All(run.Hooks.Where(h => h.Source == "jenkins"), h => Assert.Equal(secrets.JenkinsWebhookToken, h.Header("X-ClosedLoop-Token")));
        Assert.All(run.Hooks.Where(h => h.Source == "registry"), h => Assert.Equal("Bearer " + secrets.RegistryWebhookToken, h.Header("Authorization")));
        Assert.Equal(["github", "jenkins", "registry"], run.Hooks.Select(h => h.Source).Distinct().Order());
    }

    [Fact]
    public async Task A_calm_network_delivers_every_webhook_once()
    {
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast, (_, _) => 202);

        var deliveries = run.Sandbox.Deliveries;
        Assert.Equal(deliveries.Raised, run.Hooks.Count);
        Assert.Equal(deliveries.Raised, deliveries.Accepted);
        Assert.Equal(0, deliveries.Dropped + deliveries.Duplicated + deliveries.Delayed + deliveries.Retried + deliveries.Lost);
        string[] ids = [.. run.Hooks.Where(h => h.Source == "github").Select(h => h.Header("X-GitHub-Delivery"))];
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public async Task A_duplicate_has_the_same_delivery_id_and_bytes()
    {
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast with { DuplicateRate = 1 }, (_, _) => 202);

        var deliveries = run.Hooks.Where(h => h.Source == "github").GroupBy(h => h.Header("X-GitHub-Delivery")).ToList();
        Assert.NotEmpty(deliveries);
        Assert.All(deliveries, d => Assert.Equal(2, d.Count()));
        Assert.All(deliveries, d => Assert.Equal(d.First().Body, d.Last().Body));
    }

    [Fact]
    public async Task Dropped_webhooks_do_not_keep_the_world_from_going_on()
    {
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast with { DropRate = 1 }, (_, _) => 202);

        Assert.Empty(run.Hooks);
        Assert.Equal(run.Sandbox.Deliveries.Raised, run.Sandbox.Deliveries.Dropped);
        Assert.Contains(run.Sandbox.Truth.Changes, c => c.Gate == Gates.Healthy);
    }

    [Fact]
    public async Task Chaos_chooses_the_same_webhooks_with_the_same_seed_and_others_with_another()
    {
        var options = SandboxRun.Fast with { DropRate = 0.3, ReorderRate = 0.3 };
        await using var first = await SandboxRun.FinishAsync(options, (_, _) => 202);
        await using var second = await SandboxRun.FinishAsync(options, (_, _) => 202);
        await using var other = await SandboxRun.FinishAsync(options with { Seed = 8 }, (_, _) => 202);

        Assert.True(first.Sandbox.Deliveries.Dropped > 0);
        Assert.Equal(Ids(first), Ids(second));
        Assert.NotEqual(Ids(first), Ids(other));

        static string[] Ids(SandboxRun run) => [.. run.Hooks.Where(h => h.Source == "github").Select(h => h.Header("X-GitHub-Delivery")).Order()];
    }

    [Fact]
    public async Task Held_back_webhooks_are_overtaken()
    {
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast with { ReorderRate = 0.5, MaxDelay = TimeSpan.FromSeconds(5) }, (_, _) => 202);

        Assert.True(run.Sandbox.Deliveries.Delayed > 0);
        var lines = run.Hooks.Where(h => h.Header("X-GitHub-Event") == "push").Select(h => h.Json())
            .GroupBy(p => p.GetProperty("repository").GetProperty("full_name").GetString()).Select(g => g.ToList()).ToList();
        Assert.Contains(lines, pushes => !pushes.Skip(1).Zip(pushes, (next, previous) => next.GetProperty("before").GetString() == previous.GetProperty("after").GetString()).All(follows => follows));
        Assert.Equal(run.Sandbox.Truth.Changes.Where(c => c is { Gate: Gates.Merged, Status: GateStatus.Passed }).DistinctBy(c => c.ItemId).Count(), lines.Sum(l => l.Count));
    }

    [Fact]
    public async Task The_truth_is_written_before_anybody_is_told()
    {
        var early = new System.Collections.Concurrent.ConcurrentQueue<string>();
        int merges = 0;
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast, (sandbox, hook) =>
        {
            if (hook.Header("X-GitHub-Event") == "pull_request" && hook.Json() is var json && json.GetProperty("pull_request").GetProperty("merged").GetBoolean())
            {
                Interlocked.Increment(ref merges);
                string item = ItemOf(json.GetProperty("pull_request").GetProperty("body").GetString()!) ??
                    $"pr:{json.GetProperty("repository").GetProperty("full_name").GetString()}#{json.GetProperty("number").GetInt32()}";
                if (sandbox.Truth.StatusAt(item, Gates.Merged, DateTimeOffset.MaxValue) != GateStatus.Passed) early.Enqueue(item);
            }
            return 202;
        });

        Assert.True(merges > 0);
        Assert.Empty(early);
    }

    [Fact]
    public async Task A_receiver_that_is_unavailable_once_gets_what_is_retried_and_loses_what_is_not()
    {
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<string, bool>();
        await using var run = await SandboxRun.FinishAsync(
            SandboxRun.Fast with { GenerateFor = TimeSpan.FromSeconds(1) },
            (_, hook) => seen.TryAdd(hook.Source + Convert.ToHexString(SHA256.HashData([.. hook.Body, .. Encoding.UTF8.GetBytes(hook.Header("X-GitHub-Delivery"))])), true) ? 503 : 202);

        var tries = run.Hooks.GroupBy(h => (h.Source, Convert.ToHexString(h.Body), h.Header("X-GitHub-Delivery"))).ToList();
        Assert.All(tries.Where(t => t.Key.Source == "registry"), t => Assert.Equal(2, t.Count()));
        Assert.All(tries.Where(t => t.Key.Source is "github" or "jenkins"), t => Assert.Single(t));
        Assert.True(run.Sandbox.Deliveries.Lost > 0);
    }

    private static string? ItemOf(string body)
    {
        int at = body.IndexOf("Work-Item: ", StringComparison.Ordinal);
        return at < 0 ? null : body[(at + "Work-Item: ".Length)..].Trim();
    }

    private static string Signature(string secret, byte[] body) => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
}
